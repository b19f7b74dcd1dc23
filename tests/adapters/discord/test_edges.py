import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import aiohttp
import discord
import pytest
import yarl

from adapters.discord import sending, serving
from adapters.discord.layout import ROOM, lines, notice
from adapters.discord.limits import length
from adapters.messaging.attending import sentence_for
from adapters.messaging.channels import mode_of
from adapters.messaging.working import Work
from bot import texts
from bot.bootstrap import Application
from bot.errors import ConfigError, CoolingDown, IndexBusy, JournalError, RateLimited
from bot.settings import Settings
from bot.types import ChannelMode, Interaction, Trigger


def asked(channel_id: str, thread_id: str | None) -> Interaction:
    return Interaction(
        "9", "discord", "1", channel_id, "7", "", Trigger.MENTION, 0.0, thread_id=thread_id
    )


class FakeSettings:
    """Knows the modes of channels, or fails to."""

    def __init__(self, **modes: ChannelMode) -> None:
        self._modes = {name.removeprefix("c"): mode for name, mode in modes.items()}

    async def channels(self, platform: str, community_id: str) -> Mapping[str, ChannelMode]:
        if not self._modes:
            raise JournalError("locked")
        return self._modes


async def test_a_thread_follows_its_channel_unless_it_has_a_setting_of_its_own() -> None:
    settings = FakeSettings(c2=ChannelMode.DENY, c30=ChannelMode.ALLOW)
    assert await mode_of(settings, asked("2", None)) is ChannelMode.DENY
    assert await mode_of(settings, asked("2", "31")) is ChannelMode.DENY
    assert await mode_of(settings, asked("2", "30")) is ChannelMode.ALLOW
    assert await mode_of(settings, asked("3", None)) is ChannelMode.ALLOW


async def test_channels_stay_open_while_their_settings_cannot_be_read() -> None:
    assert await mode_of(FakeSettings(), asked("2", None)) is ChannelMode.ALLOW


async def test_work_is_finished_before_a_stop_and_bounded() -> None:
    work = Work()
    assert await work.finish(0.01) == 0
    with work.held(), work.held():
        work.stop()
        assert work.is_stopping
        assert await work.finish(0.01) == 2
    waiting = asyncio.create_task(work.finish(5))
    assert await waiting == 0


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


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RateLimited("x", 4.2), texts.slow_down(5)),
        (CoolingDown("x", 30), texts.cooling_down(30)),
        (IndexBusy("x"), texts.error("error_index_busy", "9")),
    ],
)
def test_errors_are_told_with_when_to_come_back_or_with_an_id(error: Any, sentence: str) -> None:
    assert sentence_for(error, "9") == sentence


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
