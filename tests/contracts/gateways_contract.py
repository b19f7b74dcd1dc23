"""What every keeper of gateways keeps to; a backend's tests inherit it."""

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager

import pytest

from bot.ports import Gateway, Gateways, GatewayState
from bot.ports.gateways import SILENT_S
from tests.fakes.clock import ManualClock

UP = GatewayState(is_up=True, latency_ms=45.5, connects=1)
DOWN = GatewayState(is_up=False, connects=1)


class GatewaysContract(ABC):
    """The behaviour of what knows how bots are connected."""

    @abstractmethod
    def process(self, clock: ManualClock) -> AbstractAsyncContextManager[Gateways]:
        """Begin one more process that shares what is noted, and end it without a word."""

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    async def test_nobody_is_known_who_noted_nothing(self, clock: ManualClock) -> None:
        async with self.process(clock) as one:
            assert list(await one.known()) == []

    async def test_what_is_noted_is_known_to_all(self, clock: ManualClock) -> None:
        async with self.process(clock) as bot, self.process(clock) as pages:
            await bot.note("discord", UP)
            assert list(await pages.known()) == [Gateway("discord", 1, UP, clock.now)]

    async def test_last_note_counts(self, clock: ManualClock) -> None:
        again = GatewayState(is_up=True, latency_ms=None, connects=2)
        async with self.process(clock) as bot:
            for state in (UP, DOWN, again):
                clock.advance(1)
                await bot.note("slack", state)
            assert list(await bot.known()) == [Gateway("slack", 1, again, clock.now)]

    async def test_processes_of_a_platform_are_told_apart_by_number(
        self, clock: ManualClock
    ) -> None:
        async with (
            self.process(clock) as one,
            self.process(clock) as two,
            self.process(clock) as other,
        ):
            await two.note("discord", UP)
            await one.note("discord", DOWN)
            await other.note("slack", UP)
            await two.note("discord", UP)
            known = [(it.platform, it.number, it.state) for it in await one.known()]
        assert known == [("discord", 1, UP), ("discord", 2, DOWN), ("slack", 1, UP)]

    async def test_who_leaves_is_known_no_more(self, clock: ManualClock) -> None:
        async with self.process(clock) as bot, self.process(clock) as other:
            for one in (bot, other):
                await one.note("discord", UP)
            await bot.leave()
            assert [one.number for one in await other.known()] == [2]

    async def test_who_never_noted_may_leave(self, clock: ManualClock) -> None:
        async with self.process(clock) as bot:
            await bot.leave()
            assert list(await bot.known()) == []

    async def test_whoever_ends_without_a_word_is_known_no_more(self, clock: ManualClock) -> None:
        async with self.process(clock) as pages:
            async with self.process(clock) as bot:
                await bot.note("discord", UP)
            assert list(await pages.known()) == []

    async def test_number_of_one_who_is_gone_goes_to_the_next(self, clock: ManualClock) -> None:
        async with self.process(clock) as pages:
            for state in (UP, DOWN):
                async with self.process(clock) as bot:
                    await bot.note("discord", state)
                    assert [(it.number, it.state) for it in await pages.known()] == [(1, state)]

    @pytest.mark.parametrize("seconds", [SILENT_S, -SILENT_S])
    async def test_note_holds_for_a_while(self, clock: ManualClock, seconds: float) -> None:
        async with self.process(clock) as bot:
            await bot.note("discord", UP)
            clock.advance(seconds)
            assert [one.state for one in await bot.known()] == [UP]

    @pytest.mark.parametrize("seconds", [SILENT_S + 0.5, -SILENT_S - 0.5])
    async def test_process_that_is_silent_for_long_is_not_connected(
        self, clock: ManualClock, seconds: float
    ) -> None:
        async with self.process(clock) as bot:
            await bot.note("discord", UP)
            noted_at = clock.now
            clock.advance(seconds)
            assert list(await bot.known()) == [Gateway("discord", 1, DOWN, noted_at)]
            await bot.note("discord", UP)
            assert [one.state for one in await bot.known()] == [UP]
