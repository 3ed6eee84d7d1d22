"""A strict look-alike of Slack on loopback, for the demo and for the tests.

It speaks Slack's own protocols to an unchanged bot and imports nothing of it.
"""

from bot.playground.errors import ClientRefusal, SlackError, TroubleConnecting, WaitTimeout
from bot.playground.people.fields import Option
from bot.playground.people.interactions import SubmitResult
from bot.playground.people.person import Person
from bot.playground.people.surfaces import Home, Modal
from bot.playground.server import SlackServer
from bot.playground.workspace.journal import Ack, ApiCall
from bot.playground.workspace.records import Channel, Command, Message, Offers, Shortcut, User
from bot.playground.workspace.workspace import SCOPES, Workspace

__all__ = [
    "SCOPES",
    "Ack",
    "ApiCall",
    "Channel",
    "ClientRefusal",
    "Command",
    "Home",
    "Message",
    "Modal",
    "Offers",
    "Option",
    "Person",
    "Shortcut",
    "SlackError",
    "SlackServer",
    "SubmitResult",
    "TroubleConnecting",
    "User",
    "WaitTimeout",
    "Workspace",
]
