"""What the journal counts for operators, and whether it can be written."""

import sqlite3
from pathlib import Path

import pytest

from bot.backends.sqlite import SqliteJournal, SqliteVitals
from bot.errors import JournalError
from bot.ports import Vitals
from bot.ports.vitals import BOUNDS_MS, TOTAL, RequestCount, Tally
from bot.types import Feedback
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.fakes.clock import ManualClock
from tests.fakes.gateways import MemoryGateways
from tests.fakes.journal import a_reply, an_interaction

HOUR_S = 3600.0


def _keeps_the_port(vitals: SqliteVitals) -> Vitals:
    return vitals


@pytest.fixture
def vitals(path: Path, clock: ManualClock) -> SqliteVitals:
    return SqliteVitals(path, clock, MemoryGateways(clock))


async def asked(journal: SqliteJournal, interaction_id: str, error: str | None = None) -> str:
    receipt = await journal.begin(an_interaction(id=interaction_id))
    await journal.finish(receipt.request_id, a_reply(id=receipt.request_id), error)
    return receipt.request_id


def count_of(tally: Tally) -> int:
    return sum(one.count for one in tally.requests)


async def test_an_empty_journal_counts_nothing(
    open_journal: OpenJournal, vitals: SqliteVitals
) -> None:
    async with await open_journal():
        assert await vitals.tally() == Tally()


async def test_requests_are_counted_by_what_became_of_them(
    open_journal: OpenJournal, vitals: SqliteVitals
) -> None:
    async with await open_journal() as journal:
        await asked(journal, "i1")
        await asked(journal, "i2")
        await asked(journal, "i3", "IndexUnavailable")
        counted = (await vitals.tally()).requests
    one = an_interaction()
    assert {(count.platform, count.error, count.count) for count in counted} == {
        (one.platform, None, 2),
        (one.platform, "IndexUnavailable", 1),
    }


@pytest.mark.parametrize("hours", [0.0, 0.5, 2.0])
async def test_what_is_long_over_is_counted_once(
    open_journal: OpenJournal, vitals: SqliteVitals, clock: ManualClock, hours: float
) -> None:
    async with await open_journal() as journal:
        await asked(journal, "i1")
        assert count_of(await vitals.tally()) == 1
        clock.advance(hours * HOUR_S)
        await asked(journal, "i2")
        counts = [count_of(await vitals.tally()) for _ in range(3)]
    assert counts == [2, 2, 2]


async def test_what_is_not_over_is_counted_as_it_stands(
    open_journal: OpenJournal, vitals: SqliteVitals
) -> None:
    async with await open_journal() as journal:
        receipt = await journal.begin(an_interaction(id="i1"))
        before = await vitals.tally()
        await journal.finish(receipt.request_id, a_reply(id=receipt.request_id))
        after = await vitals.tally()
    assert (before.waiting, before.requests[0].answered) == (1, None)
    assert (after.waiting, after.requests[0].answered) == (0, True)


async def test_who_waits_since_long_is_not_waiting_any_more(
    open_journal: OpenJournal, vitals: SqliteVitals, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        await journal.begin(an_interaction(id="i1"))
        clock.advance(HOUR_S / 2)
        assert (await vitals.tally()).waiting == 0


async def test_times_are_counted_in_steps(open_journal: OpenJournal, vitals: SqliteVitals) -> None:
    times = {"search": 5.0, "stance": 60_000.0}
    async with await open_journal() as journal:
        receipt = await journal.begin(an_interaction(id="i1"))
        reply = a_reply(id=receipt.request_id, stage_ms=times, took_ms=70.0)
        await journal.finish(receipt.request_id, reply)
        counted = {one.stage: one for one in (await vitals.tally()).times}
    assert set(counted) == {"search", "stance", TOTAL}
    assert counted["search"].within == (1,) * len(BOUNDS_MS)
    assert counted["stance"].within == (0,) * len(BOUNDS_MS)
    assert counted[TOTAL].within == tuple(int(bound >= 70) for bound in BOUNDS_MS)
    assert counted["stance"].total_ms == 60_000.0


async def test_times_of_what_was_over_at_the_first_count_are_left_out(
    open_journal: OpenJournal, vitals: SqliteVitals, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        await asked(journal, "i1")
        clock.advance(2 * HOUR_S)
        first = await vitals.tally()
        await asked(journal, "i2")
        await vitals.tally()
        clock.advance(2 * HOUR_S)
        later = await vitals.tally()
    assert (count_of(first), first.times) == (1, ())
    assert {one.stage: one.count for one in later.times}[TOTAL] == 1


async def test_requests_of_all_processes_wait_together(
    open_journal: OpenJournal, vitals: SqliteVitals
) -> None:
    async with await open_journal() as here, await open_journal() as there:
        for journal, interaction_id in ((here, "i1"), (here, "i2"), (there, "i3")):
            await journal.begin(an_interaction(id=interaction_id))
        await asked(there, "i4")
        assert (await vitals.tally()).waiting == 3


async def test_what_was_forgotten_still_counts(
    open_journal: OpenJournal, vitals: SqliteVitals
) -> None:
    one = an_interaction(id="i1")
    async with await open_journal() as journal:
        await asked(journal, "i1")
        await journal.forget(one.platform, one.asker_id)
        counted = (await vitals.tally()).requests
    assert counted == (RequestCount(one.platform, None, True, None, 1),)


async def test_verdicts_are_counted(open_journal: OpenJournal, vitals: SqliteVitals) -> None:
    async with await open_journal() as journal:
        request_id = await asked(journal, "i1")
        for asker in ("ada", "grace"):
            await journal.note_feedback(request_id, "discord", asker, Feedback.HELPFUL)
        assert (await vitals.tally()).feedback == ((Feedback.HELPFUL.value, 2),)


async def test_a_probe_leaves_a_trace_on_the_disk(
    path: Path, open_journal: OpenJournal, vitals: SqliteVitals, clock: ManualClock
) -> None:
    async with await open_journal():
        await vitals.probe()
        clock.advance(1)
        await vitals.probe()
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT value FROM facts WHERE name = 'probed_at'").fetchall()
    database.close()
    assert rows == [(str(clock.now).encode(),)]


async def test_a_journal_that_cannot_be_written_fails_its_probe(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal():
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="write lock"):
            await SqliteVitals(path, clock, MemoryGateways(clock), 0.05).probe()
        blocker.close()


@pytest.fixture
def damaged(path: Path) -> None:
    path.write_bytes(b"no journal at all " * 100)


@pytest.mark.usefixtures("damaged")
async def test_a_file_that_is_no_journal_cannot_be_counted(vitals: SqliteVitals) -> None:
    with pytest.raises(JournalError, match="damaged"):
        await vitals.tally()
