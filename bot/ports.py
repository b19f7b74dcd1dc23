"""What the core needs from the outside, as Protocols without a technology in their names.

`bot.backends` implements the storage ports, `bot.retrieval` and `bot.stance` the models.
Ports that only compute or read local files are plain functions: the service runs them
off the event loop. The journal waits on a disk or a network and is async.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.types import Document, Interaction, Passage, ReadDocument, Reply

Vectors = NDArray[np.float32]
"""Unit vectors, one a row: ``(n, d) float32``."""

Hits = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Rows of an index and their scores, both ``(n,)``, best first."""


class Encoder(Protocol):
    """Turns texts into unit vectors whose dot product is their similarity."""

    @property
    def name(self) -> str:
        """What made the vectors; an index built by another name is rebuilt."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, ``(len(texts), dimension) float32``."""


class StanceModel(Protocol):
    """Says which side a text takes on a claim."""

    def classify(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return calibrated probabilities for (claim, text) pairs.

        Returns:
            ``(len(pairs), 3) float32``; columns supports, opposes, neutral; rows sum to 1.
        """


class Index(Protocol):
    """One published generation of the corpus, read-only and safe in several threads.

    A *row* is a passage's number inside this generation, ``0 <= row < size``. Rows of a
    document are consecutive and in the order of its passages.
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
    """Builds one new generation beside the one that serves; nothing shows until `publish`."""

    @property
    def fingerprints(self) -> Mapping[str, str]:
        """Document id to fingerprint in the generation that serves (empty if none)."""

    def keep(self, document_id: str) -> None:
        """Carry an unchanged document over from the generation that serves."""

    def put(self, document: PreparedDocument) -> None:
        """Add a new or changed document."""

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


class Receipt(Protocol):
    """What the journal says when a request is begun."""

    @property
    def request_id(self) -> str:
        """Our id of the request, shown to the asker when something goes wrong."""

    @property
    def is_new(self) -> bool:
        """Whether this request has to be answered: False for a duplicate."""


class Journal(Protocol):
    """The log of interactions; what it acknowledges is on disk."""

    async def begin(self, interaction: Interaction) -> Receipt:
        """Note a request before it is answered; (platform, id) is asked once only."""

    async def finish(self, request_id: str, reply: Reply, error: str | None = None) -> None:
        """Note the reply, or the error that stood in its way."""

    async def delivered(self, request_id: str, message_ids: Sequence[str]) -> None:
        """Note that the platform took the reply."""

    async def forget(self, platform: str, asker_id: str) -> int:
        """Remove an asker's rows; returns how many interactions that were."""

    def recent(self, limit: int) -> AsyncIterator[Mapping[str, object]]:
        """Yield the newest interactions, newest first."""

    async def close(self) -> None:
        """Write what is queued and release the file. Safe to call twice."""
