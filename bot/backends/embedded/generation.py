"""One published generation, opened: the `Index` of the embedded backend.

Brings the parts together: `database` holds what is shown, `lexical` and `dense` rank,
`spelling` corrects. Made by `store` and, for checks before publishing, by `writer`.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.backends.embedded import dense
from bot.backends.embedded.database import FORMAT, DatabaseReader, Entry, key_of, split_keys
from bot.backends.embedded.files import DATABASE, LAYOUT, LEXICAL
from bot.backends.embedded.lexical import LexicalReader
from bot.backends.embedded.spelling import Vocabulary
from bot.errors import IndexUnavailable
from bot.ports import Hits, Vectors
from bot.types import Document, Passage, Source

_TEXTS_HELD = 32


class EmbeddedIndex:
    """Read one generation's folder; every method may be called from several threads.

    All files are opened at once, so that the generation goes on serving whoever holds it
    after its folder was removed.

    Args:
        folder: A finished generation.
        encoder: Name of the encoder whose vectors will be asked for.
        context_boost: What a term in a passage's surroundings counts, beside 1 in itself.

    Raises:
        IndexUnavailable: A part is missing, damaged, or made by another encoder or format.
    """

    def __init__(self, folder: Path, encoder: str, context_boost: float) -> None:
        self.folder = folder
        with self._readable():
            self._database = DatabaseReader(folder / DATABASE)
            facts = self._database.facts()
            if facts.format != FORMAT:
                raise ValueError(f"it has format {facts.format}, this version reads {FORMAT}")
            if facts.encoder != encoder:
                raise ValueError(f"it was built by the encoder {facts.encoder}, not {encoder}")
            self._version = facts.version
            self._lexical = LexicalReader(folder / LEXICAL, context_boost)
            self.dense = dense.DenseReader(folder)
            layout: NDArray[np.int64] = np.load(folder / LAYOUT)
            self._numbers, self._firsts = layout[:-1, 0], layout[:, 1]
            self._by_number = np.argsort(self._numbers)
            if not self.size == self._lexical.size == self.dense.rows:
                raise ValueError("its parts hold different numbers of passages")
        self._document = lru_cache(maxsize=_TEXTS_HELD)(self._database.document)
        self._vocabulary: Vocabulary | None = None
        self._vocabulary_lock = Lock()

    @property
    def version(self) -> str:
        """Short name of this generation's content."""
        return self._version

    @property
    def size(self) -> int:
        """Number of passages."""
        return int(self._firsts[-1])

    def match(self, terms: Mapping[str, float], limit: int) -> Hits:
        """Rank passages by BM25; see `lexical.LexicalReader.search`."""
        keys, scores = self._lexical.search(terms, limit)
        return dense.best(self._rows(keys), scores, limit)

    def nearest(self, vector: NDArray[np.float32], limit: int) -> Hits:
        """Rank passages by cosine; see `dense.DenseReader.nearest`."""
        return self.dense.nearest(vector, limit)

    def cosines(self, rows: Sequence[int], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the best cosine of each row's vectors with ``vector``."""
        return self.dense.cosines(rows, vector)

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """Return each row's own (first) vector."""
        return self.dense.vectors(rows)

    def document_frequency(self, terms: Sequence[str]) -> NDArray[np.int64]:
        """Return in how many passages each term occurs."""
        with self._readable():
            found = self._database.frequencies(terms)
        return np.array([found.get(term, 0) for term in terms], dtype=np.int64)

    def similar_terms(self, term: str, limit: int) -> list[str]:
        """Return indexed terms like ``term``; see `spelling.Vocabulary.similar`."""
        # Built at the first misspelling, which not every process meets.
        with self._vocabulary_lock:
            if self._vocabulary is None:
                with self._readable():
                    self._vocabulary = Vocabulary(*self._database.vocabulary())
        return self._vocabulary.similar(term, limit)

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Return the passages of these rows, in the order asked."""
        wanted = np.asarray(rows, dtype=np.int64)
        places = np.searchsorted(self._firsts, wanted, side="right") - 1
        pairs = zip(self._numbers[places], wanted - self._firsts[places], strict=True)
        with self._readable():
            return self._database.passages([key_of(int(n), int(place)) for n, place in pairs])

    def rows_of(self, document_id: str) -> range:
        """Return the rows of a document; empty when there is no such document."""
        with self._readable():
            number = self._database.number(document_id)
        if number is None:
            return range(0)
        place = int(self._places(np.array([number]))[0])
        return range(int(self._firsts[place]), int(self._firsts[place + 1]))

    def document(self, document_id: str) -> Document:
        """Return a document with its text; raises KeyError when there is none."""
        try:
            return self._document(document_id)
        except sqlite3.Error as error:
            raise unreadable(self.folder, error) from error

    def document_ids(self) -> list[str]:
        """Return the ids of all documents, in index order."""
        return list(self.titles())

    def titles(self) -> Mapping[str, str]:
        """Return the title of every document by its id, in index order."""
        with self._readable():
            return self._database.titles()

    def sources(self) -> list[Source]:
        """Return what a reader is told of every document, in index order."""
        with self._readable():
            return self._database.sources()

    def entries(self) -> list[Entry]:
        """Return what the next generation has to know of each document."""
        with self._readable():
            return self._database.entries()

    def _places(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where in the index order the documents of these numbers stand."""
        return self._by_number[np.searchsorted(self._numbers, numbers, sorter=self._by_number)]

    def _rows(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        numbers, positions = split_keys(keys)
        return self._firsts[self._places(numbers)] + positions

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Turn what damaged files raise into an error that names the way out."""
        try:
            yield
        except (OSError, ValueError, KeyError, EOFError, sqlite3.Error) as error:
            raise unreadable(self.folder, error) from error


def unwritable(folder: Path, reason: object) -> IndexUnavailable:
    """Say that an index cannot be built in a folder, why, and what to do."""
    return IndexUnavailable(
        f"The index in {folder} cannot be written ({reason}). Make room, make it writable or "
        "name another data folder in the settings. What served before goes on serving."
    )


def unreadable(folder: Path, reason: object) -> IndexUnavailable:
    """Say that an index cannot be used, why, and what to do."""
    return IndexUnavailable(
        f"The index in {folder} cannot be read ({reason}). "
        "Run `counterpoint reindex` to build it anew; the documents themselves are untouched."
    )
