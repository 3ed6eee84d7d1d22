"""Where settings come from: the environment's variables and the tables of `foghorn.toml`."""

from datetime import timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict, SecretStr, model_validator
from pydantic_settings import BaseSettings

from bot.config.own_page import OwnPage
from bot.config.reminders import MaintenanceTable, RemindersTable
from bot.config.values import (
    AppToken,
    BotToken,
    Channel,
    Database,
    Duration,
    Host,
    Key,
    LogSetting,
    Member,
    PageId,
    Port,
    Url,
    Words,
)
from bot.domain.incident_rules import LONGEST_AGO

DEFAULT_DATABASE = "sqlite:///foghorn.db"


class PageSettings(BaseModel):
    """What `foghorn.toml` sets for one page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: Channel | None = None
    """Where this page's incidents are announced."""


class Delivery(BaseModel):
    """How long a delivery may take, rest, and be held."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    timeout: Duration = timedelta(seconds=15)
    """The longest that one request to a provider may take."""
    quiet: Duration = timedelta(seconds=20)
    """How long to wait before looking whether an uncertain request was carried out."""
    lease: Duration = timedelta(seconds=60)
    """How long one instance holds a delivery before another may take it."""
    pace: Duration = timedelta(seconds=1)
    """How long after one message into a channel the next may follow, short bursts aside."""

    @model_validator(mode="after")
    def _outlast_the_timeout(self) -> Self:
        for name in ("lease", "quiet"):
            if getattr(self, name) <= self.timeout:
                raise ValueError(
                    f"{name} must be longer than timeout; make {name} longer or timeout shorter"
                )
        return self


class Incidents(BaseModel):
    """How far incidents reach."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    longest_ago: Duration = LONGEST_AGO
    """How long ago one may have started when it is reported."""


class File(BaseModel):
    """`foghorn.toml`, at the edge."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    admins: tuple[Member, ...] = ()
    page: OwnPage = OwnPage()
    pages: dict[PageId, PageSettings] = {}
    delivery: Delivery = Delivery()
    incidents: Incidents = Incidents()
    maintenance: MaintenanceTable = MaintenanceTable()
    reminders: RemindersTable = RemindersTable()


class Variables(BaseSettings):
    """The environment, at the edge: one field for each variable, in lower case."""

    slack_bot_token: BotToken | None = None
    slack_app_token: AppToken | None = None
    slack_signing_secret: Key | None = None
    slack_api_url: Url | None = None
    instatus_api_key: Key | None = None
    instatus_api_url: Url | None = None
    instatus_page_ids: Words = ()
    incident_io_api_key: Key | None = None
    incident_io_api_url: Url | None = None
    incident_io_page_ids: Words = ()
    incident_io_widget_url: Url | None = None
    foghorn_channel: Channel | None = None
    foghorn_config: str | None = None
    foghorn_public_url: Url | None = None
    foghorn_log: LogSetting = "plain:info"
    database_url: Database = SecretStr(DEFAULT_DATABASE)
    host: Host = "127.0.0.1"
    port: Port = 3000
