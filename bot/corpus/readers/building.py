"""Assemble a `RawDocument` from stretches of text, so that every offset is right.

All formats that know their structure build their text here and never count offsets
themselves. Called by the format readers.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping

from bot.corpus.raw import Block, BlockKind, RawDocument
from bot.corpus.readers.limits import ReadLimits, Unreadable

_SURROGATE = re.compile("[\ud800-\udfff]")
_SEPARATOR = "\n\n"


def clean(text: str) -> str:
    r"""Return ``text`` with ``\n`` as its only line end and without lone surrogates.

    A lone surrogate (half of a character, which JSON can spell) becomes U+FFFD, so that
    the text can be written as UTF-8. Everything else stays as it is.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", text)


def known(pairs: Iterable[tuple[str, object]]) -> dict[str, str]:
    """Return metadata of those pairs whose value says something: a string or a number.

    White space in a value is folded, since a title that runs over two lines is one title.
    """
    found: dict[str, str] = {}
    for key, value in pairs:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            continue
        words = " ".join(clean(str(value)).split())
        if words:
            found.setdefault(key, words)
    return found


def plain_document(text: str, sha256: str, metadata: Mapping[str, str]) -> RawDocument:
    """Return a document whose structure is not known, only its text.

    Raises:
        Unreadable: The text holds nothing but white space.
    """
    text = clean(text)
    if not text.strip():
        raise Unreadable("It holds no text. Remove it, or put the text in and try again.")
    return RawDocument(text, None, sha256, metadata)


class CharacterBudget:
    """Counts the characters that one file gives, over all its documents."""

    def __init__(self, limits: ReadLimits) -> None:
        self._limit = limits.max_characters
        self._spent = 0

    def spend(self, characters: int) -> None:
        """Count more characters.

        Raises:
            Unreadable: The file gives more than ``max_characters``.
        """
        self._spent += characters
        if self._spent > self._limit:
            raise Unreadable(
                f"It holds more than {self._limit:,} characters of text. "
                "Split it into several files."
            )


class DocumentBuilder:
    """Collects blocks in reading order; blocks are set apart by an empty line."""

    def __init__(self, budget: CharacterBudget) -> None:
        self._budget = budget
        self._pieces: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0

    @property
    def is_empty(self) -> bool:
        """Whether no block has been added yet."""
        return not self._blocks

    def add(
        self,
        text: str,
        kind: BlockKind = BlockKind.PARAGRAPH,
        *,
        speaker: str | None = None,
        locator: str | None = None,
        level: int = 1,
    ) -> None:
        """Append a block; white space around it is dropped, and so is an empty block.

        Args:
            text: The words of the block. Code keeps its indentation.
            kind: What the block is.
            speaker: Who says it, if not the document's author.
            locator: Where a reader finds it ("page 3").
            level: Depth of a heading, from 1.

        Raises:
            Unreadable: The file gives more characters than the limits allow.
        """
        text = clean(text)
        text = text.strip("\n") if kind is BlockKind.CODE else text.strip()
        if not text.strip():
            return
        start = self._length + (len(_SEPARATOR) if self._blocks else 0)
        end = start + len(text)
        self._budget.spend(end - self._length)
        if self._blocks:
            self._pieces.append(_SEPARATOR)
        self._pieces.append(text)
        self._blocks.append(Block(kind, start, end, _name(speaker), locator, level))
        self._length = end

    def build(self, metadata: Mapping[str, str], sha256: str | None = None) -> RawDocument:
        """Return the document.

        Args:
            metadata: What the file says about it.
            sha256: Hash of the file's bytes; None hashes the document's own content,
                which is right where a file holds several documents.

        Raises:
            Unreadable: No block was added.
        """
        if self.is_empty:
            raise Unreadable("It holds no text. Remove it, or put the text in and try again.")
        text = "".join(self._pieces)
        blocks = tuple(self._blocks)
        return RawDocument(text, blocks, sha256 or _hash(text, blocks, metadata), metadata)


def _name(speaker: str | None) -> str | None:
    return " ".join(clean(speaker).split()) or None if speaker else None


def _hash(text: str, blocks: tuple[Block, ...], metadata: Mapping[str, str]) -> str:
    """Hash what a reader of the document sees: also a new name of a speaker changes it."""
    places = [(block.start, block.end, block.speaker, block.locator) for block in blocks]
    content = json.dumps([text, places, sorted(metadata.items())], separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()
