"""What a person does in the browser, by the same rules as the driver of persons."""

from collections.abc import Awaitable, Callable

from bot.playground.block_kit.element_state import apply_action
from bot.playground.errors import ClientRefusal, Json, TroubleConnecting
from bot.playground.people.clicks import find_click_at
from bot.playground.people.fields import fields_of, fill_text, find_incomplete
from bot.playground.people.interactions import Interactions
from bot.playground.people.person import Person, Until
from bot.playground.web.browser_requests import BadBrowserRequest, BrowserRequest
from bot.playground.web.field_writer import FieldWriter, field_at
from bot.playground.workspace.journal import Ack
from bot.playground.workspace.records import Channel, Message, OpenView, User

_APOLOGY = "We had some trouble connecting. Try again?"


class BrowserActions:
    """Carries out orders; raises Refused with what Slack's window says."""

    def __init__(self, acts: Interactions, until: Until) -> None:
        self._acts = acts
        self._until = until
        self._workspace = acts.workspace
        self._writing = FieldWriter(acts)
        self._orders: dict[str, Callable[[User, BrowserRequest], Awaitable[Json]]] = {
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
        }

    async def do(self, body: Json) -> Json:
        order = BrowserRequest(body)
        carry_out = self._orders.get(order.word("do"))
        user = self._workspace.users.get(order.word("as"))
        if carry_out is None or user is None or user.is_bot:
            raise BadBrowserRequest("nobody does that")
        try:
            return await carry_out(user, order)
        except TroubleConnecting as trouble:
            return {"trouble": _APOLOGY, "reason": str(trouble)}

    # --- in a channel ---

    async def _say(self, user: User, order: BrowserRequest) -> Json:
        channel = self._place(user, order)
        text = order.word("text").strip()
        thread = order.maybe("thread")
        person = self._person(user, channel)
        if not text:
            raise ClientRefusal("There is nothing to send yet.")
        if channel.is_archived:
            raise ClientRefusal("This channel is archived: nobody can write in it any more.")
        if text.startswith("/") and thread:
            name = text.partition(" ")[0]
            raise ClientRefusal(f"{name} is not supported in threads. Sorry!")
        if text.startswith("/"):
            await person.types(text)
        else:
            parent = self._workspace.find(channel.id, thread) if thread else None
            await person.says(self._named(text), parent)
        return {}

    def _named(self, text: str) -> str:
        """Turns `@Ann Ahrens` into a mention; the driver does the same for the bot's own name."""
        others = [user for user in self._workspace.users.values() if not user.is_bot]
        for user in sorted(others, key=lambda one: -len(one.real_name)):
            text = text.replace(f"@{user.real_name or user.name}", f"<@{user.id}>")
        return text

    async def _home(self, user: User, _: BrowserRequest) -> Json:
        place = self._workspace.direct_channel(user.id)
        return _told(await self._person(user, place).enters_home(), optional=True)

    async def _shortcut(self, user: User, order: BrowserRequest) -> Json:
        return _told(await self._acts.shortcut(user, order.word("callback_id")))

    async def _message_shortcut(self, user: User, order: BrowserRequest) -> Json:
        channel, message = self._message(user, order)
        person = self._person(user, channel)
        return _told(await person.uses_message_shortcut(order.word("callback_id"), message))

    async def _click(self, user: User, order: BrowserRequest) -> Json:
        _, message = self._message(user, order)
        action = _action(message.all_blocks, order)
        return _told(await self._acts.click_on_message(user, message, action))

    # --- in a view ---

    async def _click_view(self, user: User, order: BrowserRequest) -> Json:
        screen, _ = self._typed_into(user, order)
        action = _action(screen.blocks, order)
        apply_action(screen.values, action)
        return _told(await self._acts.click_in_view(user, screen, action))

    async def _typed(self, user: User, order: BrowserRequest) -> Json:
        self._typed_into(user, order)
        return {}

    async def _field(self, user: User, order: BrowserRequest) -> Json:
        screen, _ = self._typed_into(user, order)
        field = field_at(screen, order.word("block"), order.word("action"))
        self._writing.write(user, field, order)
        if not field.dispatches:
            return {}
        return _told(await self._acts.click_in_view(user, screen, field.action()))

    async def _options(self, user: User, order: BrowserRequest) -> Json:
        screen = self._screen(user, order)
        field = field_at(screen, order.word("block"), order.word("action"))
        return await self._writing.search(user, field, order.word("query"))

    async def _submit(self, user: User, order: BrowserRequest) -> Json:
        screen, wrong = self._typed_into(user, order)
        if "submit" not in screen.body:
            raise ClientRefusal("This view has no button to submit it.")
        lacking = {
            field.block["block_id"]: _sentence(what) for field, what in find_incomplete(screen)
        }
        if lacking or wrong:
            return {"errors": lacking | wrong}
        (done,) = await self._acts.submit(user, screen, 1)
        return {"errors": (done.ack.body or {})["errors"]} if done.action == "errors" else {}

    async def _close(self, user: User, order: BrowserRequest) -> Json:
        screen = self._screen(user, order)
        await self._acts.close(user, screen, everything=order.body.get("everything") is True)
        return {}

    # --- finding ---

    def _person(self, user: User, channel: Channel) -> Person:
        return Person(user, channel.id, self._acts, self._until)

    def _place(self, user: User, order: BrowserRequest) -> Channel:
        channel = self._workspace.channels.get(order.word("channel"))
        if channel is None or user.id not in channel.members:
            raise ClientRefusal("You are not in that channel.")
        return channel

    def _message(self, user: User, order: BrowserRequest) -> tuple[Channel, Message]:
        channel = self._place(user, order)
        message = self._workspace.posts.get((channel.id, order.word("ts")))
        if message is None or message.ephemeral_to not in (None, user.id):
            raise ClientRefusal("That message is gone.")
        return channel, message

    def _screen(self, user: User, order: BrowserRequest) -> OpenView:
        screens, wanted = self._workspace.screens, order.word("view")
        for screen in (screens.top(user.id), screens.homes.get(user.id)):
            if screen is not None and screen.id == wanted:
                return screen
        raise ClientRefusal("That view is closed.")

    def _typed_into(self, user: User, order: BrowserRequest) -> tuple[OpenView, dict[str, str]]:
        """The view with what stands in its text fields, and what is wrong with that by block."""
        screen = self._screen(user, order)
        wrong: dict[str, str] = {}
        typed = order.typed()
        places = {
            (one.block["block_id"], one.element["action_id"]): one for one in fields_of(screen)
        }
        for place in places.keys() & typed.keys():
            try:
                fill_text(places[place], typed[place])
            except ClientRefusal as refused:
                wrong[place[0]] = _sentence(str(refused))
        return screen, wrong


def _action(blocks: list[Json], order: BrowserRequest) -> Json:
    place = (order.word("block"), order.word("action"), order.maybe("value"))
    action = find_click_at(blocks, *place)
    if action is None:
        raise ClientRefusal("That button is gone.")
    return action


def _told(ack: Ack, *, optional: bool = False) -> Json:
    """What the window says about the bot's answer: nothing when it came."""
    if ack.ok or optional:
        return {}
    return {"trouble": _APOLOGY, "reason": ack.trouble}


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
