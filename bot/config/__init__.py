"""The settings: the environment and `foghorn.toml`, read once and checked whole."""

from bot.config.own_page import OwnComponent, OwnGroup, OwnPage
from bot.config.reminders import (
    CadenceTable,
    DigestTable,
    LadderTable,
    MaintenanceLadderTable,
    MaintenanceTable,
    RemindersTable,
    SilenceTable,
)
from bot.config.settings import NAMES, ConfigError, LogFormat, LogLevel, Settings, load
from bot.config.sources import Delivery, File, PageSettings

__all__ = [
    "NAMES",
    "CadenceTable",
    "ConfigError",
    "Delivery",
    "DigestTable",
    "File",
    "LadderTable",
    "LogFormat",
    "LogLevel",
    "MaintenanceLadderTable",
    "MaintenanceTable",
    "OwnComponent",
    "OwnGroup",
    "OwnPage",
    "PageSettings",
    "RemindersTable",
    "Settings",
    "SilenceTable",
    "load",
]
