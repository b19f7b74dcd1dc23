"""A hidden passage is found by no search, and its words are unknown."""

import numpy as np
import pytest

from bot.ports import Index
from bot.retrieval.analysis import Analyzer
from tests.benchmarks.hidden import HiddenIndex
from tests.contracts.index_contract import BEES, TEA, prepare, vector_of
from tests.fakes.index import MemoryIndex


@pytest.fixture
def index() -> Index:
    documents = [prepare("bees", BEES), prepare("tea", TEA)]
    return HiddenIndex(MemoryIndex(documents), [1, 2], Analyzer())


def test_hidden_rows_are_not_matched(index: Index) -> None:
    rows, _ = index.match({"tea": 1.0, "hive": 1.0}, 5)
    assert set(rows.tolist()) == {3}


def test_hidden_rows_are_not_near_and_others_take_their_place(index: Index) -> None:
    rows, cosines = index.nearest(vector_of(TEA[0]), 2)
    assert (rows[0], len(rows)) == (3, 2)
    assert cosines[0] < np.float32(0.9)


def test_a_term_that_only_hidden_passages_hold_is_unknown(index: Index) -> None:
    assert index.document_frequency(["hive", "tea"]).tolist() == [0, 1]
