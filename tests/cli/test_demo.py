"""`foghorn demo` as somebody runs it who has just cloned the repository."""

import json
import os
import re
import signal
import sys
import urllib.request
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.demo import FAST, OFFERS
from tests import processes
from tests.processes import Program
from tests.waits import SECONDS

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-W", "error", "-m", "bot", "demo", "--no-browser"]


def running(*options: str, cwd: Path, **variables: str) -> AbstractContextManager[Program]:
    env = {"PATH": os.defpath, "HOME": str(cwd), "PYTHONPATH": str(ROOT), **variables}
    return processes.running(*COMMAND, *options, cwd=cwd, env=env)


def ready(demo: Program) -> tuple[str, str]:
    """Wait for the two addresses that the demo prints."""
    demo.until(lambda: "Ctrl-C" in demo.stdout, "word that it runs")
    workspace, page = re.findall(r"http://127\.0\.0\.1:\d+", demo.stdout)
    return workspace, page


def ask(url: str) -> str:
    with urllib.request.urlopen(url, timeout=SECONDS) as got:  # noqa: S310 - our own address
        return str(got.read().decode())


def end(demo: Program, number: signal.Signals) -> tuple[int, str]:
    demo.process.send_signal(number)
    return demo.ended(), demo.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_where_it_is_answers_and_ends_cleanly(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running("--port", "0", cwd=tmp_path, TMPDIR=str(tmp_path)) as demo:
        workspace, page = ready(demo)
        assert "Foghorn playground" in ask(workspace)
        assert "Ternwick" in ask(page)
        assert end(demo, number) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_when_it_is_fast_it_says_so(tmp_path: Path) -> None:
    with running("--port", "0", "--fast", cwd=tmp_path) as demo:
        ready(demo)
        assert end(demo, signal.SIGINT) == (0, "")
    assert FAST.ladder.every <= timedelta(minutes=2)
    assert all(span <= timedelta(minutes=2) for span in (FAST.ladder.again, FAST.ladder.escalate))


def test_what_is_kept_is_there_next_time(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for _ in range(2):
        with running("--port", "0", "--keep", str(kept), cwd=tmp_path) as demo:
            workspace, _page = ready(demo)
            order = {"do": "say", "as": "U0ANN", "channel": "C0INC", "text": "we were here"}
            headers = {"X-Playground": "1", "Content-Type": "application/json"}
            body = json.dumps({**order, "thread": None}).encode()
            request = urllib.request.Request(f"{workspace}/do", body, headers)  # noqa: S310 - as above
            urllib.request.urlopen(request, timeout=SECONDS).close()  # noqa: S310
            assert end(demo, signal.SIGINT) == (0, "")
    assert (kept / "demo-workspace.json").read_text().count("we were here") == 2 * 2


def test_settings_of_a_real_bot_nearby_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "foghorn.toml").write_text("this is no TOML")
    with running("--port", "0", cwd=tmp_path, SLACK_BOT_TOKEN="nonsense", PORT="x") as demo:
        ready(demo)
        assert end(demo, signal.SIGINT) == (0, "")
    assert not (tmp_path / "foghorn.db").exists()


def test_a_second_one_on_the_same_port_says_so(tmp_path: Path) -> None:
    with running("--port", "0", cwd=tmp_path) as first:
        port = ready(first)[0].rpartition(":")[2]
        with running("--port", port, cwd=tmp_path) as second:
            assert second.ended() == 2
            complaint = second.stderr
        assert f"Port {port} is taken: is another demo running?" in complaint
        assert "Traceback" not in complaint


def test_the_playground_offers_what_the_manifest_asks_for() -> None:
    manifest = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    commands = re.findall(
        r"- command: (\S+)\n\s+description: (.+)\n\s+usage_hint: \"(.+)\"", manifest
    )
    assert [(one.name, one.description, one.hint) for one in OFFERS.commands] == commands
    shortcuts = re.findall(
        r"- name: (.+)\n\s+type: (message|global)\n\s+callback_id: (\S+)", manifest
    )
    offered = [
        (one.name, "message" if one.on_messages else "global", one.callback_id)
        for one in OFFERS.shortcuts
    ]
    assert offered == shortcuts
    _, _, events = manifest.partition("bot_events:")
    assert OFFERS.events == frozenset(re.findall(r"^ {6}- (\S+)$", events, re.MULTILINE))
