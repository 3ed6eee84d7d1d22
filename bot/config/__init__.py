"""The settings: the environment and `foghorn.toml`, read once and checked whole."""

from bot.config.settings import NAMES, ConfigError, LogFormat, LogLevel, Settings, load
from bot.config.sources import Delivery, File, PageSettings

__all__ = [
    "NAMES",
    "ConfigError",
    "Delivery",
    "File",
    "LogFormat",
    "LogLevel",
    "PageSettings",
    "Settings",
    "load",
]
