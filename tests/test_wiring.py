"""Each piece that the composition root wires is missed by somebody when it is left out."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import httpx
import pytest
import time_machine
from sqlalchemy import text

from bot.clock import SystemClock
from bot.database import open_database
from bot.domain.deliveries import (
    Announcement,
    DigestPost,
    DirectMessage,
    FormProgress,
    Payload,
    State,
    StepCheck,
    ThreadNote,
    ThreadPointer,
)
from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.maintenances import (
    Automation,
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdateDraft,
    Removal,
    WindowDraft,
)
from bot.domain.receipts import ReadBack, Receipt
from bot.domain.reminders.ladders import Reminder, ReminderOutcome
from bot.domain.subjects import Step
from bot.domain.submissions import MaintenanceUpdateForm, Repeat, ReportForm, Rhythm, UpdateForm
from bot.domain.timers import TimerKind
from bot.ports import Clock
from bot.providers.local.page import PAGE_ID
from bot.services.ledger import enqueue
from bot.statuspage.records import owner_edits
from bot.store import Tx, deliveries, incidents, submissions, timers
from tests.databases import new_database
from tests.dialects import COMPILED
from tests.pieces import CHANNEL, DAY, FIELDS, HOUR, LONG, NAME, MissedError, Scene, scene
from tests.store import samples
from tests.whole.rig import Stage

pytestmark = pytest.mark.anyio

RUNS, COMPLETED = MaintenanceStatus.IN_PROGRESS, MaintenanceStatus.COMPLETED
MONITORING = IncidentStatus.MONITORING
MINUTE = timedelta(minutes=1)
UNSIGNED = f"v0={'0' * 64}"


@dataclass(frozen=True)
class Probe:
    """What shows that a piece is there; `before` is done before the bot starts."""

    act: Callable[[Scene], Awaitable[None]]
    before: Callable[[Stage], Awaitable[None]] | None = None
    transport: str = "http"
    kind: str = "sqlite"
    clock: Callable[[], Clock | None] = lambda: None


# --- what is owed ---------------------------------------------------------------------------------


async def an_incident_is_published(scene: Scene) -> None:
    await scene.submits(ReportForm(FIELDS, NAME, (), CHANNEL))
    await scene.notices(lambda: _incident(scene, IncidentStatus.INVESTIGATING), "the incident")


async def an_update_is_published(scene: Scene) -> None:
    known = await scene.incident()
    await scene.submits(UpdateForm(replace(FIELDS, status=MONITORING), known.id))
    await scene.notices(lambda: _incident(scene, MONITORING), "the update")


async def a_maintenance_is_scheduled(scene: Scene) -> None:
    await scene.submits(scene.plan(Automation.BY_HAND))
    await scene.notices(lambda: _works(scene, 1), "the maintenance")


async def a_maintenance_is_updated(scene: Scene) -> None:
    known = await scene.maintenance()
    await scene.submits(
        MaintenanceUpdateForm(known.id, RUNS, "We begin.", known.ends_at, notify=True)
    )
    await scene.notices(lambda: _posted(scene, RUNS), "the update")


async def a_window_is_moved(scene: Scene) -> None:
    known = await scene.maintenance()
    later = known.ends_at + HOUR
    status = MaintenanceStatus.SCHEDULED
    await scene.submits(MaintenanceUpdateForm(known.id, status, "Later.", later, notify=False))

    async def moved() -> bool:
        return [each.ends for each in (await scene.site()).maintenances] == [later]

    await scene.notices(moved, "the new end")


async def a_maintenance_is_removed(scene: Scene) -> None:
    known = await scene.maintenance()
    await _owes_page(scene, known.id, Removal())

    async def gone() -> bool:
        return not (await scene.site()).maintenances

    await scene.notices(gone, "an empty page")


async def a_page_is_looked_at_for_its_own_step(scene: Scene) -> None:
    known = await scene.maintenance(Automation.START)
    scene.clock.ahead += HOUR + MINUTE
    await _owes_page(scene, known.id, StepCheck(Step.START))
    await scene.notices(lambda: _stored_is(scene, known.id, RUNS), "the start")


async def a_receipt_follows(scene: Scene) -> None:
    await scene.incident()

    async def receipt() -> bool:
        return any("read back from the page" in each.shown for each in scene.thread())

    await scene.notices(receipt, "the receipt")


async def the_channel_hears_of_it(scene: Scene) -> None:
    await scene.submits(ReportForm(FIELDS, NAME, (), CHANNEL))
    await scene.notices(lambda: _said(scene, NAME), "the parent message")


async def the_thread_is_told(scene: Scene) -> None:
    known = await scene.incident()
    await scene.owes(ThreadNote("Somebody looks into it."), known.id)
    scene.app.outbox.wake()

    async def told() -> bool:
        return any("looks into it" in each.shown for each in scene.thread())

    await scene.notices(told, "the note")


async def another_channel_is_led_to_the_thread(scene: Scene) -> None:
    known = await scene.incident()
    await scene.owes(ThreadPointer("C0RAN"), known.id)
    scene.app.outbox.wake()

    async def led() -> bool:
        return any("opened" in each.shown for each in scene.slack.messages("random"))

    await scene.notices(led, "the pointer")


async def a_person_is_told(scene: Scene) -> None:
    await scene.owes(DirectMessage("U0ANN", "News", "It is back."))
    scene.app.outbox.wake()
    await scene.notices(lambda: _letter(scene), "the letter")


async def a_form_shows_how_it_goes(scene: Scene) -> None:
    await scene.incident()

    async def shown() -> bool:
        return bool(scene.slack.calls("views.update"))

    await scene.notices(shown, "what the form shows")


async def the_team_gets_its_digest(scene: Scene) -> None:
    await scene.incident()
    scene.clock.ahead += 2 * DAY
    await scene.owes(DigestPost(CHANNEL))
    scene.app.outbox.wake()
    await scene.notices(lambda: _said(scene, "Open and coming"), "the digest")


async def the_owner_is_asked(scene: Scene) -> None:
    await scene.incident()
    await scene.sweeps(2 * HOUR)

    await scene.notices(lambda: _replied(scene, "⏰"), "the question")


async def the_question_says_who_answered(scene: Scene) -> None:
    known = await scene.incident()
    await scene.sweeps(2 * HOUR)
    await scene.has(lambda: _replied(scene, "⏰"))
    await scene.submits(UpdateForm(replace(FIELDS, status=MONITORING), known.id))
    await scene.notices(lambda: _replied(scene, "*Answered by"), "the answer")


async def _replied(scene: Scene, words: str) -> bool:
    return any(words in each.shown for each in scene.thread())


# --- what is due ----------------------------------------------------------------------------------


async def a_start_is_taken(scene: Scene) -> None:
    await _takes(scene, TimerKind.START, RUNS)


async def an_end_is_taken(scene: Scene) -> None:
    await _takes(scene, TimerKind.FINISH, COMPLETED)


async def _takes(scene: Scene, kind: TimerKind, status: MaintenanceStatus) -> None:
    known = await scene.maintenance()
    await scene.sets(kind, known.publications[0].id, known.id)
    await scene.notices(lambda: _posted(scene, status), status.label)


async def the_start_of_a_page_is_seen(scene: Scene) -> None:
    known = await scene.maintenance(Automation.START_AND_FINISH)
    await scene.sweeps(HOUR + MINUTE)
    await scene.notices(lambda: _stored_is(scene, known.id, RUNS), "the start")


async def the_end_of_a_page_is_seen(scene: Scene) -> None:
    known = await scene.maintenance(Automation.START_AND_FINISH)
    await scene.sweeps(HOUR + MINUTE)
    await scene.has(lambda: _stored_is(scene, known.id, RUNS))
    await scene.sweeps(HOUR)
    await scene.notices(lambda: _stored_is(scene, known.id, COMPLETED), "the end")


async def subscribers_hear_before_the_start(scene: Scene) -> None:
    known = await scene.maintenance()
    await scene.sets(TimerKind.NOTICE, known.publications[0].id, known.id)

    async def twice() -> bool:
        return [len(each.updates) for each in (await scene.site()).maintenances] == [2]

    await scene.notices(twice, "the notice")


async def the_next_window_is_put_up(scene: Scene) -> None:
    weekly = Repeat(Rhythm.WEEKLY, count=4)
    await scene.submits(replace(scene.plan(Automation.BY_HAND), repeat=weekly))
    await scene.has(lambda: _works(scene, 2))
    await scene.sweeps(7 * DAY)
    await scene.notices(lambda: _works(scene, 3), "the next window")


async def the_digest_has_its_time(scene: Scene) -> None:
    await scene.incident()
    await scene.sweeps(3 * DAY)
    await scene.notices(lambda: _said(scene, "Open and coming"), "the digest")


# --- what comes again and again -------------------------------------------------------------------


async def what_is_owed_is_found_within_a_second(scene: Scene) -> None:
    await scene.owes(DirectMessage("U0ANN", "News", "It is back."))
    scene.passes(timedelta(seconds=1))
    await scene.notices(lambda: _letter(scene), "the letter")


async def what_is_due_is_done_within_a_second(scene: Scene) -> None:
    await scene.incident()
    scene.clock.ahead += 2 * HOUR
    scene.passes(timedelta(seconds=1))

    async def asked() -> bool:
        return any("⏰" in each.shown for each in scene.thread())

    await scene.notices(asked, "the question")


async def a_new_component_is_known_within_a_minute(scene: Scene) -> None:
    await scene.has(lambda: scene.knows("API"))
    await scene.writes(owner_edits.add, "Mail", None, "", scene.clock.now())
    scene.passes(timedelta(seconds=65))
    await scene.notices(lambda: scene.knows("Mail"), "the component")


async def old_forms_are_forgotten_within_the_hour(scene: Scene) -> None:
    database, form = scene.app.resources.database, samples.report().form
    await scene.writes(submissions.save_draft, "V1", form, scene.clock.now() - 40 * DAY)
    scene.passes(timedelta(minutes=65))

    async def forgotten() -> bool:
        return not await database.read(submissions.draft, "V1")

    await scene.notices(forgotten, "an end of the old form")


async def slack_is_asked_again_who_we_are(scene: Scene) -> None:
    await scene.has(lambda: _problem(scene, "Slack refuses Foghorn's token."))
    scene.passes(timedelta(seconds=30))
    await scene.notices(lambda: _problem(scene, None), "our name")


async def nothing_is_compiled(stage: Stage) -> None:
    del stage
    COMPILED.clear()  # as for a bot that has just started


async def slack_says_no(stage: Stage) -> None:
    stage.slack.fail_next("auth.test", error="invalid_auth")


class ErringClock(SystemClock):
    """A machine's clock that a test sets wrong."""

    def __init__(self) -> None:
        self.wrong = timedelta()
        super().__init__(elapsed=lambda: time.monotonic() + self.wrong.total_seconds())


