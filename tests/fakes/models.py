"""Models without weights: vectors that count words, and sides that a test dictates."""

import hashlib
import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.ports import Encoder, StanceModel, Vectors
from bot.types import Stance

COLUMNS = (Stance.SUPPORTS, Stance.OPPOSES, Stance.NEUTRAL)
_WORD = re.compile(r"\w+")


class HashingEncoder:
    """Adds up one direction for each word: texts are alike when they share words."""

    name = "hashed-words-1"
    dimension = 256

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in _WORD.findall(text.casefold()) or [text]:
                vectors[row] += direction(word, self.dimension)
            vectors[row] /= np.linalg.norm(vectors[row])
        return vectors


class ScriptedStance:
    """Takes the sides that it was told by the text, and none on other texts.

    Args:
        sides: A stance and its probability for a text; the rest goes to the other two.
    """

    def __init__(self, sides: Mapping[str, tuple[Stance, float]] | None = None) -> None:
        self.sides = dict(sides or {})
        self.asked: list[tuple[str, str]] = []

    def classify(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        self.asked += pairs
        rows = np.zeros((len(pairs), len(COLUMNS)), np.float32)
        for row, (_, text) in enumerate(pairs):
            stance, probability = self.sides.get(text, (Stance.NEUTRAL, 0.9))
            rows[row] = (1 - probability) / 2
            rows[row, COLUMNS.index(stance)] = probability
        return rows


def direction(word: str, dimension: int) -> NDArray[np.float32]:
    """Return a unit vector that depends on nothing but the word."""
    seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()[:8])
    vector = np.random.default_rng(seed).standard_normal(dimension)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


# Held to the ports by the type checker.
_ENCODER: type[Encoder] = HashingEncoder
_STANCE: type[StanceModel] = ScriptedStance
