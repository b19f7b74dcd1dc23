"""What a reader of a file format hands on: the text, and the structure that it knows of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class BlockKind(StrEnum):
    """What a stretch of a document is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text that sentences do not cross.

    ``start`` and ``end`` are offsets into `RawDocument.text`. ``speaker`` says it;
    ``locator`` is where a reader finds it, when the format knows ("00:25:25").
    ``level`` is a heading's depth from 1.
    """

    kind: BlockKind
    start: int
    end: int
    speaker: str | None = None
    locator: str | None = None
    level: int = 1


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file as its reader understood it.

    ``text`` holds the file's words to the character, without markup that its format
    defines. ``blocks`` are in order and do not overlap; None when the format knows no
    structure (plain text), so that it has to be found. ``metadata`` may hold title,
    author, date, url, licence and kind; what is missing is unknown.
    """

    text: str
    blocks: tuple[Block, ...] | None
    sha256: str
    metadata: Mapping[str, str] = field(default_factory=dict)
