"""Run the stance model: which side a text takes on a claim.

A cross-encoder reads claim and text together and gives three calibrated probabilities. What it was
trained on, and how well it does, stands in MODEL_CARD.md; which quotes to show is decided
elsewhere. `bot.bootstrap` makes one; it is safe to use from several threads.

Pairs run through the graph one by one, without padding. Int8 activations share one scale a run, so
in a padded batch a pair's figures would depend on the pairs beside it; on one thread a batch of
pairs of equal length would save about a fifth of the time, a batch of unequal ones nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from bot.errors import ConfigError
from bot.inference import open_session
from bot.wordpiece import WordPieceTokenizer

MODEL_FOLDER = Path(__file__).with_name("model")
"""The model in the package: ``stance.int8.onnx``, ``tokenizer.json``, ``model.json``."""

LABELS = ("supports", "opposes", "neutral")
"""The columns of `OnnxStanceModel.classify`, in order."""

_FORMAT = 1
_MIN_TEXT = 16  # tokens kept for the text, however long the claim


@dataclass(frozen=True, slots=True)
class _Card:
    """What model.json says: probabilities = softmax(logits / temperature + bias)."""

    max_length: int
    max_claim: int
    temperature: float
    bias: NDArray[np.float32]


class OnnxStanceModel:
    """The stance model of a folder, on onnxruntime.

    Implements `bot.ports.StanceModel`.
    """

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Load a model.

        Args:
            path: Folder with ``stance.int8.onnx``, ``tokenizer.json`` and ``model.json``;
                `MODEL_FOLDER` is the one in the package.
            threads: How many pairs of one call run side by side, at least 1; each takes one
                thread, as more than one rarely pays for texts this short.

        Raises:
            ConfigError: A file is missing or is not what it should be.
        """
        self._card = _read_card(_present(path / "model.json"))
        self._tokenizer = WordPieceTokenizer.load(_present(path / "tokenizer.json"))
        self._session = _open_session(_present(path / "stance.int8.onnx"))
        self._threads = threads

    def classify(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Give the calibrated probabilities that each text supports, opposes or ignores its claim.

        A pair longer than the model reads loses the end of its text; a claim is cut only when it
        alone would leave the text no room (48 tokens in the shipped model).

        Args:
            pairs: (claim, text) pairs, plain text.

        Returns:
            ``(len(pairs), 3) float32`` in [0, 1], columns `LABELS`, rows sum to 1, in the order
            of the pairs.
        """
        if not pairs:
            return np.zeros((0, len(LABELS)), dtype=np.float32)
        # The debate sets that it was trained on write claims without a full stop.
        claims = {claim: self._pieces(claim.rstrip(" .!")) for claim, _ in pairs}
        rows = [self._join(claims[claim], self._pieces(text)) for claim, text in pairs]
        if self._threads > 1 and len(rows) > 1:
            with ThreadPoolExecutor(self._threads, "stance") as pool:
                logits = np.stack(list(pool.map(self._run, rows)))
        else:
            logits = np.stack([self._run(row) for row in rows])
        return _softmax(logits / np.float32(self._card.temperature) + self._card.bias)

    def _pieces(self, text: str) -> list[int]:
        """Give the token ids of a text, without special tokens."""
        # Far more characters than the model reads tokens: keeps a pasted book from being tokenised.
        return self._tokenizer.ids(text[: self._card.max_length * 20])

    def _join(self, claim: list[int], text: list[int]) -> tuple[list[int], list[int]]:
        """Give the ids and segments of ``[CLS] claim [SEP] text [SEP]`` within the length."""
        claim = claim[: self._card.max_claim]
        text = text[: self._card.max_length - 3 - len(claim)]
        separator = self._tokenizer.separator
        ids = [self._tokenizer.start, *claim, separator, *text, separator]
        return ids, [0] * (len(claim) + 2) + [1] * (len(text) + 1)

    def _run(self, pair: tuple[list[int], list[int]]) -> NDArray[np.float32]:
        """Give the logits of one pair of ids and segments, ``(3,) float32``."""
        ids, segments = pair
        inputs = {
            "input_ids": np.array([ids], dtype=np.int64),
            "attention_mask": np.ones((1, len(ids)), dtype=np.int64),
            "token_type_ids": np.array([segments], dtype=np.int64),
        }
        logits: NDArray[np.float32] = self._session.run(["logits"], inputs)[0][0]
        return logits


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn logits into probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities: NDArray[np.float32] = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities


def _present(path: Path) -> Path:
    if not path.is_file():
        raise ConfigError(f"stance model: {path} is missing; reinstall the package or set the path")
    return path


def _read_card(path: Path) -> _Card:
    """Read model.json and check that it describes a graph this module can run."""
    try:
        fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        card = _Card(
            max_length=int(fields["max_length"]),
            max_claim=int(fields["max_claim"]),
            temperature=float(fields["temperature"]),
            bias=np.array(fields["bias"], dtype=np.float32),
        )
        known = fields["format"] == _FORMAT and tuple(fields["labels"]) == LABELS
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"stance model: {path} cannot be read: {error!r}") from error
    room = card.max_length - 3 - card.max_claim
    calibrated = (
        0 < card.temperature < np.inf
        and card.bias.shape == (len(LABELS),)
        and bool(np.isfinite(card.bias).all())
    )
    if not (known and calibrated and card.max_claim > 0 and room >= _MIN_TEXT):
        raise ConfigError(f"stance model: {path} does not describe a model this version can run")
    return card


def _open_session(path: Path) -> InferenceSession:
    try:
        session = open_session(path)
    except Exception as error:  # onnxruntime has no public base class for its errors
        raise ConfigError(f"stance model: {path} cannot be loaded: {error}") from error
    inputs = {node.name for node in session.get_inputs()}
    if inputs != {"input_ids", "attention_mask", "token_type_ids"}:
        raise ConfigError(f"stance model: {path} takes unexpected inputs: {sorted(inputs)}")
    return session
