"""Make paragraphs of the lines of a PDF's pages.

A PDF knows neither words nor paragraphs, only where glyphs stand. Lines are joined by
their distance, size and endings; running heads, running feet and page numbers are left
out; a word that a hyphen divides at a line's end is made whole. Called by the PDF reader.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bot.corpus.raw import BlockKind
from bot.corpus.readers.building import DocumentBuilder

_PAGE_NUMBER = re.compile(r"\W*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?:\u2026\u3002][\"'\u201d\u2019)\]]*$")
_BULLET = re.compile(r"(?:[\u2022\u25aa\u25cf\u2023\u2043*-]|\(?\d{1,3}[.)]|\(?[a-z]\))\s")
_DIVIDED = re.compile(r"([^\W\d_]+)[-\u2010]$")
_WORD_START = re.compile(r"[^\W\d_]+")
_HYPHENATED = re.compile(r"[^\W\d_]+[-\u2010][^\W\d_]+")
# Larger than the body text by this much is a heading, farther apart is a new paragraph.
_HEADING_SIZE = 1.15
_OTHER_SIZE = 0.1
_PARAGRAPH_GAP = 1.35
_SHORT_LINE = 0.75
_LONGEST_HEADING = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its font size and its height on the page, both in points."""

    text: str
    size: float
    height: float


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is usual in a document, against which a line is judged."""

    size: float
    gap: float
    width: float
    heading_sizes: tuple[int, ...]
    hyphenated: frozenset[str]

    def level(self, line: Line) -> int | None:
        """Return the depth of a heading, or None for a line of body text."""
        if line.size < self.size * _HEADING_SIZE or len(line.text) > _LONGEST_HEADING:
            return None
        return min(self.heading_sizes.index(round(line.size)) + 1, 6)


def add_paragraphs(builder: DocumentBuilder, pages: Sequence[Sequence[Line]]) -> None:
    """Add the paragraphs and headings of a document, each with the page it begins on.

    Args:
        builder: Takes the blocks.
        pages: Lines of each page from top to bottom, the first page first.
    """
    kept = _without_running_lines(pages)
    layout = _layout(kept)
    text, last, level, begun_on = "", None, None, 0
    for number, lines in enumerate(kept, start=1):
        for index, line in enumerate(lines):
            if last is None or not _continues(last, line, layout, same_page=index > 0):
                _add(builder, text, level, begun_on)
                text, level, begun_on = line.text, layout.level(line), number
            else:
                text = _join(text, line.text, layout)
            last = line
    _add(builder, text, level, begun_on)


def _add(builder: DocumentBuilder, text: str, level: int | None, page: int) -> None:
    kind = BlockKind.PARAGRAPH if level is None else BlockKind.HEADING
    builder.add(text, kind, locator=f"page {page}", level=level or 1)


def _without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Drop page numbers, and first and last lines that most pages share."""
    heads = Counter(_shape(lines[0]) for lines in pages if lines)
    feet = Counter(_shape(lines[-1]) for lines in pages if lines)
    often = max(3, len(pages) // 2 + 1)
    kept = []
    for page in pages:
        lines = list(page)
        if lines and (heads[_shape(lines[0])] >= often or _PAGE_NUMBER.match(lines[0].text)):
            del lines[0]
        if lines and (feet[_shape(lines[-1])] >= often or _PAGE_NUMBER.match(lines[-1].text)):
            del lines[-1]
        kept.append(lines)
    return kept


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _layout(pages: Sequence[Sequence[Line]]) -> _Layout:
    lines = [line for page in pages for line in page]
    characters: Counter[float] = Counter()
    for line in lines:
        characters[line.size] += len(line.text)
    size = max(characters, key=lambda s: characters[s], default=0.0)
    gaps = [
        above.height - below.height
        for page in pages
        for above, below in pairwise(page)
        if above.size == below.size == size and above.height > below.height
    ]
    widths = sorted(len(line.text) for line in lines)
    headings = {round(line.size) for line in lines if line.size >= size * _HEADING_SIZE}
    hyphenated = frozenset(
        word.lower() for line in lines for word in _HYPHENATED.findall(line.text)
    )
    return _Layout(
        size=size,
        gap=median(gaps) if gaps else 0.0,
        width=widths[len(widths) * 9 // 10] if widths else 0,
        heading_sizes=tuple(sorted(headings, reverse=True)),
        hyphenated=hyphenated,
    )


def _continues(last: Line, line: Line, layout: _Layout, *, same_page: bool) -> bool:
    """Say whether a line goes on with the paragraph that the last one is part of."""
    level = layout.level(line)
    is_other_size = abs(last.size - line.size) > layout.size * _OTHER_SIZE
    if level != layout.level(last) or is_other_size or _BULLET.match(line.text):
        return False
    if level is not None:
        return same_page
    gap = last.height - line.height
    if not same_page or gap < 0:
        # The next page or column: only a sentence that is under way goes on there.
        return not _SENTENCE_END.search(last.text) and not line.text[:1].isupper()
    if layout.gap and gap > layout.gap * _PARAGRAPH_GAP:
        return False
    is_short = len(last.text) < layout.width * _SHORT_LINE
    return not (is_short and _SENTENCE_END.search(last.text))


def _join(text: str, following: str, layout: _Layout) -> str:
    """Join two lines; a hyphen stays where the document writes the word with one."""
    if text.endswith("\u00ad"):
        return text[:-1] + following
    divided = _DIVIDED.search(text)
    rest = _WORD_START.match(following)
    if divided is None or rest is None or not rest[0].islower():
        return f"{text} {following}"
    if f"{divided[1]}-{rest[0]}".lower() in layout.hyphenated:
        return text + following
    return text[: divided.end(1)] + following
