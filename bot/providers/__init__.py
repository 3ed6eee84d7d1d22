"""The status pages Foghorn writes to, each vendor and our own page in a folder of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.ports import Account, Clock
from bot.providers.http import Api, Client, new_client
from bot.providers.incidentio.page import IncidentIoAccount
from bot.providers.incidentio.widget import Widget
from bot.providers.instatus.page import InstatusAccount
from bot.providers.local.access import LocalSettings
from bot.providers.local.page import LocalAccount

__all__ = [
    "IncidentIoSettings",
    "InstatusSettings",
    "LocalSettings",
    "new_client",
    "open_accounts",
]


@dataclass(frozen=True, slots=True)
class InstatusSettings:
    """How to reach Instatus; `page_ids` narrow the pages of the key, none means all."""

    api_key: str = field(repr=False)
    api_url: str = "https://api.instatus.com"
    page_ids: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class IncidentIoSettings:
    """How to reach incident.io; `widget_url` gives incidents' public links."""

    api_key: str = field(repr=False)
    api_url: str = "https://api.incident.io"
    page_ids: Sequence[str] = ()
    widget_url: str | None = None


def open_accounts(
    client: Client,
    clock: Clock,
    instatus: InstatusSettings | None = None,
    incidentio: IncidentIoSettings | None = None,
    local: LocalSettings | None = None,
) -> tuple[Account, ...]:
    """Return an account for each provider that has settings; nothing is asked of any yet."""
    accounts: list[Account] = []
    if instatus:
        api = Api(client, "Instatus", instatus.api_url, clock, instatus.api_key)
        accounts.append(InstatusAccount(api, instatus.page_ids))
    if incidentio:
        api = Api(client, "incident.io", incidentio.api_url, clock, incidentio.api_key)
        widget = None
        if incidentio.widget_url:
            widget = Widget(Api(client, "incident.io's widget", incidentio.widget_url, clock))
        accounts.append(IncidentIoAccount(api, incidentio.page_ids, widget))
    if local:
        accounts.append(LocalAccount(local, clock))
    return tuple(accounts)
