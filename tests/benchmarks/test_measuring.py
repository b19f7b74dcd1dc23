"""The metrics, against values computed by hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.measuring import Timing, auroc, corpus_hash, ndcg, read_qrels, recall

RELEVANT = {"a": 1, "c": 1}


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    # DCG = 1 / log2(3) + 1 / log2(4) = 1.13093; ideal = 1 + 1 / log2(3) = 1.63093
    assert ndcg(["b", "a", "c"], RELEVANT, 10) == pytest.approx(1.1309298 / 1.6309298)


def test_ndcg_looks_no_further_than_its_depth() -> None:
    # At 2: DCG = 1 / log2(3) = 0.63093, and the ideal still holds both.
    assert ndcg(["b", "a", "c"], RELEVANT, 2) == pytest.approx(0.6309298 / 1.6309298)


def test_ndcg_counts_graded_relevance_linearly() -> None:
    # DCG = 1 + 2 / log2(3) = 2.26186; ideal = 2 + 1 / log2(3) = 2.63093
    assert ndcg(["a", "b"], {"a": 1, "b": 2}, 10) == pytest.approx(2.2618595 / 2.6309298)


def test_an_ideal_shorter_than_the_depth_can_be_reached() -> None:
    assert ndcg(["c", "a", "b"], RELEVANT, 10) == pytest.approx(1.0)


def test_recall_is_the_share_found_within_the_depth() -> None:
    assert recall(["b", "a", "c"], RELEVANT, 2) == 0.5


def test_nothing_relevant_scores_nothing() -> None:
    assert (ndcg(["a"], {}, 10), recall(["a"], {}, 10)) == (0.0, 0.0)


def test_auroc_counts_pairs_in_order_and_ties_as_half() -> None:
    # Pairs: .9 beats .4 and .5; .4 ties with .4 and loses to .5: (1 + 1 + .5 + 0) / 4
    assert auroc([0.9, 0.4], [0.4, 0.5]) == 0.625


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=20),
    st.lists(st.integers(0, 9), min_size=1, max_size=20),
)
def test_auroc_is_the_mean_over_all_pairs(positive: list[int], negative: list[int]) -> None:
    pairs = [(above > below) + (above == below) / 2 for above in positive for below in negative]
    assert auroc(positive, negative) == pytest.approx(np.mean(pairs))


def test_percentiles_interpolate() -> None:
    # Positions 0.5 x 3 and 0.95 x 3 in (1, 2, 3, 4): 2.5 and 3.85
    timing = Timing.of([4.0, 1.0, 3.0, 2.0])
    assert (timing.p50_ms, timing.p95_ms) == pytest.approx((2.5, 3.85))


def test_judgements_of_no_relevance_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "qrels.tsv"
    file.write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\nq2\td3\t2\n")
    assert read_qrels(file) == {"q1": {"d1": 1}, "q2": {"d3": 2}}


def test_a_corpus_hash_changes_with_a_name_or_a_byte(tmp_path: Path) -> None:
    hashes = set()
    for name, text in (("a", "tea"), ("b", "tea"), ("a", "bees")):
        folder = tmp_path / f"{name}-{text}"
        folder.mkdir()
        (folder / name).write_text(text)
        hashes.add(corpus_hash(folder))
    assert len(hashes) == 3
