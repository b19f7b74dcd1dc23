"""Corrections lie in the journal's file; who answers reads it on a connection of their own."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.backends.sqlite import CorrectionsOnFile, SqliteJournal
from bot.ports import TextPolicy
from tests.contracts.corrections_contract import CorrectionsContract, Desk
from tests.fakes.clock import CountingIds


class TestSqliteCorrections(CorrectionsContract):
    """The embedded default."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    @asynccontextmanager
    async def opened(self, clock: Callable[[], float]) -> AsyncIterator[Desk]:
        path = self.folder / "journal.db"
        async with await SqliteJournal.open(
            path, clock=clock, new_id=CountingIds(), text_policy=TextPolicy.OFF
        ) as journal:
            in_force = CorrectionsOnFile(path)
            try:
                yield journal.desk.corrections, in_force
            finally:
                in_force.close()
