"""The gateways in memory keep the contract that backends keep."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.ports import Gateways
from tests.contracts.gateways_contract import GatewaysContract
from tests.fakes.clock import ManualClock
from tests.fakes.gateways import MemoryGateways, Noted


class TestMemoryGateways(GatewaysContract):
    """The fake."""

    @pytest.fixture(autouse=True)
    def _share(self) -> None:
        self.noted: Noted = {}

    @asynccontextmanager
    async def process(self, clock: ManualClock) -> AsyncIterator[Gateways]:
        gateways = MemoryGateways(clock, self.noted)
        yield gateways
        await gateways.leave()  # as the end of a process has it
