"""Sentence vectors from a transformer in an ONNX file, on the CPU, without a network.

The shipped file is all-MiniLM-L6-v2 with int8 weights (see NOTICE). Another
sentence-transformers model that was exported to ONNX, with mean pooling and a
`tokenizer.json` beside it, can be named in settings. `bot.bootstrap` makes one encoder
for a process; `run` of a session may be called from several threads.
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ConfigError
from bot.inference import open_session
from bot.ports import Vectors
from bot.wordpiece import WordPieceTokenizer

SHIPPED_MODEL = Path(__file__).parent / "model"

_LONGEST_TOKENS = 256  # the length all-MiniLM-L6-v2 was made for (its model card)
_BATCH = 16  # measured: 7 to 16 % faster than 32
_LONGEST_CHARACTERS = 20_000  # far beyond 256 tokens in any script


class OnnxEncoder:
    """Encode texts with a sentence-transformers model.

    Args:
        folder: Holds one `*.onnx` file and `tokenizer.json`.
        threads: How many batches of one call run side by side. Each runs on one thread of
            its own, so that a query, which is one batch, never waits for a second core.

    Raises:
        ConfigError: A file is missing or is no such model.
    """

    def __init__(self, folder: Path = SHIPPED_MODEL, threads: int = 1) -> None:
        model = _only_model(folder)
        try:
            self._session = open_session(model)
        except Exception as error:  # onnxruntime raises many kinds, some of them bare
            raise ConfigError(f"{model} is no usable encoder: {error}") from error
        self._tokenizer = WordPieceTokenizer.load(folder / "tokenizer.json")
        self._threads = threads
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._name = f"{folder.resolve().name}-{_digest(model)}"
        self._dimension = int(self.encode(["a"]).shape[1])

    @property
    def name(self) -> str:
        """The folder's name and a hash of the model file."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def is_word(self, word: str) -> bool:
        """Whether a folded word is in the tokenizer's vocabulary as a whole."""
        return word in self._tokenizer

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, ``(len(texts), dimension) float32``.

        Texts are cut at 256 tokens. Texts of like length share a batch, so that little
        is spent on padding.
        """
        if not texts:
            return np.zeros((0, self._dimension), np.float32)
        tokens = [self._tokens(text) for text in texts]
        order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        ordered = [tokens[row] for row in order]
        batches = [ordered[at : at + _BATCH] for at in range(0, len(ordered), _BATCH)]
        if len(batches) > 1 and self._threads > 1:
            with ThreadPoolExecutor(self._threads, "encoder") as pool:
                pooled = list(pool.map(self._pooled, batches))
        else:
            pooled = [self._pooled(batch) for batch in batches]
        vectors = np.concatenate(pooled)
        result = np.empty_like(vectors)
        result[order] = vectors
        return result

    def _tokens(self, text: str) -> list[int]:
        pieces = self._tokenizer.ids(text[:_LONGEST_CHARACTERS])[: _LONGEST_TOKENS - 2]
        return [self._tokenizer.start, *pieces, self._tokenizer.separator]

    def _pooled(self, tokens: Sequence[list[int]]) -> Vectors:
        """Mean of the token vectors, scaled to length 1 (Reimers & Gurevych 2019)."""
        ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
        mask = np.zeros_like(ids)
        for row, pieces in enumerate(tokens):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        feed: dict[str, NDArray[np.int64]] = {
            "input_ids": ids,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(ids),
        }
        states = self._session.run(
            None, {name: array for name, array in feed.items() if name in self._inputs}
        )[0]
        weights = mask[:, :, None].astype(np.float32)
        pooled = (states * weights).sum(axis=1)
        norms = np.linalg.norm(pooled, axis=1, keepdims=True)
        return np.asarray(pooled / np.maximum(norms, 1e-9), np.float32)


def _only_model(folder: Path) -> Path:
    models = sorted(folder.glob("*.onnx")) if folder.is_dir() else []
    if len(models) != 1 or not (folder / "tokenizer.json").is_file():
        raise ConfigError(
            f"{folder} has to hold one .onnx file and a tokenizer.json; "
            "leave ENCODER_DIR empty to use the encoder that is shipped."
        )
    return models[0]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]
