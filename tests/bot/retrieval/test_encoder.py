"""Sentence vectors of the shipped model."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.ports import Encoder
from bot.retrieval.encoder import SHIPPED_MODEL, OnnxEncoder

_ENCODER: type[Encoder] = OnnxEncoder  # held to the port by the type checker

SENTENCES = [
    "Bread rises because yeast gives off gas.",
    "Yeast makes the dough grow.",
    "The night train to Vienna was late again.",
]


def test_vectors_have_length_one_and_the_stated_dimension(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode(SENTENCES)
    assert vectors.shape == (3, encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_sentences_alike_in_meaning_are_nearer(encoder: OnnxEncoder) -> None:
    rising, growing, train = encoder.encode(SENTENCES)
    assert rising @ growing > rising @ train + 0.2


def test_order_is_kept_over_batches(encoder: OnnxEncoder) -> None:
    # Long and short by turns, so that batches of like length mix them up.
    texts = [f"loaf {n} " + "of dark bread " * (n * 7 % 5) for n in range(70)]
    together = encoder.encode(texts)
    for row in (0, 1, 33, 69):
        alone = encoder.encode([texts[row]])[0]
        assert int(np.argmax(together @ alone)) == row
        assert together[row] @ alone > 0.97  # int8 activations share one scale a batch


def test_same_batch_has_the_same_vectors(encoder: OnnxEncoder) -> None:
    np.testing.assert_array_equal(encoder.encode(SENTENCES), encoder.encode(SENTENCES))


def test_no_texts_have_no_vectors(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800", "🥖", "x" * 30_000, "面包" * 15_000])
def test_odd_text_has_a_vector(encoder: OnnxEncoder, text: str) -> None:
    (vector,) = encoder.encode([text])
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, rel=1e-4)


def test_what_is_beyond_the_models_length_does_not_count(encoder: OnnxEncoder) -> None:
    start = "the baker sleeps " * 200
    one, other = encoder.encode([start, start + "trains run late " * 2000])
    assert one @ other > 0.999


@settings(max_examples=25)
@given(text=st.text(st.characters(exclude_categories=())))
def test_any_text_has_a_unit_vector(encoder: OnnxEncoder, text: str) -> None:
    (vector,) = encoder.encode([text])
    assert np.linalg.norm(vector) == pytest.approx(1, rel=1e-4)


def test_name_tells_models_apart(encoder: OnnxEncoder, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for path in SHIPPED_MODEL.iterdir():
        (folder / path.name).symlink_to(path)
    again = OnnxEncoder(folder)
    assert again.name == encoder.name
    np.testing.assert_array_equal(again.encode(SENTENCES), encoder.encode(SENTENCES))
    moved = folder.rename(tmp_path / "other")
    assert OnnxEncoder(moved).name != encoder.name


def test_ordinary_words_are_known(encoder: OnnxEncoder) -> None:
    assert encoder.is_word("bread")
    assert not encoder.is_word("braed")


def with_tokenizer(folder: Path) -> None:
    vocabulary = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}
    (folder / "tokenizer.json").write_text(json.dumps({"model": {"vocab": vocabulary}}))


def with_two_models(folder: Path) -> None:
    with_tokenizer(folder)
    for name in ("one.onnx", "two.onnx"):
        (folder / name).write_bytes(b"")


def with_damaged_model(folder: Path) -> None:
    with_tokenizer(folder)
    (folder / "model.onnx").write_bytes(b"not a model")


def with_model_alone(folder: Path) -> None:
    (folder / "encoder.int8.onnx").symlink_to(SHIPPED_MODEL / "encoder.int8.onnx")


def with_damaged_tokenizer(folder: Path) -> None:
    with_model_alone(folder)
    (folder / "tokenizer.json").write_text("{}")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: folder.rmdir(),
        lambda folder: None,
        with_tokenizer,
        with_model_alone,
        with_two_models,
        with_damaged_model,
        with_damaged_tokenizer,
    ],
    ids=["missing", "empty", "no-model", "no-tokenizer", "two", "damaged", "damaged-tokenizer"],
)
def test_folder_without_a_usable_model_is_named(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    folder = tmp_path / "my-encoder"
    folder.mkdir()
    spoil(folder)
    with pytest.raises(ConfigError, match="my-encoder"):
        OnnxEncoder(folder)
