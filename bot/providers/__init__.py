"""The status pages Foghorn writes to, each vendor and our own page in a folder of its own."""

from bot.ports import Account, Clock
from bot.providers.http import Client, new_client
from bot.providers.incidentio.page import IncidentIoSettings
from bot.providers.instatus.page import InstatusSettings
from bot.providers.local.access import LocalSettings
from bot.providers.local.page import LocalAccount

__all__ = [
    "IncidentIoSettings",
    "InstatusSettings",
    "LocalSettings",
    "ProviderSettings",
    "new_client",
    "open_accounts",
]

ProviderSettings = InstatusSettings | IncidentIoSettings | LocalSettings


def open_accounts(client: Client, clock: Clock, *settings: ProviderSettings) -> tuple[Account, ...]:
    """Return an account for each provider that has settings; nothing is asked of any yet."""
    return tuple(
        LocalAccount(each, clock) if isinstance(each, LocalSettings) else each.open(client, clock)
        for each in settings
    )
