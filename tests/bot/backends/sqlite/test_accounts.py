"""Sessions and links lie in the journal's file, hidden, and all processes know them."""

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.backends.sqlite import SqliteJournal
from bot.errors import JournalError
from bot.ports import Accounts, TextPolicy
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.contracts.accounts_contract import AccountsContract
from tests.fakes.clock import CountingIds, ManualClock

TOKEN = "a-token-that-nobody-guesses"  # noqa: S105 (of a test)


class TestSqliteAccounts(AccountsContract):
    """The embedded default."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    @asynccontextmanager
    async def opened(self, clock: Callable[[], float]) -> AsyncIterator[Accounts]:
        async with await SqliteJournal.open(
            self.folder / "journal.db",
            clock=clock,
            new_id=CountingIds(),
            text_policy=TextPolicy.OFF,
        ) as journal:
            yield journal.desk.accounts


def links_in(path: Path) -> list[bytes]:
    """Return the links in a file, read behind the journal's back."""
    with closing(sqlite3.connect(path)) as database:
        return [link for (link,) in database.execute("SELECT link_hash FROM login_links")]


def files_with(folder: Path, word: bytes) -> list[str]:
    """Name the files of a folder that hold a word."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [file.name for file in files if word in file.read_bytes()]


async def test_only_the_hash_of_a_link_is_stored(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        await journal.desk.accounts.note_link(TOKEN, clock.now + 10)
        assert links_in(path) == [hashlib.sha256(TOKEN.encode()).digest()]
        assert files_with(path.parent, TOKEN.encode()) == []


async def test_a_link_made_by_one_process_is_used_in_another_and_once_over_all(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as here, await open_journal() as there:
        await here.desk.accounts.note_link(TOKEN, clock.now + 10)
        tries = [one.desk.accounts.use_link(TOKEN) for one in (here, there) * 5]
        assert sorted(await asyncio.gather(*tries)) == [False] * 9 + [True]


async def test_a_link_outlives_a_restart_and_its_use_does_too(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        await journal.desk.accounts.note_link(TOKEN, clock.now + 10)
    async with await open_journal() as journal:
        assert await journal.desk.accounts.use_link(TOKEN)
    async with await open_journal() as journal:
        assert not await journal.desk.accounts.use_link(TOKEN)


async def test_links_whose_time_is_up_go_when_the_next_is_made(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        await journal.desk.accounts.note_link("old", clock.now + 10)
        clock.advance(11)
        await journal.desk.accounts.note_link(TOKEN, clock.now + 10)
        assert links_in(path) == [hashlib.sha256(TOKEN.encode()).digest()]


async def test_nothing_is_noted_or_used_once_it_is_closed(open_journal: OpenJournal) -> None:
    journal = await open_journal()
    await journal.close()
    with pytest.raises(JournalError):
        await journal.desk.accounts.note_link(TOKEN, 1.0)
    with pytest.raises(JournalError):
        await journal.desk.accounts.use_link(TOKEN)
