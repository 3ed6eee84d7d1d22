"""The methods about who is who, and the one that opens a socket."""

from bot.playground.errors import Json, SlackError
from bot.playground.workspace.serialisation import serialise_user
from bot.playground.workspace.workspace import Workspace


def auth_test(workspace: Workspace, args: Json) -> Json:  # noqa: ARG001 - every method has the same arguments
    return {
        "url": f"https://{workspace.team_domain}.slack.com/",
        "team": workspace.team_domain.title(),
        "user": workspace.users[workspace.bot_user].name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def users_info(workspace: Workspace, args: Json) -> Json:
    user = workspace.users.get(args.get("user", ""))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": serialise_user(user, workspace.team_id)}


def usergroups_users_list(workspace: Workspace, args: Json) -> Json:
    members = workspace.groups.get(args.get("usergroup", ""))
    if members is None:
        raise SlackError("no_such_subteam")
    return {"users": list(members)}


def connections_open(workspace: Workspace, args: Json) -> Json:  # noqa: ARG001 - as above
    return {"url": workspace.tickets.issue()}
