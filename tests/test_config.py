import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.config import ConfigError, Settings, load
from bot.config.accounts import declaration
from bot.config.reminders import (
    CadenceTable,
    DigestTable,
    LadderTable,
    MaintenanceLadderTable,
    MaintenanceTable,
    RemindersTable,
    SilenceTable,
)
from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances.recurrence import Planning
from bot.domain.pages import ComponentStatus
from bot.domain.reminders.cadence import cadence
from bot.domain.reminders.digests import DigestTime
from bot.domain.reminders.ladders import Ladder, MaintenanceLadder, ReminderSettings
from bot.statuspage.records.declaration import Declaration, DeclaredComponent

ROOT = Path(__file__).parent.parent
MAJOR, PARTIAL = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.PARTIAL_OUTAGE
DEGRADED = ComponentStatus.DEGRADED
SOCKET_MODE = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_APP_TOKEN": "xapp-1-secret",
    "INSTATUS_API_KEY": "instatus-secret",
}


def read(tmp_path: Path, toml: str = "", **env: str) -> Settings:
    (tmp_path / "foghorn.toml").write_text(toml, encoding="utf-8")
    return load(SOCKET_MODE | env, tmp_path)


def problems(tmp_path: Path, toml: str = "", **env: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, toml, **env)
    return caught.value.problems


def test_little_needs_to_be_set(tmp_path: Path) -> None:
    settings = load(SOCKET_MODE, tmp_path)
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1-secret"
    assert settings.database_url.get_secret_value() == "sqlite:///foghorn.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert settings.public_url == "http://127.0.0.1:3000"
    assert (settings.log_format, settings.log_level) == ("plain", "info")
    assert settings.channel is None
    assert settings.instatus_page_ids == ()
    assert settings.delivery.timeout == timedelta(seconds=15)
    assert settings.delivery.quiet == timedelta(seconds=20)
    assert settings.delivery.lease == timedelta(minutes=1)
    assert settings.maintenance == Planning(timedelta(days=30), timedelta(days=14))


def test_everything_can_be_set(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        SLACK_SIGNING_SECRET="8f742231",
        SLACK_API_URL="http://127.0.0.1:4000/api/",
        INSTATUS_PAGE_IDS=" p1, p2 ,,p3",
        INCIDENT_IO_API_KEY="inc",
        INCIDENT_IO_PAGE_IDS="01ABC",
        INCIDENT_IO_WIDGET_URL="https://status.example.com/api/v1/summary",
        FOGHORN_CHANNEL="C012AB3CD",
        FOGHORN_PUBLIC_URL="https://status.example.com/",
        FOGHORN_LOG="json:debug",
        DATABASE_URL="postgres://me:pw@db/foghorn",
        HOST="::1",
        PORT="0",
    )
    assert settings.slack_api_url == "http://127.0.0.1:4000/api"
    assert settings.instatus_page_ids == ("p1", "p2", "p3")
    assert settings.incident_io_page_ids == ("01ABC",)
    assert settings.public_url == "https://status.example.com"
    assert settings.channel == "C012AB3CD"
    assert (settings.log_format, settings.log_level) == ("json", "debug")
    assert (settings.host, settings.port) == ("::1", 0)


def test_an_ipv6_host_makes_a_whole_address(tmp_path: Path) -> None:
    assert read(tmp_path, HOST="::1", PORT="80").public_url == "http://[::1]:80"


def test_the_file_holds_what_has_structure(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        """
        admins = ["U012AB3CD"]
        pages."instatus:p1".channel = "C0PAGE"
        delivery = { timeout = "2s", quiet = "3000ms", lease = "24h" }
        maintenance = { longest = "7d", ahead = "36h" }
        incidents = { longest_ago = "14d" }
        """,
    )
    assert settings.admins == ("U012AB3CD",)
    assert settings.pages["instatus:p1"].channel == "C0PAGE"
    assert settings.delivery.quiet == timedelta(seconds=3)
    assert settings.delivery.lease == timedelta(days=1)
    assert settings.maintenance == Planning(timedelta(days=7), timedelta(hours=36))
    assert settings.incidents.longest_ago == timedelta(days=14)


def test_the_file_may_lie_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('admins = ["U1234"]', encoding="utf-8")
    env = SOCKET_MODE | {"FOGHORN_CONFIG": "other.toml"}
    assert load(env, tmp_path).admins == ("U1234",)


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, FOGHORN_CONFIG="gone.toml")
    assert "FOGHORN_CONFIG" in problem
    assert str(tmp_path / "gone.toml") in problem


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="", FOGHORN_CHANNEL="  ", SLACK_SIGNING_SECRET="").port == 3000


