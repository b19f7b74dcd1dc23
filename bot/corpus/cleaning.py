"""Cut page chrome out of what a reader found, without touching any other character.

The words that stay are the file's, to the character. Where a line was cut, a form feed
(`CUT`) stands: it is white space, so it shows nowhere, and it tells the splitter and the
quotes that nothing may run across. Line ends become ``\\n``. Finding paragraphs and
headings is left to `bot.corpus.structure`; `bot.corpus.splitting` calls both.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from bot.corpus.chrome import CHROME, Chrome, Where
from bot.corpus.raw import Block, RawDocument

CUT = "\f"
"""Stands in a document's text where something was cut away."""

# A lone carriage return is an old Mac's line end; a file's own form feed is a page break.
_LINE_END = re.compile(r"\r\n?|\f")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LINE = re.compile(r"[^\n]+")
_LONGEST_CHROME = 250
"""Characters; a longer line is a paragraph, whatever it begins with."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CleanText:
    """A document's text after chrome is cut away.

    ``blocks`` are the reader's, moved to their new places (None when there were none).
    ``separators`` are the offsets of the cuts that stood between two comments; empty
    unless the same separator came up at least twice.
    """

    text: str
    blocks: tuple[Block, ...] | None
    separators: tuple[int, ...]


def clean(raw: RawDocument) -> CleanText:
    """Return a document's text and blocks without page chrome.

    A chrome line is cut when the whole line (of plain text) or the whole block (where the
    format knows blocks) matches the table in `bot.corpus.chrome`. A document that would
    have nothing left is not cut at all.
    """
    text, blocks = _with_plain_line_ends(raw)
    spans = (
        [line.span() for line in _LINE.finditer(text)]
        if blocks is None
        else [(block.start, block.end) for block in blocks]
    )
    chrome = _find_chrome(text, spans)
    cuts = set(chrome)
    # What is cut is replaced by one character.
    moved = _Moved([(start, end - start - 1) for start, end in chrome])
    if blocks is not None:
        blocks = tuple(
            _move(block, moved) for block in blocks if (block.start, block.end) not in cuts
        )
    separators = [start for (start, _), row in chrome.items() if row.separates]
    return CleanText(
        _replace(text, list(chrome), CUT),
        blocks,
        tuple(moved(start) for start in separators) if len(separators) > 1 else (),
    )


class _Moved:
    """Where an offset lies after characters were taken out: (place, how many) pairs, sorted."""

    def __init__(self, removals: Sequence[tuple[int, int]]) -> None:
        self._places = [place for place, _ in removals]
        self._totals = [0, *accumulate(count for _, count in removals)]

    def __call__(self, offset: int) -> int:
        return offset - self._totals[bisect_left(self._places, offset)]


def _move(block: Block, moved: _Moved) -> Block:
    return replace(block, start=moved(block.start), end=moved(block.end))


def _replace(text: str, spans: Sequence[Span], by: str) -> str:
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    return by.join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _with_plain_line_ends(raw: RawDocument) -> tuple[str, tuple[Block, ...] | None]:
    # A lone surrogate is no character and no database takes it; the length stays the same.
    text = _SURROGATE.sub("\ufffd", raw.text)
    pairs = [found.span() for found in re.finditer("\r\n", text)]
    blocks = raw.blocks
    if blocks is not None and pairs:
        moved = _Moved([(start, 1) for start, _ in pairs])
        blocks = tuple(_move(block, moved) for block in blocks)
    return _LINE_END.sub("\n", text), blocks


def _find_chrome(text: str, spans: Sequence[Span]) -> dict[Span, Chrome]:
    """Return the spans to cut with the row each matched; none when nothing would stay."""
    lines = [(span, text[span[0] : span[1]].strip()) for span in spans]
    lines = [(span, line) for span, line in lines if line]
    rows = {span: row for span, line in lines if (row := _matching(line, Where.ANYWHERE))}
    for where, order in ((Where.TOP, lines), (Where.END, lines[::-1])):
        for span, line in order:
            if span in rows:
                continue
            row = _matching(line, where)
            if row is None:
                break
            rows[span] = row
    return dict(sorted(rows.items())) if len(rows) < len(lines) else {}


def _matching(line: str, where: Where) -> Chrome | None:
    if len(line) > _LONGEST_CHROME:
        return None
    rows = (row for row in CHROME if row.where is where)
    return next((row for row in rows if row.pattern.fullmatch(line)), None)
