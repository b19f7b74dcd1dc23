from typing import Any

import aiohttp
import discord
import pytest

from adapters.discord.serving import _run
from bot.errors import ConfigError


class Closing(discord.ConnectionClosed):
    """The gateway closed the connection with a code."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.reason = ""
        self.shard_id = 0
        Exception.__init__(self, f"closed with {code}")


class FakeClient:
    """A connection that ends with an error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def start(self, token: str) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("error", "way_out"),
    [
        (discord.LoginFailure(), "DISCORD_TOKEN"),
        (discord.PrivilegedIntentsRequired(0), "DISCORD_MESSAGE_CONTENT"),
        (Closing(4004), "DISCORD_TOKEN"),
        (Closing(4011), "DISCORD_SHARD_COUNT"),
        (aiohttp.ClientConnectionError(), "DISCORD_API_BASE"),
    ],
)
async def test_what_ends_the_connection_is_told_with_the_way_out(
    error: Exception, way_out: str
) -> None:
    client: Any = FakeClient(error)
    with pytest.raises(ConfigError, match=way_out):
        await _run(client, "token")
