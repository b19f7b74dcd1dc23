"""The fake index keeps the same promises as the real ones."""

import pytest

from bot.ports import IndexStore
from tests.contracts.index_contract import IndexContract
from tests.fakes.index import MemoryStore


class TestMemoryIndex(IndexContract):
    """`MemoryStore` under the contract."""

    @pytest.fixture
    def store(self) -> IndexStore:
        return MemoryStore()
