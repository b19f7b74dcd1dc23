"""Vectors that know what stands around a sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ports import Vectors
from bot.retrieval.context import in_context

AXES = np.eye(8, dtype=np.float32)


def no_headings(own: Vectors) -> Vectors:
    return np.zeros_like(own)


@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_any_document_keeps_its_shape_and_unit_length(sentences: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    own = random.standard_normal((sentences, 5)).astype(np.float32)
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    headings = random.standard_normal((sentences, 5)).astype(np.float32)
    mixed = in_context(own, headings)
    assert mixed.shape == own.shape
    assert mixed.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(mixed, axis=1), 1, rtol=1e-4)


def test_single_sentence_without_a_heading_is_itself() -> None:
    own = AXES[:1]
    np.testing.assert_allclose(in_context(own, no_headings(own)), own)


def test_nearer_neighbours_count_more_on_either_side() -> None:
    own = AXES[:6]
    third = in_context(own, no_headings(own))[2]
    assert third[2] > third[1] > third[0] > 0
    assert third[1] == pytest.approx(third[3])
    assert third[0] == pytest.approx(third[4])
    assert third[5] == 0


def test_heading_counts_less_than_the_sentence() -> None:
    own, headings = AXES[:1], AXES[7:]
    (mixed,) = in_context(own, headings)
    assert mixed[0] > mixed[7] > 0


def test_what_goes_in_stays_as_it_is() -> None:
    own = AXES[:3].copy()
    in_context(own, AXES[5:])
    np.testing.assert_array_equal(own, AXES[:3])