async def the_clock_of_the_database_is_followed(scene: Scene) -> None:
    clock = scene.app.resources.clock
    assert isinstance(clock, ErringClock)
    clock.wrong = HOUR
    scene.passes(timedelta(seconds=30))

    async def right() -> bool:
        return abs(clock.now() - scene.clock.now()) < MINUTE

    await scene.notices(right, "the right time")


async def a_deaf_connection_is_replaced(scene: Scene) -> None:
    await scene.slack.socket_connected()
    socket = scene.app.socket
    assert socket
    await scene.has(lambda: _value(socket.client.last_ping_pong_time))
    deaf = scene.slack.sockets.links[0]
    with time_machine.travel(time.time() + 60):
        scene.passes(2 * MINUTE)

        async def replaced() -> bool:
            return any(link is not deaf for link in scene.slack.sockets.links)

        await scene.notices(replaced, "another connection")


# --- what is started, and ended -------------------------------------------------------------------


async def opened_while_nobody_ran(stage: Stage) -> None:
    live = samples.publication(page=PAGE_ID, remote_id="1")
    known = samples.incident(updated_at=stage.clock.now(), publications=(live,))
    async with open_database(stage.env["DATABASE_URL"]) as database:
        await database.write(incidents.add, known)


async def it_is_watched_over(scene: Scene) -> None:
    async def watched() -> bool:
        return bool(await scene.app.resources.database.read(timers.waiting, "inc1"))

    await scene.notices(watched, "its next question")


