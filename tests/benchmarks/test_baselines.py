"""The baselines learn what they can, so that beating them means something."""

from collections.abc import Sequence

import numpy as np
import pytest

from bot.ports import Vectors
from tests.benchmarks.baselines import (
    CosineAndCues,
    FrozenRegression,
    Judged,
    Majority,
    Memory,
    Pair,
)


def encode(texts: Sequence[str]) -> Vectors:
    """Put praise and blame of three subjects in opposite directions."""
    vectors = np.full((len(texts), 5), 0.1, np.float32)
    for row, text in enumerate(texts):
        vectors[row, ["tea", "bees", "snow"].index(text.split()[0])] += 1
        vectors[row, 3] += ("good" in text) - ("bad" in text)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def judged(pairs: Sequence[Pair], supports: Sequence[bool]) -> Judged:
    return Judged("made", tuple(pairs), np.array(supports, np.bool_))


SUBJECTS = ("tea", "bees", "snow")
SIGNS = ("good", "bad")
LIKE = judged(
    [(f"{one} is {mine}", f"{one} is {its}") for one in SUBJECTS for mine in SIGNS for its in SIGNS]
    * 5,
    [mine == its for _ in SUBJECTS for mine in SIGNS for its in SIGNS] * 5,
)
DENIED = judged(
    [("tea is good", "tea is good"), ("tea is good", "tea is not good"), ("tea isn't bad", "tea")]
    * 8,
    [True, False, False] * 8,
)


def test_the_majority_says_the_same_of_every_text() -> None:
    assert Majority(0.75).sides(DENIED.pairs[:2]).tolist() == [[0.75, 0.25], [0.75, 0.25]]


def test_a_negation_on_one_side_turns_the_verdict() -> None:
    sides = CosineAndCues.fit(encode, DENIED).sides(DENIED.pairs)
    assert (sides[:, 0] > sides[:, 1]).tolist() == DENIED.supports.tolist()


def test_the_rule_splits_pairs_by_how_near_they_are() -> None:
    sides = CosineAndCues.fit(encode, LIKE).sides(LIKE.pairs)
    assert (sides[:, 0] > sides[:, 1]).tolist() == LIKE.supports.tolist()


def test_the_regression_learns_from_what_the_vectors_share() -> None:
    sides = FrozenRegression.fit(encode, LIKE).sides(LIKE.pairs)
    assert (sides[:, 0] > sides[:, 1]).tolist() == LIKE.supports.tolist()
    assert sides.sum(axis=1) == pytest.approx(np.ones(len(sides)))


def test_a_text_is_encoded_once_until_it_is_forgotten() -> None:
    asked: list[str] = []

    def noted(texts: Sequence[str]) -> Vectors:
        asked.extend(texts)
        return encode(texts)

    memory = Memory(noted)
    twice = memory(["tea", "bees", "tea"])
    memory(["bees"])
    assert asked == ["tea", "bees"]
    assert twice.tolist() == encode(["tea", "bees", "tea"]).tolist()
    memory.forget()
    memory(["bees"])
    assert asked == ["tea", "bees", "bees"]


def test_a_sample_keeps_pairs_and_sides_together() -> None:
    drawn = LIKE.sample(7, seed=3)
    known = dict(zip(LIKE.pairs, LIKE.supports.tolist(), strict=True))
    assert [known[pair] for pair in drawn.pairs] == drawn.supports.tolist()
    assert len(drawn.pairs) == 7
