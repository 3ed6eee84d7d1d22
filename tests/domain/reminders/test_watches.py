from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.incidents import Incident, IncidentStatus
from bot.domain.maintenances import Automation, Maintenance
from bot.domain.pages import ComponentStatus
from bot.domain.reminders.ladders import Ladder, MaintenanceLadder, ReminderSettings
from bot.domain.reminders.watches import Freshness, Watch, freshness, rank, remind, watch
from bot.domain.subjects import PublicationState
from tests.domain.stories import (
    CANCELLED,
    COMPLETED,
    DEGRADED,
    IDENTIFIED,
    INVESTIGATING,
    MAJOR,
    MONITORING,
    PARTIAL,
    RESOLVED,
    RUNNING,
    Story,
    at,
    incident,
    maintenance,
)

LADDER = ["owner UANN", "channel UANN in the channel", "escalation SOPS", "escalation SOPS"]


def begun(**values: object) -> Story:
    return Story(incident(**values), at("10:00"))  # type: ignore[arg-type]


# --- incidents -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "worst", "times"),
    [
        (INVESTIGATING, MAJOR, ["10:15", "10:25", "10:35", "11:05"]),
        (INVESTIGATING, PARTIAL, ["10:30", "10:40", "10:50", "11:20"]),
        (INVESTIGATING, DEGRADED, ["11:00", "11:10", "11:20", "11:50"]),
        (IDENTIFIED, MAJOR, ["10:30", "10:40", "10:50", "11:20"]),
        (IDENTIFIED, PARTIAL, ["11:00", "11:10", "11:20", "11:50"]),
        (IDENTIFIED, DEGRADED, ["11:00", "11:10", "11:20", "11:50"]),
        (MONITORING, MAJOR, ["11:00", "11:10", "11:20", "11:50"]),
        (MONITORING, PARTIAL, ["12:00", "12:10", "12:20", "12:50"]),
        (MONITORING, DEGRADED, ["14:00", "14:10", "14:20", "14:50"]),
        (IncidentStatus.UNKNOWN, MAJOR, ["10:15", "10:25", "10:35", "11:05"]),
    ],
)
def test_each_status_has_its_time_and_every_rung_its_people(
    status: IncidentStatus, worst: ComponentStatus, times: list[str]
) -> None:
    story = begun(status=status, worst=worst)
    story.until(times[-1])
    assert story.told == [f"{time} {whom}" for time, whom in zip(times, LADDER, strict=True)]


def test_the_highest_rung_comes_back_for_ever() -> None:
    story = begun()
    story.until("11:05")
    assert story.until("12:10") == [f"{time} escalation SOPS" for time in ("11:35", "12:05")]


def test_without_an_escalation_group_it_is_the_channel_again() -> None:
    story = Story(incident(), at("10:00"), ReminderSettings())
    assert story.until("10:40")[2:] == ["10:35 channel UANN in the channel"]


def test_without_an_owner_the_channel_is_asked_at_once() -> None:
    assert begun(owner="").until("10:15") == ["10:15 channel in the channel"]


def test_a_promise_is_the_time_that_counts_and_is_named() -> None:
    story = begun(due=at("10:15")).change(promised=at("12:30"))
    assert story.until("12:45") == ["12:30 owner UANN", "12:40 channel UANN in the channel"]
    assert story.texts == [
        (
            "Customers last heard from us 2 h 30 min ago. "
            "They were promised more by 12:30 UTC, which is now."
        ),
        (
            "Customers last heard from us 2 h 40 min ago. "
            "They were promised more by 12:30 UTC, 10 min ago. Nobody has answered yet."
        ),
    ]


def test_what_was_due_by_the_cadence_is_named_as_due() -> None:
    story = begun(due=at("10:15"))
    story.until("10:40")
    assert story.texts[2] == (
        "Customers last heard from us 35 min ago. The next update was due at 10:15 UTC, "
        "20 min ago. Nobody has answered yet."
    )


