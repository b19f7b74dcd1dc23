"""The journal in memory keeps the contract of journals."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.ports import Journal, TextPolicy
from tests.contracts.journal_contract import JournalContract
from tests.contracts.members_contract import MembersContract
from tests.contracts.opting_out_contract import OptingOutContract
from tests.contracts.quoting_contract import QuotingContract
from tests.contracts.recollection_contract import RecollectionContract
from tests.contracts.retention_contract import RetentionContract
from tests.contracts.unasked_contract import UnaskedContract
from tests.fakes.journal import MemoryJournal


class TestMemoryJournal(
    JournalContract,
    RecollectionContract,
    MembersContract,
    OptingOutContract,
    QuotingContract,
    RetentionContract,
    UnaskedContract,
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


def test_no_contract_hides_a_test_of_another() -> None:
    contracts = TestMemoryJournal.__bases__
    names = Counter(name for one in contracts for name in vars(one) if name.startswith("test_"))
    assert [name for name, times in names.items() if times > 1] == []
