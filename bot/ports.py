"""What the core needs from the outside, as Protocols without a technology in their names.

`bot.backends` implements the storage ports, `bot.retrieval` and `bot.stance` the models.
Ports that only compute or read local files are plain functions: the service runs them
off the event loop. The journal waits on a disk or a network and is async.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.types import (
    Document,
    Interaction,
    Passage,
    QueryKind,
    ReadDocument,
    Reply,
    Stance,
    Trigger,
)

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


class TextPolicy(StrEnum):
    """What the journal keeps of the text that people typed.

    ``FULL`` keeps the words and a keyed hash of them, ``HASHED`` only the hash (equal
    texts can be counted, none can be read), ``OFF`` neither.
    """

    FULL = "full"
    HASHED = "hashed"
    OFF = "off"


class RequestState(StrEnum):
    """How far a request has come."""

    BEGUN = "begun"
    FINISHED = "finished"
    DELIVERED = "delivered"


class QuoteRole(StrEnum):
    """In which list of a reply a quote was shown."""

    QUOTE = "quote"
    COUNTERPOINT = "counterpoint"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the journal says when a request is begun.

    ``request_id`` is our id of the request, shown to the asker when something goes wrong.
    ``is_new`` says whether it has to be answered: False for a duplicate. ``state`` is how
    far the request had come before: a duplicate that was finished and never delivered is
    one whose sending went wrong.
    """

    request_id: str
    is_new: bool
    state: RequestState = RequestState.BEGUN


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote that a reply showed, as the journal keeps it.

    ``rank`` counts from 1 within ``role``; ``text_hash`` is the SHA-256 of the quote's
    text in UTF-8 (hex); offsets, ``probability`` and ``score`` are those of `Evidence`.
    """

    role: QuoteRole
    rank: int
    document_id: str
    start: int
    end: int
    text_hash: str
    stance: Stance
    probability: float
    score: float


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One interaction as the journal keeps it; None is not known, not kept or forgotten.

    ``asker`` and ``text_hash`` are keyed hashes (hex). Times are seconds since the epoch,
    UTC: ``created_at`` by the platform's clock, the others by ours. ``shown`` lists the
    quotes by rank, then the counterpoints.
    """

    request_id: str
    platform: str
    interaction_id: str
    community_id: str | None
    channel_id: str | None
    thread_id: str | None
    asker: str | None
    trigger: Trigger | None
    text: str | None
    text_hash: str | None
    kind: QueryKind | None
    created_at: float
    begun_at: float
    finished_at: float | None
    state: RequestState
    answered: bool | None
    error: str | None
    corpus_version: str | None
    took_ms: float | None
    stage_ms: Mapping[str, float]
    shown: tuple[ShownQuote, ...]
    message_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JournalHealth:
    """What an operator wants to know of the journal; sound when ``problems`` is empty.

    ``size_bytes`` counts what it takes on disk; ``last_write`` is the latest time noted
    for the newest interaction, in seconds since the epoch, None while there is none.
    """

    location: str
    schema_version: int
    size_bytes: int
    interactions: int
    last_write: float | None
    problems: tuple[str, ...]


class Journal(Protocol):
    """The log of interactions; what it acknowledges is on disk.

    Calls that overlap have no order among themselves; a call made after another returned
    sees what that one wrote. Every method raises `JournalError` when the log cannot be
    read or written, and after `close`.
    """

    async def begin(self, interaction: Interaction) -> Receipt:
        """Note a request before it is answered; (platform, id) is new once only.

        It is new again, under the same request id, when whoever began it died or let its
        lease run out before it finished.
        """

    async def finish(self, request_id: str, reply: Reply, error: str | None = None) -> None:
        """Note the reply, or the error that stood in its way (never a member's words).

        Raises:
            JournalError: Also when ``request_id`` was never begun.
        """

    async def delivered(self, request_id: str, message_ids: Sequence[str]) -> None:
        """Note that the platform took the reply, and under which ids; safe to repeat.

        Raises:
            JournalError: Also when ``request_id`` was never begun.
        """

    async def forget(self, platform: str, asker_id: str) -> int:
        """Remove everything about an asker at once; returns how many interactions it was.

        What stays is a row that names nobody, so that a late duplicate is still known.
        """

    def recent(self, limit: int) -> AsyncIterator[JournalEntry]:
        """Yield up to ``limit`` interactions, the last begun first."""

    async def check(self) -> JournalHealth:
        """Look the whole journal over; takes time in proportion to its size."""

    async def close(self) -> None:
        """Write what is queued and release the journal. Safe to call twice."""