def test_without_a_run_nothing_is_required(tmp_path: Path) -> None:
    settings = load({"DATABASE_URL": "sqlite:////var/lib/f.db"}, tmp_path, for_run=False)
    assert settings.database_url.get_secret_value() == "sqlite:////var/lib/f.db"
    assert settings.slack_bot_token.get_secret_value() == ""


def test_a_run_names_all_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load({}, tmp_path)
    bot, signing = caught.value.problems
    assert bot.startswith("SLACK_BOT_TOKEN is not set; write the bot token (xoxb-…)")
    assert signing.startswith("SLACK_SIGNING_SECRET is not set")
    assert "SLACK_APP_TOKEN" in signing
    assert str(caught.value).count("\n") == 2


SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


@pytest.mark.parametrize(
    ("toml", "vendor", "served"),
    [
        ("", "", True),
        ("", "key", False),
        ("page.enabled = true", "key", True),
        ("page.enabled = false", "key", False),
    ],
)
def test_foghorn_serves_its_own_page_when_no_vendor_does_or_when_told(
    tmp_path: Path, toml: str, vendor: str, *, served: bool
) -> None:
    (tmp_path / "foghorn.toml").write_text(toml, encoding="utf-8")
    for variable in ("INSTATUS_API_KEY", "INCIDENT_IO_API_KEY"):
        assert load(SLACK | {variable: vendor}, tmp_path).serves_page is served


def test_a_run_without_any_page_is_refused(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, "page.enabled = false", INSTATUS_API_KEY="")
    assert problem.startswith("page.enabled is false, and INSTATUS_API_KEY and INCIDENT_IO_API_KEY")


def test_the_file_declares_the_components_of_the_page(tmp_path: Path) -> None:
    page = read(
        tmp_path,
        """
        [page]
        name = " Acme  Inc "
        components = ["Mail"]
        [[page.groups]]
        name = "Core"
        components = ["API", { name = "Website", description = "For shops" }]
        """,
    ).page
    assert page.name == "Acme Inc"
    assert declaration(page) == Declaration(
        "Acme Inc",
        {
            None: [DeclaredComponent("Mail")],
            "Core": [DeclaredComponent("API"), DeclaredComponent("Website", "For shops")],
        },
    )


def test_components_may_be_tables_of_their_own(tmp_path: Path) -> None:
    page = read(tmp_path, '[[page.components]]\nname = "API"\ndescription = "REST"').page
    assert declaration(page).groups[None] == [DeclaredComponent("API", "REST")]


