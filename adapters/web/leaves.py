"""Set a page of a document as HTML: every sentence a link to itself, a quote marked. Pure.

Written by hand and not by a template: a page has some five hundred sentences. Everything that
comes from the document goes through `_shown`, which escapes it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard
from urllib.parse import quote

from markupsafe import escape

from adapters.messaging.printable import printable
from bot import texts
from bot.reading import Block, BlockKind, DocumentPage, Piece
from bot.types import Passage

MARK = "quote"
"""The anchor of the quote that is marked."""

Span = tuple[int, int]

_PARAGRAPH = "paragraph "


@dataclass(frozen=True, slots=True)
class Leaf:
    """A block with its HTML, and where in the document it is."""

    block: Block
    heading_of: int | None
    html: str


def leaves_of(page: DocumentPage) -> tuple[Leaf, ...]:
    """Set a page, block by block, with nothing marked."""
    starts = {section.start for section in page.sections if section.page == page.number}
    found: list[Leaf] = []
    for number, block in enumerate(page.blocks):
        heading_of = _heading_of(page.blocks, number, starts)
        found.append(Leaf(block, heading_of, _block(block, page.document.id, heading_of, None)))
    return tuple(found)


def marked(leaves: Sequence[Leaf], document_id: str, mark: Span) -> str:
    """Return a page as one text, with a stretch of the document marked."""
    parts: list[str] = []
    is_first = True
    for leaf in leaves:
        begin, end = max(leaf.block.start, mark[0]), min(leaf.block.end, mark[1])
        if begin >= end:
            parts.append(leaf.html)
            continue
        marker = _Marker(mark, MARK if is_first else None)
        parts.append(_block(leaf.block, document_id, leaf.heading_of, marker))
        is_first = marker.anchor is not None
    return "\n".join(parts)


def sentence_anchor(start: int) -> str:
    """Return the anchor of the sentence that begins at an offset."""
    return f"s{start}"


def section_anchor(start: int) -> str:
    """Return the anchor of the section whose first sentence begins at an offset."""
    return f"section-{start}"


def permalink_path(document_id: str, start: int, end: int, text: str) -> str:
    """Return the address of a stretch of a document on this site."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"/q/{quote(document_id, safe='')}-{start}-{end}-{digest}"


class _Marker:
    """Marks what lies within a span; the first mark gets the anchor."""

    def __init__(self, span: Span, anchor: str | None) -> None:
        self._span = span
        self.anchor = anchor

    def shown(self, piece: Piece) -> str:
        begin = max(self._span[0] - piece.start, 0)
        end = min(self._span[1] - piece.start, len(piece.text))
        inner = piece.text[begin:end] if begin < end else ""
        if not inner.strip():
            return _shown(piece.text)
        anchor = f' id="{self.anchor}"' if self.anchor else ""
        self.anchor = None
        before, after = _shown(piece.text[:begin]), _shown(piece.text[end:])
        return f"{before}<mark{anchor}>{_shown(inner)}</mark>{after}"


def _heading_of(blocks: Sequence[Block], number: int, starts: set[int]) -> int | None:
    """Return the section that a block is to be the anchor of, by its first sentence."""
    block = blocks[number]
    if block.kind is BlockKind.HEADING:
        following = blocks[number + 1 : number + 2]
        if following and following[0].kind is BlockKind.HEADING:
            return None  # the nearest heading is the section's
        first = _first(block) or (_first(following[0]) if following else None)
    elif number and blocks[number - 1].kind is BlockKind.HEADING and not _first(blocks[number - 1]):
        return None
    else:
        first = _first(block)
    return first.start if first is not None and first.start in starts else None


def _first(block: Block) -> Passage | None:
    return next((piece.passage for piece in block.pieces if piece.passage is not None), None)


def _block(block: Block, document_id: str, heading_of: int | None, marker: _Marker | None) -> str:
    inner = "".join(_piece(piece, document_id, marker) for piece in block.pieces)
    anchor = f' id="{section_anchor(heading_of)}"' if heading_of is not None else ""
    if block.kind is BlockKind.HEADING:
        heading = f'<h2{anchor} dir="auto">{inner.strip()}</h2>'
        # A heading that states something is the first sentence of its paragraph.
        return _numbered(block.locator, heading) if _is_paragraph(block.locator) else heading
    if block.kind is BlockKind.ASIDE:
        inner = inner.strip()
        return f'<p class="aside" dir="auto">{inner}</p>' if inner else ""
    said = f'<p{anchor} dir="auto">{inner.strip()}</p>'
    speaker = f'<p class="speaker" dir="auto">{_shown(block.speaker)}</p>' if block.speaker else ""
    if block.locator is None:
        return f"{speaker}{said}"
    if _is_paragraph(block.locator):
        return _numbered(block.locator, f"{speaker}{said}")
    kind = "opens" if block.locator.startswith("comment ") else "timed"
    where = f'<p class="where">{_shown(block.locator)}</p>'
    return f'<div class="block {kind}">{where}{speaker}{said}</div>'


def _is_paragraph(locator: str | None) -> TypeGuard[str]:
    return locator is not None and locator.startswith(_PARAGRAPH)


def _numbered(locator: str, inner: str) -> str:
    """Put the number of a paragraph beside it: for the eye, unlike a comment's or a time."""
    number = _shown(locator.removeprefix(_PARAGRAPH))
    where = f'<p class="where" aria-hidden="true"><span>{_PARAGRAPH}</span>{number}</p>'
    return f'<div class="block numbered">{where}{inner}</div>'


def _piece(piece: Piece, document_id: str, marker: _Marker | None) -> str:
    inner = marker.shown(piece) if marker is not None else _shown(piece.text)
    if piece.passage is None:
        return inner
    address = permalink_path(document_id, piece.start, piece.end, piece.text)
    reported = f' title="{escape(texts.REPORTED)}"' if piece.passage.reported else ""
    return (
        f'<a class="s" id="{sentence_anchor(piece.start)}" href="{address}"{reported}>{inner}</a>'
    )


def _shown(text: str) -> str:
    # Between two letters, so that white space at an end stays.
    return str(escape(printable(f"x{text}x")[1:-1]))