def test_nobody_is_said_to_have_heard_what_no_page_has_shown() -> None:
    story = begun().change(updated_at=None)
    story.until("10:15")
    assert story.texts == ["It is not confirmed yet that customers have heard from us."]


@pytest.mark.parametrize("when", ["10:10", "10:20", "10:30", "11:00"])
def test_any_public_update_starts_the_clock_again_from_the_first_rung(when: str) -> None:
    story = begun()
    story.until(when)
    story.change(status=MONITORING)
    due = at(when) + timedelta(hours=1)
    assert story.until("12:05")[0] == f"{due:%H:%M} owner UANN"


def test_an_update_without_a_promise_ends_the_promise_before() -> None:
    story = begun().change(promised=at("18:00"))
    story.until("11:00")
    assert story.change().until("11:15") == ["11:15 owner UANN"]


def test_resolving_is_silent_at_once_and_for_good() -> None:
    story = begun()
    story.until("10:20")
    story.change(status=RESOLVED)
    assert story.until("6 10:00") == []
    assert remind(story.subject, Watch(at("10:25")), at("10:30"), story.settings) is None


def test_reopening_starts_anew() -> None:
    story = begun()
    story.until("10:40")
    story.change(status=RESOLVED)
    story.until("11:00")
    story.change(status=INVESTIGATING)
    assert story.until("11:25") == ["11:15 owner UANN", "11:25 channel UANN in the channel"]


@pytest.mark.parametrize("minutes", [15, 30, 60, 240])
def test_a_snooze_moves_only_the_next_question_and_the_ladder_goes_on(minutes: int) -> None:
    story = begun()
    story.until("10:16")
    story.snooze(minutes)
    asked = at("10:16") + timedelta(minutes=minutes)
    times = [asked, asked + timedelta(minutes=10), asked + timedelta(minutes=40)]
    story.until("16:00")
    assert story.told[1:4] == [
        f"{t:%H:%M} {whom}" for t, whom in zip(times, LADDER[1:], strict=True)
    ]
    assert ["Bob had put it off until now." in text for text in story.texts[:4]] == [
        False,
        True,
        False,
        False,
    ]


def test_a_snooze_before_the_time_puts_the_first_question_off() -> None:
    assert begun().snooze(60).until("11:10") == [
        "11:00 owner UANN",
        "11:10 channel UANN in the channel",
    ]


def test_a_snooze_neither_outlives_an_update_nor_changes_the_cadence() -> None:
    story = begun().snooze(240)
    assert story.watch.snoozed_by == "Bob"
    story.until("10:05")
    assert story.change().until("10:30") == [
        "10:20 owner UANN",
        "10:30 channel UANN in the channel",
    ]


def test_nothing_is_left_to_snooze_once_it_is_resolved() -> None:
    assert begun().change(status=RESOLVED).snooze(15).watch == Watch(None)


def test_who_takes_over_is_asked_first_a_rung_later() -> None:
    story = begun()
    story.until("10:36")
    assert story.hand_over("UBOB").until("10:56") == [
        "10:46 owner UBOB",
        "10:56 channel UBOB in the channel",
    ]


def test_taking_over_before_the_time_changes_only_who_is_asked() -> None:
    story = begun()
    story.until("10:05")
    assert story.hand_over("UBOB").until("10:16") == ["10:15 owner UBOB"]


def test_taking_over_leaves_what_is_left_of_a_snooze() -> None:
    story = begun()
    story.until("10:16")
    assert story.snooze(60).hand_over("UBOB").until("11:20") == ["11:16 owner UBOB"]


