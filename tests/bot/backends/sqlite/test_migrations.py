"""Numbered steps take a file from any earlier version to today's, whole or not at all."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.backends.sqlite.connections import connect_writer
from bot.backends.sqlite.migrations import MIGRATIONS, Migration, migrate
from bot.errors import JournalError
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.contracts.journal_contract import entries
from tests.fakes.clock import ManualClock
from tests.fakes.journal import an_interaction

_NEXT = MIGRATIONS[-1].version + 1
_WITH_NEXT = (
    *MIGRATIONS,
    Migration(
        _NEXT,
        "verdicts",
        (
            "CREATE TABLE verdicts (request_id TEXT NOT NULL) STRICT",
            "INSERT INTO verdicts SELECT request_id FROM interactions",
        ),
    ),
)


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    """Ask a file behind the journal's back."""
    database = sqlite3.connect(path)
    try:
        rows: list[tuple[object, ...]] = database.execute(query).fetchall()
        database.commit()
    finally:
        database.close()
    return rows


def test_versions_count_from_one_without_a_gap() -> None:
    assert [step.version for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


async def test_each_step_is_noted_with_its_time(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal(clock=ManualClock(123.0)):
        pass
    assert ask(path, "SELECT version, applied_at FROM schema_migrations") == [
        (step.version, 123.0) for step in MIGRATIONS
    ]


async def test_a_further_step_keeps_the_data(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        receipt = await journal.begin(an_interaction())
    async with connect_writer(path, 1.0) as connection:
        assert await migrate(connection, path, clock, _WITH_NEXT) == _NEXT
        assert await migrate(connection, path, clock, _WITH_NEXT) == _NEXT
    assert ask(path, "SELECT request_id FROM verdicts") == [(receipt.request_id,)]
    assert ask(path, "SELECT text FROM interactions") == [(an_interaction().text,)]


async def test_a_step_that_fails_leaves_the_file_as_it_was(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        await journal.begin(an_interaction())
    broken = Migration(
        _NEXT, "broken", ("DROP TABLE deliveries", "DELETE FROM interactions", "not SQL")
    )
    async with connect_writer(path, 1.0) as connection:
        with pytest.raises(sqlite3.OperationalError, match="syntax error"):
            await migrate(connection, path, clock, (*MIGRATIONS, broken))
    async with await open_journal() as journal:
        assert (await journal.check()).schema_version == MIGRATIONS[-1].version
        assert len(await entries(journal)) == 1
    assert ask(path, "SELECT * FROM deliveries") == []


async def test_a_newer_file_is_refused_and_left_alone(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        await journal.begin(an_interaction())
    ask(path, "INSERT INTO schema_migrations VALUES (99, 'from the future', 0.0)")
    with pytest.raises(JournalError, match=r"journal\.db.*version 99, newer than.*start the newer"):
        await open_journal()
    assert ask(path, "SELECT count(*) FROM interactions") == [(1,)]


async def test_another_programs_database_is_refused(path: Path, open_journal: OpenJournal) -> None:
    ask(path, "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(JournalError, match=r"another program \(with a table 'recipes'\)") as caught:
        await open_journal()
    assert not caught.value.retryable


async def test_openers_at_the_same_time_migrate_once(path: Path, open_journal: OpenJournal) -> None:
    journals = await asyncio.gather(*(open_journal() for _ in range(6)))
    await asyncio.gather(*(journal.begin(an_interaction()) for journal in journals))
    await asyncio.gather(*(journal.close() for journal in journals))
    assert ask(path, "SELECT count(*) FROM schema_migrations") == [(len(MIGRATIONS),)]
    assert ask(path, "SELECT count(*) FROM interactions") == [(1,)]


async def test_two_connections_that_migrate_at_once_are_safe_without_the_openers_lock(
    path: Path, clock: ManualClock
) -> None:
    async with connect_writer(path, 5.0) as first, connect_writer(path, 5.0) as second:
        await asyncio.gather(
            migrate(first, path, clock, _WITH_NEXT), migrate(second, path, clock, _WITH_NEXT)
        )
    assert ask(path, "SELECT count(*) FROM schema_migrations") == [(_NEXT,)]
