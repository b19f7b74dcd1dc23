"""What opting out leaves on the disk, in other processes, and in copies."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.backends.sqlite import back_up, restore
from bot.backends.sqlite.connections import connect_writer
from bot.backends.sqlite.migrations import MIGRATIONS, migrate
from bot.backends.sqlite.pseudonyms import Pseudonyms, read_key
from bot.ports import RateLimits
from bot.types import AdminRequest, Feedback
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.contracts.journal_contract import entries
from tests.contracts.opting_out_contract import ADA, told_by
from tests.contracts.recollection_contract import THREE_HERE, TWO_EACH, finished, the_entry
from tests.fakes.clock import ManualClock
from tests.fakes.journal import an_interaction

NOW = 1_750_000_000.0
ADMIN = AdminRequest("discord", "river-club", "ada")


def on_disk(path: Path) -> bytes:
    """Return every byte of a journal, its log included."""
    log = path.with_name(f"{path.name}-wal")
    return path.read_bytes() + (log.read_bytes() if log.exists() else b"")


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    """Read a journal's file as any SQLite tool does."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def counts(path: Path) -> int:
    """Return for how many members and channels limits count something that is not kept."""
    ((count,),) = rows(path, "SELECT count(*) FROM unkept_requests")
    return int(str(count))


def lose(path: Path) -> None:
    """Lose a journal and not its key, so that the next one is begun under the same."""
    path.unlink()


async def out(open_journal: OpenJournal, *asked: str) -> None:
    """Ask before opting out, in a journal that is closed then."""
    async with await open_journal() as journal:
        for one in asked:
            await finished(journal, one)
        await journal.opt_out(*ADA)


# --- on the disk


async def test_nothing_that_was_typed_and_no_place_ever_reaches_the_disk(
    path: Path, open_journal: OpenJournal
) -> None:
    asked = an_interaction(id="event-77", asker_id="asker-76", text="Nobody may read this.")
    async with await open_journal() as journal:
        await journal.opt_out("discord", "asker-76")
        receipt = await journal.begin(asked, THREE_HERE)
        await journal.delivered(receipt.request_id, ["message-78"])
        written = on_disk(path)
    key = read_key(path.with_name("journal.db.key"))
    assert key is not None
    hash_of_words = Pseudonyms(key).text(asked.text)
    for part in (
        "Nobody may read this.",
        "event-77",
        "message-78",
        asked.community_id,
        asked.channel_id,
        str(asked.thread_id),
        asked.asker_id,
    ):
        assert part.encode() not in written
    assert hash_of_words not in written
    assert receipt.request_id.encode() in written


async def test_member_is_remembered_by_the_keyed_hash_alone(
    path: Path, clock: ManualClock, open_journal: OpenJournal
) -> None:
    await out(open_journal)
    key = read_key(path.with_name("journal.db.key"))
    assert key is not None
    expected = [(Pseudonyms(key).asker(*ADA), clock.now)]
    assert rows(path, "SELECT asker, since FROM opt_outs") == expected