@pytest.mark.parametrize(
    ("back", "whom", "then"),
    [
        ("10:17", "owner UANN", "10:27 channel UANN in the channel"),
        ("10:24", "owner UANN", "10:34 channel UANN in the channel"),
        ("10:27", "channel UANN in the channel", "10:37 escalation SOPS"),
        ("10:36", "escalation SOPS", "11:05 escalation SOPS"),
        ("16:15", "escalation SOPS", "16:45 escalation SOPS"),
    ],
)
def test_after_a_pause_there_is_one_question_and_the_ladder_goes_on_from_there(
    back: str, whom: str, then: str
) -> None:
    story = begun()
    assert story.down_until(back) == [f"{back} {whom}"]
    assert story.until("17:30")[0] == then


@pytest.mark.parametrize("every", [2, 5, 10, 30, 59, 60, 90])
@pytest.mark.parametrize("down", [3, 9, 29, 50, 59, 61, 119, 600])
@pytest.mark.parametrize("what", ["incident", "running"])
def test_after_a_pause_there_is_one_question_however_short_the_ladder(
    what: str, every: int, down: int
) -> None:
    subjects: dict[str, Incident | Maintenance] = {
        "incident": incident(),
        "running": maintenance("09:00", "10:15", RUNNING),
    }
    step = timedelta(seconds=every)
    settings = ReminderSettings(
        ladder=Ladder(again=step, escalate=2 * step, every=step),
        maintenance=MaintenanceLadder((), timedelta(), step),
    )
    back = at("10:15") + timedelta(seconds=down)
    watched, asked = Watch(at("10:15")), []
    for second in range(every):
        if found := remind(
            subjects[what], watched, now := back + timedelta(seconds=second), settings
        ):
            _question, watched = found
            asked.append(now)
    assert asked[0] == back
    assert all(later - back >= step / 2 for later in asked[1:])
    assert len(asked) <= 2


def test_after_a_pause_the_question_has_its_true_age() -> None:
    story = begun(due=at("10:15"))
    story.down_until("16:15")
    assert story.texts == [
        (
            "Customers last heard from us 6 h 15 min ago. The next update was due at 10:15 UTC, "
            "6 h ago. This comes 6 h late: Foghorn could not ask at its time."
        )
    ]


def test_a_second_late_is_on_time_and_moves_nothing() -> None:
    found = remind(
        incident(), Watch(at("10:15")), at("10:15") + timedelta(seconds=9), ReminderSettings()
    )
    assert found
    assert found[1].at == at("10:25")
    assert "late" not in found[0].text


def test_nothing_is_asked_before_its_time() -> None:
    due = Watch(at("10:15"))
    assert remind(incident(), due, at("10:15") - timedelta(seconds=1), ReminderSettings()) is None
    assert remind(incident(), due, at("10:15"), ReminderSettings()) is not None
    assert remind(incident(), Watch(None), at("10:15"), ReminderSettings()) is None


def test_what_every_page_refused_asks_nobody() -> None:
    refused = replace(incident().publications[0], state=PublicationState.REFUSED)
    assert (
        watch(replace(incident(), publications=(refused,)), at("10:00"), ReminderSettings()).at
        is None
    )


@given(
    st.lists(st.integers(0, 600), min_size=1, max_size=12),
    st.sampled_from(["incident", "planned", "running"]),
)
def test_however_long_it_sleeps_each_waking_asks_once_and_time_goes_forward(
    naps: list[int], what: str
) -> None:
    subjects: dict[str, Incident | Maintenance] = {
        "incident": incident(),
        "planned": maintenance("11:00", "12:00"),
        "running": maintenance("09:00", "12:00", RUNNING),
    }
    story = Story(subjects[what], at("10:00"))
    for nap in naps:
        story.now += timedelta(minutes=nap)
        due = story.watch.at is not None and story.watch.at <= story.now
        found = remind(story.subject, story.watch, story.now, story.settings)
        assert (found is not None) is due
        if found:
            _reminder, story.watch = found
        assert story.watch.at
        assert story.watch.at > story.now
        assert found is None or story.watch.at - story.now <= timedelta(hours=24)


