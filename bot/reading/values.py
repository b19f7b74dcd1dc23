"""The values that reading returns. Offsets count code points of the document, half-open."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self

from bot.types import Document, Passage, Source

_QUOTE_ID = re.compile(
    r"(?P<document>[a-z0-9]+(?:-[a-z0-9]+)*)-(?P<start>\d{1,9})-(?P<end>\d{1,9})"
    r"-(?P<digest>[0-9a-f]{8})",
    re.ASCII,
)
_LONGEST_ID = 300


@dataclass(frozen=True, slots=True)
class QuoteId:
    """What a permalink names: where a quote stood, and eight digits of its text's hash."""

    document_id: str
    start: int
    end: int
    digest: str

    @classmethod
    def parsed(cls, text: str) -> Self | None:
        """Read the last part of a permalink; None when it is no such thing."""
        found = _QUOTE_ID.fullmatch(text) if len(text) <= _LONGEST_ID else None
        if found is None:
            return None
        start, end = int(found["start"]), int(found["end"])
        return cls(found["document"], start, end, found["digest"]) if start < end else None

    def __str__(self) -> str:
        return f"{self.document_id}-{self.start}-{self.end}-{self.digest}"


class Kept(Protocol):
    """A quote as it was when it was shown."""

    @property
    def document_id(self) -> str:
        """The document that it was in."""

    @property
    def start(self) -> int:
        """Where it began."""

    @property
    def end(self) -> int:
        """Where it ended."""

    @property
    def digest(self) -> str:
        """Eight digits of its text's hash."""

    @property
    def text(self) -> str:
        """What it said, to the character."""

    @property
    def title(self) -> str:
        """What the document was called."""


class KeptQuotes(Protocol):
    """Remembers the quotes that were shown; a part of what a journal does."""

    async def kept_quote(self, quote_id: str) -> Kept | None:
        """Return a quote by the last part of its permalink; None when it was never shown.

        Raises:
            JournalError: What is kept cannot be read.
        """


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the corpus holds, as of one generation of the index."""

    version: str
    sources: tuple[Source, ...]
    sentences: int


class BlockKind(StrEnum):
    """What a stretch of a page is; ``ASIDE`` is what nobody is quoted with (stamps, code)."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document's text; ``passage`` is the sentence that it is, if it is one."""

    start: int
    text: str
    passage: Passage | None = None

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading or what stands between; all pieces together are the whole text.

    ``speaker`` is who begins to speak here, ``locator`` where a reader finds it: both where they
    changed and the text itself does not say so.
    """

    kind: BlockKind
    pieces: tuple[Piece, ...]
    speaker: str | None = None
    locator: str | None = None

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.pieces[-1].end


@dataclass(frozen=True, slots=True)
class Section:
    """A section: the heading above it, the start of its first sentence, the page that is on."""

    title: str
    start: int
    page: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks in a document: how often, and where first."""

    name: str
    sentences: int
    start: int
    page: int


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A stretch of a document that is read at once.

    ``number`` counts from 1 to ``pages``; sections and speakers are the whole document's. The
    next page begins where this one would end if it held no quote to be shown whole.
    ``document.text`` is empty: what is read is in ``blocks``.
    """

    version: str
    document: Document
    number: int
    pages: int
    sentences: int
    sections: tuple[Section, ...]
    speakers: tuple[Speaker, ...]
    blocks: tuple[Block, ...]


class Outcome(StrEnum):
    """What became of a quote.

    ``EXACT``: it stands where it stood. ``MOVED``: the same text stands elsewhere.
    ``CHANGED``: its document is there, and does not say so any more. ``GONE``: its document is
    not there any more.
    """

    EXACT = "exact"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document with its text.

    ``page`` and ``last_page`` are those that it begins and ends on. ``is_quotable`` says that it
    is made of whole sentences, as replies quote them, or was quoted: what anybody cut out of a
    sentence may mean the opposite.
    """

    source: Source
    start: int
    end: int
    text: str
    page: int
    last_page: int
    is_quotable: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a quote, and where.

    ``place`` is where the quote stands now; when it changed, what is most like it, if anything
    is, with ``likeness`` from 0 to 100. ``kept`` is the quote as it was shown, where that is
    remembered.
    """

    outcome: Outcome
    quote: QuoteId
    place: Place | None = None
    kept: Kept | None = None
    likeness: float = 100.0
