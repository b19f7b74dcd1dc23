"""What every keeper of accounts keeps to; a backend's tests inherit it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from bot.ports import Accounts
from tests.fakes.clock import ManualClock


class AccountsContract(ABC):
    """The behaviour of what knows ended sessions and links that log in."""

    @abstractmethod
    def opened(self, clock: Callable[[], float]) -> AbstractAsyncContextManager[Accounts]:
        """Open an empty one, and close it at the end."""

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    async def accounts(self, clock: ManualClock) -> AsyncIterator[Accounts]:
        async with self.opened(clock) as accounts:
            yield accounts

    # --- sessions

    async def test_session_goes_on_until_it_is_ended(
        self, accounts: Accounts, clock: ManualClock
    ) -> None:
        assert not await accounts.has_ended("one")
        await accounts.end_session("one", clock.now + 10)
        assert await accounts.has_ended("one")
        assert not await accounts.has_ended("two")

    # --- links

    async def test_link_is_good_once(self, accounts: Accounts, clock: ManualClock) -> None:
        await accounts.note_link("token", clock.now + 10)
        assert [await accounts.use_link("token") for _ in range(2)] == [True, False]

    async def test_link_that_nobody_made_is_not_good(
        self, accounts: Accounts, clock: ManualClock
    ) -> None:
        await accounts.note_link("token", clock.now + 10)
        for other in ("", "Token", "token ", "toke", "\ud800"):
            assert not await accounts.use_link(other)
        assert await accounts.use_link("token")

    async def test_link_is_good_until_its_time_is_up(
        self, accounts: Accounts, clock: ManualClock
    ) -> None:
        await accounts.note_link("early", clock.now + 10)
        await accounts.note_link("late", clock.now + 10)
        clock.advance(9.9)
        assert await accounts.use_link("early")
        clock.advance(0.1)
        assert not await accounts.use_link("late")

    async def test_each_link_is_good_by_itself(
        self, accounts: Accounts, clock: ManualClock
    ) -> None:
        for token in ("one", "two"):
            await accounts.note_link(token, clock.now + 10)
        assert await accounts.use_link("two")
        assert await accounts.use_link("one")

    async def test_of_many_who_use_a_link_at_once_one_is_in(
        self, accounts: Accounts, clock: ManualClock
    ) -> None:
        await accounts.note_link("token", clock.now + 10)
        told = await asyncio.gather(*(accounts.use_link("token") for _ in range(20)))
        assert sorted(told) == [False] * 19 + [True]
