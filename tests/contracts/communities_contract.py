"""What every keeper of the communities' settings keeps to; a backend's tests inherit it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from bot.ports import Communities, ReindexPermit
from bot.types import AdminRequest, ChannelMode, IndexReport
from tests.fakes.clock import ManualClock

BY = AdminRequest("discord", "river-club", "ada")


def a_report(version: str = "c0ffee") -> IndexReport:
    """Return what a reindex made."""
    return IndexReport(version, None, (), (), documents=4, passages=400, took_s=1.0)


class CommunitiesContract(ABC):
    """The behaviour of what keeps communities' settings."""

    @abstractmethod
    def opened(self, clock: Callable[[], float]) -> AbstractAsyncContextManager[Communities]:
        """Open an empty one, and close it at the end."""

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    async def communities(self, clock: ManualClock) -> AsyncIterator[Communities]:
        async with self.opened(clock) as communities:
            yield communities

    # --- channels

    async def test_no_channel_differs_at_first(self, communities: Communities) -> None:
        assert await communities.channels("discord", "river-club") == {}

    async def test_modes_are_kept_for_each_channel(self, communities: Communities) -> None:
        await communities.set_channel("discord", "river-club", "dams", ChannelMode.AUTO)
        await communities.set_channel("discord", "river-club", "jokes", ChannelMode.DENY)
        await communities.set_channel("discord", "lake-club", "dams", ChannelMode.DENY)
        assert await communities.channels("discord", "river-club") == {
            "dams": ChannelMode.AUTO,
            "jokes": ChannelMode.DENY,
        }
        assert await communities.channels("slack", "river-club") == {}

    async def test_later_mode_replaces_the_earlier_one(self, communities: Communities) -> None:
        await communities.set_channel("discord", "river-club", "dams", ChannelMode.AUTO)
        await communities.set_channel("discord", "river-club", "dams", ChannelMode.DENY)
        assert await communities.channels("discord", "river-club") == {"dams": ChannelMode.DENY}

    async def test_channel_that_is_allowed_is_like_any_other(
        self, communities: Communities
    ) -> None:
        for mode in (ChannelMode.DENY, ChannelMode.ALLOW, ChannelMode.ALLOW):
            await communities.set_channel("discord", "river-club", "dams", mode)
        assert await communities.channels("discord", "river-club") == {}

    # --- greeting

    async def test_community_is_greeted_once(self, communities: Communities) -> None:
        first = await asyncio.gather(*(communities.greet("discord", "river-club") for _ in "abc"))
        assert sorted(first) == [False, False, True]
        assert not await communities.greet("discord", "river-club")

    async def test_each_community_is_greeted(self, communities: Communities) -> None:
        await communities.set_channel("discord", "river-club", "dams", ChannelMode.AUTO)
        assert await communities.greet("discord", "river-club")
        assert await communities.greet("discord", "lake-club")
        assert await communities.greet("slack", "river-club")

    # --- reindexing

    async def test_first_reindex_may_begin(self, communities: Communities) -> None:
        permit = await communities.begin_reindex(BY, 60.0)
        assert permit == ReindexPermit(permit.number)
        assert permit.number is not None

    async def test_one_reindex_at_a_time(self, communities: Communities) -> None:
        permits = await asyncio.gather(*(communities.begin_reindex(BY, 0.0) for _ in range(5)))
        assert sorted(permit.is_busy for permit in permits) == [False, True, True, True, True]
        (number,) = [permit.number for permit in permits if permit.number is not None]
        await communities.end_reindex(number, a_report(), None)
        assert (await communities.begin_reindex(BY, 0.0)).number is not None

    async def test_next_reindex_has_to_wait_a_little(
        self, communities: Communities, clock: ManualClock
    ) -> None:
        first = await communities.begin_reindex(BY, 60.0)
        assert first.number is not None
        clock.advance(30)
        await communities.end_reindex(first.number, a_report(), None)
        clock.advance(45)
        assert await communities.begin_reindex(BY, 60.0) == ReindexPermit(None, wait_s=15.0)
        clock.advance(15)
        assert (await communities.begin_reindex(BY, 60.0)).number is not None

    async def test_reindex_that_failed_may_be_tried_again_at_once(
        self, communities: Communities
    ) -> None:
        first = await communities.begin_reindex(BY, 60.0)
        assert first.number is not None
        await communities.end_reindex(first.number, None, "IndexUnavailable")
        assert (await communities.begin_reindex(BY, 60.0)).number is not None

    async def test_failure_does_not_shorten_the_wait_of_the_one_before(
        self, communities: Communities
    ) -> None:
        for report, error in ((a_report(), None), (None, "IndexBusy")):
            permit = await communities.begin_reindex(BY, 0.0)
            assert permit.number is not None
            await communities.end_reindex(permit.number, report, error)
        assert (await communities.begin_reindex(BY, 60.0)).wait_s == 60.0

    async def test_clock_that_was_set_back_keeps_nobody_waiting_for_long(
        self, communities: Communities, clock: ManualClock
    ) -> None:
        first = await communities.begin_reindex(BY, 60.0)
        assert first.number is not None
        await communities.end_reindex(first.number, a_report(), None)
        clock.advance(-86_400)
        assert (await communities.begin_reindex(BY, 60.0)).number is not None

    # --- reindexing at the command line

    async def test_local_reindex_waits_for_nothing(self, communities: Communities) -> None:
        first = await communities.begin_reindex(BY, 60.0)
        assert first.number is not None
        while_one_runs = await communities.begin_local_reindex()
        await communities.end_reindex(while_one_runs, None, "IndexBusy", "Another one runs.")
        await communities.end_reindex(first.number, a_report(), None)
        after_it = await communities.begin_local_reindex()
        assert len({first.number, while_one_runs, after_it}) == 3

    async def test_local_reindex_keeps_others_from_running_beside_it(
        self, communities: Communities
    ) -> None:
        number = await communities.begin_local_reindex()
        assert (await communities.begin_reindex(BY, 0.0)).is_busy
        await communities.end_reindex(number, a_report(), None)
        assert (await communities.begin_reindex(BY, 0.0)).number is not None

    async def test_local_reindex_keeps_no_admin_waiting(self, communities: Communities) -> None:
        number = await communities.begin_local_reindex()
        await communities.end_reindex(number, a_report(), None)
        assert (await communities.begin_reindex(BY, 60.0)).number is not None

    async def test_local_reindex_does_not_shorten_the_wait_of_the_one_before(
        self, communities: Communities
    ) -> None:
        asked = await communities.begin_reindex(BY, 0.0)
        assert asked.number is not None
        await communities.end_reindex(asked.number, a_report(), None)
        await communities.end_reindex(await communities.begin_local_reindex(), a_report(), None)
        assert (await communities.begin_reindex(BY, 60.0)).wait_s == 60.0
