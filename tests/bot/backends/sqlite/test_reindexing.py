"""What the log tells of reindexes and of the quotes that were shown."""

import sqlite3
from dataclasses import replace
from pathlib import Path

from bot.backends.sqlite import SqliteJournal
from bot.ports.figures import Figures, ReindexNote
from bot.types import DocumentChange, ReadFailure
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.contracts.communities_contract import BY, a_report
from tests.fakes.clock import ManualClock
from tests.fakes.journal import a_reply, an_interaction

RYE = DocumentChange("rye", "Rye", "changed", 2, 1)
OATS = DocumentChange("oats", "Oats", "added", 7, 0)
RICE = DocumentChange("rice", "Rice", "removed", 0, 3)
SCAN = ReadFailure("scan.pdf", "It has no text.")
LOST = ReadFailure("lost.txt", "It is not there.")


async def reindexed(
    journal: SqliteJournal,
    *changes: DocumentChange,
    failures: tuple[ReadFailure, ...] = (),
) -> int:
    number = await journal.communities.begin_local_reindex()
    report = replace(a_report(), changes=changes, failures=failures)
    await journal.communities.end_reindex(number, report, None)
    return number


async def test_reindexes_come_with_what_they_changed_in_sum(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    started = clock.now
    async with await open_journal() as journal:
        first = await reindexed(journal, RYE, OATS, RICE, failures=(SCAN, LOST))
        permit = await journal.communities.begin_reindex(BY, 0.0)
        clock.advance(3)
        await journal.communities.end_reindex(permit.number, None, "CorpusError", "t.toml: bad")
        last = await journal.communities.begin_local_reindex()
        figures: Figures = journal.desk.figures
        running, failed, done = await figures.reindexes(10)
        assert len(await figures.reindexes(2)) == 2
    assert done == ReindexNote(
        first, started, started, "cli", "c0ffee", 4, 400, None, None, 1, 1, 1, 9, 4, 2
    )
    assert (failed.platform, failed.finished_at) == ("discord", clock.now)
    assert (failed.error, failed.reason, failed.version) == ("CorpusError", "t.toml: bad", None)
    assert (running.number, running.finished_at, running.added) == (last, None, 0)


async def test_changes_and_failures_are_told_of_the_last_reindexes(
    open_journal: OpenJournal,
) -> None:
    async with await open_journal() as journal:
        one = await reindexed(journal, OATS, failures=(SCAN,))
        two = await reindexed(journal, RYE, RICE, failures=(SCAN, LOST))
        figures: Figures = journal.desk.figures
        changes = await figures.reindex_changes(2, 10)
        assert changes == [(two, RICE), (two, RYE), (one, OATS)]
        assert await figures.reindex_changes(1, 10) == changes[:2]
        assert await figures.reindex_changes(9, 1) == [(two, RICE), (one, OATS)]
        failures = await figures.reindex_failures(2, 10)
        assert failures == [(two, SCAN), (two, LOST), (one, SCAN)]
        assert await figures.reindex_failures(9, 1) == [(two, SCAN), (one, SCAN)]
        assert await figures.reindex_failures(1, 9) == failures[:2]


async def test_a_corpus_of_many_documents_is_noted_whole(open_journal: OpenJournal) -> None:
    many = [DocumentChange(f"d{n:05}", "D", "added", 1, 0) for n in range(20_000)]
    async with await open_journal() as journal:
        number = await reindexed(journal, *many)
        figures: Figures = journal.desk.figures
        assert (await figures.reindexes(1))[0].added == 20_000
        assert await figures.reindex_changes(1, 2) == [(number, one) for one in many[:2]]


async def test_what_was_noted_before_changes_were_has_none(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        await reindexed(journal, OATS)
        earlier = sqlite3.connect(path)
        with earlier:
            earlier.execute("UPDATE reindexes SET passages = NULL")
            earlier.execute("DELETE FROM reindex_changes")
        earlier.close()
        (found,) = await journal.desk.figures.reindexes(1)
        assert (found.passages, found.added, found.documents) == (None, 0, 4)


async def test_quotes_are_kept_with_how_often_they_were_shown(open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        figures: Figures = journal.desk.figures
        assert await figures.kept_quotes() == []
        reply = a_reply()
        for number, asker in enumerate(("ada", "bo", "bo")):
            receipt = await journal.begin(an_interaction(id=str(number), asker_id=asker))
            await journal.finish(receipt.request_id, reply)
        shown = [one.quote for one in (*reply.quotes, *reply.counterpoints)]
        quotes = await figures.kept_quotes()
        assert {one.text for one in quotes} == {one.text for one in shown}
        ids = {one.document_id for one in quotes}
        assert set(await figures.kept_quotes(ids)) == set(quotes)
        assert await figures.kept_quotes(["nothing", "\ud800"]) == []
        known = {one.quote_id for one in quotes}
        assert await figures.times_shown(ids) == dict.fromkeys(known, 3)
        assert await figures.times_shown(["nothing"]) == {}
        await journal.forget("discord", "bo")
        assert await figures.times_shown(ids) == dict.fromkeys(known, 1)
        await journal.forget("discord", "ada")
        assert await figures.times_shown(ids) == {}
        assert set(await figures.kept_quotes()) == set(quotes)
