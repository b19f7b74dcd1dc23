"""A bot notes how it is connected, whatever becomes of the journal."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from adapters.messaging.connecting import noting
from bot.errors import JournalError
from bot.ports import Gateway, Gateways, GatewayState
from tests.fakes.clock import ManualClock
from tests.fakes.gateways import MemoryGateways

DOWN = GatewayState(is_up=False)
UP = GatewayState(is_up=True, latency_ms=45.0, connects=1)
LONG_S = 60.0
SOON_S = 0.001


class Connection:
    """Is as a test says."""

    def __init__(self) -> None:
        self.state = DOWN
        self.looks = 0

    async def look(self) -> GatewayState:
        self.looks += 1
        return self.state


class FullDisk:
    """A journal that cannot be written, for as often as it is tried."""

    def __init__(self) -> None:
        self.tries = 0

    async def note(self, platform: str, state: GatewayState) -> None:
        self.tries += 1
        raise JournalError("The disk is full.")

    async def leave(self) -> None:
        raise JournalError("The disk is full.")

    async def known(self) -> Sequence[Gateway]:
        raise JournalError("The disk is full.")


def _keeps_the_port(disk: FullDisk) -> Gateways:
    return disk


async def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < end, "not within 5 s"
        await asyncio.sleep(SOON_S)


async def test_a_change_is_noted_at_once_and_nothing_else_before_its_time() -> None:
    gateways, connection = MemoryGateways(ManualClock()), Connection()
    async with noting(gateways, "discord", connection.look, LONG_S, SOON_S):
        await until(lambda: gateways.states == [DOWN])
        connection.state = UP
        await until(lambda: gateways.states == [DOWN, UP])
        looks = connection.looks
        connection.state = replace(UP, latency_ms=46.0)  # changes all the time
        await until(lambda: connection.looks > looks + 5)
        assert gateways.states == [DOWN, UP]


async def test_a_connection_that_came_and_went_between_two_looks_is_noted() -> None:
    gateways, connection = MemoryGateways(ManualClock()), Connection()
    connection.state = UP
    async with noting(gateways, "discord", connection.look, LONG_S, SOON_S):
        await until(lambda: gateways.states == [UP])
        connection.state = again = replace(UP, connects=2)
        await until(lambda: gateways.states == [UP, again])


async def test_what_stays_as_it_is_is_noted_time_and_again() -> None:
    gateways, connection = MemoryGateways(ManualClock()), Connection()
    async with noting(gateways, "discord", connection.look, SOON_S, SOON_S):
        await until(lambda: len(gateways.states) > 5)
    assert set(gateways.states) == {DOWN}


async def test_it_is_noted_under_its_platform_and_leaves_in_the_end() -> None:
    gateways, connection = MemoryGateways(ManualClock()), Connection()
    async with noting(gateways, "slack", connection.look, LONG_S, SOON_S):
        await until(lambda: bool(gateways.states))
        assert [one.platform for one in await gateways.known()] == ["slack"]
    assert await gateways.known() == []


async def test_it_leaves_when_the_bot_fails_too() -> None:
    gateways, connection = MemoryGateways(ManualClock()), Connection()

    async def fail() -> None:
        async with noting(gateways, "slack", connection.look, LONG_S, SOON_S):
            await until(lambda: bool(gateways.states))
            raise OSError("no network")

    with pytest.raises(OSError, match="no network"):
        await fail()
    assert await gateways.known() == []


async def test_a_journal_that_fails_is_logged_and_the_bot_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    disk, connection = FullDisk(), Connection()
    async with noting(disk, "discord", connection.look, LONG_S, SOON_S):
        await until(lambda: connection.looks > 5)
        assert disk.tries == 1  # the next when it is time
        connection.state = UP
        await until(lambda: disk.tries == 2)
    assert caplog.messages == ["gateway_not_noted"] * 3  # the last as it leaves


async def test_without_a_journal_nothing_is_looked_at() -> None:
    connection = Connection()
    async with noting(None, "discord", connection.look, SOON_S, SOON_S):
        await asyncio.sleep(5 * SOON_S)
    assert connection.looks == 0
