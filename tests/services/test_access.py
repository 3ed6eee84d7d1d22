import pytest

from bot.errors import NotAllowed, Unavailable
from bot.services.access import Access, Member

pytestmark = pytest.mark.anyio


class Workspace:
    """Says of everybody what it was told to say, and counts how often it was asked."""

    def __init__(self, standing: Member | None) -> None:
        self.standing = standing
        self.asked = 0

    async def ask(self, person_id: str) -> Member:
        assert person_id == "U0ANN"
        self.asked += 1
        if self.standing is None:
            raise Unavailable("Slack cannot be reached.")
        return self.standing


async def test_a_member_may_publish_and_is_asked_about_once_a_minute() -> None:
    workspace = Workspace(Member(guest=False, elsewhere=False))
    members = Access(workspace.ask)
    await members.check("U0ANN")
    await members.check("U0ANN")
    members.judge("U0ANN")
    assert workspace.asked == 1


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (Member(guest=True, elsewhere=False), "Guests may not publish"),
        (Member(guest=False, elsewhere=True), "from another organisation"),
    ],
)
async def test_guests_and_people_from_elsewhere_may_not(standing: Member, reason: str) -> None:
    members = Access(Workspace(standing).ask)
    with pytest.raises(NotAllowed, match=reason):
        await members.check("U0ANN")
    with pytest.raises(NotAllowed, match=reason):
        members.judge("U0ANN")


async def test_when_slack_is_silent_nobody_is_kept_from_publishing() -> None:
    workspace = Workspace(None)
    members = Access(workspace.ask)
    await members.check("U0ANN")
    await members.check("U0ANN")
    assert workspace.asked == 2


async def test_a_persons_zone_is_known_once_they_were_checked() -> None:
    members = Access(Workspace(Member(guest=False, elsewhere=False, zone="Asia/Kolkata")).ask)
    assert members.zone("U0ANN") == "UTC"
    await members.check("U0ANN")
    assert members.zone("U0ANN") == "Asia/Kolkata"
