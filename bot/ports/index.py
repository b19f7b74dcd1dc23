"""Where the corpus is searched, and how a new generation of it is built beside the old.

`bot.backends` implements these. Plain functions, which the service runs off the event loop.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.ports.models import Vectors
from bot.types import Document, Passage, ReadDocument, Source

Hits = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Rows of an index and their scores, both ``(n,)``, best first."""


class Index(Protocol):
    """One published generation of the corpus, read-only and safe in several threads.

    A *row* is a passage's number inside this generation, ``0 <= row < size``. Documents
    stand in the order of their ids, so that equal content has equal rows however it came
    about; the rows of a document are consecutive and in the order of its passages.
    Equal scores rank by row. A limit below 1 finds nothing.
    """

    @property
    def version(self) -> str:
        """Short name of this generation's content; equal content, equal version."""

    @property
    def size(self) -> int:
        """Number of passages."""

    def match(self, terms: Mapping[str, float], limit: int) -> Hits:
        """Rank passages by BM25 over analysed terms and their weights (> 0)."""

    def nearest(self, vector: NDArray[np.float32], limit: int) -> Hits:
        """Rank passages by the cosine, in [-1, 1], of their best vector with ``vector``."""

    def cosines(self, rows: Sequence[int], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the exact best cosine of each row's vectors with ``vector``, ``(len(rows),)``."""

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """Return each row's own (first) vector, ``(len(rows), d) float32``."""

    def document_frequency(self, terms: Sequence[str]) -> NDArray[np.int64]:
        """Return in how many passages each analysed term occurs, ``(len(terms),)``."""

    def similar_terms(self, term: str, limit: int) -> list[str]:
        """Return indexed terms within a spelling mistake or two of ``term``, nearest first."""

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Return the passages of these rows, in the order asked."""

    def rows_of(self, document_id: str) -> range:
        """Return the rows of a document; empty when there is no such document."""

    def document(self, document_id: str) -> Document:
        """Return a document with its text; raises KeyError when there is none."""

    def document_ids(self) -> list[str]:
        """Return the ids of all documents, in index order."""

    def titles(self) -> Mapping[str, str]:
        """Return the title of every document by its id, in index order, without its text."""

    def sources(self) -> Sequence[Source]:
        """Return what a reader is told of every document, in index order, without its text."""


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A read document with everything an index stores about it.

    ``terms[i]`` are the analysed terms of passage i in order, ``context_terms[i]`` those
    of what stands around it (title, section, neighbours); ``vectors[i]`` is
    ``(k_i, d) float32`` with k_i >= 1, the passage's own vector first. ``fingerprint``
    changes when the file, its metadata or the way of preparing it changes.
    """

    read: ReadDocument
    fingerprint: str
    terms: tuple[tuple[str, ...], ...]
    context_terms: tuple[tuple[str, ...], ...]
    vectors: tuple[Vectors, ...]


class IndexWriter(Protocol):
    """Builds one new generation beside the one that serves; nothing shows until `publish`.

    A document of the serving generation that is neither kept, renewed nor put is left out.
    Each id may be named once (ValueError).
    """

    @property
    def fingerprints(self) -> Mapping[str, str]:
        """Document id to fingerprint in the generation that serves (empty if none)."""

    def keep(self, document_id: str) -> None:
        """Carry an unchanged document over; raises KeyError when none of that id serves."""

    def renew(self, document: Document, fingerprint: str) -> None:
        """Carry a document over whose record changed while its text and passages did not.

        The record is everything but the text, the passages, their terms and vectors: so a
        file of many documents can change without each of them being prepared again.
        Raises KeyError when none of that id serves.
        """

    def put(self, document: PreparedDocument) -> None:
        """Add a new or changed document; raises ValueError when its parts do not fit."""

    def build(self) -> Index:
        """Finish the new generation and open it for checks; it does not serve yet."""

    def publish(self) -> None:
        """Make the built generation the one that serves, atomically."""

    def close(self) -> None:
        """Release the lock; drop what was not published. Safe to call twice."""


class IndexStore(Protocol):
    """Where generations live."""

    def current(self) -> Index | None:
        """Open the generation that serves now; the same object until another is published."""

    def begin(self) -> IndexWriter:
        """Start a new generation; raises IndexBusy while another writer is at work."""
