"""The command `foghorn`."""

import asyncio
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

import typer
import uvloop
from rich.console import Console

from bot.config import Settings, load
from bot.errors import FoghornError
from bot.logs import configure

_CANNOT_START = 2

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Run your team's public status page from Slack.",
)


@cli.command()
def run() -> None:
    """Run the bot until it is told to stop (Ctrl-C or SIGTERM)."""
    # Imported here, since everything behind it would slow down the other commands.
    from bot.app import open_app

    settings = _settings(for_run=True)

    async def serve() -> None:
        asked_to_stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, asked_to_stop.set)
        async with open_app(settings):
            await asked_to_stop.wait()

    _until_done(lambda: uvloop.run(serve()))


@cli.command()
def migrate() -> None:
    """Bring the database's tables up to date; `run` does the same when it starts."""
    from bot.store.migrations import upgrade

    settings = _settings(for_run=False)
    _until_done(lambda: upgrade(settings.database_url.get_secret_value()))
    typer.echo("The database is up to date.")


def main() -> None:
    """Run the command."""
    cli()


def _settings(*, for_run: bool) -> Settings:
    try:
        settings = load(for_run=for_run)
    except FoghornError as error:
        _give_up(error)
    configure(settings.log_format, settings.log_level, settings.secrets())
    return settings


def _until_done(work: Callable[[], None]) -> None:
    try:
        work()
    except FoghornError as error:
        _give_up(error)


def _give_up(error: FoghornError) -> NoReturn:
    Console(stderr=True).print(str(error), style="bold red", markup=False, highlight=False)
    sys.exit(_CANNOT_START)
