"""What a message that nobody asked the bot about leaves on the disk, in figures and in memory."""

import asyncio
import time
from pathlib import Path

import pytest

from bot.backends.sqlite import SqliteVitals
from bot.backends.sqlite.pseudonyms import Pseudonyms, read_key
from bot.errors import JournalError
from bot.ports import RateLimits
from bot.ports.vitals import RequestCount
from bot.types import Interaction
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.bot.backends.sqlite.killing import child, line, opened
from tests.bot.backends.sqlite.test_opting_out import counts, on_disk, rows
from tests.contracts.journal_contract import entries
from tests.contracts.opting_out_contract import told_by
from tests.contracts.recollection_contract import THREE_HERE, finished, the_entry
from tests.contracts.unasked_contract import NOTHING, looked_at, said
from tests.fakes.clock import ManualClock
from tests.fakes.gateways import MemoryGateways
from tests.fakes.journal import a_reply, an_interaction

MESSAGE = said(
    id="event-77",
    asker_id="asker-76",
    channel_id="channel-75",
    community_id="server-74",
    thread_id="thread-73",
    text="Nobody may read this.",
    created_at=1_749_999_998.765,
)


def traces(path: Path, message: Interaction) -> list[str]:
    """Return what the files of a journal hold that leads to a message or its author."""
    key = read_key(path.with_name("journal.db.key"))
    assert key is not None
    of, written = Pseudonyms(key), on_disk(path)
    parts = {
        name: getattr(message, name).encode()
        for name in ("id", "asker_id", "channel_id", "community_id", "thread_id", "text")
    } | {
        "hash of the author": of.asker(message.platform, message.asker_id),
        "hash of the words": of.text(message.text),
    }
    return [name for name, part in parts.items() if part in written]


# --- on the disk


