"""The SQLite journal keeps the contract of journals."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.backends.sqlite import SqliteJournal
from bot.ports import Journal, TextPolicy
from tests.contracts.journal_contract import JournalContract
from tests.contracts.members_contract import MembersContract
from tests.contracts.opting_out_contract import OptingOutContract
from tests.contracts.quoting_contract import QuotingContract
from tests.contracts.recollection_contract import RecollectionContract
from tests.contracts.retention_contract import RetentionContract
from tests.contracts.unasked_contract import UnaskedContract


class TestSqliteJournal(
    JournalContract,
    RecollectionContract,
    MembersContract,
    OptingOutContract,
    QuotingContract,
    RetentionContract,
    UnaskedContract,
):
    """The embedded default."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    @asynccontextmanager
    async def opened(
        self, clock: Callable[[], float], new_id: Callable[[], str], text_policy: TextPolicy
    ) -> AsyncIterator[Journal]:
        async with await SqliteJournal.open(
            self.folder / "journal.db", clock=clock, new_id=new_id, text_policy=text_policy
        ) as journal:
            yield journal

    @asynccontextmanager
    async def succeeded(
        self, journal: Journal, clock: Callable[[], float], new_id: Callable[[], str]
    ) -> AsyncIterator[Journal]:
        await journal.close()
        async with self.opened(clock, new_id, TextPolicy.FULL) as after:
            yield after
