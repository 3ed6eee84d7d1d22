import asyncio

import pytest

from bot.domain.submissions import Person
from bot.errors import (
    Closed,
    Deferred,
    NotAllowed,
    ProviderError,
    Rejected,
    Unauthorized,
    Unavailable,
    Uncertain,
)
from bot.services.access import Access, Member

pytestmark = pytest.mark.anyio

ANN = Person("U0ANN", "ann")
MEMBER = Member(guest=False, elsewhere=False, zone="Asia/Kolkata", name="Ann Ahrens")
GUEST = Member(guest=True, elsewhere=False)
SILENCE = [Unavailable("Slack cannot be reached."), Uncertain("Slack had a fault of its own.")]
REFUSALS = [
    Closed("Slack knows no such person."),
    Rejected("Slack refused it (user_not_visible)."),
    Unauthorized("No."),
    Deferred("Slack asked to wait.", retry_after=3),
]


class Workspace:
    """Says of everybody what it was told to say, and counts how often it was asked."""

    def __init__(self, *answers: Member | ProviderError | None) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def ask(self, person_id: str) -> Member:
        assert person_id == ANN.id
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            await asyncio.Event().wait()
        if not isinstance(answer, Member):
            raise answer or AssertionError
        return answer


def forgetful(workspace: Workspace) -> Access:
    """An access whose memory is a minute old as soon as it is made."""
    return Access(workspace.ask, patience=0.05, fresh_seconds=-1)


async def test_a_member_may_publish_and_is_asked_about_once_a_minute() -> None:
    workspace = Workspace(MEMBER)
    members = Access(workspace.ask)
    await asyncio.gather(*(members.admit(ANN) for _ in range(20)))
    assert await members.admit(ANN) == Person("U0ANN", "Ann Ahrens")
    assert members.zone("U0ANN") == "Asia/Kolkata"
    assert workspace.asked == 1


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (GUEST, "Guests may not publish"),
        (Member(guest=False, elsewhere=True), "from another organisation"),
        (Member(guest=False, elsewhere=False, deactivated=True), "Deactivated accounts"),
        (Member(guest=False, elsewhere=False, bot=True), "Apps may not publish"),
    ],
)
async def test_who_may_not_publish_is_told_who_may(member: Member, reason: str) -> None:
    members = Access(Workspace(member).ask)
    with pytest.raises(NotAllowed, match=f"{reason}.*Every member of this workspace"):
        await members.admit(ANN)


@pytest.mark.parametrize("silence", [*SILENCE, None])
async def test_when_slack_is_silent_somebody_passes_unverified(
    silence: ProviderError | None,
) -> None:
    workspace = Workspace(silence)
    members = Access(workspace.ask, patience=0.05)
    for _ in range(2):
        assert await members.admit(ANN) == Person("U0ANN", "ann", verified=False)
    assert workspace.asked == 2
    assert members.zone("U0ANN") == "UTC"


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_who_slack_refuses_to_tell_may_not_publish(refusal: ProviderError) -> None:
    members = Access(Workspace(refusal).ask)
    with pytest.raises(NotAllowed, match="does not tell Foghorn who you are") as caught:
        await members.admit(ANN)
    assert str(refusal) in str(caught.value)


@pytest.mark.parametrize("silence", SILENCE)
async def test_what_was_known_before_slack_fell_silent_still_counts(silence: ProviderError) -> None:
    members = forgetful(Workspace(MEMBER, silence))
    await members.admit(ANN)
    assert await members.admit(ANN) == Person("U0ANN", "Ann Ahrens", verified=False)
    for before in (GUEST, REFUSALS[0]):
        members = forgetful(Workspace(before, silence))
        for _ in range(2):
            with pytest.raises(NotAllowed):
                await members.admit(ANN)


async def test_a_request_to_wait_is_not_remembered_against_anybody() -> None:
    members = Access(Workspace(REFUSALS[-1], MEMBER).ask)
    with pytest.raises(NotAllowed, match="asked to wait"):
        await members.admit(ANN)
    assert (await members.admit(ANN)).verified