async def deliveries_in_hand_are_finished(scene: Scene) -> None:
    await scene.owes(DirectMessage("U0ANN", "News", "It is back."))
    scene.app.outbox.wake()
    await scene.has(lambda: _in_hand(scene))
    await _ends_in_order(scene)


async def answers_in_hand_are_finished(scene: Scene) -> None:
    scene.app.background.start(scene.app.work_at_the_end())
    await _ends_in_order(scene)


async def _ends_in_order(scene: Scene) -> None:
    await scene.stop()
    if scene.app.ended[:3] != ["ending", "work", "ended"]:
        raise MissedError(scene.app.ended)


async def it_listens(scene: Scene) -> None:
    async def answers() -> bool:
        async with httpx.AsyncClient() as client:
            try:
                answer = await client.get(f"http://127.0.0.1:{scene.app.port}/healthz")
            except httpx.HTTPError:
                return False
        return answer.status_code == 200

    await scene.notices(answers, "an answer")


async def it_connects(scene: Scene) -> None:
    await scene.notices(lambda: _value(scene.slack.sockets.links), "a connection")


async def pages_are_read_at_once(scene: Scene) -> None:
    await scene.notices(lambda: scene.knows("API"), "the first page")


async def slack_is_asked_at_once_who_we_are(scene: Scene) -> None:
    await scene.notices(lambda: _problem(scene, None), "our name")


