"""Copies of the journal: made while it is written, and put back without losing what stood there."""

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest

from bot.backends.sqlite import back_up, restore
from bot.backends.sqlite.connections import connect_writer
from bot.backends.sqlite.migrations import MIGRATIONS, migrate
from bot.errors import JournalError
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.contracts.journal_contract import entries
from tests.fakes.journal import a_reply, an_interaction

NOW = 1_750_000_000.0
ASIDE = "journal.db.before-20250615T150640Z"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where the copy goes."""
    return tmp_path / "backups" / "copy.db"


def content_of(file: Path) -> bytes:
    """Read a file."""
    return file.read_bytes()


def put(file: Path, content: bytes) -> None:
    """Write something else into a file."""
    file.write_bytes(content)


async def asked(open_journal: OpenJournal, *ids: str, asker_id: str = "ada") -> None:
    """Answer requests in a journal, and close it."""
    async with await open_journal() as journal:
        for one in ids:
            receipt = await journal.begin(an_interaction(id=one, asker_id=asker_id))
            await journal.finish(receipt.request_id, a_reply())


async def kept(open_journal: OpenJournal) -> list[str | None]:
    """Return the texts in a journal, the last first, None where one is blank."""
    async with await open_journal() as journal:
        assert (await journal.check()).problems == ()
        return [entry.text and entry.interaction_id for entry in await entries(journal)]


async def test_copy_of_a_journal_in_use_holds_all_that_was_acknowledged(
    path: Path, copy: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        for number in range(50):
            await journal.begin(an_interaction(id=str(number)))
        writing = [
            asyncio.create_task(journal.begin(an_interaction(id=f"more-{number}")))
            for number in range(300)
        ]
        made = await asyncio.to_thread(back_up, path, copy)
        await asyncio.gather(*writing)
        assert (await journal.check()).problems == ()
    assert 50 <= made.interactions <= 350
    assert made.size_bytes == len(content_of(copy))
    database = sqlite3.connect(copy)
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


async def test_copy_is_one_file_and_its_key_for_their_owner_only(
    path: Path, copy: Path, open_journal: OpenJournal
) -> None:
    await asked(open_journal, "1")
    made = back_up(path, copy)
    assert sorted(file.name for file in copy.parent.iterdir()) == ["copy.db", "copy.db.key"]
    assert made.key_file == copy.with_name("copy.db.key")
    assert made.key_file.read_text() == path.with_name("journal.db.key").read_text()
    for file in copy.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("taken", ["copy.db", "copy.db.key"])
async def test_backup_overwrites_nothing(
    path: Path, copy: Path, open_journal: OpenJournal, taken: str
) -> None:
    await asked(open_journal, "1")
    copy.parent.mkdir()
    (copy.parent / taken).write_text("last year's")
    with pytest.raises(JournalError, match=f"{taken}: the file exists already"):
        back_up(path, copy)
    assert (copy.parent / taken).read_text() == "last year's"


def test_backup_of_no_journal_makes_none(path: Path, copy: Path) -> None:
    with pytest.raises(JournalError, match=r"journal\.db: there is no such journal"):
        back_up(path, copy)
    assert not path.exists()
    assert not copy.exists()


async def test_backup_of_a_damaged_journal_is_refused_and_leaves_no_file(
    path: Path, copy: Path, open_journal: OpenJournal
) -> None:
    await asked(open_journal, *map(str, range(100)))
    with path.open("r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xff" * 8 * 4096)
    with pytest.raises(JournalError, match="it is damaged"):
        back_up(path, copy)
    assert list(copy.parent.iterdir()) == []


async def test_restored_journal_is_what_the_copy_was_and_the_old_one_stays_aside(
    path: Path, copy: Path, open_journal: OpenJournal
) -> None:
    await asked(open_journal, "1", "2")
    back_up(path, copy)
    await asked(open_journal, "3")
    restored = await restore(path, copy, NOW)
    assert (restored.interactions, restored.blanked) == (2, 0)
    assert await kept(open_journal) == ["2", "1"]
    assert restored.aside == path.with_name(ASIDE)
    database = sqlite3.connect(restored.aside)
    assert database.execute("SELECT count(*) FROM interactions").fetchall() == [(3,)]
    database.close()
    assert not list(path.parent.glob("*.restoring*"))


async def test_copy_is_restored_where_nothing_is_left(
    path: Path, copy: Path, open_journal: OpenJournal
) -> None:
    await asked(open_journal, "1")
    back_up(path, copy)
    for file in (path, path.with_name("journal.db.key")):
        file.unlink()
    assert (await restore(path, copy, NOW)).aside is None
    assert await kept(open_journal) == ["1"]
    async with await open_journal() as journal:  # the key came with it
        assert await journal.forget("discord", "ada") == 1


async def test_who_was_forgotten_since_stays_forgotten(
    path: Path, copy: Path, open_journal: OpenJournal
) -> None:
    await asked(open_journal, "1")
    await asked(open_journal, "2", asker_id="bo")
    back_up(path, copy)
    async with await open_journal() as journal:
        await journal.forget("discord", "ada")
    assert (await restore(path, copy, NOW)).blanked == 1
    assert await kept(open_journal) == ["2", None]
    assert an_interaction().text.encode() in content_of(copy)  # the copy is left alone


async def test_damaged_journal_gives_way_and_stays_aside(
    path: Path, copy: Path, open_journal: OpenJournal
) -> None:
    await asked(open_journal, "1")
    back_up(path, copy)
    put(path, b"no database" * 1000)
    restored = await restore(path, copy, NOW)
    assert (restored.blanked, restored.interactions) == (None, 1)
    assert path.with_name(ASIDE).read_bytes() == b"no database" * 1000
    assert await kept(open_journal) == ["1"]


async def test_journal_that_is_open_is_not_replaced(
    path: Path, copy: Path, open_journal: OpenJournal
) -> None:
    await asked(open_journal, "1")
    back_up(path, copy)
    async with await open_journal() as journal:
        with pytest.raises(JournalError, match=r"a process has it open; stop the bot"):
            await restore(path, copy, NOW)
        assert (await journal.begin(an_interaction(id="2"))).is_new
    assert await kept(open_journal) == ["2", "1"]


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_copy_of_an_older_schema_is_brought_up_to_date(
    path: Path, tmp_path: Path, open_journal: OpenJournal, version: int
) -> None:
    copy = tmp_path / "copy.db"
    async with connect_writer(copy, 1.0) as connection:
        await migrate(connection, copy, lambda: NOW, MIGRATIONS[:version])
        await connection.execute(
            "INSERT INTO interactions (request_id, platform, interaction_id, asker, text,"
            " created_at, begun_at, process, state)"
            " VALUES ('old', 'slack', '1', x'01', 'Why?', 1, 2, 'p', 'begun')"
        )
    await restore(path, copy, NOW)
    async with await open_journal() as journal:
        assert (await journal.check()).schema_version == MIGRATIONS[-1].version
    assert await kept(open_journal) == ["1"]


async def test_copy_without_its_key_is_refused(
    path: Path, copy: Path, open_journal: OpenJournal
) -> None:
    await asked(open_journal, "1")
    back_up(path, copy)
    copy.with_name("copy.db.key").unlink()
    path.with_name("journal.db.key").write_text("ab" * 32)
    before = content_of(path)
    with pytest.raises(JournalError, match=r"its key is missing; put the key"):
        await restore(path, copy, NOW)
    assert content_of(path) == before


@pytest.mark.parametrize("content", [b"", b"minutes of the meeting\n" * 500])
async def test_what_is_no_journal_is_not_restored(
    path: Path, copy: Path, open_journal: OpenJournal, content: bytes
) -> None:
    await asked(open_journal, "1")
    copy.parent.mkdir()
    put(copy, content)
    with pytest.raises(JournalError, match=r"copy\.db: it is "):
        await restore(path, copy, NOW)
    assert await kept(open_journal) == ["1"]


async def test_copy_that_is_not_there_is_told(path: Path, copy: Path) -> None:
    with pytest.raises(JournalError, match=r"copy\.db: there is no such file; name a backup"):
        await restore(path, copy, NOW)
