"""From what a reader found to a document and its passages, one sentence each.

Puts together cleaning, structure, sentences and the mark for reported speech, and gives
each sentence the place where a reader finds it. Reading files is `bot.corpus.readers`',
choosing them `bot.corpus.library`'s; indexing calls `read_document`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.corpus.cleaning import CleanText, clean
from bot.corpus.raw import Block, BlockKind, RawDocument
from bot.corpus.reported import is_reported
from bot.corpus.sentences import sentence_spans
from bot.corpus.stamps import BRACKETED, LEADING, TRAILING, locator
from bot.corpus.structure import find_blocks
from bot.types import Document, Passage, ReadDocument
from bot.typography import readable

SPLITTING_VERSION = "1"
"""Part of every fingerprint: raise it when the same file would be split another way."""

UNKNOWN_KIND = "text"
"""The kind of a document about which nothing was said."""

_FINITE = re.compile(
    r"\b(?:is|isn't|are|aren't|was|were|will|won't|would|can|cannot|can't|could|should|must"
    r"|(?-i:may)|might|do|does|don't|doesn't|did|didn't|has|have|had|needs?|means?|keeps?|gets?"
    r"|wins?|loses?|makes?|works?|fails?|matters?|beats?|deserves?|remains?|becomes?)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"(?:how|why|what|when|where|which|who|whose|whether)\b", re.IGNORECASE)


def read_document(
    raw: RawDocument, document_id: str, metadata: Mapping[str, str] | None = None
) -> ReadDocument:
    """Clean a raw document and split it.

    Args:
        raw: What a reader found in the file.
        document_id: The document's id, unique in the corpus.
        metadata: What the manifest says (title, author, date, url, kind, licence); it wins
            over what the file says. Neither is guessed at.

    Returns:
        The document and its passages, in order and without overlap. Outside of them stand
        only white space, time stamps, speakers' names, code, rules, and headings that are
        labels (a heading that states something is a passage).
    """
    known = {**raw.metadata, **(metadata or {})}
    cleaned = clean(raw)
    document = Document(
        id=document_id,
        title=known.get("title") or title_from_id(document_id),
        author=known.get("author"),
        date=known.get("date"),
        url=known.get("url"),
        kind=known.get("kind") or UNKNOWN_KIND,
        licence=known.get("licence"),
        text=cleaned.text,
        sha256=raw.sha256,
    )
    return ReadDocument(document, tuple(_passages(document, cleaned)))


def split(raw: RawDocument, document_id: str) -> tuple[Passage, ...]:
    """Return the passages of a raw document, one sentence each; see `read_document`."""
    return read_document(raw, document_id).passages


def to_document(
    raw: RawDocument, document_id: str, metadata: Mapping[str, str] | None = None
) -> Document:
    """Return the document alone; see `read_document`."""
    return read_document(raw, document_id, metadata).document


def title_from_id(document_id: str) -> str:
    """Return an id in words, for a document without a title: ``"on-bread"`` is "On bread"."""
    words = re.sub(r"[-_.\s]+", " ", document_id).strip()
    return words[:1].upper() + words[1:] or document_id


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence of a block, with the stamp that goes with it taken off."""

    start: int
    end: int
    stamp: str | None = None


def _passages(document: Document, cleaned: CleanText) -> Iterator[Passage]:
    text = cleaned.text
    blocks = cleaned.blocks
    if blocks is None:
        blocks = find_blocks(text, cleaned.separators)
    comments = _comment_numbers(blocks, cleaned.separators)
    section, before, position, paragraph, comment = None, "", 0, 0, 0
    for block, number in zip(blocks, comments, strict=True):
        if block.kind is BlockKind.CODE:
            continue
        if number != comment:
            comment, section, before = number, None, ""
        if block.kind is BlockKind.HEADING:
            section = readable(text[block.start : block.end])
            if not states_something(section):
                section = None if _same(section, document.title) else section
                before = ""
                continue
        else:
            paragraph += 1
        # A heading is found with the paragraph below it.
        nearest = paragraph + (block.kind is BlockKind.HEADING)
        place = f"comment {number}" if number else f"paragraph {nearest}"
        for piece in _pieces(text, block):
            words = text[piece.start : piece.end]
            yield Passage(
                id=f"{document.id}#{position}",
                document_id=document.id,
                start=piece.start,
                end=piece.end,
                section=None if section is None or _same(section, document.title) else section,
                position=position,
                speaker=block.speaker,
                locator=piece.stamp or block.locator or place,
                reported=_is_cited(text, block)
                or is_reported(words, before, block.speaker or document.author),
            )
            position, before = position + 1, words


def states_something(heading: str) -> bool:
    """Whether a heading is a statement ("Rain will not help") and no label ("On rain")."""
    return (
        len(heading.split()) > 2
        and not _QUESTION.match(heading)
        and bool(_FINITE.search(heading.replace("’", "'")))  # noqa: RUF001
    )


def _is_cited(text: str, block: Block) -> bool:
    """Whether a block stands behind the mark with which forums and mail cite somebody."""
    return text[max(0, block.start - 3) : block.start].rstrip(" \t").endswith(">")


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _comment_numbers(blocks: tuple[Block, ...], separators: tuple[int, ...]) -> list[int]:
    """Return the number of the comment that each block stands in, from 1; 0 without comments."""
    if not separators:
        return [0] * len(blocks)
    parts = [bisect_right(separators, block.start) for block in blocks]
    numbers = {part: number for number, part in enumerate(sorted(set(parts)), start=1)}
    return [numbers[part] for part in parts]


def _pieces(text: str, block: Block) -> Iterator[_Piece]:
    """Split a block into sentences and settle which of them each time stamp goes with."""
    pieces: list[_Piece] = []
    for start, end in sentence_spans(text[block.start : block.end]):
        piece = _Piece(block.start + start, block.start + end)
        leading = LEADING.match(text, piece.start, piece.end)
        if leading:
            stamp = locator(leading["stamp"])
            piece = replace(piece, start=leading.end())
            if not pieces or pieces[-1].stamp is not None:
                piece = replace(piece, stamp=stamp)
            else:
                # "... in May. [05:18] It closed ...": the stamp closes the sentence before.
                pieces[-1] = replace(pieces[-1], stamp=stamp)
        trailing = TRAILING.search(text[piece.start : piece.end])
        if trailing:
            piece = replace(
                piece, end=piece.start + trailing.start(), stamp=locator(trailing["stamp"])
            )
        elif piece.stamp is None and (inner := BRACKETED.search(text, piece.start, piece.end)):
            piece = replace(piece, stamp=locator(inner[0]))
        if text[piece.start : piece.end].strip():
            pieces.append(piece)
    yield from pieces
