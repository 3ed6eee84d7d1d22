"""Things to store, whole and small, at a fixed instant."""

from datetime import UTC, datetime, timedelta

from bot.domain.deliveries import Delivery, Lease, Payload, ThreadNote
from bot.domain.incidents import Incident, IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.pages import ComponentStatus
from bot.domain.subjects import Publication, PublicationState
from bot.domain.submissions import (
    AnySubmission,
    IncidentFields,
    Person,
    ReportForm,
    Submission,
    UpdateForm,
)
from bot.store import Database, deliveries

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
MAJOR = ComponentStatus.MAJOR_OUTAGE
SECOND = timedelta(seconds=1)


def publication(number: int = 1, page: str = "instatus:p1", **more: object) -> Publication:
    values: dict[str, object] = {
        "id": f"pub{number}",
        "subject_id": "inc1",
        "page_id": page,
        "page_name": f"Page {number}",
        "state": PublicationState.OWED,
        "impacts": {"c1": MAJOR},
    }
    return Publication(**(values | more))  # type: ignore[arg-type]


def incident(number: int = 1, **more: object) -> Incident:
    values: dict[str, object] = {
        "id": f"inc{number}",
        "name": "Checkout is down",
        "status": IncidentStatus.INVESTIGATING,
        "message": "We are **looking** into it.",
        "owner_id": "U0ANN",
        "owner_name": "Ann",
        "channel": "C0INC",
        "thread_ts": None,
        "notify": True,
        "started_at": NOW,
        "updated_at": None,
        "due_at": None,
        "publications": (publication(number),),
    }
    return Incident(**(values | more))  # type: ignore[arg-type]


def draft(started: datetime = NOW) -> IncidentDraft:
    return IncidentDraft(
        name="Checkout is down",
        status=IncidentStatus.INVESTIGATING,
        message="Sorry.",
        impacts={"c1": MAJOR},
        notify=True,
        started=started,
    )


def update_draft() -> UpdateDraft:
    return UpdateDraft(
        IncidentStatus.MONITORING, "A fix is live.", {"c1": MAJOR}, notify=False, at=NOW
    )


def delivery(  # noqa: PLR0913 -- whatever a test cares for
    key: str,
    lane: str = "",
    payload: Payload | None = None,
    *,
    subject_id: str = "",
    publication_id: str = "",
    submission_id: str = "",
) -> Delivery:
    return Delivery(
        key,
        lane or f"lane of {key}",
        "slack",
        payload or ThreadNote("News."),
        subject_id,
        publication_id,
        submission_id,
    )


def fields(message: str = "Sorry.") -> IncidentFields:
    return IncidentFields(IncidentStatus.INVESTIGATING, message, ("k1",), MAJOR, {"k1": MAJOR})


def report(
    key: str = "view:V1", message: str = "Sorry.", submission_id: str = "s1"
) -> AnySubmission:
    form = ReportForm(fields(message), "Checkout is down", ("instatus:p1",), "C0INC", NOW)
    return Submission(key, Person("U0ANN", "Ann"), form, "V1", id=submission_id)


def progress() -> AnySubmission:
    return Submission(
        "view:V2", Person("U0BEN", "Ben"), UpdateForm(fields(), "inc1"), "V2", id="s1"
    )


def lease(token: str = "ours", since: datetime = NOW) -> Lease:
    return Lease(token, since, since + 60 * SECOND)


async def owe(store: Database, *keys: str, lane: str = "", now: datetime = NOW) -> None:
    await store.write(deliveries.add, [delivery(key, lane) for key in keys], now)
