"""What every command does: read the settings, and end with one message when it cannot go on."""

import asyncio
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from rich.console import Console

from bot.config import Settings, load
from bot.errors import FoghornError
from bot.logs import configure

CANNOT_START = 2


def read_settings(*, for_run: bool) -> Settings:
    """Return the settings, with the logs set up; end the command when they are wrong."""
    try:
        settings = load(for_run=for_run)
    except FoghornError as error:
        give_up(error)
    configure(settings.log_format, settings.log_level, settings.secrets())
    return settings


def until_done(work: Callable[[], None]) -> None:
    """Do `work`; end the command when it cannot be done."""
    try:
        work()
    except FoghornError as error:
        give_up(error)


def stop_signals() -> asyncio.Event:
    """Return an event that Ctrl-C and SIGTERM set from now on."""
    asked_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked_to_stop.set)
    return asked_to_stop


def give_up(error: FoghornError, code: int = CANNOT_START) -> NoReturn:
    """End the command with what the error says."""
    Console(stderr=True).print(
        str(error), style="bold red", markup=False, highlight=False, soft_wrap=True
    )
    sys.exit(code)
