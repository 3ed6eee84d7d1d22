"""The command `foghorn`."""

import asyncio
import gc
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from bot.cli.console import read_settings, stop_signals, until_done
from bot.cli.page import page

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Run your team's public status page from Slack.",
)
cli.add_typer(page, name="page")


@cli.command()
def run() -> None:
    """Run the bot until it is told to stop (Ctrl-C or SIGTERM)."""
    # Imported here, since everything behind it would slow down the other commands.
    from bot.app import open_app

    settings = read_settings(for_run=True)

    async def serve() -> None:
        asked_to_stop = stop_signals()
        async with open_app(settings):
            # What is here now stays: looking through it again holds up every answer for 0.1 s.
            gc.collect()
            gc.freeze()
            await asked_to_stop.wait()

    until_done(lambda: uvloop.run(serve()))


@cli.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one.")] = 4280,
    keep: Annotated[Path | None, typer.Option(help="Keep the data there for next time.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    fast: Annotated[bool, typer.Option("--fast", help="Reminders within minutes.")] = False,
) -> None:
    """Try everything out on this machine, without Slack and without any account."""
    from bot.cli.demo import run

    until_done(lambda: run(port, keep, typer.echo, browser=browser, fast=fast))


@cli.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go.")],
    watch: Annotated[bool, typer.Option(help="Write again after each change.")] = False,
) -> None:
    """Write the public page as files, for a host that does not fall when this one does."""
    from bot.cli.export import run

    settings = read_settings(for_run=False)
    until_done(lambda: asyncio.run(run(settings, folder, typer.echo, watch=watch)))


@cli.command()
def migrate() -> None:
    """Bring the database's tables up to date; `run` does the same when it starts."""
    from bot.store.migrations import upgrade

    settings = read_settings(for_run=False)
    until_done(lambda: upgrade(settings.database_url.get_secret_value()))
    typer.echo("The database is up to date.")


def main() -> None:
    """Run the command."""
    cli()
