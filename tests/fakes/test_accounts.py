"""The accounts in memory keep the contract that backends keep."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.ports import Accounts
from tests.contracts.accounts_contract import AccountsContract
from tests.fakes.accounts import MemoryAccounts


class TestMemoryAccounts(AccountsContract):
    """The fake."""

    @asynccontextmanager
    async def opened(self, clock: Callable[[], float]) -> AsyncIterator[Accounts]:
        yield MemoryAccounts(clock)
