from typing import Any

import discord
import pytest
from discord import app_commands

from adapters.discord import limits
from adapters.discord.registering import register
from bot.commands import COMMANDS, MESSAGE_MENUS, SOURCE, SOURCE_ADMIN, Option

HANDLED = [
    *(command.name for command in COMMANDS if not command.subcommands),
    *(f"{command.name} {sub.name}" for command in COMMANDS for sub in command.subcommands),
    *(menu.name for menu in MESSAGE_MENUS),
]
KINDS = {"text": 3, "integer": 4, "channel": 7, "file": 11}


async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=typed, value=typed)]


@pytest.fixture
async def tree() -> app_commands.CommandTree[Any]:
    async def handler(*_: Any, **__: Any) -> None: ...

    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    register(tree, COMMANDS, MESSAGE_MENUS, dict.fromkeys(HANDLED, handler), complete)
    return tree


def payloads(tree: app_commands.CommandTree[Any]) -> dict[str, dict[str, Any]]:
    return {command.name: command.to_dict(tree) for command in tree._get_all_commands()}


async def test_every_command_is_registered_as_the_table_says(
    tree: app_commands.CommandTree[Any],
) -> None:
    made = payloads(tree)
    assert set(made) == {one.name for one in (*COMMANDS, *MESSAGE_MENUS)}
    for command in COMMANDS:
        assert made[command.name]["description"] == command.description
        assert_options(made[command.name]["options"], command.options)
        if command.subcommands:
            subs = {sub["name"]: sub for sub in made[command.name]["options"]}
            assert list(subs) == [sub.name for sub in command.subcommands]
            for sub in command.subcommands:
                assert subs[sub.name]["description"] == sub.description
                assert_options(subs[sub.name]["options"], sub.options)


def assert_options(made: list[dict[str, Any]], table: tuple[Option, ...]) -> None:
    for option, payload in zip(table, made, strict=False):
        assert payload["name"] == option.name
        assert payload["description"] == option.description
        assert payload["type"] == KINDS[option.type.value]
        assert payload["required"] is option.required
        assert payload.get("autocomplete", False) is option.suggests_topics
        choices = [(one["name"], one["value"]) for one in payload.get("choices", [])]
        assert choices == [(one.label, one.value) for one in option.choices]
        assert (payload.get("min_value"), payload.get("max_value")) == (
            option.minimum, option.maximum,
        )  # fmt: skip


async def test_admins_need_manage_server_and_members_may_take_the_app_along(
    tree: app_commands.CommandTree[Any],
) -> None:
    made = payloads(tree)
    admin, source = made[SOURCE_ADMIN.name], made[SOURCE.name]
    assert admin["default_member_permissions"] == discord.Permissions(manage_guild=True).value
    assert (admin["contexts"], admin["integration_types"]) == ([0], [0])
    assert source["default_member_permissions"] is None
    assert (source["contexts"], source["integration_types"]) == ([0, 1, 2], [0, 1])


async def test_an_option_reaches_its_handler_by_name() -> None:
    called = []

    async def handler(_: Any, **options: Any) -> None:
        called.append(options)

    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    register(tree, [SOURCE], [], {SOURCE.name: handler}, complete)
    command: Any = tree.get_command(SOURCE.name)
    await command.callback(None, topic="trams", visibility=None)
    assert called == [{"topic": "trams", "visibility": None}]


async def test_a_command_without_a_handler_is_noticed() -> None:
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    with pytest.raises(KeyError, match="source"):
        register(tree, [SOURCE], [], {}, complete)


def test_the_table_fits_into_discord() -> None:
    assert len(COMMANDS) <= limits.COMMANDS
    assert len(MESSAGE_MENUS) <= limits.MESSAGE_MENUS
    assert all(len(one.description) <= limits.DESCRIPTION for one in COMMANDS)
