from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import Component, ComponentStatus
from bot.domain.submissions import IncidentFields, Person, ReportForm, StatusForAll, UpdateForm
from bot.playground.block_kit.element_state import initial_state
from bot.playground.block_kit.views import check_view
from bot.slack import payloads
from bot.slack.forms import fields, ids, incidents
from bot.slack.forms.fields import shown_problems
from bot.slack.forms.metadata import FormMetadata, form_metadata
from bot.slack.views import incidents as views
from tests.slack.states import BANK, HERE, SHOP, incident_update_state, report_state

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=300)
IMPACTS = st.sampled_from(views.IMPACTS[1:])
KEYS = st.lists(st.uuids().map(str), unique=True, max_size=20)
STARTS = st.integers(1_000_000_000, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))

FIELDS = st.builds(
    IncidentFields,
    status=st.sampled_from(views.STATUSES),
    message=TEXT,
    components=KEYS.map(tuple),
    component_status=IMPACTS | st.just(StatusForAll.EACH),
    notify=st.booleans(),
    next_update=st.sampled_from([None, 15, 30, 60, 120, 240, 480, 1440]),
)


def shown(view: dict[str, Any]) -> dict[str, Any]:
    """The view as Slack sends it back when nobody touches it."""
    checked = check_view(view, "modal")
    return checked | {"state": {"values": initial_state(checked["blocks"])}}


def components(keys: tuple[str, ...]) -> dict[str, Component]:
    return {key: Component(key, f"Component {key}") for key in keys}


@given(FIELDS, TEXT, st.none() | STARTS, st.integers(0, 3))
def test_a_report_that_is_reopened_says_what_it_said(
    fields: IncidentFields, name: str, started: datetime | None, some: int
) -> None:
    chosen = [choice.page.id for number, choice in enumerate([SHOP, BANK]) if some & 1 << number]
    state = report_state(
        pages=[SHOP, BANK],
        name=name,
        fields=fields,
        chosen_pages=chosen,
        components=components(fields.components),
        started=started,
    )
    pages = tuple(chosen) or (SHOP.page.id,)
    expected = ReportForm(fields, name, pages, HERE.channel, started)
    assert incidents.read_report(shown(views.report(state))) == expected


@given(fields=FIELDS, keeps=st.booleans())
def test_an_update_that_is_reopened_says_what_it_said(
    *, fields: IncidentFields, keeps: bool
) -> None:
    if keeps and fields.components:
        fields = replace(fields, component_status=StatusForAll.KEEP)
    state = incident_update_state(fields=fields, components=components(fields.components))
    if fields.status is IncidentStatus.RESOLVED:
        # There is no choice: what resolves does one thing to components, and promises nothing.
        fields = replace(fields, component_status=ComponentStatus.DEGRADED, next_update=None)
    expected = UpdateForm(fields, HERE.subject_id)
    assert incidents.read_update(shown(views.update(state))) == expected


def test_that_a_promise_in_the_text_does_not_count_survives_the_form() -> None:
    fields = IncidentFields(
        IncidentStatus.INVESTIGATING, "Next update by 14:30 UTC.", by_text=False
    )
    read = incidents.read_report(shown(views.report(report_state(fields=fields))))
    assert not read.fields.by_text
    assert read.fields.next_update is None


def test_an_empty_report_says_what_most_reports_say() -> None:
    report = incidents.read_report(shown(views.report(report_state())))
    usual = IncidentFields(IncidentStatus.INVESTIGATING, "")
    assert report == ReportForm(usual, "", (), HERE.channel)


@given(
    st.dictionaries(st.uuids().map(str), st.sampled_from(views.IMPACTS), min_size=1, max_size=20)
)
def test_the_second_step_gives_each_component_its_own(
    each: dict[str, ComponentStatus],
) -> None:
    fields = IncidentFields(IncidentStatus.INVESTIGATING, "", tuple(each), StatusForAll.EACH, each)
    view = shown(views.each(components(tuple(each)), fields, HERE))
    assert incidents.read_each(view) == each


def test_what_a_form_does_not_say_is_left_to_the_usual() -> None:
    nothing: dict[str, Any] = {"state": {"values": {}}}
    assert incidents.read_fields(nothing) == IncidentFields(
        IncidentStatus.INVESTIGATING, "", component_status=ComponentStatus.DEGRADED, notify=False
    )
    assert incidents.read_picked(nothing) == ""
    assert fields.chosen(nothing, ids.PAGES) == ()
    assert incidents.read_each(nothing) == {}


@pytest.mark.parametrize(
    ("payload", "person"),
    [
        ({"user": {"id": "U1", "name": "ann", "username": "ann.b"}}, Person("U1", "ann")),
        ({"user": {"id": "U1", "username": "ann.b"}}, Person("U1", "ann.b")),
        ({"user": {"id": "U1"}}, Person("U1", "U1")),
        ({"user_id": "U1", "user_name": "ann"}, Person("U1", "ann")),
        ({"user_id": "U1"}, Person("U1", "U1")),
    ],
)
def test_any_payload_says_who_did_it(payload: dict[str, Any], person: Person) -> None:
    assert payloads.person(payload) == person


def test_problems_stand_beside_their_fields_and_the_rest_beside_the_message() -> None:
    view = views.report(report_state())
    problems = {ids.NAME: "No name.", ids.PAGES: "No page.", ids.MESSAGE: "No text."}
    assert shown_problems(view, problems) == {
        ids.NAME: "No name.",
        ids.MESSAGE: "No page. No text.",
    }


def test_problems_of_the_first_step_stand_at_the_top_of_the_second() -> None:
    fields = IncidentFields(IncidentStatus.INVESTIGATING, "")
    view = views.each(components(("k1", "k2")), fields, HERE)
    assert shown_problems(view, {ids.MESSAGE: "Too long."}) == {"k1": "Too long."}


IDS = st.text(st.characters(categories=["Lu", "Nd"]), max_size=60)


@given(st.builds(FormMetadata, IDS, IDS, IDS, IDS, st.booleans(), IDS, IDS, IDS, IDS))
def test_a_form_carries_along_what_it_is_about(metadata: FormMetadata) -> None:
    view = {"private_metadata": metadata.dump()}
    assert form_metadata(view) == metadata
    assert len(metadata.dump()) <= 3000


def test_a_form_that_carries_nothing_is_about_nothing() -> None:
    assert form_metadata({}) == form_metadata({"private_metadata": ""}) == FormMetadata()
