"""The settings: the environment and `foghorn.toml`, read once and checked whole."""

from bot.config.own_page import OwnComponent, OwnGroup, OwnPage
from bot.config.settings import NAMES, ConfigError, LogFormat, LogLevel, Settings, load
from bot.config.sources import Delivery, File, PageSettings

__all__ = [
    "NAMES",
    "ConfigError",
    "Delivery",
    "File",
    "LogFormat",
    "LogLevel",
    "OwnComponent",
    "OwnGroup",
    "OwnPage",
    "PageSettings",
    "Settings",
    "load",
]
