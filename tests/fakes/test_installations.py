"""The installations in memory keep the contract that backends keep."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.ports import Installations
from tests.contracts.installations_contract import InstallationsContract
from tests.fakes.installations import MemoryInstallations


class TestMemoryInstallations(InstallationsContract):
    """The fake."""

    @asynccontextmanager
    async def opened(self, clock: Callable[[], float]) -> AsyncIterator[Installations]:
        yield MemoryInstallations(clock)
