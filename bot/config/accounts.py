"""What each provider needs of the settings."""

from collections.abc import Sequence

from bot.config.own_page import OwnComponent, OwnPage
from bot.config.settings import Settings
from bot.database import Database
from bot.providers import IncidentIoSettings, InstatusSettings, LocalSettings, ProviderSettings
from bot.statuspage.records.declaration import Declaration, DeclaredComponent


def instatus(settings: Settings) -> InstatusSettings | None:
    """Return how to reach Instatus; None without a key."""
    if not (key := settings.instatus_api_key):
        return None
    return InstatusSettings(
        api_key=key.get_secret_value(),
        page_ids=settings.instatus_page_ids,
        **_given(api_url=settings.instatus_api_url),
    )


def incidentio(settings: Settings) -> IncidentIoSettings | None:
    """Return how to reach incident.io; None without a key."""
    if not (key := settings.incident_io_api_key):
        return None
    return IncidentIoSettings(
        api_key=key.get_secret_value(),
        page_ids=settings.incident_io_page_ids,
        widget_url=settings.incident_io_widget_url,
        **_given(api_url=settings.incident_io_api_url),
    )


def configured(settings: Settings, database: Database) -> Sequence[ProviderSettings]:
    """Return the settings of each provider that is to be used."""
    own = LocalSettings(database, settings.public_url) if settings.serves_page else None
    return [each for each in (instatus(settings), incidentio(settings), own) if each]


def declaration(page: OwnPage) -> Declaration:
    """Return what the file declares of our own page."""
    groups: dict[str | None, Sequence[DeclaredComponent]] = {None: _declared(page.components)}
    groups |= {group.name: _declared(group.components) for group in page.groups}
    return Declaration(page.name, groups)


def _declared(listed: Sequence[OwnComponent]) -> list[DeclaredComponent]:
    return [DeclaredComponent(component.name, component.description) for component in listed]


def _given(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
