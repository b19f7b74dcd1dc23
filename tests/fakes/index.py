"""An index in memory that passes the same contract as the real ones, and is easy to read."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from bot.errors import IndexBusy
from bot.ports import Hits, Index, IndexStore, IndexWriter, PreparedDocument, Vectors
from bot.types import Document, Passage, ReadDocument, Source

K1, B = 1.2, 0.75


class MemoryIndex:
    """Documents in a list; every search looks at every passage."""

    def __init__(self, documents: Sequence[PreparedDocument], context_boost: float = 0.3) -> None:
        self.prepared = sorted(documents, key=lambda document: document.read.document.id)
        self.passage_list = [p for document in self.prepared for p in document.read.passages]
        self.bodies = [terms for document in self.prepared for terms in document.terms]
        self.contexts = [terms for document in self.prepared for terms in document.context_terms]
        self.vector_list = [v for document in self.prepared for v in document.vectors]
        self.context_boost = context_boost
        self.dimension = self.vector_list[0].shape[1] if self.vector_list else 0

    @property
    def version(self) -> str:
        content = [(d.read.document.id, d.fingerprint) for d in self.prepared]
        return f"memory-{hash(tuple(content)) & 0xFFFFFF:06x}"

    @property
    def size(self) -> int:
        return len(self.passage_list)

    def match(self, terms: Mapping[str, float], limit: int) -> Hits:
        scores = np.zeros(self.size)
        for term, weight in terms.items():
            scores += weight * bm25(term, self.bodies)
            scores += weight * self.context_boost * bm25(term, self.contexts)
        return ranked(scores, limit, at_least=np.nextafter(0, 1))

    def nearest(self, vector: NDArray[np.float32], limit: int) -> Hits:
        return ranked(self.cosines(range(self.size), vector), limit, at_least=-math.inf)

    def cosines(self, rows: Sequence[int], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.array([(self.vector_list[row] @ vector).max() for row in rows], np.float32)

    def vectors(self, rows: Sequence[int]) -> Vectors:
        if not len(rows):
            return np.zeros((0, self.dimension), np.float32)
        return np.array([self.vector_list[row][0] for row in rows], np.float32)

    def document_frequency(self, terms: Sequence[str]) -> NDArray[np.int64]:
        return np.array([sum(term in body for body in self.bodies) for term in terms], np.int64)

    def similar_terms(self, term: str, limit: int) -> list[str]:
        if len(term) < 3 or any(letter.isdigit() for letter in term):
            return []
        mistakes = 1 if len(term) <= 5 else 2
        counts = Counter(word for body in self.bodies for word in set(body))
        near = [
            (OSA.distance(term, word), -count, word)
            for word, count in counts.items()
            if not any(letter.isdigit() for letter in word)
        ]
        return [word for gap, _, word in sorted(near) if 0 < gap <= mistakes][: max(limit, 0)]

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        return [self.passage_list[row] for row in rows]

    def rows_of(self, document_id: str) -> range:
        rows = [r for r, p in enumerate(self.passage_list) if p.document_id == document_id]
        return range(rows[0], rows[-1] + 1) if rows else range(0)

    def document(self, document_id: str) -> Document:
        return {d.read.document.id: d.read.document for d in self.prepared}[document_id]

    def document_ids(self) -> list[str]:
        return [document.read.document.id for document in self.prepared]

    def titles(self) -> Mapping[str, str]:
        return {d.read.document.id: d.read.document.title for d in self.prepared}

    def sources(self) -> list[Source]:
        return [Source.of(document.read.document) for document in self.prepared]


class MemoryStore:
    """Holds the index that serves; `begin` hands out one writer at a time."""

    def __init__(self) -> None:
        self.serving: MemoryIndex | None = None
        self.is_busy = False

    def current(self) -> MemoryIndex | None:
        return self.serving

    def begin(self) -> "MemoryWriter":
        if self.is_busy:
            raise IndexBusy("another writer is at work")
        self.is_busy = True
        return MemoryWriter(self)


class MemoryWriter:
    """Collects documents until they are published."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        served = store.serving.prepared if store.serving else []
        self.served = {document.read.document.id: document for document in served}
        self.documents: dict[str, PreparedDocument] = {}
        self.built: MemoryIndex | None = None
        self.is_closed = False

    @property
    def fingerprints(self) -> Mapping[str, str]:
        return {id: document.fingerprint for id, document in self.served.items()}

    def keep(self, document_id: str) -> None:
        self._add(self.served[document_id])

    def renew(self, document: Document, fingerprint: str) -> None:
        old = self.served[document.id]
        read = ReadDocument(document, old.read.passages)
        self._add(PreparedDocument(read, fingerprint, old.terms, old.context_terms, old.vectors))

    def put(self, document: PreparedDocument) -> None:
        passages = len(document.read.passages)
        for part in (document.terms, document.context_terms, document.vectors):
            if len(part) != passages:
                raise ValueError("one entry a passage")
        if any(v.ndim != 2 or not len(v) or not np.isfinite(v).all() for v in document.vectors):
            raise ValueError("one vector or more a passage")
        self._add(document)

    def build(self) -> MemoryIndex:
        self.built = MemoryIndex(list(self.documents.values()))
        return self.built

    def publish(self) -> None:
        if self.built is None:
            raise RuntimeError("build() comes before publish()")
        self.store.serving = self.built

    def close(self) -> None:
        if not self.is_closed:
            self.is_closed = True
            self.store.is_busy = False

    def _add(self, document: PreparedDocument) -> None:
        document_id = document.read.document.id
        if document_id in self.documents:
            raise ValueError(f"{document_id!r} is named twice")
        self.documents[document_id] = document


def bm25(term: str, texts: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """Return each text's score for a term, after Robertson and Zaragoza (2009)."""
    lengths = np.array([len(text) for text in texts], dtype=np.float64)
    counts = np.array([text.count(term) for text in texts], dtype=np.float64)
    if not counts.any():
        return counts
    holding = np.count_nonzero(counts)
    idf = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
    relative = lengths / lengths.mean()
    scores: NDArray[np.float64] = idf * counts * (K1 + 1) / (counts + K1 * (1 - B + B * relative))
    return scores


def ranked(scores: NDArray[np.floating], limit: int, at_least: float) -> Hits:
    """Return the best rows, equal scores by row."""
    order = [row for row in np.argsort(-scores, kind="stable") if scores[row] >= at_least]
    rows = np.array(order[: max(limit, 0)], dtype=np.int64)
    return rows, scores[rows].astype(np.float32)


# Held to the ports by the type checker.
_INDEX: type[Index] = MemoryIndex
_WRITER: type[IndexWriter] = MemoryWriter
_STORE: type[IndexStore] = MemoryStore
