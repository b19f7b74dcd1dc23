"""What SQLite and the system say becomes a sentence with the path and the way out."""

import asyncio
import errno
import os
import sqlite3
from pathlib import Path

import pytest
from filelock import FileLock

from bot.backends.sqlite import SqliteJournal
from bot.backends.sqlite.connections import connect_writer, make_durable
from bot.backends.sqlite.failures import explain
from bot.errors import JournalError
from bot.ports import TextPolicy
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.bot.backends.sqlite.trouble import Tap, own_folder, protected
from tests.contracts.journal_contract import entries
from tests.fakes.clock import CountingIds
from tests.fakes.journal import a_reply, an_interaction


@pytest.fixture
def text_file(path: Path) -> bytes:
    """Put something else in the journal's place."""
    content = b"minutes of the meeting\n" * 500
    path.write_bytes(content)
    return content


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(40 * 4096)  # past the schema, which is read when the file is opened
        file.write(b"\xff" * 10 * 4096)


async def test_a_full_disk_is_told_and_writing_goes_on_when_there_is_room(
    open_journal: OpenJournal,
) -> None:
    tap = Tap()
    async with await open_journal(connect=tap.connect) as journal:
        first = await journal.begin(an_interaction(id="1"))
        tap.set("max_page_count = 1")
        with pytest.raises(JournalError, match=r"journal\.db: the disk is full; free") as caught:
            await journal.begin(an_interaction(id="2", text="x" * 100_000))
        assert caught.value.retryable
        tap.set("max_page_count = 100000")
        second = await journal.begin(an_interaction(id="2", text="x" * 100_000))
        assert second.is_new
        assert [entry.request_id for entry in await entries(journal)] == [
            second.request_id,
            first.request_id,
        ]


async def test_a_write_protected_file_is_told(open_journal: OpenJournal) -> None:
    tap = Tap()
    async with await open_journal(connect=tap.connect) as journal:
        tap.set("query_only = ON")
        with pytest.raises(JournalError, match=r"journal\.db: it cannot be written; make"):
            await journal.begin(an_interaction())
        tap.set("query_only = OFF")
        assert (await journal.begin(an_interaction())).is_new


async def test_a_locked_file_is_told_after_the_timeout(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal(busy_timeout_s=0.05) as journal:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match=r"journal\.db: another process holds") as caught:
            await journal.begin(an_interaction())
        assert caught.value.retryable
        other.execute("ROLLBACK")
        other.close()
        assert (await journal.begin(an_interaction())).is_new


async def test_an_opener_that_is_held_up_says_so(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal():
        with (
            FileLock(path.with_name("journal.db.locks") / "open.lock"),
            pytest.raises(JournalError, match=r"journal\.db: another process has been opening"),
        ):
            await open_journal(busy_timeout_s=0.05)


async def test_a_file_that_is_no_database_is_refused_and_kept(
    path: Path, text_file: bytes, open_journal: OpenJournal
) -> None:
    with pytest.raises(JournalError, match=r"journal\.db: it is damaged.*move it") as caught:
        await open_journal()
    assert not caught.value.retryable
    assert await asyncio.to_thread(path.read_bytes) == text_file


async def test_damage_inside_the_file_is_told_by_reading_and_by_check(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        for number in range(200):
            await journal.begin(an_interaction(id=str(number), text="x" * 500))
    _overwrite(path)
    async with await open_journal() as journal:
        with pytest.raises(JournalError, match=r"journal\.db: it is damaged"):
            await entries(journal, 200)
        with pytest.raises(JournalError, match=r"journal\.db: it is damaged"):
            await journal.check()


async def test_a_folder_in_place_of_the_file_is_told(path: Path, open_journal: OpenJournal) -> None:
    await asyncio.to_thread(path.mkdir)
    with pytest.raises(JournalError, match=r"journal\.db: it cannot be opened"):
        await open_journal()


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(JournalError, match=r"taken.journal\.db.*could not be used \(.*taken"):
        await SqliteJournal.open(
            tmp_path / "taken" / "journal.db",
            clock=lambda: 0.0,
            new_id=lambda: "r1",
            text_policy=TextPolicy.FULL,
        )


async def test_a_row_that_is_refused_is_told_and_its_neighbours_are_kept(
    open_journal: OpenJournal,
) -> None:
    async with await open_journal() as journal:
        good = await journal.begin(an_interaction(id="1"))
        bad = await journal.begin(an_interaction(id="2"))
        answers = await asyncio.gather(
            journal.finish(good.request_id, a_reply()),
            journal.finish(bad.request_id, a_reply(took_ms="soon")),
            journal.finish("unknown", a_reply()),
            journal.begin(an_interaction(id="3")),
            return_exceptions=True,
        )
        assert isinstance(answers[1], JournalError)
        assert "mistake of the program" in str(answers[1])
        assert "no request 'unknown'" in str(answers[2])
        states = [str(entry.state) for entry in await entries(journal)]
    assert states == ["begun", "begun", "finished"]


async def test_a_disk_without_write_ahead_logs_is_refused() -> None:
    async with connect_writer(Path(":memory:"), 1.0) as connection:
        with pytest.raises(JournalError, match=r"allows no write-ahead log.*local disk"):
            await make_durable(connection, Path("journal.db"))


@pytest.mark.parametrize("is_new", [True, False])
async def test_a_folder_that_may_not_be_written_is_told(is_new: bool) -> None:
    with own_folder() as folder:
        path = folder / "journal.db"
        # Once while it may be written, also so that nothing is left to be loaded.
        await opened_and_written(folder / "another.db" if is_new else path)
        with (
            protected(*folder.rglob("*"), folder),
            pytest.raises(JournalError, match=r"journal\.db: it cannot be written; make the file"),
        ):
            await opened_and_written(path)
        await opened_and_written(path)


async def test_a_file_that_may_not_be_written_is_told() -> None:
    with own_folder() as folder:
        path = folder / "journal.db"
        await opened_and_written(path)
        for other in (folder, *folder.rglob("*")):
            other.chmod(0o777)
        with (
            protected(path),
            pytest.raises(JournalError, match=r"journal\.db: it cannot be written; make the file"),
        ):
            await opened_and_written(path)
        assert path.stat().st_size > 0


async def opened_and_written(path: Path) -> None:
    async with await SqliteJournal.open(
        path, clock=lambda: 0.0, new_id=CountingIds(), text_policy=TextPolicy.FULL
    ) as journal:
        await journal.begin(an_interaction())


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (errno.EACCES, "make the file and its folder writable"),
        (errno.EROFS, "make the file and its folder writable"),
        (errno.ENOSPC, "the disk is full; free some space"),
        (errno.ENOTDIR, "it could not be used"),
    ],
)
def test_what_the_system_says_is_told_with_the_way_out(code: int, told: str) -> None:
    error = explain(Path("journal.db"), OSError(code, os.strerror(code), "journal.db.locks"))
    assert told in str(error)
    assert os.strerror(code) in str(error)
    assert error.retryable


def test_an_error_that_is_explained_already_stays_as_it_is() -> None:
    error = JournalError("Journal a: it is closed.")
    assert explain(Path("b"), error) is error