async def an_incident_is_played_through(scene: Scene) -> None:
    await scene.notices(
        lambda: _value(any("INSERT INTO submissions" in str(each) for each in COMPILED.values())),
        "a rehearsal",
    )


# --- what makes it ready --------------------------------------------------------------------------


async def a_database_without_tables_is_seen(scene: Scene) -> None:
    await _lose(scene, "components", "pages")
    await scene.notices(lambda: _unready(scene, "database"), "the database's trouble")


async def a_page_that_was_never_read_is_seen(scene: Scene) -> None:
    await scene.has(lambda: scene.knows("API"))
    await scene.writes(lambda tx: tx.execute(text("DELETE FROM components")))
    await scene.writes(lambda tx: tx.execute(text("DELETE FROM pages")))
    await scene.notices(lambda: _unready(scene, "pages"), "the page that nobody knows")


async def a_page_that_cannot_be_read_is_remarked_on(scene: Scene) -> None:
    await scene.has(lambda: scene.knows("API"))
    await _lose(scene, "site_intervals", "site_components")
    await scene.app.sync.refresh()
    await scene.notices(lambda: _remarked(scene, "pages"), "the page's trouble")


async def requests_that_are_all_refused_are_remarked_on(scene: Scene) -> None:
    headers = {"X-Slack-Request-Timestamp": f"{time.time():.0f}", "X-Slack-Signature": UNSIGNED}
    async with httpx.AsyncClient() as client:
        await client.post(f"http://127.0.0.1:{scene.app.port}/slack/events", headers=headers)
    await scene.notices(lambda: _remarked(scene, "slack"), "the requests' trouble")


async def a_token_that_is_refused_is_seen(scene: Scene) -> None:
    await scene.has(lambda: _problem(scene, "Slack refuses Foghorn's token."))
    await scene.notices(lambda: _unready(scene, "slack"), "the token's trouble")


