"""What every keeper of installations keeps to; a backend's tests inherit it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from bot.ports import Installations
from tests.fakes.clock import ManualClock


class InstallationsContract(ABC):
    """The behaviour of what keeps installations."""

    @abstractmethod
    def opened(self, clock: Callable[[], float]) -> AbstractAsyncContextManager[Installations]:
        """Open an empty one, and close it at the end."""

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    async def installations(self, clock: ManualClock) -> AsyncIterator[Installations]:
        async with self.opened(clock) as installations:
            yield installations

    # --- keeping

    async def test_nothing_is_found_at_first(self, installations: Installations) -> None:
        assert await installations.find("slack", "river-club") is None

    async def test_what_is_kept_is_found_to_the_byte(self, installations: Installations) -> None:
        sealed = bytes(range(256)) * 20
        await installations.keep("slack", "river-club", "", sealed)
        assert await installations.find("slack", "river-club") == sealed

    async def test_later_one_replaces_the_earlier(self, installations: Installations) -> None:
        await installations.keep("slack", "river-club", "", b"first")
        await installations.keep("slack", "river-club", "", b"second")
        assert await installations.find("slack", "river-club") == b"second"

    async def test_community_finds_its_own_only(self, installations: Installations) -> None:
        await installations.keep("slack", "river-club", "", b"rivers")
        await installations.keep("slack", "lake-club", "", b"lakes")
        assert await installations.find("slack", "river-club") == b"rivers"
        assert await installations.find("discord", "river-club") is None

    async def test_each_owner_has_their_own(self, installations: Installations) -> None:
        for owner, sealed in (("", b"the bot's"), ("ada", b"Ada's"), ("bo", b"Bo's")):
            await installations.keep("slack", "river-club", owner, sealed)
        assert await installations.find("slack", "river-club") == b"the bot's"
        assert await installations.find("slack", "river-club", "ada") == b"Ada's"
        assert await installations.find("slack", "river-club", "bo") == b"Bo's"
        assert await installations.find("slack", "river-club", "cy") is None

    # --- forgetting

    @pytest.fixture
    async def three_kept(self, installations: Installations) -> Installations:
        for owner in ("", "ada", "bo"):
            await installations.keep("slack", "river-club", owner, b"sealed")
        await installations.keep("slack", "lake-club", "", b"lakes")
        await installations.keep("discord", "river-club", "", b"elsewhere")
        return installations

    async def test_forgetting_a_member_leaves_the_others(self, three_kept: Installations) -> None:
        assert await three_kept.forget("slack", "river-club", "ada") == 1
        found = [await three_kept.find("slack", "river-club", who) for who in ("", "ada", "bo")]
        assert found == [b"sealed", None, b"sealed"]

    async def test_forgetting_the_bot_leaves_the_members(self, three_kept: Installations) -> None:
        assert await three_kept.forget("slack", "river-club", "") == 1
        found = [await three_kept.find("slack", "river-club", who) for who in ("", "ada", "bo")]
        assert found == [None, b"sealed", b"sealed"]

    async def test_forgetting_all_leaves_other_communities(self, three_kept: Installations) -> None:
        assert await three_kept.forget("slack", "river-club") == 3
        found = [await three_kept.find("slack", "river-club", who) for who in ("", "ada", "bo")]
        assert found == [None, None, None]
        assert await three_kept.find("slack", "lake-club") == b"lakes"
        assert await three_kept.find("discord", "river-club") == b"elsewhere"

    async def test_forgetting_twice_finds_nothing_more(self, three_kept: Installations) -> None:
        assert [await three_kept.forget("slack", "river-club") for _ in range(2)] == [3, 0]

    async def test_forgotten_community_has_nothing_and_others_stay(
        self, three_kept: Installations
    ) -> None:
        await three_kept.forget_community("slack", "river-club")
        found = [await three_kept.find("slack", "river-club", who) for who in ("", "ada", "bo")]
        assert found == [None, None, None]
        assert await three_kept.find("slack", "lake-club") == b"lakes"
        assert await three_kept.find("discord", "river-club") == b"elsewhere"

    async def test_forgotten_community_may_come_back(self, three_kept: Installations) -> None:
        for _ in range(2):
            await three_kept.forget_community("slack", "river-club")
        await three_kept.keep("slack", "river-club", "", b"again")
        assert await three_kept.find("slack", "river-club") == b"again"

    # --- one-time words

    async def test_word_comes_back_once(
        self, installations: Installations, clock: ManualClock
    ) -> None:
        await installations.note_state("slack", "heron", clock.now + 600)
        used = await asyncio.gather(*(installations.use_state("slack", "heron") for _ in range(5)))
        assert sorted(used) == [False, False, False, False, True]
        assert not await installations.use_state("slack", "heron")

    async def test_word_that_was_never_noted_is_refused(
        self, installations: Installations, clock: ManualClock
    ) -> None:
        await installations.note_state("slack", "heron", clock.now + 600)
        assert not await installations.use_state("slack", "egret")
        assert not await installations.use_state("slack", "")
        assert not await installations.use_state("discord", "heron")

    async def test_word_that_was_refused_elsewhere_still_holds(
        self, installations: Installations, clock: ManualClock
    ) -> None:
        await installations.note_state("slack", "heron", clock.now + 600)
        await installations.use_state("discord", "heron")
        assert await installations.use_state("slack", "heron")

    async def test_word_holds_until_its_time_is_over(
        self, installations: Installations, clock: ManualClock
    ) -> None:
        await installations.note_state("slack", "heron", clock.now + 600)
        await installations.note_state("slack", "egret", clock.now + 600)
        clock.advance(599)
        assert await installations.use_state("slack", "heron")
        clock.advance(1)
        assert not await installations.use_state("slack", "egret")

    async def test_end_of_one_word_is_not_that_of_another(
        self, installations: Installations, clock: ManualClock
    ) -> None:
        await installations.note_state("slack", "heron", clock.now + 60)
        await installations.note_state("slack", "egret", clock.now + 600)
        clock.advance(60)
        assert not await installations.use_state("slack", "heron")
        assert await installations.use_state("slack", "egret")
