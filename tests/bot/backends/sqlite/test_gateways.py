"""How bots are connected lies in the journal's file, which all processes share."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.backends.sqlite import SqliteJournal
from bot.errors import JournalError
from bot.ports import Gateways, TextPolicy
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.contracts.gateways_contract import UP, GatewaysContract
from tests.fakes.clock import CountingIds, ManualClock


class TestSqliteGateways(GatewaysContract):
    """The embedded default."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path
        self.ids = CountingIds()

    @asynccontextmanager
    async def process(self, clock: ManualClock) -> AsyncIterator[Gateways]:
        async with await SqliteJournal.open(
            self.folder / "journal.db",
            clock=clock,
            new_id=self.ids,
            text_policy=TextPolicy.OFF,
        ) as journal:
            yield journal.desk.gateways


def processes_in(path: Path) -> list[str]:
    """Return the processes that a file has rows of, read behind the journal's back."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT process FROM gateways ORDER BY process")
        return [process for (process,) in rows]


async def test_rows_of_those_that_are_gone_go_when_another_begins(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal(new_id=lambda: "living") as living:
        await living.desk.gateways.note("slack", UP)
        async with await open_journal(new_id=lambda: "gone") as gone:
            await gone.desk.gateways.note("discord", UP)
        assert processes_in(path) == ["gone", "living"]
        async with await open_journal(new_id=lambda: "new") as new:
            await new.desk.gateways.note("discord", UP)
            assert processes_in(path) == ["living", "new"]


async def test_a_row_that_was_lost_comes_back(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal(new_id=lambda: "bot") as journal:
        await journal.desk.gateways.note("discord", UP)
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("DELETE FROM gateways")
        await journal.desk.gateways.note("discord", UP)
        assert processes_in(path) == ["bot"]


async def test_nothing_is_noted_or_known_once_it_is_closed(open_journal: OpenJournal) -> None:
    journal = await open_journal()
    await journal.close()
    gateways: Gateways = journal.desk.gateways
    with pytest.raises(JournalError, match="closed"):
        await gateways.note("discord", UP)
    with pytest.raises(JournalError, match="closed"):
        await gateways.leave()
    with pytest.raises(JournalError, match="closed"):
        await gateways.known()


async def test_gateways_that_cannot_be_read_are_an_error_that_names_the_file(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("DROP TABLE gateways")
        with pytest.raises(JournalError, match=r"journal\.db"):
            await journal.desk.gateways.known()
