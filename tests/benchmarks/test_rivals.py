"""The rivals rank what they should, so that beating them means something."""

import hashlib
from collections.abc import Sequence

import numpy as np

from bot.ports import Vectors
from tests.benchmarks.rivals import BareEncoder, Bm25

TEXTS = ["Green tea is bitter.", "A hive holds one queen.", "Bees dance, and bees hum."]


class WordEncoder:
    """A unit vector a text: one direction for each word."""

    name, dimension = "words", 64

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().strip(".").split():
                vectors[row, hashlib.sha256(word.encode()).digest()[0] % self.dimension] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def test_bm25_finds_a_word_in_another_form() -> None:
    rows, scores = Bm25(TEXTS).rank("Does a bee dance?", 2)
    assert rows.tolist() == [2]
    assert scores[0] > 0


def test_bm25_finds_nothing_for_words_it_does_not_know() -> None:
    assert not len(Bm25(TEXTS).rank("quantum chromodynamics", 3)[0])


def test_the_bare_encoder_ranks_every_text_by_cosine() -> None:
    encoder = WordEncoder()
    rows, cosines = BareEncoder(encoder, encoder.encode(TEXTS)).rank("one queen holds", 3)
    assert rows[0] == 1
    assert cosines.tolist() == sorted(cosines.tolist(), reverse=True)
