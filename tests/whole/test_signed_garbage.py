"""What Slack signed but never sends is refused with 400, and leaves one line in the log."""

import json
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
import structlog
from starlette.applications import Starlette
from starlette.types import Message

from bot.playground.dispatch import payloads
from bot.slack.app import receive
from bot.web.server import SlackEndpoint, build
from tests.web.wire import FORM, NOW, SECRET, signed
from tests.whole.rig import Rig, one_page

pytestmark = pytest.mark.anyio

JSON = b"application/json"
MUTATIONS = 2000
KINDS = 20
WRONG: tuple[object, ...] = (-1, 1.5, True, [], ["x"])
"""What no key of Slack's holds where it holds something else."""
REMOVED = object()
ODD: tuple[object, ...] = (None, {}, {"id": 0}, "x", REMOVED)
"""What a key may hold now and then, or not be there at all."""

Payload = dict[str, Any]
Path_ = tuple[str | int, ...]


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with one_page(tmp_path, "API") as running:
        yield running


async def everything(rig: Rig) -> list[Payload]:
    """Do about everything that can be done, and return what Slack sent of it: each kind once."""
    form = await rig.form()
    form.fill("Message", "Cards are refused.")
    await form.choose("Affected components", "API")
    await form.click("Preview")
    preview = await rig.ann.modal("Preview")
    await preview.close()
    form.fill("Incident name", "Checkout is down")
    await form.submit()
    await form.close(everything=True)
    await rig.all_done()
    await rig.post("Update", "We found it.", Status="Monitoring")
    await rig.ann.clicks("Hand over", message=rig.parents()[0])
    owner = await rig.ann.modal("Hand over")
    await owner.choose("New owner", "ben")
    await owner.submit()
    await owner.close()
    await rig.ann.clicks("Snooze", message=rig.parents()[0])
    put_off = await rig.ann.modal("Snooze")
    await put_off.submit()
    await put_off.close()
    await rig.ann.types("/incident list")
    listed = await rig.slack.until(
        lambda: [each for each in rig.slack.private("ann") if "View page" in each.buttons],
        what="the list",
    )
    await rig.ann.clicks("View page", message=listed[0])
    await rig.ann.types("/statuspage components")
    await _schedule(rig)
    await rig.ann.uses_shortcut("report_incident")
    await rig.all_done()
    return [*_distinct(rig), *_others(rig)]


async def _schedule(rig: Rig) -> None:
    await rig.schedule("Database move")
    await rig.ann.clicks("Extend", message=rig.parents()[-1])
    update = await rig.ann.modal("Update maintenance")
    await update.submit()
    await update.close()


def _distinct(rig: Rig) -> Iterator[Payload]:
    seen = set()
    for ack in rig.slack.acks:
        payload = deepcopy(ack.payload or {})
        name = [payload.get("command"), payload.get("text"), payload.get("callback_id")]
        name += [payload.get("view", {}).get("callback_id"), payload.get("type")]
        name += [action["action_id"] for action in payload.get("actions", ())]
        if str(name) not in seen:
            seen.add(str(name))
            yield payload


def _others(rig: Rig) -> Iterator[Payload]:
    """What the playground sends only to who asks for it."""
    workspace, ann = rig.slack.workspace, rig.ann.user
    parent = rig.parents()[0]
    mention = {"type": "app_mention", "user": ann.id, "text": "hm", "ts": "1.2", "channel": "C0INC"}
    home = {"type": "app_home_opened", "user": ann.id, "channel": "D0ANN", "tab": "home"}
    yield deepcopy(payloads.message_action(workspace, ann, "draft", parent))
    yield payloads.event(workspace, mention)
    yield payloads.event(workspace, home)
    view = workspace.open_views.stacks[ann.id][-1]
    yield deepcopy(payloads.closing(workspace, ann, view, cleared=False))


def paths(value: object, start: Path_ = ()) -> Iterator[Path_]:
    """Yield the way to every value inside another."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    for key, each in inner:
        yield (*start, key)
        yield from paths(each, (*start, key))


@contextmanager
def changed(payload: Payload, place: Path_, value: object) -> Iterator[None]:
    """Let the payload hold something else at this place for a while."""
    *way, last = place
    inside: Any = payload
    for key in way:
        inside = inside[key]
    before, inside[last] = inside[last], value
    if value is REMOVED:
        del inside[last]
    yield
    if value is REMOVED and isinstance(last, int):
        inside.insert(last, before)
    else:
        inside[last] = before


def held(payload: Payload, place: Path_) -> object:
    inside: Any = payload
    for key in place:
        inside = inside[key]
    return inside


async def answered(app: Starlette, payload: Payload) -> int:
    """Send it as Slack does, signed; return the status of the answer."""
    kind, body = JSON, json.dumps(payload).encode()
    if payload.get("type") not in ("event_callback", "slash_command"):
        kind, body = FORM, b"payload=" + quote_plus(body).encode()
    headers = [(name.lower(), value) for name, value in signed(body)]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/slack/events",
        "query_string": b"",
        "headers": [(b"content-type", kind), *headers],
    }
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        statuses.extend([message["status"]] if "status" in message else [])

    await app(scope, receive, send)
    return statuses[0]


def typed(payload: Payload) -> Payload:
    # A command comes as a form, which holds nothing but texts; as JSON it can hold anything.
    return payload if "type" in payload else {"type": "slash_command", **payload}


async def test_of_2000_signed_mutations_none_is_an_error_of_ours(rig: Rig) -> None:
    samples = [typed(each) for each in await everything(rig)]
    assert len(samples) >= KINDS
    chance = random.Random(17)  # noqa: S311 -- no secret
    app = build({}, SlackEndpoint(partial(receive, rig.app.bolt), SECRET, now=lambda: NOW))
    places = [list(paths(each)) for each in samples]
    with structlog.testing.capture_logs() as log:
        for number in range(MUTATIONS):
            sample = samples[number % len(samples)]
            place = chance.choice(places[number % len(samples)])
            before = type(held(sample, place))
            value = chance.choice([each for each in (*WRONG, *ODD) if type(each) is not before])
            lines = len(log)
            with changed(sample, place, value):
                status = await answered(app, sample)
            about = f"{place} of {sample['type']} became {value!r}: {status}"
            assert status < 500, about
            assert status == 400 or value not in WRONG, about
            assert status != 400 or len(log) == lines + 1, (about, log[lines:])
        await rig.app.background.drain(5)
        await rig.all_done()
    assert [each for each in log if each["log_level"] == "error"] == []


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "event_callback", "event": {"user": 0}},
        {"type": "event_callback", "event": []},
        {"type": "block_actions", "team": 1.5},
        {"type": "block_actions", "user": "U0ANN", "actions": [{"action_id": "update"}]},
        {"type": "view_submission", "user": {"id": "U0ANN"}, "view": None},
        {"type": "slash_command", "command": 5, "user_id": []},
        {"type": "event_callback", "event": {"type": "message"}, "authorizations": {"0": 1}},
    ],
)
async def test_what_slack_never_sends_is_a_bad_request(payload: Payload) -> None:
    bolt: Any = None  # which must not hear of it
    app = build({}, SlackEndpoint(partial(receive, bolt), SECRET, now=lambda: NOW))
    with structlog.testing.capture_logs() as log:
        assert await answered(app, payload) == 400
    assert len(log) == 1


async def test_a_kind_that_nobody_knows_never_reaches_bolt() -> None:
    bolt: Any = None
    app = build({}, SlackEndpoint(partial(receive, bolt), SECRET, now=lambda: NOW))
    assert await answered(app, {"type": "dialog_cancellation", "team": 1.5}) == 404
