"""Vectors as bytes, and the search over them."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.backends.embedded import dense


def unit(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return vectors of length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / lengths, dtype=np.float32)


def clustered(count: int, dimension: int, seed: int = 0) -> NDArray[np.float32]:
    """Return vectors in groups of alike ones, as sentences on a subject are."""
    draw = np.random.default_rng(seed)
    centres = draw.standard_normal((count // 50, dimension))
    return unit(centres[np.arange(count) % len(centres)] + draw.standard_normal((count, dimension)))


def written(
    folder: Path, vectors: NDArray[np.float32], counts: NDArray[np.int64]
) -> dense.DenseReader:
    """Return a reader of these vectors."""
    none = dense.quantise(vectors[:0])
    dense.write(folder, none, dense.quantise(vectors), np.arange(len(vectors)), counts)
    return dense.DenseReader(folder)


def test_bytes_keep_the_cosine_within_half_a_hundredth() -> None:
    vectors = clustered(1000, 384)
    quantised = dense.quantise(vectors)
    restored = quantised.codes * quantised.scales[:, None]
    assert np.linalg.norm(restored, axis=1) == pytest.approx(np.ones(1000), abs=1e-5)
    assert np.abs(restored @ vectors[:50].T - vectors @ vectors[:50].T).max() < 0.005


def test_quantising_again_changes_nothing() -> None:
    quantised = dense.quantise(clustered(100, 384))
    again = dense.quantise((quantised.codes * quantised.scales[:, None]).astype(np.float32))
    assert np.array_equal(again.codes, quantised.codes)


def test_a_zero_vector_is_near_nothing(tmp_path: Path) -> None:
    reader = written(tmp_path, np.zeros((2, 8), np.float32), np.array([1, 1]))
    rows, cosines = reader.nearest(np.ones(8, np.float32), 2)
    assert (rows.tolist(), cosines.tolist()) == ([0, 1], [0, 0])
    assert reader.nearest(np.zeros(8, np.float32), 1)[1].tolist() == [0]


def test_vectors_are_taken_from_both_sources_in_order(tmp_path: Path) -> None:
    vectors = clustered(100, 16)
    order = np.random.default_rng(1).permutation(100)
    served, fresh = dense.quantise(vectors[:60]), dense.quantise(vectors[60:])
    dense.write(tmp_path, served, fresh, order, np.ones(100, np.int64))
    reader = dense.DenseReader(tmp_path)
    assert reader.vectors(range(100)) == pytest.approx(vectors[order], abs=0.02)


@pytest.mark.parametrize("dimension", [48, 128])
def test_the_sketch_finds_what_an_exact_search_finds(tmp_path: Path, dimension: int) -> None:
    count = dense.SKETCH_FROM + 1000
    vectors = clustered(count, dimension)
    reader = written(tmp_path, vectors, np.ones(count, np.int64))
    recalls = []
    for query in unit(vectors[:40] + 0.05 * clustered(2000, dimension, seed=1)[:40]):
        rows, cosines = reader.nearest(query, 10)
        exact = np.argsort(-(vectors @ query))[:10]
        recalls.append(len(set(rows) & set(exact)) / 10)
        assert cosines == pytest.approx(vectors[rows] @ query, abs=0.02)
    assert np.mean(recalls) >= 0.9


def test_rows_of_many_vectors_score_by_their_best_with_a_sketch_too(tmp_path: Path) -> None:
    count = dense.SKETCH_FROM + 1000
    vectors = clustered(count, 48)
    reader = written(tmp_path, vectors, np.full(count // 3, 3))
    assert reader.rows == count // 3
    for position in (0, 4, 3000, count - 1):
        rows, cosines = reader.nearest(vectors[position], 3)
        assert rows[0] == position // 3
        assert cosines[0] == pytest.approx(1.0, abs=0.01)
        assert len(set(rows.tolist())) == 3
        assert reader.cosines([position // 3], vectors[position]) == pytest.approx([cosines[0]])


def test_files_that_do_not_belong_together_are_noticed(tmp_path: Path) -> None:
    written(tmp_path, clustered(100, 16), np.ones(100, np.int64))
    np.save(tmp_path / "scales.npy", np.ones(99, np.float32))
    with pytest.raises(ValueError, match="together"):
        dense.DenseReader(tmp_path)


def test_the_best_are_cut_by_row_where_they_tie() -> None:
    rows = np.array([9, 4, 7, 1])
    scores = np.array([0.5, 0.5, 0.9, 0.5], np.float32)
    found, _ = dense.best(rows, scores, 3)
    assert found.tolist() == [7, 1, 4]
