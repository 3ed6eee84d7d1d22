"""What people's acts do: each is sent to the bot and its answer takes effect in the workspace."""

import asyncio
from dataclasses import dataclass

from bot.playground.block_kit.composition_objects import GROUP, OPTION
from bot.playground.block_kit.message_content import check_content
from bot.playground.block_kit.rules import Findings, items
from bot.playground.dispatch import payloads
from bot.playground.dispatch.dispatcher import Dispatcher, OutgoingPayload
from bot.playground.errors import Json, SlackError, TroubleConnecting
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
    """Sends acts to the bot and applies what it answers."""

    def __init__(self, workspace: Workspace, courier: Dispatcher) -> None:
        self.workspace = workspace
        self._courier = courier

    async def _interact(self, payload: Json) -> Ack:
        parcel = OutgoingPayload("interactive", payload["type"], payload)
        return await self._courier.deliver(parcel)

    # --- commands, shortcuts, events ---

    async def command(self, user: User, channel: Channel, line: str) -> Ack:
        payload = payloads.command(self.workspace, user, channel, line)
        ack = await self._courier.deliver(OutgoingPayload("slash_commands", "command", payload))
        if ack.ok:
            self._say_in_ack(user, channel, ack)
        else:
            self._slackbot(
                user, channel, f'{payload["command"]} failed with the error "{ack.trouble}"'
            )
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

    def _slackbot(self, user: User, channel: Channel, text: str) -> None:
        self.workspace.post(channel.id, SLACKBOT, {"text": text}, ephemeral_to=user.id)

    async def shortcut(self, user: User, callback_id: str) -> Ack:
        return await self._interact(payloads.shortcut(self.workspace, user, callback_id))

    async def message_shortcut(self, user: User, callback_id: str, message: Message) -> Ack:
        payload = payloads.message_action(self.workspace, user, callback_id, message)
        return await self._interact(payload)

    async def event(self, body: Json) -> Ack:
        """Delivers an event that the app subscribes to; one that fails goes out once more."""
        if not self.workspace.offers.subscribes(body["type"]):
            return Ack(body["type"], 0, None, None, 0.0)
        payload = payloads.event(self.workspace, body)
        ack = await self._courier.deliver(OutgoingPayload("events_api", body["type"], payload))
        if ack.ok:
            return ack
        reason = "http_timeout" if ack.timed_out else "http_error"
        retry = {"retry_attempt": 1, "retry_reason": reason}
        return await self._courier.deliver(
            OutgoingPayload("events_api", body["type"], payload, retry)
        )

    # --- clicks ---

    async def click_on_message(self, user: User, message: Message, action: Json) -> Ack:
        payload = payloads.message_click(self.workspace, user, message, action)
        return await self._interact(payload)

    async def click_in_view(self, user: User, screen: OpenView, action: Json) -> Ack:
        return await self._interact(payloads.view_click(self.workspace, user, screen, action))

    async def suggest(
        self, user: User, screen: OpenView, where: tuple[str, str], query: str
    ) -> Json:
        payload = payloads.suggestion(self.workspace, user, screen, where, query)
        ack = await self._interact(payload)
        found = Findings()
        body = ack.body or {}
        items(OPTION, 100, 0)(found, "/options", body.get("options", []))
        items(GROUP, 100, 0)(found, "/option_groups", body.get("option_groups", []))
        if len(body.keys() & {"options", "option_groups"}) != 1:
            found.add("", "must have either options or option_groups")
        if not ack.ok or found.messages:
            reason = ack.trouble or "; ".join(found.messages)
            raise TroubleConnecting(f"no usable options: {reason}", ack)
        return body

    # --- views ---

    async def submit(self, user: User, screen: OpenView, times: int) -> list[SubmitResult]:
        payload = payloads.submission(self.workspace, user, screen)
        sent = self._courier.pack(OutgoingPayload("interactive", "view_submission", payload))
        self._courier.last = sent
        waiting = self.workspace.screens.submitting
        waiting.append(screen)
        try:
            acks = await asyncio.gather(*(self._courier.carry(sent) for _ in range(times)))
            return [self._apply(screen, ack) for ack in acks]
        finally:
            waiting.remove(screen)

    def _apply(self, screen: OpenView, ack: Ack) -> SubmitResult:
        if not ack.ok:
            raise TroubleConnecting(f"the submission was not acknowledged: {ack.trouble}", ack)
        body = ack.body or {}
        if set(body) - {"response_action", "view", "errors"} or (ack.body is None and ack.text):
            raise TroubleConnecting(f"no answer to a submission: {body or ack.text}", ack)
        action = str(body.get("response_action", "close"))
        errors: dict[str, str] = {}
        try:
            errors = self._answer(screen, action, body)
        except SlackError as error:
            raise TroubleConnecting(
                f"the answer to a submission is refused: {error}", ack
            ) from error
        finally:
            self.workspace.journal.changed()
        return SubmitResult(ack, action, errors)

    def _answer(self, screen: OpenView, action: str, body: Json) -> dict[str, str]:
        screens = self.workspace.screens
        if action == "errors":
            return _errors_by_label(screen, body.get("errors"))
        if not screens.is_open(screen):
            return {}
        match action:
            case "close":
                screens.close(screen)
            case "clear":
                screens.clear(screen.user)
            case "update":
                screens.answer_update(screen, body.get("view"))
            case "push":
                screens.answer_push(screen, body.get("view"))
            case _:
                raise SlackError("invalid_arguments", messages=[f"unknown action {action}"])
        return {}

    async def close(self, user: User, screen: OpenView, *, everything: bool) -> None:
        """Closes as the Cancel button does; `view_closed` goes out when the view asks for it."""
        screens = self.workspace.screens
        cleared = everything or bool(screen.body.get("clear_on_close"))
        closed = list(reversed(screens.stacks.get(user.id, []))) if cleared else [screen]
        for one in closed:
            screens.close(one)
        self.workspace.journal.changed()
        for one in closed:
            if one.body.get("notify_on_close"):
                await self._interact(payloads.closing(self.workspace, user, one, cleared=cleared))


def _errors_by_label(screen: OpenView, errors: object) -> dict[str, str]:
    inputs = {one["block_id"]: one for one in screen.blocks if one["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", messages=["errors must name input blocks"])
    for block_id, text in errors.items():
        if block_id not in inputs or not isinstance(text, str) or not text:
            raise SlackError("invalid_arguments", messages=[f"no input block {block_id}"])
    return {inputs[block_id]["label"]["text"]: text for block_id, text in errors.items()}
