"""The metrics, against values computed by hand."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.measuring import (
    Timing,
    accuracy,
    auroc,
    calibration_error,
    corpus_hash,
    macro_f1,
    ndcg,
    opposing_share,
    read_qrels,
    recall,
    surest_half,
)

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


CHOSEN, GOLD = np.array([True, True, True, False]), np.array([True, False, False, False])


def test_macro_f1_is_the_mean_of_both_sides() -> None:
    # True: 2 x 1 / (3 chosen + 1 gold) = .5; False: 2 x 1 / (1 chosen + 3 gold) = .5
    assert macro_f1(CHOSEN, GOLD) == pytest.approx(0.5)
    # True: 2 x 2 / (3 + 2) = .8; False: 2 x 1 / (1 + 2) = .66667
    assert macro_f1(CHOSEN, np.array([True, True, False, False])) == pytest.approx(0.7333333)


def test_macro_f1_counts_a_side_that_is_never_chosen_as_zero() -> None:
    # True: 2 x 1 / (4 + 1) = .4; False: 0 / (0 + 3)
    assert macro_f1(np.ones(4, bool), GOLD) == pytest.approx(0.2)


def test_macro_f1_leaves_out_a_side_that_occurs_nowhere() -> None:
    assert macro_f1(np.ones(2, bool), np.ones(2, bool)) == 1.0


def test_macro_f1_weighs_rows() -> None:
    # Without the second row, and the third at a half. True: 2 x 1 / (1.5 + 1) = .8;
    # False: 2 x 1 / (1 + 1.5) = .8
    assert macro_f1(CHOSEN, GOLD, np.array([1.0, 0.0, 0.5, 1.0])) == pytest.approx(0.8)


def test_accuracy_is_the_share_of_right_choices() -> None:
    assert accuracy(CHOSEN, GOLD) == 0.5


def test_the_surest_half_holds_the_highest() -> None:
    assert surest_half(np.array([0.1, 0.9, 0.5, 0.7])).tolist() == [0, 1, 0, 1]


def test_rows_that_tie_share_what_is_left_of_the_half() -> None:
    # Half of 5 is 2.5; one row is above the tie, and three share 1.5.
    assert surest_half(np.array([0.5, 0.9, 0.5, 0.1, 0.5])).tolist() == [0.5, 1, 0.5, 0, 0.5]


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=20), st.randoms())
def test_the_surest_half_is_half_and_knows_no_order(values: list[float], chance: Random) -> None:
    order = list(range(len(values)))
    chance.shuffle(order)
    weights = surest_half(np.array(values))
    shuffled = surest_half(np.array([values[place] for place in order]))
    assert weights.sum() == pytest.approx(len(values) / 2)
    assert shuffled.tolist() == [weights[place] for place in order]


def test_calibration_error_is_the_mean_gap_over_bins() -> None:
    # Five bins. [.0, .2): mean .1, happened 0 of 1, gap .1. [.6, .8): mean .7, happened 1 of 2,
    # gap .2. [.8, 1]: 1.0 belongs to the last bin, happened 0 of 1, gap 1. (.1 + 2 x .2 + 1) / 4
    probability, happened = np.array([0.1, 0.65, 0.75, 1.0]), np.array([False, True, False, False])
    assert calibration_error(probability, happened, bins=5) == pytest.approx(1.5 / 4)


def test_errors_on_either_side_do_not_cancel_out() -> None:
    # Sure and wrong both ways: the gap is .9 in both bins.
    error = calibration_error(np.array([0.9, 0.1]), np.array([False, True]))
    assert error == pytest.approx(0.9)


def test_opposing_share_looks_at_the_first_texts_on_the_topic() -> None:
    # On the topic are a, b, c, d in this order; the first three hold two that oppose.
    ranked = ["x", "a", "y", "b", "c", "d"]
    assert opposing_share(ranked, {"a", "b", "c", "d"}, {"a", "c", "d"}) == pytest.approx(2 / 3)


def test_opposing_share_of_fewer_texts_is_theirs() -> None:
    assert opposing_share(["x", "a"], {"a", "b"}, {"a"}) == 1.0


def test_there_is_no_opposing_share_where_nothing_is_on_the_topic() -> None:
    assert opposing_share(["x"], {"a"}, {"a"}) is None


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
