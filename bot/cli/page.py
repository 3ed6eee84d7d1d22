"""The commands `foghorn page …`: the components of the page that Foghorn serves itself."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Concatenate, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.console import give_up, read_settings
from bot.clock import SystemClock
from bot.errors import FoghornError, StoreUnavailable

if TYPE_CHECKING:
    from bot.database import Tx

P = ParamSpec("P")
T = TypeVar("T")

_MISTAKE = 1
_WIDE = 200
"""Columns of a table that no terminal shows, so that programs get whole lines."""

page = typer.Typer(
    no_args_is_help=True,
    help="Look after the page that Foghorn serves itself, also while the bot runs.",
)
groups = typer.Typer(no_args_is_help=True, help="Look after the groups of components.")
page.add_typer(groups, name="groups")

Which = Annotated[str, typer.Argument(metavar="COMPONENT", help="Name, GROUP/NAME, or id.")]
WhichGroup = Annotated[str, typer.Argument(metavar="GROUP", help="Name or id.")]
NewName = Annotated[str, typer.Argument(metavar="NAME")]


@page.command("components")
def show() -> None:
    """List the components with their groups and statuses."""
    from bot.statuspage.records import owner_edits

    table = Table("Group", "Component", "Status", "Id", "In the file", "Description")
    listed, empty = _work(owner_edits.list_components, SystemClock().now())
    for each in listed:
        component = each.component
        status = "Archived" if component.archived else each.status.label
        in_file = "yes" if each.in_file else ""
        texts = (each.group, component.name, status, component.id, in_file, component.description)
        table.add_row(*map(Text, texts), style="dim" if component.archived else None)
    for name in empty:
        table.add_row(Text(name), "", "", "", "", "")
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    console.print(table)


@page.command()
def add(
    name: NewName,
    group: Annotated[str | None, typer.Option(help="The group it belongs to.")] = None,
    description: Annotated[str, typer.Option(help="A few words beside it.")] = "",
) -> None:
    """Add a component; its uptime counts from now."""
    from bot.statuspage.records import owner_edits

    _say(owner_edits.add, name, group, description, SystemClock().now())


@page.command()
def rename(which: Which, name: NewName) -> None:
    """Give a component another name; its history stays."""
    from bot.statuspage.records import owner_edits

    _say(owner_edits.rename, which, name)


@page.command()
def describe(which: Which, description: str) -> None:
    """Give a component another description."""
    from bot.statuspage.records import owner_edits

    _say(owner_edits.describe, which, description)


@page.command()
def move(
    which: Which,
    before: Annotated[str | None, typer.Option(metavar="COMPONENT")] = None,
    after: Annotated[str | None, typer.Option(metavar="COMPONENT")] = None,
    group: Annotated[
        str | None, typer.Option(help='To the end of this group; "" for no group.')
    ] = None,
) -> None:
    """Put a component elsewhere; write one of --before, --after and --group."""
    from bot.statuspage.records import owner_edits

    if sum(place is not None for place in (before, after, group)) != 1:
        raise typer.BadParameter("write one of --before, --after and --group")
    _say(owner_edits.move, which, before, after, group)


@page.command()
def archive(which: Which) -> None:
    """Take a component off the page; its history stays."""
    from bot.statuspage.records import owner_edits

    _say(owner_edits.archive, which)


@page.command()
def restore(which: Which) -> None:
    """Put an archived component back on the page."""
    from bot.statuspage.records import owner_edits

    _say(owner_edits.restore, which)


@groups.command("add")
def add_group(name: NewName) -> None:
    """Add a group after the others."""
    from bot.statuspage.records import owner_edits

    _say(owner_edits.add_group, name)


@groups.command("rename")
def rename_group(which: WhichGroup, name: NewName) -> None:
    """Give a group another name."""
    from bot.statuspage.records import owner_edits

    _say(owner_edits.rename_group, which, name)


@groups.command("move")
def move_group(
    which: WhichGroup,
    before: Annotated[str | None, typer.Option(metavar="GROUP", help="Default: the end.")] = None,
) -> None:
    """Put a group before another, or at the end."""
    from bot.statuspage.records import owner_edits

    _say(owner_edits.move_group, which, before)


@groups.command("remove")
def remove_group(which: WhichGroup) -> None:
    """Take an empty group away."""
    from bot.statuspage.records import owner_edits

    _say(owner_edits.remove_group, which)


def _say(work: Callable[Concatenate["Tx", P], str], *args: P.args, **kwargs: P.kwargs) -> None:
    typer.echo(_work(work, *args, **kwargs))


def _work(work: Callable[Concatenate["Tx", P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do `work` on the database in one transaction; the page shows it at its next reading."""
    from bot.store.opening import open_migrated

    address = read_settings(for_run=False).database_url.get_secret_value()

    async def write() -> T:
        async with open_migrated(address) as database:
            return await database.write(work, *args, **kwargs)

    try:
        return asyncio.run(write())
    except StoreUnavailable as error:
        give_up(error)
    except FoghornError as error:
        give_up(error, _MISTAKE)
