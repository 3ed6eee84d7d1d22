"""A strict stand-in for Slack on loopback, for the demo and for the tests.

It speaks Slack's own protocols to an unchanged bot and imports nothing of it.
"""

from bot.playground.acts import Submission
from bot.playground.errors import Refused, SlackError, StillWaiting, TroubleConnecting
from bot.playground.fields import Option
from bot.playground.journal import Ack, Call
from bot.playground.modal import Home, Modal
from bot.playground.person import Person
from bot.playground.records import Channel, Command, Message, Offers, Shortcut, User
from bot.playground.server import SlackServer
from bot.playground.workspace import SCOPES, Workspace

__all__ = [
    "SCOPES",
    "Ack",
    "Call",
    "Channel",
    "Command",
    "Home",
    "Message",
    "Modal",
    "Offers",
    "Option",
    "Person",
    "Refused",
    "Shortcut",
    "SlackError",
    "SlackServer",
    "StillWaiting",
    "Submission",
    "TroubleConnecting",
    "User",
    "Workspace",
]
