from datetime import UTC, datetime

from bot.domain.incidents import IncidentDraft, IncidentStatus, PageIncident, Update
from bot.providers.matching import same_incident

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def test_a_page_may_put_letters_together_that_were_sent_in_two_pieces() -> None:
    draft = IncidentDraft(
        "Zu\u0308rich",
        IncidentStatus.INVESTIGATING,
        "In Zu\u0308rich.",
        {},
        notify=True,
        started=NOW,
    )
    first = Update("u1", IncidentStatus.INVESTIGATING, "In Zürich.", NOW)
    shown = PageIncident("r1", "Zürich", IncidentStatus.INVESTIGATING, NOW, (first,))
    assert same_incident(shown, draft)
