"""A large corpus made from a small one, without encoding each of its sentences.

A made sentence is the first half of one real sentence and the second half of another; its
vector is the sum of theirs, with noise. So a query finds many near passages, as in a large
corpus on few subjects, and the words are fewer and more frequent than in a natural one:
both make the search work harder, not less.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.ports import Vectors

_NOISE = 0.5
_SENTENCES_A_DOCUMENT, _SENTENCES_A_PARAGRAPH = 50, 5


class StandInEncoder:
    """Knows the vectors of made sentences; any other text gets one drawn by its hash.

    Args:
        name: The encoder whose vectors it stands in for.
        sentences: Real sentences.
        vectors: Their vectors, ``(len(sentences), d) float32``.
        draw: Makes the choices.
    """

    def __init__(
        self, name: str, sentences: Sequence[str], vectors: Vectors, draw: np.random.Generator
    ) -> None:
        self._name = name
        self._vectors = vectors
        self._draw = draw
        self._halves = [_halves(sentence) for sentence in sentences]
        self._parents: dict[str, tuple[int, int]] = {}
        self.unknown = 0

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        return int(self._vectors.shape[1])

    def make(self) -> str:
        """Return another made sentence."""
        first, second = (int(one) for one in self._draw.integers(len(self._halves), size=2))
        text = f"{self._halves[first][0]} {self._halves[second][1]}"
        self._parents[text] = first, second
        return text

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.stack([self._vector(text) for text in texts])
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / length, np.float32)

    def _vector(self, text: str) -> NDArray[np.float32]:
        noise = np.random.default_rng(_number(text)).standard_normal(self.dimension)
        noise *= _NOISE / np.sqrt(self.dimension)
        parents = self._parents.get(text)
        if parents is None:
            self.unknown += 1
            return np.asarray(noise, np.float32)
        return np.asarray(self._vectors[list(parents)].sum(axis=0) + noise, np.float32)


def _halves(sentence: str) -> tuple[str, str]:
    words = sentence.split()
    middle = len(words) // 2
    return " ".join(words[:middle]), " ".join(words[middle:])


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def read_sentences(files: Sequence[Path], count: int, draw: np.random.Generator) -> list[str]:
    """Return different sentences from files of ``{"text"}`` lines, six words or more each."""
    found = dict.fromkeys(
        text
        for file in files
        for line in file.read_text("utf-8").splitlines()
        if len((text := _as_sentence(json.loads(line)["text"])).split()) >= 6
    )
    chosen = draw.permutation(len(found))[:count]
    texts = list(found)
    return [texts[place] for place in sorted(chosen.tolist())]


def _as_sentence(text: str) -> str:
    """Return the first sentence of a text, capital letter and full stop put where they lack."""
    first = text.replace("!", ".").replace("?", ".").split(". ")[0].strip(" .\"'`\\")
    return f"{first[0].upper()}{' '.join(first.split())[1:]}." if first else ""


def write_documents(folder: Path, sentences: Iterator[str]) -> int:
    """Write sentences into text files of fifty each, five a paragraph; returns how many files."""
    folder.mkdir(parents=True)
    texts = list(sentences)
    starts = range(0, len(texts), _SENTENCES_A_DOCUMENT)
    for number, start in enumerate(starts):
        own = texts[start : start + _SENTENCES_A_DOCUMENT]
        paragraphs = (
            " ".join(own[at : at + _SENTENCES_A_PARAGRAPH])
            for at in range(0, len(own), _SENTENCES_A_PARAGRAPH)
        )
        (folder / f"text-{number:05d}.txt").write_text("\n\n".join(paragraphs) + "\n", "utf-8")
    return len(starts)
