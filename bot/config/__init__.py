"""The settings: the environment and `foghorn.toml`, read once and checked whole."""

from bot.config.settings import NAMES, ConfigError, Settings, load

__all__ = ["NAMES", "ConfigError", "Settings", "load"]
