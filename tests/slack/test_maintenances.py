"""Reading the forms of maintenances, and how they are filled in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.maintenances import Automation, MaintenanceStatus, Notice
from bot.domain.maintenances.recurrence import MOST_WINDOWS
from bot.domain.pages import Component
from bot.domain.submissions import MaintenanceUpdateForm, Repeat, Rhythm, ScheduleForm
from bot.domain.texts.time_grammar import split_end
from bot.errors import FormError, Rejected
from bot.playground.block_kit.element_state import initial_state
from bot.playground.block_kit.views import check_view
from bot.slack.forms import ids, maintenances
from bot.slack.forms.maintenances import Verb
from bot.slack.views import maintenances as views
from bot.slack.views import series
from bot.slack.views.fields import as_sent
from tests.slack.maintenance_states import (
    CANCELLED,
    COMPLETED,
    DOCK,
    ENDS,
    HERE,
    RUNNING,
    SCHEDULED,
    STARTS,
    ZONE,
    maintenance,
    recurrence,
    schedule,
    schedule_state,
    update_state,
)
from tests.slack.states import NOW, SHOP
from tests.slack.test_forms import shown

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=300)
KEYS = st.lists(st.uuids().map(str), unique=True, max_size=20).map(tuple)
INSTANTS = st.integers(1_000_000_000, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2099, 12, 31))
NOTICES = st.sets(st.sampled_from(Notice)).map(lambda some: tuple(n for n in Notice if n in some))
REPEATS = st.builds(Repeat, st.sampled_from(Rhythm), st.none() | st.integers(1, MOST_WINDOWS), DAYS)
SCHEDULES = st.builds(
    ScheduleForm,
    name=TEXT,
    message=TEXT,
    pages=st.just((DOCK.page.id,)) | st.just((SHOP.page.id, DOCK.page.id)),
    channel=st.just(HERE.channel),
    components=KEYS,
    starts=st.none() | INSTANTS,
    ends=st.none() | INSTANTS,
    zone=st.just(ZONE),
    automation=st.sampled_from(Automation),
    notices=NOTICES,
    repeat=st.none() | REPEATS,
)
PROGRESSES = st.builds(
    MaintenanceUpdateForm,
    maintenance_id=st.just("m1"),
    status=st.sampled_from(SCHEDULED.following),
    message=TEXT,
    ends=st.none() | INSTANTS,
    notify=st.booleans(),
)


def filled(form: ScheduleForm) -> dict[str, Any]:
    components = {key: Component(key, f"Component {key}") for key in form.components}
    state = schedule_state(pages=[SHOP, DOCK], form=form, components=components)
    return shown(views.schedule(state))


@given(SCHEDULES)
def test_a_schedule_that_is_reopened_says_what_it_said(form: ScheduleForm) -> None:
    view = filled(form)
    assert maintenances.read_schedule(view) == form
    assert maintenances.schedule_problems(view) == {}


@given(PROGRESSES)
def test_an_update_that_is_reopened_says_what_it_said(form: MaintenanceUpdateForm) -> None:
    view = shown(views.update(update_state(form=form)))
    assert maintenances.read_update(view) == form


def test_an_empty_schedule_says_what_most_schedules_say() -> None:
    assert maintenances.read_schedule(shown(views.schedule(schedule_state()))) == schedule()


def test_what_a_form_does_not_say_is_left_to_the_rules() -> None:
    nothing: dict[str, Any] = {"state": {"values": {}}}
    read = maintenances.read_schedule(nothing)
    assert read == schedule(channel="", zone="UTC", notices=())
    assert maintenances.read_update(nothing).status is MaintenanceStatus.UNKNOWN
    assert maintenances.read_last_day(nothing) is None


def test_a_last_day_is_read_as_it_was_shown() -> None:
    view = shown(series.last_day(recurrence(), HERE))
    assert maintenances.read_last_day(view) == date(2026, 4, 27)


@pytest.mark.parametrize("field", [ids.TIMES, ids.UNTIL])
def test_an_end_of_what_does_not_repeat_is_asked_about(field: str) -> None:
    view = filled(replace(schedule(), repeat=Repeat(Rhythm.WEEKLY, 10, date(2030, 1, 1))))
    values = view["state"]["values"]
    other = ids.UNTIL if field == ids.TIMES else ids.TIMES
    values[ids.REPEAT][ids.REPEAT]["selected_option"] = None
    values[other][other] = {}
    assert list(maintenances.schedule_problems(view)) == [ids.REPEAT]


@pytest.mark.parametrize(("typed", "count"), [("7", 7), ("2.5", 0), ("-3", 0), ("²", 0)])
def test_a_number_of_windows_is_whole_or_none(typed: str, count: int) -> None:
    view = filled(replace(schedule(), repeat=Repeat(Rhythm.WEEKLY)))
    view["state"]["values"][ids.TIMES][ids.TIMES]["value"] = typed
    assert maintenances.read_schedule(view).repeat == Repeat(Rhythm.WEEKLY, count)


def test_only_the_last_line_of_a_schedule_changes_with_its_fields() -> None:
    form = views.schedule(schedule_state())
    sent = {**form, "id": "V1", "hash": "1.a", "state": {"values": initial_state(form["blocks"])}}
    restated = views.restated(sent, schedule(starts=STARTS, ends=ENDS), [SHOP])
    opened = as_sent(sent, "Schedule")["blocks"]
    changed = [
        after for before, after in zip(opened, restated["blocks"], strict=True) if before != after
    ]
    assert [block["block_id"] for block in changed] == [ids.WHERE]
    assert "2 Mar 2026, 09:30 to 11:30 UTC" in str(changed)
    check_view(restated, "modal")


@pytest.mark.parametrize(
    ("status", "verb", "leads_to", "message"),
    [
        (SCHEDULED, Verb.START, RUNNING, "The maintenance has begun."),
        (RUNNING, Verb.COMPLETE, COMPLETED, "The maintenance is complete."),
        (SCHEDULED, Verb.CANCEL, CANCELLED, "The maintenance is cancelled."),
        (RUNNING, Verb.CANCEL, CANCELLED, "The maintenance is cancelled."),
        (SCHEDULED, Verb.UPDATE, SCHEDULED, ""),
        (RUNNING, Verb.UPDATE, RUNNING, ""),
    ],
)
def test_a_step_opens_the_form_with_its_status_and_its_text(
    status: MaintenanceStatus, verb: Verb, leads_to: MaintenanceStatus, message: str
) -> None:
    form = maintenances.prefilled(maintenance(status=status), verb, "", ZONE, NOW)
    assert (form.status, form.message, form.ends) == (leads_to, message, ENDS)


@pytest.mark.parametrize(
    ("typed", "ends", "message"),
    [
        ("", ENDS + timedelta(minutes=30), "longer than planned, until 2 Mar 2026, 12:00 UTC."),
        ("2h", ENDS + timedelta(hours=2), "longer than planned, until 2 Mar 2026, 13:30 UTC."),
        # On the day of the window, and by the clocks of Berlin.
        ("12:00", ENDS - timedelta(minutes=30), "earlier than planned, at 2 Mar 2026, 11:00 UTC."),
    ],
)
def test_extending_says_the_other_end_to_customers(
    typed: str, ends: datetime, message: str
) -> None:
    form = maintenances.prefilled(maintenance(status=RUNNING), Verb.EXTEND, typed, ZONE, NOW)
    assert (form.status, form.ends) == (RUNNING, ends)
    assert form.message.endswith(message)


def test_a_time_that_is_none_is_the_persons_to_put_right() -> None:
    with pytest.raises(FormError, match="neither a span nor a time"):
        maintenances.prefilled(maintenance(), Verb.EXTEND, "25:70", ZONE, NOW)


@pytest.mark.parametrize(
    ("status", "verb", "reason"),
    [
        (RUNNING, Verb.START, "running already"),
        (SCHEDULED, Verb.COMPLETE, "has not begun"),
        (COMPLETED, Verb.UPDATE, "is over"),
        (CANCELLED, Verb.CANCEL, "is over"),
        (MaintenanceStatus.UNKNOWN, Verb.UPDATE, "is over"),
    ],
)
def test_what_cannot_follow_is_said_instead(
    status: MaintenanceStatus, verb: Verb, reason: str
) -> None:
    with pytest.raises(Rejected, match=reason):
        maintenances.prefilled(maintenance(status=status), verb, "", ZONE, NOW)


@pytest.mark.parametrize("verb", [Verb.START, Verb.COMPLETE])
@pytest.mark.parametrize("told", [True, False])
def test_subscribers_hear_of_a_step_as_it_was_planned(*, verb: Verb, told: bool) -> None:
    notice = {Verb.START: Notice.AT_START, Verb.COMPLETE: Notice.AT_END}[verb]
    status = {Verb.START: SCHEDULED, Verb.COMPLETE: RUNNING}[verb]
    planned = maintenance(status=status, notices=(notice,) if told else (), notify=not told)
    assert maintenances.prefilled(planned, verb, "", ZONE, NOW).notify is told


@pytest.mark.parametrize(
    ("text", "words", "end"),
    [
        ("", "", ""),
        ("30m", "", "30m"),
        ("database move", "database move", ""),
        ("database 30m", "database", "30m"),
        ("database move 1h 30 min", "database move", "1h 30 min"),
        ("db +2H", "db", "+2H"),
        ("db 1h    30m", "db", "1h 30m"),
        ("db by 2 hours", "db", "by 2 hours"),
        ("db until 14:30", "db", "until 14:30"),
        ("db 2:30 pm UTC", "db", "2:30 pm UTC"),
        ("db 25:70", "db", "25:70"),
        ("45", "", "45"),
        ("release 45", "release 45", ""),
        ("2024m", "", "2024m"),
        ("v2h", "v2h", ""),
    ],
)
def test_words_and_end_behind_extend_are_told_apart(text: str, words: str, end: str) -> None:
    assert split_end(text) == (words, end)
