import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.deliveries import Announcement, DirectMessage, FormProgress, Payload
from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.pages import ComponentStatus
from bot.domain.receipts import ReadBack, Receipt, ShownComponent
from bot.domain.submissions import IncidentFields, ReportForm, StatusForAll, UpdateForm
from bot.store import codec
from bot.store.tables import deliveries

INSTANTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - made aware by `timezones`
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
IMPACTS = st.dictionaries(st.text(max_size=20), st.sampled_from(ComponentStatus), max_size=3)
STATUSES = st.sampled_from(IncidentStatus)

FIELDS = st.builds(
    IncidentFields,
    status=STATUSES,
    message=st.text(),
    components=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    component_status=st.one_of(st.sampled_from(ComponentStatus), st.sampled_from(StatusForAll)),
    each=IMPACTS,
    next_update=st.none() | st.integers(),
)
FORMS = st.one_of(
    st.builds(
        ReportForm,
        fields=FIELDS,
        pages=st.lists(st.text(max_size=9), max_size=3).map(tuple),
        started=st.none() | INSTANTS,
    ),
    st.builds(UpdateForm, fields=FIELDS, incident_id=st.text()),
)
WANTED = st.builds(
    ReadBack, impacts=IMPACTS, status=STATUSES, published_at=INSTANTS, note=st.none() | st.text()
)
RECEIPTS = st.builds(
    Receipt,
    status=STATUSES,
    published_at=INSTANTS,
    components=st.lists(st.from_type(ShownComponent), max_size=3).map(tuple),
    differences=st.lists(st.text(), max_size=3).map(tuple),
)
PAYLOADS = st.one_of(
    st.builds(IncidentDraft, impacts=IMPACTS, started=INSTANTS),
    st.builds(UpdateDraft, impacts=IMPACTS, at=INSTANTS),
    WANTED,
    st.builds(Announcement),
    RECEIPTS,
    st.from_type(DirectMessage),
    st.from_type(FormProgress),
)


def through_json(value: object) -> object:
    return json.loads(json.dumps(value))


@given(PAYLOADS)
@settings(max_examples=200)
def test_whatever_is_owed_comes_back_whole(owed: Payload) -> None:
    stored = through_json(codec.to_json(owed))
    assert codec.payload(codec.kind_of(owed), stored) == owed


@given(FORMS)
@settings(max_examples=200)
def test_whatever_was_submitted_comes_back_whole(form: ReportForm | UpdateForm) -> None:
    assert codec.form(codec.kind_of(form), through_json(codec.to_json(form))) == form


@given(IMPACTS)
def test_impacts_come_back_whole(impacts: dict[str, ComponentStatus]) -> None:
    stored = {key: status.value for key, status in impacts.items()}
    assert codec.impacts(through_json(stored)) == impacts


def test_the_words_in_the_database_never_change() -> None:
    # Rows of an older Foghorn must be read by a newer one: add words, rename none.
    started = datetime(2026, 3, 1, tzinfo=UTC)
    draft = IncidentDraft("N", IncidentStatus.RESOLVED, "M", {}, notify=False, started=started)
    assert codec.kind_of(draft) == "publish"
    assert codec.to_json(draft) == {
        "name": "N",
        "status": "resolved",
        "message": "M",
        "impacts": {},
        "notify": False,
        "started": "2026-03-01T00:00:00Z",
    }
    kinds = ["publish", "update", "read_back", "announce", "reply", "tell", "show"]
    kinds += ["schedule", "maintenance_update", "move", "remove", "check", "note"]
    assert set(kinds) <= set(codec._KINDS)  # noqa: SLF001 - the words themselves
    assert deliveries.c.kind.nullable is False
