"""The communities in memory keep the contract that backends keep."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.ports import Communities
from tests.contracts.communities_contract import CommunitiesContract
from tests.fakes.communities import MemoryCommunities


class TestMemoryCommunities(CommunitiesContract):
    """The fake."""

    @asynccontextmanager
    async def opened(self, clock: Callable[[], float]) -> AsyncIterator[Communities]:
        yield MemoryCommunities(clock)
