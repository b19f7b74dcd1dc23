"""From scores to probabilities."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.retrieval.calibration import Calibration, Floats, Logistic, Signals

SHIPPED = Calibration.load()
SHARES = st.floats(0, 1, width=32)


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def even(value: float, count: int = 5) -> Signals:
    """Return the signals of matches that are equally good in everything."""
    same = np.full(count, value, np.float32)
    return Signals.of(same, same, same, 1000)


def test_logistic_is_the_textbooks() -> None:
    logistic = Logistic(-1.0, {"cosine": 2.0})
    found = logistic({"cosine": floats(0.5, 1.5)})
    np.testing.assert_allclose(found, [0.5, 1 / (1 + np.exp(-2))], rtol=1e-6)


@given(st.lists(st.tuples(SHARES, SHARES, SHARES), min_size=1))
def test_probabilities_are_probabilities(rows: list[tuple[float, ...]]) -> None:
    cosine, lexical, coverage = (floats(*column) for column in zip(*rows, strict=True))
    signals = Signals.of(cosine, lexical, coverage[:10], len(cosine))
    relevance = SHIPPED.relevance(signals)
    assert relevance.shape == cosine.shape
    assert ((relevance >= 0) & (relevance <= 1)).all()
    assert 0 <= SHIPPED.answerable(signals) <= 1


@given(st.integers(1, 15))
def test_better_matches_are_likelier(count: int) -> None:
    worse, better = even(0.2, count), even(0.9, count)
    assert (SHIPPED.relevance(worse) < SHIPPED.relevance(better)).all()
    assert SHIPPED.answerable(worse) < SHIPPED.answerable(better)


def test_the_best_of_many_passages_is_less_of_an_answer() -> None:
    half = np.full(5, 0.5, np.float32)
    few, many = (Signals.of(half, half, half, size) for size in (100, 100_000))
    assert SHIPPED.answerable(many) < SHIPPED.answerable(few)


def test_higher_cosine_is_never_less_relevant() -> None:
    cosine = np.linspace(-1, 1, 50, dtype=np.float32)
    none = np.zeros_like(cosine)
    relevance = SHIPPED.relevance(Signals.of(cosine, none, none, 1000))
    assert (np.diff(relevance) >= 0).all()


def test_no_matches_answer_nothing() -> None:
    signals = Signals.of(floats(), floats(), floats(), 0)
    assert SHIPPED.answerable(signals) == 0.0
    assert SHIPPED.relevance(signals).shape == (0,)


def test_matches_that_were_not_compared_count_as_the_median_one() -> None:
    signals = Signals.of(np.ones(4, np.float32), np.ones(4, np.float32), floats(1, 0.5, 0), 1000)
    np.testing.assert_array_equal(signals.passages["coverage"], [1, 0.5, 0, 0.5])


def test_single_match_has_no_lead() -> None:
    assert even(0.8, 1).query["lead"] == 0


def stored(**passage: Any) -> str:
    return json.dumps({"passage": passage, "query": {"bias": 0, "weights": {}}})


def test_weights_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(stored(bias=0, weights={"lexical": 3.0}))
    relevance = Calibration.load(path).relevance(even(1.0))
    np.testing.assert_allclose(relevance, 1 / (1 + np.exp(-3.0)), rtol=1e-6)


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "[]",
        "{}",
        stored(),
        stored(bias=1),
        stored(bias=1, weights={"luck": 1.0}),
        '{"passage": {"bias": 0, "weights": {}}}',
    ],
)
def test_file_that_is_no_calibration_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "calibration.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigError, match=r"calibration\.json"):
        Calibration.load(path)