def test_the_signing_secret_does_instead_of_the_app_token(tmp_path: Path) -> None:
    env = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "s3cret",
        "INCIDENT_IO_API_KEY": "inc",
    }
    assert load(env, tmp_path).slack_app_token is None


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-leaked", "xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-leaked", "xapp-"),
        ("INSTATUS_API_KEY", "leaked leaked", "white space"),
        ("INCIDENT_IO_API_KEY", "leakéd", "letters that no key has"),
        ("SLACK_API_URL", "slack.com", "web address"),
        ("INSTATUS_API_URL", "ftp://x", "web address"),
        ("INCIDENT_IO_API_URL", "https://[bad", "web address"),
        ("INCIDENT_IO_WIDGET_URL", "https://a b", "web address"),
        ("FOGHORN_PUBLIC_URL", "https://host:99999", "web address"),
        ("FOGHORN_CHANNEL", "#incidents", "C012AB3CD"),
        ("FOGHORN_LOG", "loud", "json:warning"),
        ("DATABASE_URL", "mysql://me:leaked@db/x", "postgresql://user:password@host"),
        ("DATABASE_URL", "postgres://me:leaked@db:port/x", "postgresql://"),
        ("DATABASE_URL", "sqlite://", "sqlite:///foghorn.db"),
        ("DATABASE_URL", "postgres://", "sqlite:///foghorn.db"),
        ("HOST", "http://x", "127.0.0.1"),
        ("PORT", "70000", "1 to 65535"),
        ("PORT", "-1", "1 to 65535"),
        ("PORT", "٣٠٠٠", "1 to 65535"),
    ],
)
def test_a_bad_value_is_named_with_what_to_write(
    tmp_path: Path, name: str, value: str, advice: str
) -> None:
    [problem] = problems(tmp_path, **{name: value})
    assert problem.startswith(f"{name} ")
    assert advice in problem
    assert "leak" not in problem


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        (
            "chanel = 1",
            (
                "foghorn.toml: chanel is unknown; known here: admins, page, pages, delivery, "
                "incidents, maintenance, reminders"
            ),
        ),
        ("[delivery]\nx = 1", "delivery.x is unknown; known here: timeout, quiet, lease, pace"),
        ('[pages."instatus:1"]\nx = 1', "pages.instatus:1.x is unknown; known here: channel"),
        ("pages.x.channel = 'C123'", "pages.x is no page"),
        ("pages.'a:b'.channel = '#ops'", "pages.a:b.channel is no channel id"),
        ('admins = ["@ada"]', "admins.0 is no member id"),
        ('admins = "U123"', "admins is of the wrong kind"),
        ("delivery.timeout = 15", "delivery.timeout is no duration; write a number and a unit"),
        ("delivery.timeout = '0s'", "delivery.timeout is no duration"),
        ("delivery.lease = '15s'", "lease must be longer than timeout"),
        ("delivery.timeout = '20s'", "quiet must be longer than timeout"),
        ("incidents.x = 1", "incidents.x is unknown; known here: longest_ago"),
        ("maintenance.x = 1", "maintenance.x is unknown; known here: longest, ahead"),
        ("maintenance.longest = '30'", "maintenance.longest is no duration"),
        ("reminders.x = 1", "known here: cadence, ladder, maintenance, snooze, escalation, digest"),
        ("reminders.cadence.resolved.x = 1", "known here: investigating, identified, monitoring"),
        ("reminders.cadence.monitoring.x = 1", "known here: major_outage, partial_outage, other"),
        (
            "reminders.cadence.monitoring.other = 5",
            "foghorn.toml: reminders.cadence.monitoring.other is no duration",
        ),
        ("reminders.ladder.x = 1", "known here: again, escalate, every"),
        ("reminders.ladder.every = '0m'", "reminders.ladder.every is no duration"),
        ("reminders.ladder.again = '20m'", "escalate must be longer than again"),
        ("reminders.maintenance.x = 1", "known here: before, ending, overrun"),
        ("reminders.maintenance.before = ['1h', '1']", "reminders.maintenance.before.1 is no dura"),
        ("reminders.snooze = []", "reminders.snooze has 0 choices; write 1 to 10 durations"),
        ("reminders.snooze = ['1h', '30m']", "reminders.snooze is out of order"),
        ("reminders.snooze = ['1h', '60m']", "and each once"),
        ("reminders.escalation = '@ops'", "reminders.escalation.0 is no id of a user group or mem"),
        ("reminders.escalation = ['S012AB3CD', 'C012']", "reminders.escalation.1 is no id"),
        ("reminders.digest.x = 1\nreminders.digest.at = '9:00'", "known here: at, zone"),
        ("reminders.digest.zone = 'UTC'", "reminders.digest.at is not set"),
        ("reminders.digest.at = '24:00'", "reminders.digest.at is no time of day"),
        (
            "reminders.digest = { at = '09:00', zone = 'Berlin' }",
            "reminders.digest.zone is no time zone",
        ),
        ("admins = [", "foghorn.toml is no TOML"),
        ("page.x = 1", "page.x is unknown; known here: enabled, name, groups, components"),
        ("page.components = [{ x = 1, name = 'A' }]", "known here: name, description"),
        ("[[page.groups]]\nname = 'A'\nx = 1\ncomponents = ['B']", "known here: name, components"),
        ("page.name = ''", "page.name is empty; write a name"),
        ("page.components = ['A', ' ']", "page.components.1.name is empty"),
        ("page.components = ['A', 'B', 'A ']", "page.components names the component A twice"),
        ("page.components = ['Ü', 'U\u0308']", "page.components names the component Ü twice"),
        ("[[page.groups]]\nname = 'A'\ncomponents = []", "page.groups.0.components is empty"),
        (
            "page.groups = [{ name = 'A', components = ['B', 'B'] }]",
            "page.groups.0.components names the component B twice",
        ),
        (
            "page.groups = [{name = 'A', components = ['B']}, {name = 'A', components = ['C']}]",
            "page.groups names the group A twice",
        ),
        ("page.enabled = 'maybe'", "page.enabled is of the wrong kind"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, toml: str, expected: str) -> None:
    [problem] = problems(tmp_path, toml)
    assert expected in problem


def test_the_reminders_of_the_specification_need_no_setting(tmp_path: Path) -> None:
    assert read(tmp_path).reminders == ReminderSettings()
    assert read(tmp_path).reminders.snooze[-1] == timedelta(hours=4)
    assert read(tmp_path).reminders.digest is None


def test_what_is_left_out_of_the_cadence_stays_as_it_is(tmp_path: Path) -> None:
    toml = """
    [reminders.cadence]
    investigating = { major_outage = "2s" }
    identified = { partial_outage = "3s", other = "4s" }
    """
    table = read(tmp_path, toml).reminders.cadence
    assert cadence(IncidentStatus.INVESTIGATING, [MAJOR], table) == timedelta(seconds=2)
    assert cadence(IncidentStatus.INVESTIGATING, [], table) == timedelta(hours=1)
    found = [cadence(IncidentStatus.IDENTIFIED, [each], table) for each in (PARTIAL, DEGRADED)]
    assert found == [timedelta(seconds=3), timedelta(seconds=4)]
    assert cadence(IncidentStatus.MONITORING, [MAJOR], table) == timedelta(hours=1)


