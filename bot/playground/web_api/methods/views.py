"""The views.* methods."""

from bot.playground.errors import Json, SlackError
from bot.playground.web_api.methods.arguments import require
from bot.playground.workspace.records import OpenView
from bot.playground.workspace.serialisation import serialise_view
from bot.playground.workspace.workspace import Workspace


def open_(workspace: Workspace, args: Json) -> Json:
    require(args, "trigger_id", "view")
    return _done(workspace, workspace.open_views.open(args["trigger_id"], args["view"]))


def push(workspace: Workspace, args: Json) -> Json:
    require(args, "trigger_id", "view")
    return _done(workspace, workspace.open_views.push(args["trigger_id"], args["view"]))


def update(workspace: Workspace, args: Json) -> Json:
    require(args, "view")
    open_view = workspace.open_views.update(
        args["view"],
        hash_=args.get("hash"),
        view_id=args.get("view_id", ""),
        external_id=args.get("external_id", ""),
    )
    return _done(workspace, open_view)


def publish(workspace: Workspace, args: Json) -> Json:
    require(args, "user_id", "view")
    if not workspace.home_enabled:
        raise SlackError("not_enabled")
    if args["user_id"] not in workspace.users:
        raise SlackError("user_not_found")
    open_view = workspace.open_views.publish(args["user_id"], args["view"], args.get("hash"))
    return _done(workspace, open_view)


def _done(workspace: Workspace, open_view: OpenView) -> Json:
    workspace.journal.changed()
    return {"view": serialise_view(workspace, open_view)}