async def test_what_is_not_answered_never_reaches_the_disk(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        receipt = await journal.begin(MESSAGE, THREE_HERE)
        assert traces(path, MESSAGE) == []
        await journal.finish(receipt.request_id, NOTHING, "IndexUnavailable")
        assert traces(path, MESSAGE) == []
        times = rows(path, "SELECT created_at = begun_at FROM interactions")
        assert times == [(1,)]
    assert traces(path, MESSAGE) == []


async def test_what_is_answered_is_on_the_disk(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        receipt = await journal.begin(MESSAGE, THREE_HERE)
        await journal.finish(receipt.request_id, a_reply())
        assert len(traces(path, MESSAGE)) == 7  # all but the id of its author
        assert rows(path, "SELECT created_at FROM interactions") == [(MESSAGE.created_at,)]


async def test_message_leaves_nothing_when_its_process_is_killed_meanwhile(path: Path) -> None:
    async with child("look", path) as process:
        await line(process)
        process.kill()
        await process.wait()
    async with await opened(path) as journal:
        assert (await journal.check()).interactions == 1
        assert traces(path, said(id="held", asker_id="gwen")) == []
        assert await entries(journal) == []


async def test_answer_goes_on_the_disk_in_one_group_with_others(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        made = [said(id=str(n)) if n % 2 else an_interaction(id=str(n)) for n in range(40)]
        receipts = await asyncio.gather(*(journal.begin(one, THREE_HERE) for one in made))
        replies = [NOTHING if n % 4 < 2 else a_reply() for n in range(40)]
        await asyncio.gather(
            *(
                journal.finish(receipt.request_id, reply)
                for receipt, reply in zip(receipts, replies, strict=True)
            )
        )
        kept = rows(path, "SELECT interaction_id FROM interactions WHERE asker IS NOT NULL")
    expected = [str(n) for n in range(40) if n % 2 == 0 or n % 4 >= 2]
    assert sorted(str(one) for (one,) in kept) == sorted(expected)


# --- what limits count


async def test_count_is_of_the_channel_alone_and_only_where_there_is_a_limit(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        await journal.begin(said(id="1"), RateLimits(5, 5))
        await journal.begin(said(id="2"), RateLimits(5, 0))
        await journal.begin(said(id="3"))
        found = rows(path, "SELECT counts_for FROM unkept_requests")
    key = read_key(path.with_name("journal.db.key"))
    assert key is not None
    assert found == [(Pseudonyms(key).channel("discord", "river-club", "dams"),)]


async def test_count_gives_way_to_the_answer(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        for number in range(2):  # at one moment
            receipt = await journal.begin(said(id=str(number)), THREE_HERE)
        await journal.finish(receipt.request_id, a_reply())
        assert counts(path) == 1


async def test_count_goes_when_no_limit_looks_back_though_nobody_asks(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal(clock=time.time) as journal:
        receipt = await journal.begin(said(), RateLimits(5, 5, 0.1))
        await journal.finish(receipt.request_id, NOTHING)
        assert counts(path) == 1
        end = time.monotonic() + 10
        while counts(path):
            assert time.monotonic() < end
            await asyncio.sleep(0.02)


# --- other processes


async def test_duplicate_in_another_process_is_not_new(open_journal: OpenJournal) -> None:
    async with await open_journal() as one, await open_journal() as other:
        first = await one.begin(said())
        assert not (await other.begin(said())).is_new
        await one.finish(first.request_id, NOTHING)
        assert not (await other.begin(said())).is_new
    async with await open_journal() as after:
        assert not (await after.begin(said())).is_new


@pytest.mark.parametrize("what", ["forget", "opt out", "leave", "another is forgotten"])
async def test_what_another_process_forgets_meanwhile_is_not_kept(
    open_journal: OpenJournal, clock: ManualClock, what: str
) -> None:
    async with await open_journal() as here, await open_journal() as there:
        receipt = await here.begin(said())
        clock.advance(1)
        match what:
            case "forget":
                await there.forget("discord", "ada")
            case "opt out":
                await there.opt_out("discord", "ada")
                await there.opt_in("discord", "ada")
            case "leave":
                await there.installations.forget_community("discord", "river-club")
            case _:  # who it was is not noted
                await there.forget("discord", "bo")
        clock.advance(1)
        await here.finish(receipt.request_id, a_reply())
        entry = await the_entry(here, receipt.request_id)
        assert (told_by(entry), entry.answered) == ({}, True)


async def test_what_is_said_after_somebody_was_forgotten_is_kept(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        await journal.forget("discord", "bo")
        clock.advance(1)
        request_id = await looked_at(journal, a_reply(), created_at=clock.now)
        assert (await the_entry(journal, request_id)).text is not None


async def test_clock_that_was_set_back_keeps_nothing_from_being_kept(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        await journal.forget("discord", "bo")
        clock.advance(-86_400)
        request_id = await looked_at(journal, a_reply(), created_at=clock.now)
        assert (await the_entry(journal, request_id)).text is not None


# --- in memory


async def test_message_that_nobody_finishes_is_let_go(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        first = await journal.begin(said(id="1"))
        clock.advance(901)
        await journal.begin(said(id="2"))
        await journal.finish(first.request_id, a_reply())
        assert told_by(await the_entry(journal, first.request_id)) == {}


async def test_reply_that_could_not_be_noted_may_be_noted_again(
    open_journal: OpenJournal,
) -> None:
    async with await open_journal() as journal:
        receipt = await journal.begin(said())
        with pytest.raises(JournalError):
            await journal.finish(receipt.request_id, a_reply(took_ms="long"))
        await journal.finish(receipt.request_id, a_reply())
        assert (await the_entry(journal, receipt.request_id)).text is not None


# --- figures


async def test_figures_do_not_count_it(open_journal: OpenJournal, clock: ManualClock) -> None:
    async with await open_journal() as journal:
        since = clock.now
        await looked_at(journal, id="1")
        figures = journal.desk.figures
        assert list(await figures.asked(since)) == []
        assert list(await figures.by_period(since, 3600)) == []
        assert list(await figures.missed(since, 10)) == []
        await finished(journal, "2")
        await looked_at(journal, a_reply(), id="3")
        assert sum(one.requests for one in await figures.asked(since)) == 2
        (period,) = await figures.by_period(since, 3600)
        assert (period.answered, period.unanswered, len(period.took_ms)) == (2, 0, 2)


async def test_it_counts_as_work_and_as_no_abstention(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    vitals = SqliteVitals(path, clock, MemoryGateways(clock))
    async with await open_journal() as journal:
        receipt = await journal.begin(said())
        assert (await vitals.tally()).waiting == 1
        await journal.finish(receipt.request_id, NOTHING, "RateLimited")
        tally = await vitals.tally()
    assert tally.requests == (RequestCount("discord", None, None, None, 1),)
    assert (tally.waiting, tally.times) == (0, ())
