"""An index of which some passages are hidden, so that the real search runs without them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.indexing import TermAnalyzer
from bot.ports import Hits, Index, Vectors
from bot.types import Document, Passage, Source
from bot.typography import readable


class HiddenIndex:
    """Hide rows of an index; implements `bot.ports.Index`.

    Rows keep their numbers, so that `size` still counts the hidden ones: on thousands of
    passages the idf of a term does not feel it. A term that only hidden passages hold is
    unknown, as it would be in a corpus without them.
    """

    def __init__(self, index: Index, rows: Collection[int], analyzer: TermAnalyzer) -> None:
        self._index = index
        self._hidden = np.array(sorted(rows), np.int64)
        self._held: Counter[str] = Counter()
        for passage in index.passages(self._hidden.tolist()):
            text = index.document(passage.document_id).text[passage.start : passage.end]
            self._held.update(set(analyzer.terms(readable(text))))

    @property
    def version(self) -> str:
        return f"{self._index.version}-without-{len(self._hidden)}"

    @property
    def size(self) -> int:
        return self._index.size

    def match(self, terms: Mapping[str, float], limit: int) -> Hits:
        return self._shown(self._index.match(terms, limit + len(self._hidden)), limit)

    def nearest(self, vector: NDArray[np.float32], limit: int) -> Hits:
        return self._shown(self._index.nearest(vector, limit + len(self._hidden)), limit)

    def cosines(self, rows: Sequence[int], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._index.cosines(rows, vector)

    def vectors(self, rows: Sequence[int]) -> Vectors:
        return self._index.vectors(rows)

    def document_frequency(self, terms: Sequence[str]) -> NDArray[np.int64]:
        held = np.array([self._held[term] for term in terms], np.int64)
        return self._index.document_frequency(terms) - held

    def similar_terms(self, term: str, limit: int) -> list[str]:
        near = self._index.similar_terms(term, limit + len(self._held))
        counts = self.document_frequency(near)
        return [other for other, count in zip(near, counts, strict=True) if count][:limit]

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        return self._index.passages(rows)

    def rows_of(self, document_id: str) -> range:
        return self._index.rows_of(document_id)

    def document(self, document_id: str) -> Document:
        return self._index.document(document_id)

    def document_ids(self) -> list[str]:
        return self._index.document_ids()

    def titles(self) -> Mapping[str, str]:
        return self._index.titles()

    def sources(self) -> Sequence[Source]:
        return self._index.sources()

    def _shown(self, hits: Hits, limit: int) -> Hits:
        rows, scores = hits
        shown = ~np.isin(rows, self._hidden)
        return rows[shown][:limit], scores[shown][:limit]
