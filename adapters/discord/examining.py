"""Look over what Discord knows of the bot, for the doctor. Called by `admin`."""

from collections.abc import Mapping
from math import isfinite
from typing import Any, Protocol

import aiohttp
import discord
from discord import app_commands

from adapters.messaging.links import links_finding
from bot import admin_texts
from bot.administration import Finding, Health
from bot.types import ChannelMode

SLOW_MS = 1000
"""Milliseconds of a heartbeat from which on answers are late."""
NEEDED = ("view_channel", "send_messages", "read_message_history")
"""Permissions that the bot works with in a channel; in a thread, the one to write there."""


class Connection(Protocol):
    """What is looked at of a client."""

    tree: app_commands.CommandTree[Any]

    @property
    def latency(self) -> float:
        """Seconds of a heartbeat."""

    @property
    def intents(self) -> discord.Intents:
        """The intents that were asked for."""


async def examine(
    client: Connection,
    interaction: discord.Interaction,
    modes: Mapping[str, ChannelMode],
    public_url: str | None = None,
) -> list[Finding]:
    """Return what was found of intents, permissions here, commands, the gateway and links.

    Args:
        client: The connection.
        interaction: Where the doctor was called.
        modes: What is set for the channels of the community.
        public_url: Where readers reach the pages of quotes; None is not looked at.
    """
    links = [] if public_url is None else [links_finding(public_url)]
    return [
        _intents(client.intents, modes),
        _permissions(interaction),
        await _commands(client.tree),
        _gateway(client.latency),
        *links,
    ]


def _intents(intents: discord.Intents, modes: Mapping[str, ChannelMode]) -> Finding:
    if intents.message_content:
        return Finding("intents", Health.OK, admin_texts.HEARS_ALL)
    if ChannelMode.AUTO in modes.values():
        return Finding("intents", Health.PROBLEM, admin_texts.AUTO_IS_DEAF)
    return Finding("intents", Health.OK, admin_texts.HEARS_CALLS)


def _permissions(interaction: discord.Interaction) -> Finding:
    may = interaction.app_permissions
    is_thread = isinstance(interaction.channel, discord.Thread)
    needed = ["send_messages_in_threads" if is_thread and one == "send_messages" else one
              for one in NEEDED]  # fmt: skip
    missing = [name.replace("_", " ") for name in needed if not getattr(may, name)]
    if missing:
        return Finding("permissions", Health.PROBLEM, admin_texts.permissions_missing(missing))
    return Finding("permissions", Health.OK, admin_texts.PERMISSIONS_WELL)


async def _commands(tree: app_commands.CommandTree[Any]) -> Finding:
    own = {command.name for command in tree.walk_commands() if command.parent is None}
    for kind in (discord.AppCommandType.message, discord.AppCommandType.user):
        own |= {menu.name for menu in tree.get_commands(type=kind)}
    try:
        known = {command.name for command in await tree.fetch_commands()}
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        return Finding("commands", Health.WARNING, admin_texts.commands_unknown(str(error)))
    if own != known:
        return Finding("commands", Health.PROBLEM, admin_texts.commands_differ(sorted(own ^ known)))
    return Finding("commands", Health.OK, admin_texts.COMMANDS_WELL)


def _gateway(latency: float) -> Finding:
    if not isfinite(latency):
        return Finding("gateway", Health.WARNING, admin_texts.NO_HEARTBEAT)
    latency_ms = round(latency * 1000)
    health = Health.WARNING if latency_ms >= SLOW_MS else Health.OK
    return Finding("gateway", health, admin_texts.latency(latency_ms))