@pytest.mark.parametrize(
    ("now", "expected"),
    [("10:14", "fresh"), ("10:15", "due"), ("10:24", "due"), ("10:25", "overdue")],
)
def test_a_message_turns_with_the_rungs(now: str, expected: str) -> None:
    assert freshness(at("10:15"), at(now), Ladder()) is Freshness(expected)
    assert freshness(None, at(now), Ladder()) is Freshness.FRESH


def test_the_most_urgent_comes_first() -> None:
    subjects = [incident(worst=each) for each in (MAJOR, PARTIAL, DEGRADED)]
    rest = [maintenance(status=RUNNING), maintenance()]
    assert [rank(each) for each in subjects] == [0, 1, 2]
    assert [rank(each) for each in rest] == [3, 4]


# --- maintenances --------------------------------------------------------------------------------


def planned(automation: Automation = Automation.BY_HAND) -> Story:
    return Story(maintenance(automation=automation), at("1 10:00"))


def test_a_maintenance_by_hand_is_asked_about_from_a_day_before_until_it_is_cancelled() -> None:
    story = planned()
    assert story.until("14:35") == [
        "3 14:00 before owner UANN",
        "13:00 before owner UANN",
        "14:00 start owner UANN",
        "14:15 start channel UANN in the channel",
        "14:30 start escalation SOPS",
    ]
    assert story.change(status=CANCELLED).until("6 10:00") == []


def test_a_running_maintenance_is_asked_about_before_its_end_and_until_it_is_completed() -> None:
    story = planned()
    story.until("14:00")
    story.change(status=RUNNING)
    assert story.until("16:35") == [
        "15:45 ending owner UANN",
        "16:00 overrun owner UANN",
        "16:15 overrun channel UANN in the channel",
        "16:30 overrun escalation SOPS",
    ]
    assert story.change(status=COMPLETED).until("6 10:00") == []


def test_the_words_say_what_was_planned_and_how_far_away_it_is() -> None:
    story = planned()
    story.until("14:10")
    story.change(status=RUNNING).until("16:00")
    assert story.texts == [
        "The maintenance starts by hand at 4 May 2026, 14:00 UTC, in 1 day.",
        "The maintenance starts by hand at 14:00 UTC, in 1 h.",
        (
            "The maintenance was to start at 14:00 UTC, which is now. Start it now? "
            "Customers last heard from us 3 days ago."
        ),
        (
            "The maintenance is planned to end at 16:00 UTC, in 15 min. On time? "
            "Customers last heard from us 1 h 35 min ago."
        ),
        (
            "The maintenance was planned to end at 16:00 UTC, which is now, and is still running. "
            "Customers last heard from us 1 h 50 min ago."
        ),
    ]


def test_what_is_ahead_is_said_to_the_nearest_minute() -> None:
    late = at("15:45") + timedelta(seconds=9)
    found = remind(maintenance(status=RUNNING), Watch(at("15:45")), late, ReminderSettings())
    assert found
    assert "planned to end at 16:00 UTC, in 15 min. On time?" in found[0].text


def test_a_step_that_happens_by_itself_is_asked_about_only_when_it_did_not() -> None:
    story = planned(Automation.START_AND_FINISH)
    assert story.until("14:20")[2:] == ["14:15 start owner UANN"]
    assert "was to start by itself at 14:00 UTC, 15 min ago, and has not." in story.texts[-1]
    story.change(status=RUNNING)
    assert story.until("16:20") == ["15:45 ending owner UANN", "16:15 overrun owner UANN"]
    assert "completes by itself at 16:00 UTC, in 15 min. On time?" in story.texts[-2]
    assert "was to complete by itself at 16:00 UTC, 15 min ago, and is still" in story.texts[-1]


def test_only_the_start_by_itself_leaves_the_end_to_people() -> None:
    story = planned(Automation.START)
    story.until("14:00")
    story.change(status=RUNNING)
    assert story.until("16:00") == ["15:45 ending owner UANN", "16:00 overrun owner UANN"]


