"""Writes go in groups; an error reaches those it concerns and nobody else."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from bot.backends.sqlite.connections import connect_writer
from bot.backends.sqlite.writer import GroupedWriter, Write


class Note(Write[int]):
    """A number to write; the answer is its double."""

    def __init__(self, number: object) -> None:
        self.number = number


class Notebook:
    """Writes notes and remembers in which groups they came."""

    def __init__(self) -> None:
        self.groups: list[list[object]] = []

    async def apply(
        self, connection: aiosqlite.Connection, notes: Sequence[Write[Any]]
    ) -> list[Any]:
        numbers = [note.number for note in notes if isinstance(note, Note)]
        self.groups.append(numbers)
        await connection.executemany("INSERT INTO notes VALUES (?)", [(n,) for n in numbers])
        return [number * 2 for number in numbers if isinstance(number, int)]


@pytest.fixture
async def connection(path: Path) -> AsyncIterator[aiosqlite.Connection]:
    async with connect_writer(path, 0.05) as connection:
        await connection.execute_fetchall("CREATE TABLE notes (n INTEGER NOT NULL UNIQUE) STRICT")
        yield connection


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
async def writer(
    connection: aiosqlite.Connection, notebook: Notebook
) -> AsyncIterator[GroupedWriter]:
    writer = GroupedWriter(connection, notebook.apply, lambda error: error, max_batch=8)
    yield writer
    await writer.close()


def written(path: Path) -> list[int]:
    database = sqlite3.connect(path)
    rows = [n for (n,) in database.execute("SELECT n FROM notes ORDER BY n")]
    database.close()
    return rows


async def test_waiting_writes_share_a_transaction_up_to_the_limit(
    writer: GroupedWriter, notebook: Notebook, path: Path
) -> None:
    answers = await asyncio.gather(*(writer.submit(Note(n)) for n in range(20)))
    assert answers == [n * 2 for n in range(20)]
    assert [len(group) for group in notebook.groups] == [8, 8, 4]
    assert written(path) == list(range(20))


async def test_a_bad_row_fails_its_own_caller_only(writer: GroupedWriter, path: Path) -> None:
    answers = await asyncio.gather(
        *(writer.submit(Note(n)) for n in (1, 2, "two", 2, object(), 3)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [
        int,
        int,
        sqlite3.IntegrityError,
        sqlite3.IntegrityError,
        sqlite3.ProgrammingError,
        int,
    ]
    assert written(path) == [1, 2, 3]


async def test_a_locked_file_fails_the_group_once_and_later_writes_work(
    writer: GroupedWriter, notebook: Notebook, path: Path
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answers = await asyncio.gather(
        *(writer.submit(Note(n)) for n in range(3)), return_exceptions=True
    )
    assert {type(answer) for answer in answers} == {sqlite3.OperationalError}
    assert notebook.groups == []
    other.execute("ROLLBACK")
    other.close()
    assert await writer.submit(Note(7)) == 14
    assert written(path) == [7]


async def test_a_mistake_of_the_program_does_not_end_the_writer(
    connection: aiosqlite.Connection,
) -> None:
    async def fail_once(_: aiosqlite.Connection, notes: Sequence[Write[Any]]) -> list[Any]:
        calls.append(notes)
        if len(calls) == 1:
            raise ZeroDivisionError
        return [0]

    calls: list[Sequence[Write[Any]]] = []
    writer = GroupedWriter(connection, fail_once, lambda error: error, max_batch=8)
    with pytest.raises(ZeroDivisionError):
        await writer.submit(Note(1))
    assert await writer.submit(Note(1)) == 0
    await writer.close()


async def test_close_writes_what_is_queued(writer: GroupedWriter, path: Path) -> None:
    waiting = [asyncio.create_task(writer.submit(Note(n))) for n in range(30)]
    await asyncio.sleep(0)
    await asyncio.gather(writer.close(), writer.close())
    assert await asyncio.gather(*waiting) == [n * 2 for n in range(30)]
    assert written(path) == list(range(30))


async def test_a_caller_that_stops_waiting_leaves_its_write(
    writer: GroupedWriter, path: Path
) -> None:
    gone = [asyncio.create_task(writer.submit(Note(n))) for n in (1, 1)]  # one will fail
    await asyncio.sleep(0)
    for task in gone:
        task.cancel()
    await writer.submit(Note(2))
    assert written(path) == [1, 2]


def test_a_writer_that_nobody_closed_ends_with_its_loop(path: Path) -> None:
    async def forget_to_close() -> asyncio.Task[int]:
        connection = await connect_writer(path, 0.05)
        started = asyncio.Event()

        async def never_done(_: aiosqlite.Connection, __: Sequence[Write[Any]]) -> list[Any]:
            started.set()
            await asyncio.sleep(60)
            return []

        writer = GroupedWriter(connection, never_done, lambda error: error, max_batch=1)
        waiting = [asyncio.create_task(writer.submit(Note(n))) for n in range(2)]
        await started.wait()
        return waiting[0]

    assert asyncio.run(forget_to_close()).cancelled()
