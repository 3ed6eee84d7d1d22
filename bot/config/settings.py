"""Read the settings once, and name every mistake in them at once."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import EnvSettingsSource

from bot.config.own_page import OwnPage
from bot.config.sources import Delivery, File, Incidents, PageSettings, Variables
from bot.config.values import APP_TOKEN, BOT_TOKEN
from bot.domain.maintenances.recurrence import Planning
from bot.domain.reminders.ladders import ReminderSettings
from bot.errors import FoghornError

DEFAULT_FILE = "foghorn.toml"
NAMES = tuple(name.upper() for name in Variables.model_fields)
"""Every variable that Foghorn reads."""
KEYS = tuple(name for name in NAMES if name.endswith("_API_KEY"))
"""Those that hold the key of a vendor."""

LogFormat = Literal["plain", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]


class ConfigError(FoghornError):
    """Settings are missing or wrong; each problem names one, what is wrong and what to write."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("Foghorn cannot start:\n" + "\n".join(f"  - {p}" for p in problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Everything that is set, checked; names are those of the environment in lower case."""

    slack_bot_token: SecretStr
    """Empty only where `load` was not asked for a run."""
    slack_app_token: SecretStr | None
    """Set: Socket Mode."""
    slack_signing_secret: SecretStr | None
    slack_api_url: str | None
    instatus_api_key: SecretStr | None
    instatus_api_url: str | None
    instatus_page_ids: tuple[str, ...]
    incident_io_api_key: SecretStr | None
    incident_io_api_url: str | None
    incident_io_page_ids: tuple[str, ...]
    incident_io_widget_url: str | None
    channel: str | None
    database_url: SecretStr
    """As it was written; a secret, since it may hold a password."""
    host: str
    port: int
    """0 means any free port."""
    public_url: str
    log_format: LogFormat
    log_level: LogLevel
    admins: tuple[str, ...]
    page: OwnPage
    """The page that Foghorn serves itself."""
    pages: Mapping[str, PageSettings]
    """By our id of the page, `provider:id`."""
    delivery: Delivery
    incidents: Incidents
    maintenance: Planning
    reminders: ReminderSettings

    @property
    def serves_page(self) -> bool:
        """Whether Foghorn serves its own page: unless told, only where no vendor does."""
        vendors = any(getattr(self, key.lower()) for key in KEYS)
        return not vendors if self.page.enabled is None else self.page.enabled

    def secrets(self) -> tuple[str, ...]:
        """Return every secret value, for the logs to hide."""
        keys = {v.get_secret_value() for v in vars(self).values() if isinstance(v, SecretStr)}
        address = self.database_url.get_secret_value()
        password = urlsplit(address).password or ""
        return tuple(sorted((keys | {password, unquote(password)}) - {"", address}))


def load(
    env: Mapping[str, str] | None = None, cwd: Path | None = None, *, for_run: bool = True
) -> Settings:
    """Read the settings; raise `ConfigError` with every problem there is.

    `for_run` asks for what `foghorn run` cannot do without: Slack's tokens and a page.
    """
    given = os.environ if env is None else env
    filled = {name: text for name in NAMES if (text := given.get(name, "").strip())}
    problems: list[str] = []
    variables = _read_variables(filled, problems)
    file = _read_file(filled.get("FOGHORN_CONFIG"), cwd or Path.cwd(), problems)
    if for_run:
        problems += _missing(filled, file)
    if problems:
        raise ConfigError(tuple(problems))
    return _settings(variables, file)


def _read_variables(filled: Mapping[str, str], problems: list[str]) -> Variables:
    source = EnvSettingsSource(Variables)
    # What `load` was given need not be the process's own environment.
    source.env_vars = {name.lower(): text for name, text in filled.items()}
    try:
        return Variables(_build_sources=((source,), {}))
    except ValidationError as error:
        problems += [f"{name.upper()} {what}" for name, what in _told(error)]
        return Variables.model_construct()


def _read_file(name: str | None, cwd: Path, problems: list[str]) -> File:
    path = cwd / (name or DEFAULT_FILE)
    if not name and not path.exists():
        return File()
    try:
        return File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        problems += [f"{path.name}: {key} {what}" for key, what in _told(error)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problems.append(f"FOGHORN_CONFIG: {path} cannot be read ({reason}); write a file's path")
    except ValueError as error:
        problems.append(f"{path.name} is no TOML: {error}")
    return File()


def _told(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Yield each mistake's place and what is wrong, never the value itself."""
    for mistake in error.errors(include_input=False, include_url=False):
        place = ".".join(str(part) for part in mistake["loc"] if part != "[key]")
        match mistake["type"]:
            case "value_error":
                yield place, str(mistake["ctx"]["error"])
            case "extra_forbidden":
                known = _table(mistake["loc"]).model_fields
                yield place, f"is unknown; known here: {', '.join(known)}"
            case "missing":
                yield place, "is not set; see docs/configuration.md"
            case _:
                yield (
                    place,
                    f"is of the wrong kind: {mistake['msg'].lower()}; see docs/configuration.md",
                )


def _table(location: tuple[str | int, ...]) -> type[BaseModel]:
    """Return the table of the file in which the last part of `location` stands."""
    table: type[BaseModel] = File
    for part in location[:-1]:
        if field := table.model_fields.get(str(part)):
            table = next(_tables(field.annotation), table)
    return table


def _tables(kind: object) -> Iterator[type[BaseModel]]:
    """Yield the tables that a field of this kind holds, in a list or under names, or is."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in get_args(kind):
        yield from _tables(inner)


def _missing(filled: Mapping[str, str], file: File) -> Iterator[str]:
    if "SLACK_BOT_TOKEN" not in filled:
        yield f"SLACK_BOT_TOKEN is not set; write {BOT_TOKEN}"
    if not filled.keys() & {"SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"}:
        yield (
            f"SLACK_SIGNING_SECRET is not set; write the signing secret of the same app, "
            f"or set SLACK_APP_TOKEN to {APP_TOKEN} for Socket Mode"
        )
    if file.reminders.digest and "FOGHORN_CHANNEL" not in filled:
        yield (
            "reminders.digest is set and FOGHORN_CHANNEL is not; write the id of the channel that "
            "the digest goes to, such as C0123456789, or leave reminders.digest out"
        )
    if file.page.enabled is False and not filled.keys() & set(KEYS):
        yield (
            f"page.enabled is false, and {' and '.join(KEYS)} are both not set; "
            "write a status page's API key in one of them, or let Foghorn serve its own page"
        )


def _settings(variables: Variables, file: File) -> Settings:
    values: dict[str, Any] = dict(variables)
    del values["foghorn_config"]
    log_format, _, log_level = values.pop("foghorn_log").partition(":")
    channel, public_url = values.pop("foghorn_channel"), values.pop("foghorn_public_url")
    host = f"[{variables.host}]" if ":" in variables.host else variables.host
    return Settings(
        **{**values, "slack_bot_token": variables.slack_bot_token or SecretStr("")},
        channel=channel,
        public_url=public_url or f"http://{host}:{variables.port}",
        log_format=log_format,
        log_level=log_level or "info",
        admins=file.admins,
        page=file.page,
        pages=file.pages,
        delivery=file.delivery,
        incidents=file.incidents,
        maintenance=file.maintenance.settled(),
        reminders=file.reminders.settled(),
    )
