"""What is older than the operator wants to keep is let go of while the bot runs."""

import asyncio
import logging

import pytest

from bot.administration.expiring import expiring
from bot.errors import JournalError
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.journal import MemoryJournal, an_interaction

DAY_S = 86_400.0


class Watched(MemoryJournal):
    """Says when it was asked to let go; fails the first ``failing`` times."""

    def __init__(self, clock: ManualClock, failing: int = 0) -> None:
        super().__init__(clock, CountingIds())
        self.failing = failing
        self.asked: asyncio.Queue[float] = asyncio.Queue()

    async def expire(self, before: float) -> int:
        self.asked.put_nowait(before)
        if self.failing:
            self.failing -= 1
            raise JournalError("disk full")
        return await super().expire(before)


async def texts(journal: MemoryJournal) -> list[str | None]:
    return [entry.text async for entry in journal.history()]


async def test_old_requests_are_blanked_at_once_and_again() -> None:
    clock = ManualClock()
    journal = Watched(clock)
    await journal.begin(an_interaction(id="1", text="old"))
    clock.advance(31 * DAY_S)
    await journal.begin(an_interaction(id="2", text="new"))
    async with expiring(journal, 30, clock, every_s=0.01):
        assert await asyncio.wait_for(journal.asked.get(), 5) == clock.now - 30 * DAY_S
        assert await texts(journal) == [None, "new"]
        clock.advance(31 * DAY_S)
        for _ in range(2):
            await asyncio.wait_for(journal.asked.get(), 5)
        assert await texts(journal) == [None, None]


@pytest.mark.parametrize("days", [0, 30])
async def test_nothing_is_let_go_without_a_time_or_a_journal(days: int) -> None:
    clock = ManualClock()
    journal = Watched(clock)
    async with expiring(journal if days == 0 else None, days, clock, every_s=0.01):
        await asyncio.sleep(0.05)
    assert journal.asked.empty()


async def test_journal_that_fails_is_told_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = ManualClock()
    journal = Watched(clock, failing=1)
    with caplog.at_level(logging.ERROR):
        async with expiring(journal, 1, clock, every_s=0.01):
            for _ in range(2):
                await asyncio.wait_for(journal.asked.get(), 5)
    assert caplog.messages == ["journal_failed"]
