"""What interactions do: each goes to the bot, and its answer takes effect in the workspace."""

from dataclasses import dataclass, replace

from bot.playground.block_kit.composition_objects import GROUP, OPTION, options_or_groups
from bot.playground.block_kit.message_content import check_content
from bot.playground.block_kit.rules import Findings, items
from bot.playground.dispatch import payloads
from bot.playground.dispatch.dispatcher import Dispatcher, OutgoingPayload
from bot.playground.errors import Json, SlackError, TroubleConnecting
from bot.playground.people.fields import Field
from bot.playground.workspace.journal import Ack
from bot.playground.workspace.records import Channel, Message, OpenView, User
from bot.playground.workspace.workspace import SLACKBOT, Workspace


@dataclass(frozen=True)
class SubmitResult:
    """What a submit led to; `errors` are by the label of the field they stand under."""

    ack: Ack
    action: str  # "close", "clear", "update", "push" or "errors"
    errors: dict[str, str]


class Interactions:
    """Sends interactions to the bot and applies what it answers."""

    def __init__(self, workspace: Workspace, dispatcher: Dispatcher) -> None:
        self.workspace = workspace
        self._dispatcher = dispatcher

    async def _interact(self, payload: Json) -> Ack:
        return await self._dispatcher.dispatch(_interactive(payload))

    async def command(self, user: User, channel: Channel, line: str) -> Ack:
        payload = payloads.command(self.workspace, user, channel, line)
        ack = await self._dispatcher.dispatch(OutgoingPayload("slash_commands", "command", payload))
        if ack.ok:
            self._say_in_ack(user, channel, ack)
        else:
            text = f'{payload["command"]} failed with the error "{ack.trouble}"'
            self.workspace.post(channel.id, SLACKBOT, {"text": text}, ephemeral_to=user.id)
        return ack

    def _say_in_ack(self, user: User, channel: Channel, ack: Ack) -> None:
        content = ack.body if ack.body is not None else {"text": ack.text or ""}
        if not any(content.get(one) for one in ("text", "blocks")):
            return
        try:
            check_content(content)
        except SlackError as error:
            raise TroubleConnecting(f"the ack's message is refused: {error}", ack) from error
        private = content.get("response_type", "ephemeral") != "in_channel"
        self.workspace.post(
            channel.id,
            self.workspace.bot_user,
            content,
            ephemeral_to=user.id if private else None,
        )

    async def shortcut(self, user: User, callback_id: str) -> Ack:
        return await self._interact(payloads.shortcut(self.workspace, user, callback_id))

    async def message_shortcut(self, user: User, callback_id: str, message: Message) -> Ack:
        payload = payloads.message_action(self.workspace, user, callback_id, message)
        return await self._interact(payload)

    async def event(self, body: Json) -> Ack:
        """Delivers an event that the app subscribes to; one that fails goes out once more."""
        if not self.workspace.offers.subscribes(body["type"]):
            return Ack(body["type"])
        payload = payloads.event(self.workspace, body)
        outgoing = OutgoingPayload("events_api", body["type"], payload)
        ack = await self._dispatcher.dispatch(outgoing)
        if ack.ok:
            return ack
        reason = "http_timeout" if ack.timed_out else "http_error"
        retry = {"retry_attempt": 1, "retry_reason": reason}
        return await self._dispatcher.dispatch(replace(outgoing, retry=retry))

    async def click_on_message(self, user: User, message: Message, action: Json) -> Ack:
        payload = payloads.message_click(self.workspace, user, message, action)
        return await self._interact(payload)

    async def click_in_view(self, user: User, open_view: OpenView, action: Json) -> Ack:
        return await self._interact(payloads.view_click(self.workspace, user, open_view, action))

    async def suggest(self, user: User, field: Field, query: str) -> Json:
        """What the bot offers for an external select, checked."""
        payload = payloads.suggestion(self.workspace, user, field.open_view, field.key, query)
        ack = await self._interact(payload)
        found = Findings()
        body = ack.body or {}
        items(OPTION, 100, 0)(found, "/options", body.get("options", []))
        items(GROUP, 100, 0)(found, "/option_groups", body.get("option_groups", []))
        options_or_groups(found, "", body)
        if not ack.ok or found.messages:
            reason = ack.trouble or "; ".join(found.messages)
            raise TroubleConnecting(f"no usable options: {reason}", ack)
        return body

    async def submit(self, user: User, open_view: OpenView, times: int) -> list[SubmitResult]:
        payload = payloads.submission(self.workspace, user, open_view)
        self._dispatcher.prepare(_interactive(payload))
        waiting = self.workspace.open_views.submitting
        waiting.append(open_view)
        try:
            acks = await self._dispatcher.send_last(times)
            return [self._apply(open_view, ack) for ack in acks]
        finally:
            waiting.remove(open_view)

    def _apply(self, open_view: OpenView, ack: Ack) -> SubmitResult:
        if not ack.ok:
            raise TroubleConnecting(f"the submission was not acknowledged: {ack.trouble}", ack)
        body = ack.body or {}
        if set(body) - {"response_action", "view", "errors"} or (ack.body is None and ack.text):
            raise TroubleConnecting(f"no answer to a submission: {body or ack.text}", ack)
        action = str(body.get("response_action", "close"))
        try:
            errors = self._answer(open_view, action, body)
        except SlackError as error:
            raise TroubleConnecting(
                f"the answer to a submission is refused: {error}", ack
            ) from error
        finally:
            self.workspace.journal.changed()
        return SubmitResult(ack, action, errors)

    def _answer(self, open_view: OpenView, action: str, body: Json) -> dict[str, str]:
        open_views = self.workspace.open_views
        if action == "errors":
            return _errors_by_label(open_view, body.get("errors"))
        if not open_views.is_open(open_view):
            return {}
        match action:
            case "close":
                open_views.close(open_view)
            case "clear":
                open_views.clear(open_view.user)
            case "update":
                open_views.change(open_view, body.get("view"))
            case "push":
                open_views.push_on(open_view.id, body.get("view"))
            case _:
                raise SlackError("invalid_arguments", f"unknown action {action}")
        return {}

    async def close(self, user: User, open_view: OpenView, *, everything: bool) -> None:
        """Closes as the Cancel button does; `view_closed` goes out when the view asks for it."""
        open_views = self.workspace.open_views
        cleared = everything or bool(open_view.body.get("clear_on_close"))
        closed = list(reversed(open_views.stacks.get(user.id, []))) if cleared else [open_view]
        for one in closed:
            open_views.close(one)
        self.workspace.journal.changed()
        for one in closed:
            if one.body.get("notify_on_close"):
                await self._interact(payloads.closing(self.workspace, user, one, cleared=cleared))


def _interactive(payload: Json) -> OutgoingPayload:
    return OutgoingPayload("interactive", payload["type"], payload)


def _errors_by_label(open_view: OpenView, errors: object) -> dict[str, str]:
    inputs = {one["block_id"]: one for one in open_view.blocks if one["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", "errors must name input blocks")
    for block_id, text in errors.items():
        if block_id not in inputs or not isinstance(text, str) or not text:
            raise SlackError("invalid_arguments", f"no input block {block_id}")
    return {inputs[block_id]["label"]["text"]: text for block_id, text in errors.items()}