PROBES: dict[tuple[str, object], Probe] = {
    ("delivery", IncidentDraft): Probe(an_incident_is_published),
    ("delivery", UpdateDraft): Probe(an_update_is_published),
    ("delivery", MaintenanceDraft): Probe(a_maintenance_is_scheduled),
    ("delivery", MaintenanceUpdateDraft): Probe(a_maintenance_is_updated),
    ("delivery", WindowDraft): Probe(a_window_is_moved),
    ("delivery", Removal): Probe(a_maintenance_is_removed),
    ("delivery", StepCheck): Probe(a_page_is_looked_at_for_its_own_step),
    ("delivery", ReadBack): Probe(a_receipt_follows),
    ("delivery", Receipt): Probe(a_receipt_follows),
    ("delivery", Announcement): Probe(the_channel_hears_of_it),
    ("delivery", ThreadNote): Probe(the_thread_is_told),
    ("delivery", ThreadPointer): Probe(another_channel_is_led_to_the_thread),
    ("delivery", DirectMessage): Probe(a_person_is_told),
    ("delivery", FormProgress): Probe(a_form_shows_how_it_goes),
    ("delivery", Reminder): Probe(the_owner_is_asked),
    ("delivery", ReminderOutcome): Probe(the_question_says_who_answered),
    ("delivery", DigestPost): Probe(the_team_gets_its_digest),
    ("timer", TimerKind.START): Probe(a_start_is_taken),
    ("timer", TimerKind.FINISH): Probe(an_end_is_taken),
    ("timer", TimerKind.CHECK_START): Probe(the_start_of_a_page_is_seen),
    ("timer", TimerKind.CHECK_FINISH): Probe(the_end_of_a_page_is_seen),
    ("timer", TimerKind.NOTICE): Probe(subscribers_hear_before_the_start),
    ("timer", TimerKind.WINDOW): Probe(the_next_window_is_put_up),
    ("timer", TimerKind.REMIND): Probe(the_owner_is_asked),
    ("timer", TimerKind.DIGEST): Probe(the_digest_has_its_time),
    ("job", "deliver"): Probe(what_is_owed_is_found_within_a_second),
    ("job", "sweep"): Probe(what_is_due_is_done_within_a_second),
    ("job", "read pages"): Probe(a_new_component_is_known_within_a_minute),
    ("job", "tidy"): Probe(old_forms_are_forgotten_within_the_hour),
    ("job", "identify"): Probe(slack_is_asked_again_who_we_are, slack_says_no),
    ("job", "follow the database's clock"): Probe(
        the_clock_of_the_database_is_followed, kind="postgres", clock=ErringClock
    ),
    ("job", "watch the connection"): Probe(a_deaf_connection_is_replaced, transport="socket"),
    ("step", "catch up"): Probe(it_is_watched_over, opened_while_nobody_ran),
    ("step", "deliver"): Probe(a_person_is_told),
    ("step", "finish attempts"): Probe(deliveries_in_hand_are_finished),
    ("step", "finish answers"): Probe(answers_in_hand_are_finished),
    ("step", "listen"): Probe(it_listens),
    ("step", "connect"): Probe(it_connects, transport="socket"),
    ("step", "start jobs"): Probe(what_is_owed_is_found_within_a_second),
    ("step", "read pages"): Probe(pages_are_read_at_once),
    ("step", "identify"): Probe(slack_is_asked_at_once_who_we_are),
    ("step", "warm up"): Probe(an_incident_is_played_through, nothing_is_compiled),
    ("check", "database"): Probe(a_database_without_tables_is_seen),
    ("check", "pages"): Probe(a_page_that_was_never_read_is_seen),
    ("check", "slack"): Probe(a_token_that_is_refused_is_seen, slack_says_no),
    ("remark", "pages"): Probe(a_page_that_cannot_be_read_is_remarked_on),
    ("remark", "slack"): Probe(requests_that_are_all_refused_are_remarked_on),
}


def _param(piece: tuple[str, object], probe: Probe) -> object:
    name = piece[1].__name__ if isinstance(piece[1], type) else piece[1]
    marks = [pytest.mark.postgres] if probe.kind == "postgres" else []
    return pytest.param(piece, probe, id=f"{piece[0]}: {name}", marks=marks)