async def test_opting_out_overwrites_what_was_kept(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        await finished(journal)
        assert an_interaction().text.encode() in on_disk(path)
        await journal.opt_out(*ADA)
        assert an_interaction().text.encode() not in on_disk(path)


async def test_forgetting_overwrites_the_hash_of_who_only_gave_a_verdict(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        request_id = await finished(journal)
        await journal.note_feedback(request_id, "discord", "grace", Feedback.HELPFUL)
        key = read_key(path.with_name("journal.db.key"))
        assert key is not None
        grace = Pseudonyms(key).asker("discord", "grace")
        assert grace in on_disk(path)
        await journal.forget("discord", "grace")
        assert grace not in on_disk(path)


# --- what limits count


async def test_counts_are_of_hashes_and_only_where_there_is_a_limit(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        await journal.opt_out(*ADA)
        await journal.begin(an_interaction(), RateLimits(5, 5))
        await journal.begin(an_interaction(id="2"), RateLimits(0, 0))
        found = rows(path, "SELECT counts_for FROM unkept_requests")
    key = read_key(path.with_name("journal.db.key"))
    assert key is not None
    of = Pseudonyms(key)
    assert {one for (one,) in found} == {
        of.asker(*ADA),
        of.channel("discord", "river-club", "dams"),
    }
    assert len(found) == 2


async def test_counts_go_when_no_limit_looks_back_though_nobody_asks(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal(clock=time.time) as journal:
        await journal.opt_out(*ADA)
        for number, window_s in enumerate((0.05, 0.3)):
            limits = RateLimits(5, 5, window_s)
            await journal.begin(an_interaction(id=str(number)), limits)
        assert counts(path) == 4
        end = time.monotonic() + 10
        while counts(path):
            assert time.monotonic() < end
            await asyncio.sleep(0.02)
        await journal.begin(an_interaction(id="late"), RateLimits(5, 0, 0.05))
        while counts(path):
            assert time.monotonic() < end
            await asyncio.sleep(0.02)


async def test_counts_that_went_are_overwritten(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal(clock=time.time) as journal:
        await journal.opt_out(*ADA)
        await journal.begin(an_interaction(), RateLimits(0, 5, 0.05))
        key = read_key(path.with_name("journal.db.key"))
        assert key is not None
        channel = Pseudonyms(key).channel("discord", "river-club", "dams")
        assert channel in on_disk(path)
        end = time.monotonic() + 10
        while channel in on_disk(path):
            assert time.monotonic() < end
            await asyncio.sleep(0.02)


async def test_counts_that_a_stopped_process_left_go_at_the_next_start(
    path: Path, clock: ManualClock, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        await journal.opt_out(*ADA)
        await journal.begin(an_interaction(), TWO_EACH)
    clock.advance(59)
    async with await open_journal():
        assert counts(path) == 1
    clock.advance(1)
    async with await open_journal():
        assert counts(path) == 0


async def test_counts_from_before_the_clock_was_set_back_go_too(
    path: Path, clock: ManualClock, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        await journal.opt_out(*ADA)
        await journal.begin(an_interaction(), TWO_EACH)
    clock.advance(-86_400)
    async with await open_journal():
        assert counts(path) == 0


# --- other processes


async def test_it_holds_in_all_processes_at_once(open_journal: OpenJournal) -> None:
    async with await open_journal() as one, await open_journal() as other:
        earlier = await finished(other)
        await one.opt_out(*ADA)
        assert await other.has_opted_out(*ADA)
        assert told_by(await the_entry(other, earlier)) == {}
        receipt = await other.begin(an_interaction(id="i2"), TWO_EACH)
        assert told_by(await the_entry(other, receipt.request_id)) == {}
        assert not await other.note_feedback(earlier, *ADA, Feedback.HELPFUL)
        assert (await one.begin(an_interaction(id="i3"), TWO_EACH)).wait_s == 60.0


async def test_admin_who_has_opted_out_is_not_noted_with_a_reindex(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        await journal.opt_out(*ADA)
        for by in (ADMIN, AdminRequest("discord", "river-club", "bo")):
            permit = await journal.communities.begin_reindex(by, 0.0)
            assert permit.number is not None
            await journal.communities.end_reindex(permit.number, None, "CorpusError")
        noted = rows(path, "SELECT admin IS NULL, community_id IS NULL FROM reindexes")
    assert noted == [(1, 1), (0, 0)]


# --- copies


async def test_restored_copy_knows_who_opted_out_since(
    path: Path, tmp_path: Path, open_journal: OpenJournal
) -> None:
    copy = tmp_path / "copy.db"
    async with await open_journal() as journal:
        mine = await finished(journal)
        others = await journal.begin(an_interaction(id="2", asker_id="bo"))
        await journal.note_feedback(others.request_id, *ADA, Feedback.HELPFUL)
    back_up(path, copy)
    await out(open_journal)
    assert (await restore(path, copy, NOW)).blanked == 1
    async with await open_journal() as journal:
        assert await journal.has_opted_out(*ADA)
        assert told_by(await the_entry(journal, mine)) == {}
        assert (await the_entry(journal, others.request_id)).feedback == ()
        assert not (await journal.begin(an_interaction(id="3"))).is_kept


async def test_copy_that_another_journal_gives_way_to_keeps_nothing_of_who_is_out(
    path: Path, tmp_path: Path, open_journal: OpenJournal
) -> None:
    copy = tmp_path / "copy.db"
    async with await open_journal() as journal:
        mine = await finished(journal)
    back_up(path, copy)
    lose(path)
    await out(open_journal)
    assert (await restore(path, copy, NOW)).blanked == 1
    async with await open_journal() as journal:
        assert await journal.has_opted_out(*ADA)
        assert told_by(await the_entry(journal, mine)) == {}


async def test_opt_out_in_a_copy_outlasts_a_journal_that_does_not_know_it(
    path: Path, tmp_path: Path, open_journal: OpenJournal
) -> None:
    copy = tmp_path / "copy.db"
    await out(open_journal)
    back_up(path, copy)
    lose(path)
    async with await open_journal() as journal:
        await journal.opt_out("discord", "bo")
    await restore(path, copy, NOW)
    async with await open_journal() as journal:
        assert await journal.has_opted_out(*ADA)
        assert await journal.has_opted_out("discord", "bo")


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_journal_of_an_older_schema_gives_way_to_a_copy(
    path: Path, tmp_path: Path, open_journal: OpenJournal, version: int
) -> None:
    copy = tmp_path / "copy.db"
    async with await open_journal() as journal:
        await finished(journal)
        await journal.opt_out("discord", "bo")
    back_up(path, copy)
    lose(path)
    async with connect_writer(path, 1.0) as connection:
        await migrate(connection, path, lambda: NOW, MIGRATIONS[:version])
        key = read_key(path.with_name("journal.db.key"))
        assert key is not None
        await connection.execute(
            "INSERT INTO facts (name, value) VALUES ('key_fingerprint', ?)",
            (Pseudonyms(key).fingerprint,),
        )
    assert (await restore(path, copy, NOW)).blanked == 0
    async with await open_journal() as journal:
        assert await journal.has_opted_out("discord", "bo")
        assert [entry.interaction_id for entry in await entries(journal)] == ["i1"]


async def test_copy_without_a_key_takes_over_who_is_out(
    path: Path, tmp_path: Path, open_journal: OpenJournal
) -> None:
    copy = tmp_path / "copy.db"
    async with connect_writer(copy, 1.0) as connection:
        await migrate(connection, copy, lambda: NOW)
    await out(open_journal)
    await restore(path, copy, NOW)
    async with await open_journal() as journal:
        assert await journal.has_opted_out(*ADA)


async def test_restoring_says_that_another_key_hides_who_is_out(
    path: Path, tmp_path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        await finished(journal)
    copy = tmp_path / "copy.db"
    back_up(path, copy)
    lose(path)
    lose(path.with_name("journal.db.key"))
    await out(open_journal)
    assert (await restore(path, copy, NOW)).blanked is None


async def test_copy_holds_nothing_of_what_limits_count(
    path: Path, tmp_path: Path, open_journal: OpenJournal
) -> None:
    copy = tmp_path / "copy.db"
    async with await open_journal() as journal:
        await journal.opt_out(*ADA)
        await journal.begin(an_interaction(), THREE_HERE)
        back_up(path, copy)
        assert counts(path) == 1
    assert counts(copy) == 0
    ((member,),) = rows(copy, "SELECT asker FROM opt_outs")
    assert isinstance(member, bytes)
    assert copy.read_bytes().count(member) == 1
