"""The journal in memory keeps the contract of journals."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.ports import Journal, TextPolicy
from tests.contracts.journal_contract import JournalContract
from tests.contracts.members_contract import MembersContract
from tests.contracts.quoting_contract import QuotingContract
from tests.contracts.recollection_contract import RecollectionContract
from tests.contracts.retention_contract import RetentionContract
from tests.fakes.journal import MemoryJournal


class TestMemoryJournal(
    JournalContract, RecollectionContract, MembersContract, QuotingContract, RetentionContract
):
    """The fake."""

    @asynccontextmanager
    async def opened(
        self, clock: Callable[[], float], new_id: Callable[[], str], text_policy: TextPolicy
    ) -> AsyncIterator[Journal]:
        journal = MemoryJournal(clock, new_id, text_policy)
        yield journal
        await journal.close()

    @asynccontextmanager
    async def succeeded(
        self, journal: Journal, clock: Callable[[], float], new_id: Callable[[], str]
    ) -> AsyncIterator[Journal]:
        assert isinstance(journal, MemoryJournal)
        yield journal.succeeded()