@pytest.mark.parametrize(("piece", "probe"), [_param(*each) for each in PROBES.items()])
async def test_a_piece_that_is_left_out_is_missed(
    piece: tuple[str, object], probe: Probe, tmp_path: Path, postgres_url: str
) -> None:
    seconds = time.monotonic()
    await _play(probe, tmp_path / "whole", postgres_url, None, LONG, piece[1])
    seconds = time.monotonic() - seconds
    with pytest.raises(MissedError):
        await _play(probe, tmp_path / "less", postgres_url, piece, seconds, piece[1])


async def _play(  # noqa: PLR0913, PLR0917 (what, where, without what, how long)
    probe: Probe,
    cwd: Path,
    server: str,
    without: tuple[str, object] | None,
    patience: float,
    watched: object,
) -> None:
    cwd.mkdir()  # noqa: ASYNC240 (nothing else runs)
    with new_database(probe.kind, cwd, server) as database:
        running = scene(
            cwd,
            without=without,
            patience=patience,
            transport=probe.transport,
            database=database,
            clock=probe.clock(),
            before=probe.before,
            watched=watched,
        )
        async with running as here:
            await probe.act(here)


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_every_piece_is_looked_for(tmp_path: Path, transport: str) -> None:
    async with scene(tmp_path, transport=transport, clock=SystemClock()) as here:
        app = here.app
        jobs = [("job", job.name) for job in app.jobs()]
        steps = [("step", name) for name in app.start()]
        checks = [("check", name) for name in app.checks()]
        checks += [("remark", name) for name in app.remarks()]
        owed = [("delivery", kind) for kind in app.delivery_handlers()]
        due = [("timer", kind) for kind in (*app.timer_handlers(), *app.timer_batches())]
    wired = {*jobs, *steps, *checks, *owed, *due}
    only_socket = {("job", "watch the connection")} if transport == "http" else set()
    assert wired | only_socket == set(PROBES)
    assert {kind for _room, kind in owed} == set(get_args(Payload))
    assert {kind for _room, kind in due} == set(TimerKind)


# --- what there is to see -------------------------------------------------------------------------


async def _value(value: object) -> object:
    return value


async def _incident(scene: Scene, status: IncidentStatus) -> bool:
    return [each.status for each in (await scene.site()).incidents] == [status]


async def _works(scene: Scene, count: int) -> bool:
    return len((await scene.site()).maintenances) == count


async def _posted(scene: Scene, status: MaintenanceStatus) -> bool:
    return any(
        status in [update.status for update in each.updates]
        for each in (await scene.site()).maintenances
    )


async def _stored_is(scene: Scene, subject_id: str, status: MaintenanceStatus) -> bool:
    found = await scene.stored(subject_id)
    return found is not None and found.status is status


async def _owes_page(scene: Scene, subject_id: str, payload: Removal | StepCheck) -> None:
    found = await scene.stored(subject_id)
    assert found
    owed = enqueue.to_page(found.publications[0], payload, "a test")
    await scene.writes(deliveries.add, [owed], scene.clock.now())
    scene.app.outbox.wake()


async def _said(scene: Scene, words: str) -> bool:
    return any(words in each.shown for each in scene.slack.messages("incidents"))


async def _letter(scene: Scene) -> bool:
    return any("It is back." in each.shown for each in scene.slack.direct("ann"))


async def _problem(scene: Scene, problem: str | None) -> bool:
    return scene.app.resources.identity.problem == problem


async def _in_hand(scene: Scene) -> bool:
    def sending(tx: Tx) -> bool:
        one = deliveries.get(tx, 1)
        return one is not None and one.state is State.SENDING

    return await scene.app.resources.database.read(sending)


async def _unready(scene: Scene, check: str) -> bool:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{scene.app.port}/readyz", timeout=LONG)
    return answer.status_code == 503 and answer.json()["checks"].get(check, "ok") != "ok"


async def _remarked(scene: Scene, remark: str) -> bool:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{scene.app.port}/readyz", timeout=LONG)
    return remark in answer.json().get("remarks", {})


async def _lose(scene: Scene, *tables: str) -> None:
    def drop(tx: Tx) -> None:
        for table in tables:
            tx.execute(text(f"DROP TABLE {table}"))

    await scene.writes(drop)
