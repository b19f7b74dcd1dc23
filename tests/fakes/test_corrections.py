"""The corrections in memory keep the contract that backends keep."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tests.contracts.corrections_contract import CorrectionsContract, Desk
from tests.fakes.corrections import CorrectionsInMemory, MemoryCorrections


class TestMemoryCorrections(CorrectionsContract):
    """The fake."""

    @asynccontextmanager
    async def opened(self, clock: Callable[[], float]) -> AsyncIterator[Desk]:
        held = CorrectionsInMemory(clock)
        yield MemoryCorrections(held), held
