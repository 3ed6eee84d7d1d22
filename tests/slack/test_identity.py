"""What Slack says of a person, judged from all that it says."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import Rejected, Unavailable
from bot.playground import SlackServer
from bot.slack.app import ask_about

pytestmark = pytest.mark.anyio

OURS = frozenset({"T0001"})
OUR_ORGANISATION = frozenset({"T0001", "E0001"})


async def seen(
    slack: SlackServer, client: AsyncWebClient, facts: dict[str, Any], ours: frozenset[str] = OURS
) -> list[str]:
    """Return what is found of somebody of whom Slack says this."""
    user = slack.workspace.add_person("cat", **facts)
    member = await ask_about(client, user.id, ours)
    facts_told = ("guest", "elsewhere", "deactivated", "bot")
    return [name for name in facts_told if getattr(member, name)]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, []),
        ({"is_restricted": True}, ["guest"]),
        ({"deleted": True}, ["deactivated"]),
        ({"is_bot": True}, ["bot"]),
        ({"id": "USLACKBOT"}, ["bot"]),
        ({"team_id": "T0002"}, ["elsewhere"]),
        ({"team_id": "T0002", "grid_teams": ("T0002", "T0003")}, ["elsewhere"]),
        ({"team_id": "T0002", "grid_teams": ("T0002", "T0001")}, []),
        ({"team_id": "E0001", "grid_teams": ("T0001",)}, []),
        ({"team_id": "T0002", "grid_teams": ("T0001",), "is_restricted": True}, ["guest"]),
    ],
)
async def test_a_colleague_is_known_by_every_workspace_they_belong_to(
    slack: SlackServer, client: AsyncWebClient, facts: dict[str, Any], found: list[str]
) -> None:
    assert await seen(slack, client, facts) == found


async def test_installed_for_an_organisation_everybody_in_it_is_a_colleague(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    facts = {"team_id": "T0002", "grid_teams": ("T0002",)}
    assert await seen(slack, client, facts, OUR_ORGANISATION) == []
    assert await seen(slack, client, {"team_id": "T0002"}, OUR_ORGANISATION) == ["elsewhere"]


async def test_while_our_own_workspace_is_unknown_nobody_counts_as_known(
    client: AsyncWebClient,
) -> None:
    with pytest.raises(Unavailable):
        await ask_about(client, "U0ANN", frozenset())
    assert (await ask_about(client, "U0GUS", frozenset())).guest
    assert (await ask_about(client, "U0ZOE", frozenset())).elsewhere
    with pytest.raises(Rejected, match="no such person"):
        await ask_about(client, "U0NONE", OURS)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"real_name": "Cat Carver"}, "Cat Carver"),
        ({"real_name": "Cat Carver", "display_name": "Catherine"}, "Catherine"),
        ({"real_name": "Cat Carver", "display_name": " "}, "Cat Carver"),
        ({}, "cat"),
    ],
)
async def test_people_are_called_what_slack_calls_them(
    slack: SlackServer, client: AsyncWebClient, facts: dict[str, Any], name: str
) -> None:
    user = slack.workspace.add_person("cat", **facts)
    assert (await ask_about(client, user.id, OURS)).name == name
