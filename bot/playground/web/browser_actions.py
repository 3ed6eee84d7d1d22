"""What a person does in the browser, by the rules of `Person`."""

from collections.abc import Awaitable, Callable

from bot.playground.block_kit.element_state import apply_action
from bot.playground.errors import ClientRefusal, Json, TroubleConnecting
from bot.playground.people.clicks import find_click_at
from bot.playground.people.fields import fields_of, find_incomplete
from bot.playground.people.interactions import Interactions
from bot.playground.people.person import Person, Until
from bot.playground.web.browser_requests import BadBrowserRequest, BrowserRequest
from bot.playground.web.fault_switches import FaultSwitches
from bot.playground.web.field_writer import FieldWriter, field_at
from bot.playground.workspace.journal import Ack
from bot.playground.workspace.records import Channel, Message, OpenView, User

Handler = Callable[[User, BrowserRequest], Awaitable[Ack | Json | None]]
_APOLOGY = "We had some trouble connecting. Try again?"


class BrowserActions:
    """Carries out requests; raises ClientRefusal with what Slack's window says."""

    def __init__(self, interactions: Interactions, until: Until, switches: FaultSwitches) -> None:
        self._interactions = interactions
        self._until = until
        self._switches = switches
        self._workspace = interactions.workspace
        self._field_writer = FieldWriter(interactions)
        self._handlers: dict[str, Handler] = {
            "say": self._say,
            "home": self._home,
            "shortcut": self._shortcut,
            "message_shortcut": self._message_shortcut,
            "click": self._click,
            "click_view": self._click_view,
            "typed": self._typed,
            "field": self._field,
            "options": self._options,
            "submit": self._submit,
            "close": self._close,
            "fault": self._fault,
        }

    async def do(self, body: Json) -> Json:
        request = BrowserRequest(body)
        carry_out = self._handlers.get(request.string("do"))
        user = self._workspace.users.get(request.string("as"))
        if carry_out is None or user is None or user.is_bot:
            raise BadBrowserRequest("nobody does that")
        try:
            outcome = await carry_out(user, request)
        except TroubleConnecting as trouble:
            return {"trouble": _APOLOGY, "reason": str(trouble)}
        if isinstance(outcome, Ack):
            return {} if outcome.ok else {"trouble": _APOLOGY, "reason": outcome.trouble}
        return outcome or {}

    async def _say(self, user: User, request: BrowserRequest) -> None:
        channel = self._channel(user, request)
        text = request.string("text").strip()
        thread = request.optional_string("thread")
        person = self._person(user, channel.id)
        if not text:
            raise ClientRefusal("There is nothing to send yet.")
        if channel.is_archived:
            raise ClientRefusal("This channel is archived: nobody can write in it any more.")
        if text.startswith("/") and thread:
            name = text.split(maxsplit=1)[0]
            raise ClientRefusal(f"{name} is not supported in threads. Sorry!")
        if text.startswith("/"):
            await person.types(text)
        else:
            parent = self._workspace.find(channel.id, thread) if thread else None
            await person.says(self._named(text), parent)

    def _named(self, text: str) -> str:
        """Turns `@Ann Ahrens` into a mention; `Person` does the same for the bot's own name."""
        others = [user for user in self._workspace.users.values() if not user.is_bot]
        for user in sorted(others, key=lambda one: -len(one.real_name)):
            text = text.replace(f"@{user.real_name or user.name}", f"<@{user.id}>")
        return text

    async def _home(self, user: User, _: BrowserRequest) -> None:
        place = self._workspace.direct_channel(user.id)
        await self._person(user, place.id).enters_home()

    async def _shortcut(self, user: User, request: BrowserRequest) -> Ack:
        return await self._interactions.shortcut(user, request.string("callback_id"))

    async def _message_shortcut(self, user: User, request: BrowserRequest) -> Ack:
        message = self._message(user, request)
        person = self._person(user, message.channel)
        return await person.uses_message_shortcut(request.string("callback_id"), message)

    async def _click(self, user: User, request: BrowserRequest) -> Ack:
        message = self._message(user, request)
        action = _action(message.all_blocks, request)
        return await self._interactions.click_on_message(user, message, action)

    async def _click_view(self, user: User, request: BrowserRequest) -> Ack:
        open_view, _ = self._typed_into(user, request)
        action = _action(open_view.blocks, request)
        apply_action(open_view.values, action)
        return await self._interactions.click_in_view(user, open_view, action)

    async def _typed(self, user: User, request: BrowserRequest) -> None:
        self._typed_into(user, request)

    async def _field(self, user: User, request: BrowserRequest) -> Ack | None:
        open_view, _ = self._typed_into(user, request)
        field = field_at(open_view, request.key)
        self._field_writer.write(user, field, request)
        if not field.dispatches:
            return None
        return await self._interactions.click_in_view(user, open_view, field.action())

    async def _options(self, user: User, request: BrowserRequest) -> Json:
        open_view = self._open_view(user, request)
        field = field_at(open_view, request.key)
        return await self._field_writer.search(user, field, request.string("query"))

    async def _submit(self, user: User, request: BrowserRequest) -> Json:
        open_view, wrong = self._typed_into(user, request)
        if "submit" not in open_view.body:
            raise ClientRefusal("This view has no button to submit it.")
        lacking = {field.key[0]: _sentence(what) for field, what in find_incomplete(open_view)}
        if lacking or wrong:
            return {"errors": lacking | wrong}
        (done,) = await self._interactions.submit(user, open_view, 1)
        return {"errors": (done.ack.body or {})["errors"]} if done.action == "errors" else {}

    async def _close(self, user: User, request: BrowserRequest) -> None:
        open_view = self._open_view(user, request)
        everything = request.body.get("everything") is True
        await self._interactions.close(user, open_view, everything=everything)

    async def _fault(self, _: User, request: BrowserRequest) -> None:
        on = request.body.get("on")
        if not isinstance(on, bool):
            raise BadBrowserRequest("on must be true or false")
        try:
            self._switches.turn(request.string("key"), on=on)
        except LookupError:
            raise BadBrowserRequest("there is no such switch") from None

    def _person(self, user: User, channel: str) -> Person:
        return Person(user, channel, self._interactions, self._until)

    def _channel(self, user: User, request: BrowserRequest) -> Channel:
        channel = self._workspace.channels.get(request.string("channel"))
        if channel is None or user.id not in channel.members:
            raise ClientRefusal("You are not in that channel.")
        return channel

    def _message(self, user: User, request: BrowserRequest) -> Message:
        channel = self._channel(user, request)
        message = self._workspace.posts.get((channel.id, request.string("ts")))
        if message is None or message.ephemeral_to not in (None, user.id):
            raise ClientRefusal("That message is gone.")
        return message

    def _open_view(self, user: User, request: BrowserRequest) -> OpenView:
        open_views, wanted = self._workspace.open_views, request.string("view")
        for open_view in (open_views.top(user.id), open_views.homes.get(user.id)):
            if open_view is not None and open_view.id == wanted:
                return open_view
        raise ClientRefusal("That view is closed.")

    def _typed_into(self, user: User, request: BrowserRequest) -> tuple[OpenView, dict[str, str]]:
        """The view with what stands in its text fields, and what is wrong with that by block."""
        open_view = self._open_view(user, request)
        wrong: dict[str, str] = {}
        typed = request.typed_texts()
        for field in fields_of(open_view):
            if field.key in typed:
                try:
                    field.fill(typed[field.key])
                except ClientRefusal as refused:
                    wrong[field.key[0]] = _sentence(str(refused))
        return open_view, wrong


def _action(blocks: list[Json], request: BrowserRequest) -> Json:
    action = find_click_at(blocks, request.key, request.optional_string("value"))
    if action is None:
        raise ClientRefusal("That button is gone.")
    return action


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
