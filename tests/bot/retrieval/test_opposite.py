"""The map to where counterarguments lie: what it does to a vector, and the file it comes from."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bot.errors import ConfigError
from bot.retrieval.opposite import Floats, OppositeMap

QUARTER = OppositeMap(
    weights=np.array([[0, 2], [-2, 0]], np.float32), bias=np.zeros(2, np.float32), encoder="e"
)


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def stored(**parts: Any) -> bytes:
    """Return a file of arrays; what is not given is as it should be, None leaves it out."""
    whole: dict[str, Any] = {"weights": np.eye(2), "bias": np.zeros(2), "encoder": "e"}
    kept = {name: part for name, part in (whole | parts).items() if part is not None}
    file = io.BytesIO()
    np.savez_compressed(file, **kept)
    return file.getvalue()


def damaged() -> bytes:
    """Return a file whose first array does not unpack."""
    content = stored(weights=np.random.default_rng(3).standard_normal((20, 20)))
    return content[:100] + bytes(200) + content[300:]


def array_alone() -> bytes:
    file = io.BytesIO()
    np.save(file, np.eye(2))
    return file.getvalue()


def test_vector_is_turned_and_has_length_one() -> None:
    np.testing.assert_allclose(QUARTER(floats(1, 0)), [0, 1])
    np.testing.assert_allclose(QUARTER(floats(0, 1)), [-1, 0])


def test_bias_is_added_before_the_length_is_one() -> None:
    shifted = OppositeMap(np.eye(2, dtype=np.float32), floats(3, 3), "e")
    np.testing.assert_allclose(shifted(floats(1, 0)), [0.8, 0.6], rtol=1e-6)


def test_turned_vector_is_what_an_index_takes() -> None:
    turned = QUARTER(floats(0.6, 0.8))
    assert turned.dtype == np.float32
    assert turned.shape == (2,)


def test_vector_of_zeros_stays_one() -> None:
    np.testing.assert_array_equal(QUARTER(floats(0, 0)), [0, 0])


@given(arrays.arrays(np.float32, 2, elements=st.floats(-1, 1, width=32)))
def test_any_vector_gets_length_one_or_nothing(vector: Floats) -> None:
    turned = QUARTER(vector)
    assert np.isfinite(turned).all()
    length = np.linalg.norm(turned)
    assert length == pytest.approx(1, abs=1e-5) or np.linalg.norm(vector) < 1e-11


def test_saved_map_is_read_again(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    weights = random.standard_normal((24, 24)).astype(np.float32)
    bias = random.standard_normal(24).astype(np.float32)
    path = tmp_path / "opposite.npz"

    OppositeMap(weights, bias, "minds-1").save(path)
    found = OppositeMap.load(path)

    # Half precision has eleven significant bits.
    np.testing.assert_allclose(found.weights, weights, rtol=2**-11, atol=1e-7)
    np.testing.assert_array_equal(found.bias, bias)
    assert found.encoder == "minds-1"
    assert found.weights.dtype == np.float32
    assert found.bias.dtype == np.float32


def test_saved_map_takes_half_the_room(tmp_path: Path) -> None:
    weights = np.random.default_rng(3).standard_normal((64, 64)).astype(np.float32)
    path = tmp_path / "opposite.npz"

    OppositeMap(weights, np.zeros(64, np.float32), "minds-1").save(path)

    assert path.stat().st_size < 0.7 * weights.nbytes


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="missing"),
        pytest.param(b"", id="empty"),
        pytest.param(b"weights", id="text"),
        pytest.param(stored()[:200], id="cut short"),
        pytest.param(b"PK\x03\x04 and so on", id="no archive"),
        pytest.param(damaged(), id="damaged"),
        pytest.param(array_alone(), id="one array alone"),
        pytest.param(stored(weights=None), id="no weights"),
        pytest.param(stored(bias=None), id="no bias"),
        pytest.param(stored(encoder=None), id="no encoder"),
        pytest.param(stored(weights=np.array([{}])), id="objects"),
        pytest.param(stored(weights=np.array([["a", "b"]] * 2)), id="words"),
        pytest.param(stored(weights=np.ones(2)), id="weights in a row"),
        pytest.param(stored(weights=np.ones((2, 3))), id="not square"),
        pytest.param(stored(weights=np.ones((3, 3))), id="larger than the bias"),
        pytest.param(stored(bias=np.zeros((2, 2))), id="bias in rows"),
        pytest.param(stored(bias=np.float32(1)), id="bias without a length"),
    ],
)
def test_file_that_is_no_map_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "opposite.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"opposite\.npz"):
        OppositeMap.load(path)