@pytest.mark.parametrize(
    ("made", "first"),
    [
        ("3 13:59", "3 14:00 before owner UANN"),
        ("3 14:00", "13:00 before owner UANN"),
        ("12:59", "13:00 before owner UANN"),
        ("13:30", "14:00 start owner UANN"),
        ("13:59", "14:00 start owner UANN"),
    ],
)
def test_what_is_scheduled_late_is_not_announced_in_arrears(made: str, first: str) -> None:
    assert Story(maintenance(), at(made)).until("14:00")[0] == first


def test_extending_asks_again_before_the_new_end() -> None:
    story = Story(maintenance(status=RUNNING), at("14:00"))
    story.until("16:20")
    story.change(ends_at=at("17:00"))
    assert story.until("17:00") == ["16:45 ending owner UANN", "17:00 overrun owner UANN"]


def test_an_update_while_it_overruns_is_an_answer() -> None:
    story = Story(maintenance(status=RUNNING), at("14:00"))
    story.until("16:20")
    assert story.change().until("16:50") == [
        "16:35 overrun owner UANN",
        "16:50 overrun channel UANN in the channel",
    ]


def test_a_snoozed_overrun_goes_on_from_its_rung() -> None:
    story = Story(maintenance(status=RUNNING), at("14:00"))
    story.until("16:01")
    assert story.snooze(60).until("17:20") == [
        "17:01 overrun channel UANN in the channel",
        "17:16 overrun escalation SOPS",
    ]


def test_a_snoozed_question_before_the_end_may_come_after_it() -> None:
    story = Story(maintenance(status=RUNNING), at("14:00"))
    story.until("15:45")
    assert story.snooze(30).until("16:15") == ["16:15 overrun owner UANN"]


def test_a_snoozed_question_before_the_start_comes_again() -> None:
    story = planned()
    story.until("3 14:01")
    story.snooze(30)
    assert story.until("14:00") == [
        "3 14:31 before owner UANN",
        "13:00 before owner UANN",
        "14:00 start owner UANN",
    ]


@pytest.mark.parametrize(
    ("back", "asked", "then"),
    [
        ("13:10", "13:10 before owner UANN", "14:00 start owner UANN"),
        ("14:05", "14:05 start owner UANN", "14:20 start channel UANN in the channel"),
        ("14:40", "14:40 start escalation SOPS", "14:55 start escalation SOPS"),
        ("19:00", "19:00 start escalation SOPS", "19:15 start escalation SOPS"),
    ],
)
def test_after_a_pause_a_maintenance_is_asked_about_once(back: str, asked: str, then: str) -> None:
    story = planned()
    assert story.down_until(back) == [asked]
    assert story.until("20:00")[0] == then


def test_a_window_that_was_never_used_is_said_to_be_over() -> None:
    story = planned()
    story.down_until("19:00")
    assert (
        "was to start at 14:00 UTC, 5 h ago. Start it now? Its window ended at 16:00 UTC, 3 h"
        in (story.texts[-1])
    )


def test_right_after_a_pause_a_start_by_itself_has_its_chance() -> None:
    story = planned(Automation.START)
    assert story.down_until("14:05") == ["14:05 before owner UANN"]
    assert story.until("14:15") == ["14:15 start owner UANN"]


def test_an_incident_that_took_it_over_is_asked_about_instead() -> None:
    assert planned().change(turned_into="i1").watch == Watch(None)


def test_the_ladders_are_settings() -> None:
    ladder = MaintenanceLadder((timedelta(hours=2),), timedelta(minutes=5), timedelta(minutes=20))
    story = Story(maintenance(), at("1 10:00"), ReminderSettings(maintenance=ladder))
    assert story.until("14:00") == ["12:00 before owner UANN", "14:00 start owner UANN"]
    story.change(status=RUNNING)
    assert story.until("16:20")[0::2] == [
        "15:55 ending owner UANN",
        "16:20 overrun channel UANN in the channel",
    ]
