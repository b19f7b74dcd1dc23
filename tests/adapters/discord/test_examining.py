from dataclasses import dataclass, field
from math import inf
from typing import Any

import discord
import pytest
from discord import app_commands

from adapters.discord.examining import examine
from bot import admin_texts
from bot.administration import Health
from bot.types import ChannelMode
from tests.adapters.discord.refusing import refusal
from tests.adapters.discord.speaking import make_guild, make_thread, text_channel

ALL = discord.Permissions(
    view_channel=True, send_messages=True, send_messages_in_threads=True, read_message_history=True
)


class FakeTree(app_commands.CommandTree[Any]):
    """Commands of which Discord knows these."""

    known: Any = ()

    async def fetch_commands(self, **_: Any) -> Any:
        if isinstance(self.known, Exception):
            raise self.known
        return self.known


@dataclass
class FakeConnection:
    tree: FakeTree
    latency: float = 0.04
    intents: discord.Intents = field(default_factory=discord.Intents.none)


@dataclass
class FakeInteraction:
    app_permissions: discord.Permissions = ALL
    channel: Any = None


@dataclass
class Known:
    name: str


@pytest.fixture
async def connection() -> FakeConnection:
    return FakeConnection(FakeTree(discord.Client(intents=discord.Intents.none())))


async def found(
    connection: FakeConnection, modes: Any = None, **interaction: Any
) -> dict[str, tuple[Health, str]]:
    asked: Any = FakeInteraction(**interaction)
    client: Any = connection
    return {one.part: (one.health, one.told) for one in await examine(client, asked, modes or {})}


async def test_all_is_well_without_a_privileged_intent(connection: FakeConnection) -> None:
    told = await found(connection)
    assert {health for health, _ in told.values()} == {Health.OK}
    assert told["intents"][1] == admin_texts.HEARS_CALLS
    assert told["gateway"][1] == admin_texts.latency(40)


async def test_an_auto_channel_needs_the_intent(connection: FakeConnection) -> None:
    modes = {"5": ChannelMode.AUTO}
    assert (await found(connection, modes))["intents"] == (Health.PROBLEM, admin_texts.AUTO_IS_DEAF)
    connection.intents = discord.Intents(message_content=True)
    assert (await found(connection, modes))["intents"] == (Health.OK, admin_texts.HEARS_ALL)


async def test_links_that_lead_nowhere_are_a_warning(connection: FakeConnection) -> None:
    asked: Any = FakeInteraction()
    client: Any = connection
    for url, expected in (
        ("http://127.0.0.1:8080", (Health.WARNING, admin_texts.LINKS_DEAD)),
        ("https://quotes.example.org", (Health.OK, admin_texts.LINKS_WELL)),
    ):
        told = {one.part: one for one in await examine(client, asked, {}, url)}
        assert (told["links"].health, told["links"].told) == expected


async def test_permissions_that_are_missing_are_named(connection: FakeConnection) -> None:
    may = discord.Permissions(view_channel=True, send_messages=True)
    health, told = (await found(connection, app_permissions=may))["permissions"]
    assert health is Health.PROBLEM
    assert "read message history" in told
    thread = make_thread(make_guild(text_channel()))
    may = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)
    _, told = (await found(connection, app_permissions=may, channel=thread))["permissions"]
    assert "send messages in threads" in told


async def test_commands_that_differ_or_cannot_be_asked_for_are_told(
    connection: FakeConnection,
) -> None:
    connection.tree.known = [Known("old-command")]
    health, told = (await found(connection))["commands"]
    assert (health, told) == (Health.PROBLEM, admin_texts.commands_differ(["old-command"]))
    connection.tree.known = refusal(50001)
    assert (await found(connection))["commands"][0] is Health.WARNING


async def test_a_slow_or_silent_gateway_is_a_warning(connection: FakeConnection) -> None:
    connection.latency = 2.5
    assert (await found(connection))["gateway"] == (Health.WARNING, admin_texts.latency(2500))
    connection.latency = inf
    assert (await found(connection))["gateway"] == (Health.WARNING, admin_texts.NO_HEARTBEAT)
