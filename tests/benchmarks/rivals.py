"""The systems that Counterpoint is measured beside, run in the same process.

`Bm25` is bm25s as its README sets it up; `BareEncoder` the shipped encoder alone, one
vector a text and every text compared.
"""

from collections.abc import Sequence
from typing import Protocol

import bm25s  # type: ignore[import-untyped] # it ships no types
import numpy as np
import Stemmer
from numpy.typing import NDArray

from bot.ports import Encoder, Hits, Index, Vectors


class Rival(Protocol):
    """Ranks the rows it was given for a query, best first."""

    def rank(self, query: str, limit: int) -> Hits:
        """Return the best rows and their scores, best first."""


class Bm25:
    """bm25s with its English stop words and the Snowball stemmer."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self._engine = bm25s.BM25()
        self._engine.index(self._tokens(texts), show_progress=False)
        self._size = len(texts)

    def rank(self, query: str, limit: int) -> Hits:
        """Return the best rows and their scores, best first; fewer where nothing matches."""
        known = self._engine.vocab_dict
        tokens = [token for token in self._tokens([query])[0] if token in known]
        if not tokens:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        rows, scores = self._engine.retrieve(
            [tokens], k=min(limit, self._size), show_progress=False
        )
        kept = scores[0] > 0
        return rows[0][kept].astype(np.int64), scores[0][kept].astype(np.float32)

    def _tokens(self, texts: Sequence[str]) -> list[list[str]]:
        tokens: list[list[str]] = bm25s.tokenize(
            list(texts),
            stopwords="en",
            stemmer=self._stemmer,
            return_ids=False,
            show_progress=False,
        )
        return tokens


class BareEncoder:
    """Cosine of the query's vector with the one vector of each text."""

    def __init__(self, encoder: Encoder, vectors: Vectors) -> None:
        self._encoder = encoder
        self._vectors = vectors

    def rank(self, query: str, limit: int) -> Hits:
        """Return the best rows and their cosines, best first."""
        cosines = self.cosines(query)
        best = np.argpartition(-cosines, min(limit, len(cosines) - 1))[:limit]
        order = best[np.argsort(-cosines[best], kind="stable")]
        return order.astype(np.int64), cosines[order]

    def cosines(self, query: str) -> NDArray[np.float32]:
        """Return the cosine of each text with the query, ``(n,)``, in [-1, 1]."""
        (vector,) = self._encoder.encode([query])
        # As in the engine: the threads of BLAS would wait for each other on a busy machine.
        cosines: NDArray[np.float32] = np.einsum("ij,j->i", self._vectors, vector)
        return cosines


def rivals_on(index: Index, encoder: Encoder) -> tuple[Bm25, BareEncoder]:
    """Return both rivals over the passages of an index, row by row.

    The bare encoder takes the vectors from the index, where they are rounded to bytes: its
    cosines are off by less than 0.005, and nothing has to be encoded twice.
    """
    rows = range(index.size)
    texts = []
    for passage in index.passages(rows):
        texts.append(index.document(passage.document_id).text[passage.start : passage.end])
    return Bm25(texts), BareEncoder(encoder, index.vectors(rows))
