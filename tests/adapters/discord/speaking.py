"""Discord's objects, made from what its gateway would tell, without any connection."""

from datetime import UTC, datetime
from typing import Any

import discord

BOT_ID = 1000
GUILD_ID = 1


def make_guild(
    *channels: dict[str, Any], roles: list[dict[str, Any]] | None = None
) -> discord.Guild:
    """Return a server with these channels, and its state."""
    state: Any = discord.Client(intents=discord.Intents(guilds=True))._connection
    payload: Any = {
        "id": str(GUILD_ID),
        "name": "Motorists",
        "roles": roles or [],
        "channels": list(channels),
        "threads": [],
    }
    guild = discord.Guild(data=payload, state=state)
    state._add_guild(guild)
    return guild


def text_channel(number: int = 2) -> dict[str, Any]:
    """Return a channel as Discord tells it."""
    return {"id": str(number), "type": 0, "name": f"channel-{number}", "position": number,
            "permission_overwrites": []}  # fmt: skip


def bot_role(number: int = 50, of: int = BOT_ID) -> dict[str, Any]:
    """Return the role that a bot alone has."""
    return {"id": str(number), "name": "bot", "permissions": "0", "position": 1, "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False, "managed": True, "mentionable": True, "flags": 0,
            "tags": {"bot_id": str(of)}}  # fmt: skip


def user(number: int, name: str = "Ann", *, bot: bool = False) -> dict[str, Any]:
    """Return somebody as Discord tells them."""
    return {"id": str(number), "username": name, "discriminator": "0", "avatar": None,
            "global_name": None, "bot": bot}  # fmt: skip


def make_message(
    guild: discord.Guild,
    number: int,
    content: str = "",
    *,
    author: dict[str, Any] | None = None,
    channel: Any = None,
    **more: Any,
) -> discord.Message:
    """Return a message in the first channel of a server, or where it is said to be."""
    place = channel or guild.text_channels[0]
    payload: Any = {
        "id": str(number),
        "channel_id": str(place.id),
        "guild_id": str(guild.id),
        "author": author or user(7),
        "content": content,
        "timestamp": datetime(2026, 1, 2, tzinfo=UTC).isoformat(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "components": [],
        **more,
    }
    return discord.Message(state=guild._state, channel=place, data=payload)


def make_thread(guild: discord.Guild, number: int = 30, parent: int = 2) -> discord.Thread:
    """Return a thread of a channel."""
    payload: Any = {
        "id": str(number), "parent_id": str(parent), "owner_id": "7", "name": "A thread",
        "type": 11, "message_count": 1, "member_count": 1, "guild_id": str(guild.id),
        "thread_metadata": {"archived": False, "auto_archive_duration": 60,
                            "archive_timestamp": "2026-01-02T00:00:00+00:00", "locked": False},
    }  # fmt: skip
    return discord.Thread(guild=guild, state=guild._state, data=payload)
