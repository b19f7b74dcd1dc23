"""The value types that travel through Counterpoint: frozen, slotted, and free of I/O.

Every stage takes some of these and returns others; nothing else crosses a boundary.
All offsets count Unicode code points and are half-open, so that
``document.text[start:end]`` is the text an offset pair stands for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self


class QueryKind(StrEnum):
    """What somebody wants: an answer, evidence about a claim, or a topic's two sides."""

    QUESTION = "question"
    CLAIM = "claim"
    TOPIC = "topic"


class Stance(StrEnum):
    """The side a text takes on a claim."""

    SUPPORTS = "supports"
    OPPOSES = "opposes"
    NEUTRAL = "neutral"


class Visibility(StrEnum):
    """Who sees a reply: everyone in the channel, or only the one who asked."""

    EVERYONE = "everyone"
    ASKER = "asker"


class Trigger(StrEnum):
    """How a member called the bot."""

    COMMAND = "command"
    MENTION = "mention"
    DIRECT = "direct"
    MENU_SOURCES = "menu_sources"
    MENU_COUNTERPOINTS = "menu_counterpoints"
    AUTO = "auto"


class Feedback(StrEnum):
    """What a member says of a reply."""

    HELPFUL = "helpful"
    MISATTRIBUTED = "misattributed"
    OUT_OF_CONTEXT = "out_of_context"
    WRONG_SIDE = "wrong_side"
    OFF_TOPIC = "off_topic"
    OTHER = "other"


class ChannelMode(StrEnum):
    """What the bot does in a channel: answer when called, keep silent, or answer uncalled."""

    ALLOW = "allow"
    DENY = "deny"
    AUTO = "auto"


# --- the corpus -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """A text of the corpus as its readers see it; every quote is a slice of ``text``.

    ``date`` is ISO 8601 (a year, a month or a day), ``sha256`` the hash of the file's
    bytes, and None means unknown: nothing is guessed.
    """

    id: str
    title: str
    author: str | None
    date: str | None
    url: str | None
    kind: str
    licence: str | None
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of retrieval: one sentence of a document (or a whole text in a benchmark).

    ``position`` counts the passages of a document from 0. ``section`` is the heading
    above it, ``speaker`` who says it where that is not the document's author,
    ``locator`` where a reader finds it ("00:25:25", "comment 2", "paragraph 7").
    ``reported`` marks a sentence that tells somebody else's view.
    """

    id: str
    document_id: str
    start: int
    end: int
    section: str | None = None
    position: int = 0
    speaker: str | None = None
    locator: str | None = None
    reported: bool = False


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document with the passages it was split into, in order and without overlap."""

    document: Document
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of the debate; ``proposition`` can be argued for and against."""

    slug: str
    title: str
    aliases: tuple[str, ...]
    description: str
    proposition: str


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """A file that could not be read: ``path`` names it, ``reason`` is a sentence."""

    path: str
    reason: str


# --- a request ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the conversation around a request, oldest first in a sequence."""

    id: str
    author_id: str
    text: str
    is_bot: bool = False
    is_reply_target: bool = False


@dataclass(frozen=True, slots=True)
class Interaction:
    """A request as an adapter gathered it. ``id`` is the platform's, unique with ``platform``.

    ``kind`` is set when the asker chose it (``--topic``); ``created_at`` is seconds since
    the epoch, UTC.
    """

    id: str
    platform: str
    community_id: str
    channel_id: str
    asker_id: str
    text: str
    trigger: Trigger
    created_at: float
    thread_id: str | None = None
    context: tuple[Message, ...] = ()
    kind: QueryKind | None = None
    visibility: Visibility = Visibility.EVERYONE


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for, after the interaction's noise is gone.

    ``text`` is what was asked; ``claim`` the statement that stances are taken on (the
    claim itself, a topic's proposition, a yes/no question turned into a statement), or
    None. ``topic`` is the slug of the topic named; ``answers`` the id of the message of
    the conversation that the query came from, when it was not the request's own.
    """

    text: str
    kind: QueryKind
    claim: str | None = None
    topic: str | None = None
    answers: str | None = None


# --- an answer ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quote:
    """One to three whole sentences of a document, to the character."""

    text: str
    document_id: str
    start: int
    end: int
    speaker: str | None
    reported: bool
    locator: str | None
    permalink: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader is told about the document of a quote."""

    document_id: str
    title: str
    author: str | None
    date: str | None
    url: str | None

    @classmethod
    def of(cls, document: Document) -> Self:
        """Return what a reader is told about a document."""
        return cls(document.id, document.title, document.author, document.date, document.url)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote with the side it takes.

    ``probability`` in [0, 1] is the calibrated probability of ``stance``, 1 where there is
    no claim to take a side on (a question that asks for more than yes or no); ``score`` in
    [0, 1] the calibrated probability that the quote is to the point.
    """

    quote: Quote
    source: Source
    stance: Stance
    probability: float
    score: float


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to an interaction: meaning only, never markup.

    ``answered`` is False when the corpus has nothing to the point; then both lists are
    empty and ``suggestions`` names near topics. ``query`` is None when nothing could be
    asked of the corpus (an empty message, a refusal). ``error`` is the key of what went
    wrong (see `bot.errors`), None when nothing did; the headline then says it. ``is_kept`` is
    False when it cannot be made again, as nothing of its asker is kept.
    """

    id: str
    answered: bool
    headline: str
    quotes: tuple[Evidence, ...] = ()
    counterpoints: tuple[Evidence, ...] = ()
    suggestions: tuple[str, ...] = ()
    visibility: Visibility = Visibility.EVERYONE
    query: Query | None = None
    corpus_version: str | None = None
    took_ms: float = 0.0
    stage_ms: Mapping[str, float] = field(default_factory=dict)
    error: str | None = None
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class Recalled:
    """A reply made again from the journal, each quote checked against the serving index.

    ``gone`` counts the quotes that are no longer in the documents; they are left out.
    """

    reply: Reply
    gone: int


# --- administration -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AdminRequest:
    """Who asks for something that only admins may do, and where."""

    platform: str
    community_id: str
    user_id: str


# --- indexing -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """What a reindex did to one document: ``change`` is added, changed, removed or kept."""

    document_id: str
    title: str
    change: str
    quotes_added: int = 0
    quotes_removed: int = 0


@dataclass(frozen=True, slots=True)
class LostQuote:
    """A quote that a reply showed and that no document holds any more.

    ``id`` is the last part of its permalink; ``title`` and ``text`` are as they were shown.
    """

    id: str
    document_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class IndexReport:
    """The outcome of a reindex that took effect.

    ``lost`` lists the quotes that it took away, where a journal remembers what was shown.
    """

    version: str
    previous_version: str | None
    changes: tuple[DocumentChange, ...]
    failures: tuple[ReadFailure, ...]
    documents: int
    passages: int
    took_s: float
    lost: tuple[LostQuote, ...] = ()
