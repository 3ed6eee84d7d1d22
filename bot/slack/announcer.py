"""What the services announce, posted to Slack so that each message can be found again."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.deliveries import DirectMessage, ThreadNote
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.parent_messages import DeliveryStatus, ParentMessage
from bot.domain.receipts import Receipt
from bot.domain.reminders.digests import Digest
from bot.domain.reminders.ladders import Reminder, ReminderOutcome, Rung
from bot.domain.subjects import Subject, is_group
from bot.errors import Closed, Gone, ProviderError, Rejected, Unavailable, Uncertain
from bot.slack.calls import Pacing, call, permalink
from bot.slack.views import messages, reminders, results
from bot.slack.views.lines import Message

_EVENT = "foghorn_delivery"
_SEARCHED = 100
_UPDATE_TEXT_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class SlackAnnouncer:
    """Announces in Slack; each new message carries the mark of its delivery in its metadata."""

    client: AsyncWebClient
    snooze: Sequence[timedelta] = ()
    """For how long a reminder can be put off."""
    pacing: Pacing = field(default_factory=Pacing)

    async def announce(self, parent: ParentMessage, mark: str) -> tuple[str, str]:
        """Edit the parent message, or post it when there is none that can be edited."""
        subject = parent.subject
        message = messages.parent(parent)
        if not subject.thread_ts:
            return await self._post_joining(subject.channel, message, mark)
        try:
            await self._edit(subject.channel, subject.thread_ts, message)
        except Gone:
            return await self._post(subject.channel, message, mark)
        except Rejected:
            channel, posted = await self._post(subject.channel, message, mark)
            await self._point(subject, posted)
            return channel, posted
        return subject.channel, subject.thread_ts

    async def leave(self, subject: Subject, reason: str) -> None:
        """Edit the parent message for the last time."""
        if subject.thread_ts:
            await self._edit(subject.channel, subject.thread_ts, messages.left(subject, reason))

    async def reply(self, subject: Subject, receipt: Receipt, mark: str) -> str:
        """Answer in the subject's thread with a receipt."""
        message = messages.published(receipt)
        return await self._answer(subject, message, mark, broadcast=receipt.broadcast)

    async def note(self, subject: Subject, note: ThreadNote, mark: str) -> str:
        """Say something in the subject's thread that customers do not see."""
        for text in messages.text_before(note.undelivered) if note.undelivered else ():
            await self._answer(subject, text, f"{mark}:text", broadcast=False)
        return await self._answer(subject, messages.noted(note), mark, broadcast=note.broadcast)

    async def remind(self, subject: Incident | Maintenance, remind: Reminder, mark: str) -> str:
        """Ask in the subject's thread; the second question is for the whole channel to see."""
        message = reminders.reminder(subject, remind, self.snooze)
        broadcast = remind.rung is not Rung.OWNER
        return await self._answer(subject, message, mark, broadcast=broadcast)

    async def show_outcome(
        self,
        subject: Incident | Maintenance,
        asked: Reminder | DirectMessage,
        posted: str,
        outcome: ReminderOutcome,
    ) -> None:
        """Edit a question; where Slack lets us not, a tap on it is answered in words."""
        with suppress(Rejected):
            if isinstance(asked, Reminder):
                message = reminders.reminder(subject, asked, self.snooze, outcome)
                await self._edit(subject.channel, posted, message)
            else:
                message = messages.direct_message(asked, self.snooze, outcome)
                await self._edit(await self._direct(asked.user_id), posted, message)

    async def digest(self, channel: str, digest: Digest, mark: str) -> str:
        """Tell a channel what is open for long and starts tomorrow."""
        return (await self._post_joining(channel, reminders.digest(digest), mark))[1]

    async def members(self, person_or_group: str) -> Sequence[str]:
        """Return the people in a user group; a person stands for themselves."""
        if not is_group(person_or_group):
            return (person_or_group,)
        answer = await call(self.client.usergroups_users_list, usergroup=person_or_group)
        return tuple(answer["users"])

    async def tell(self, message: DirectMessage, mark: str) -> str:
        """Write to one person in the direct messages with the bot."""
        for text in messages.text_before(message):
            await self._post(message.user_id, text, f"{mark}:text")
        words = messages.direct_message(message, self.snooze)
        return (await self._post(message.user_id, words, mark))[1]

    async def point(self, channel: str, subject: Subject, mark: str) -> str:
        """Say in the channel where a subject was begun that its thread is in another."""
        link = await self._thread(subject)
        message = messages.pointer(subject.name, subject.owner_name, link)
        return (await self._post_joining(channel, message, mark))[1]

    async def show(
        self, view_id: str, statuses: Sequence[DeliveryStatus], subject: Subject | None
    ) -> None:
        """Show how it goes in an open form; what cannot be shown any more stands in the thread."""
        view = results.outcome(statuses, await self._thread(subject) if subject else None)
        with suppress(Rejected, Uncertain):
            await call(self.client.views_update, view_id=view_id, view=view)

    async def _thread(self, subject: Subject) -> str | None:
        if not subject.thread_ts:
            return None
        return await permalink(self.client, subject.channel, subject.thread_ts)

    async def find(self, channel: str, thread: str | None, mark: str) -> str | None:
        """Return the message with this mark among the latest of a channel or thread."""
        if channel.startswith(("U", "W")):
            channel = await self._direct(channel)
        place = {"channel": channel, "limit": _SEARCHED, "include_all_metadata": True}
        if thread:
            found = await call(self.client.conversations_replies, ts=thread, **place)
        else:
            found = await call(self.client.conversations_history, **place)
        return next((each["ts"] for each in found["messages"] if _mark(each) == mark), None)

    async def _direct(self, person: str) -> str:
        """Return the channel of the direct messages with a person."""
        opened = await call(self.client.conversations_open, users=person)
        return str(opened["channel"]["id"])

    async def _answer(
        self, subject: Subject, message: Message, mark: str, *, broadcast: bool
    ) -> str:
        thread: dict[str, Any] = {"thread_ts": subject.thread_ts} if subject.thread_ts else {}
        if thread and broadcast:
            thread["reply_broadcast"] = True
        return (await self._post(subject.channel, message, mark, **thread))[1]

    async def _post(
        self,
        channel: str,
        message: Message,
        mark: str,
        **more: Any,  # noqa: ANN401 -- Slack's own arguments
    ) -> tuple[str, str]:
        text, parts = message
        arguments = {
            "channel": channel,
            "text": text,
            "blocks": parts,
            "metadata": {"event_type": _EVENT, "event_payload": {"delivery": mark}},
            "unfurl_links": False,
            "unfurl_media": False,
            **more,
        }
        await self.pacing.turn(channel)
        try:
            answer = await call(self.client.chat_postMessage, **arguments)
        except Rejected as error:
            # Slack has many names for this, and new ones: none of them will do better next time.
            raise Closed(str(error)) from error
        return answer["channel"], answer["ts"]

    async def _post_joining(self, channel: str, message: Message, mark: str) -> tuple[str, str]:
        """Post what is the first in its channel, which may be a public one that we are not in."""
        try:
            return await self._post(channel, message, mark)
        except Closed:
            if not await self._joined(channel):
                raise
            return await self._post(channel, message, mark)

    async def _point(self, left: Subject, posted: str) -> None:
        """Say in the thread that was left where it goes on, as far as Slack takes that."""
        link = await permalink(self.client, left.channel, posted)
        text, parts = messages.out_of_date(left.name, link)
        thread = {"thread_ts": left.thread_ts, "text": text, "blocks": parts}
        with suppress(ProviderError):
            await call(self.client.chat_postMessage, channel=left.channel, **thread)

    async def _joined(self, channel: str) -> bool:
        """Join a public channel that the bot is not in; whether that could be the remedy."""
        with suppress(Rejected, Uncertain, Unavailable):
            await call(self.client.conversations_join, channel=channel)
            return True
        return False

    async def _edit(self, channel: str, ts: str, message: Message) -> None:
        text, parts = message
        # Text and blocks both: with one alone, Slack may keep the old other.
        cut = text[:_UPDATE_TEXT_LIMIT]
        await call(self.client.chat_update, channel=channel, ts=ts, text=cut, blocks=parts)


def _mark(message: dict[str, Any]) -> str | None:
    payload: dict[str, str] = message.get("metadata", {}).get("event_payload", {})
    return payload.get("delivery")