def test_every_part_of_the_reminders_can_be_set(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        """
        [reminders]
        snooze = ["5m"]
        escalation = ["S012AB3CD", "U012AB3CD"]
        digest = { at = "8:30", zone = "Asia/Kolkata" }
        [reminders.ladder]
        again = "1s"
        escalate = "3s"
        every = "5s"
        [reminders.maintenance]
        before = []
        ending = "2m"
        overrun = "4s"
        """,
        FOGHORN_CHANNEL="C012AB3CD",
    ).reminders
    seconds = [timedelta(seconds=each) for each in (1, 3, 5)]
    assert settings == ReminderSettings(
        ladder=Ladder(*seconds),
        maintenance=MaintenanceLadder((), timedelta(minutes=2), timedelta(seconds=4)),
        snooze=(timedelta(minutes=5),),
        escalation=("S012AB3CD", "U012AB3CD"),
        digest=DigestTime(time(8, 30), "Asia/Kolkata"),
    )


def test_one_escalation_group_and_a_time_of_the_files_own_kind_do(tmp_path: Path) -> None:
    toml = 'reminders.escalation = "S012AB3CD"\nreminders.digest.at = 09:00:00'
    settings = read(tmp_path, toml, FOGHORN_CHANNEL="C012AB3CD").reminders
    assert settings.escalation == ("S012AB3CD",)
    assert settings.digest == DigestTime(time(9), "UTC")


TABLES = (
    MaintenanceTable,
    RemindersTable,
    CadenceTable,
    SilenceTable,
    LadderTable,
    MaintenanceLadderTable,
    DigestTable,
)


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_these_tables_is_described_and_in_the_example(table: type[BaseModel]) -> None:
    docs = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    example = (ROOT / "foghorn.example.toml").read_text(encoding="utf-8")
    rows = [row for row in docs.splitlines() if re.match(r"\| `\[(maintenance|reminders)", row)]
    for key in table.model_fields:
        assert any(re.search(rf"`\[?(reminders\.)?{key}\b", row) for row in rows), key
        assert re.search(rf"^\[(reminders\.)?{key}\]|\b{key} =", example, re.MULTILINE), key


def test_the_example_copied_whole_changes_nothing(tmp_path: Path) -> None:
    example = (ROOT / "foghorn.example.toml").read_text(encoding="utf-8")
    (tmp_path / "without").mkdir()
    (tmp_path / "foghorn.toml").write_text(example, encoding="utf-8")
    assert load(SOCKET_MODE, tmp_path) == load(SOCKET_MODE, tmp_path / "without")


def test_the_example_says_beside_each_other_key_what_it_needs(tmp_path: Path) -> None:
    example = (ROOT / "foghorn.example.toml").read_text(encoding="utf-8")
    filled = re.sub(r"^#(?=[a-z\[])", "", example, flags=re.MULTILINE)
    (tmp_path / "foghorn.toml").write_text(filled, encoding="utf-8")
    settings = load({**SOCKET_MODE, "FOGHORN_CHANNEL": "C0123456789"}, tmp_path)
    assert settings.reminders.digest
    assert settings.admins
    with pytest.raises(ConfigError, match="FOGHORN_CHANNEL is not"):
        load(SOCKET_MODE, tmp_path)
    assert "Needs FOGHORN_CHANNEL" in example.partition("digest =")[0].splitlines()[-2]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, "x = 1\ny = 2", PORT="x", FOGHORN_LOG="x")) == 4


def test_no_secret_shows_in_the_settings(tmp_path: Path) -> None:
    settings = read(tmp_path, DATABASE_URL="postgres://me:hid%40den@db/x")
    assert "secret'" not in repr(settings)
    assert "hid" not in repr(settings)
    assert settings.secrets() == (
        "hid%40den",
        "hid@den",
        "instatus-secret",
        "xapp-1-secret",
        "xoxb-1-secret",
    )


def test_the_process_environment_is_read_when_none_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "4321")
    assert load(for_run=False).port == 4321
    assert load({}, for_run=False).port == 3000


def test_a_digest_needs_a_channel(tmp_path: Path) -> None:
    digest = "[reminders]\ndigest = { at = '09:00' }\n"
    [problem] = problems(tmp_path, digest)
    assert problem.startswith("reminders.digest is set and FOGHORN_CHANNEL is not; write the id")
    assert read(tmp_path, digest, FOGHORN_CHANNEL="C0123456789").reminders.digest
