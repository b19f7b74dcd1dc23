from collections.abc import Iterator

import aiohttp
import discord
import pytest
import yarl

from adapters.discord import sending, serving
from adapters.discord.layout import ROOM, lines, notice
from adapters.discord.limits import length
from bot.bootstrap import Application
from bot.errors import ConfigError
from bot.settings import Settings


@pytest.mark.parametrize("error", [aiohttp.ServerDisconnectedError(), OSError(), TimeoutError()])
async def test_a_lost_response_is_asked_for_again(error: Exception) -> None:
    attempts = []

    async def attempt() -> str:
        attempts.append(1)
        if len(attempts) < 3:
            raise error
        return "done"

    assert await sending.persistently(attempt, (0.0, 0.0)) == "done"


async def test_a_loss_that_lasts_and_a_refusal_are_raised() -> None:
    async def lost() -> None:
        raise aiohttp.ServerDisconnectedError

    async def refused() -> None:
        raise discord.ClientException

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await sending.persistently(lost, (0.0,))
    with pytest.raises(discord.ClientException):
        await sending.persistently(refused, (0.0,))


async def test_lines_beyond_the_room_are_left_out_whole() -> None:
    view = lines("Title", [f"{number} " + "x" * 500 for number in range(20)])
    [text] = [one.content for one in view.children if isinstance(one, discord.ui.TextDisplay)]
    assert length(text) <= ROOM
    assert text.endswith("x\nand 13 more")


async def test_messages_are_not_kept_in_memory() -> None:
    view = notice("Hello")
    assert view.is_finished()
    assert view.timeout is None


def test_serving_without_a_token_tells_the_way_out() -> None:
    with pytest.raises(ConfigError, match=r"DISCORD_TOKEN is not set.*developers"):
        serving.serve(Application(Settings()))


@pytest.fixture
def addresses() -> Iterator[None]:
    """Put back where discord.py connects to."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    yield
    discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest.mark.usefixtures("addresses")
def test_another_api_and_gateway_can_be_pointed_at() -> None:
    serving.point_at(Settings())
    assert discord.http.Route.BASE == "https://discord.com/api/v10"
    api, gateway = "http://127.0.0.1:1/api/v10/", "ws://127.0.0.1:1/gateway"
    serving.point_at(Settings(discord_api_base=api, discord_gateway_url=gateway))
    assert discord.http.Route("GET", "/users/@me").url == "http://127.0.0.1:1/api/v10/users/@me"
    assert yarl.URL(gateway) == discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
