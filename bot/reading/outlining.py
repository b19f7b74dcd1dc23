"""Look a whole document over once: its pages, sections, speakers, and where its sentences are.

Pure; what comes back is small beside the document, so that many are held.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.corpus.cleaning import CUT
from bot.reading.values import Section, Speaker
from bot.types import Passage

PAGE = 60_000
"""Characters from which on a page ends with its paragraph."""
LONGEST_PAGE = 72_000
"""Characters after which a page ends wherever a sentence does."""

_BLANK_LINE = re.compile(rf"(?:\n[^\S\n{CUT}]*\n|{CUT})\s*")
_LINE_END = re.compile(rf"(?:\n|{CUT})\s*")


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a document without its text.

    ``page_starts`` are offsets, ``page_rows`` the number of the first sentence of each page,
    with the number of all at the end. ``starts`` and ``ends`` are those of all sentences,
    ``(n,) int64``. ``is_wrapped`` says that a line's end is no paragraph's.
    """

    length: int
    page_starts: tuple[int, ...]
    page_rows: tuple[int, ...]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    sections: tuple[Section, ...]
    speakers: tuple[Speaker, ...]
    is_wrapped: bool

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self.page_starts)

    def page_of(self, offset: int) -> int:
        """Return the number of the page that holds an offset, from 1."""
        return max(1, bisect_right(self.page_starts, offset))

    def span_of(self, page: int) -> tuple[int, int]:
        """Return where a page begins and ends."""
        starts = (*self.page_starts, self.length)
        return starts[page - 1], starts[page]


def outline(text: str, passages: Sequence[Passage]) -> Outline:
    """Look a document over.

    Args:
        text: The document's text.
        passages: Its sentences, in order.
    """
    is_wrapped = _is_wrapped(text, passages)
    starts = np.array([one.start for one in passages], np.int64)
    page_starts = _page_starts(text, passages, breaks(is_wrapped))
    rows = np.searchsorted(starts, np.array(page_starts), side="left").tolist()

    def page_of(offset: int) -> int:
        return bisect_right(page_starts, offset)

    return Outline(
        length=len(text),
        page_starts=tuple(page_starts),
        page_rows=(*rows, len(passages)),
        starts=starts,
        ends=np.array([one.end for one in passages], np.int64),
        sections=tuple(_sections(passages, page_of)),
        speakers=_speakers(passages, page_of),
        is_wrapped=is_wrapped,
    )


def breaks(is_wrapped: bool) -> re.Pattern[str]:
    """Return what divides the paragraphs of a document: a line's end only where none is wrapped."""
    return _BLANK_LINE if is_wrapped else _LINE_END


def _is_wrapped(text: str, passages: Sequence[Passage]) -> bool:
    """Whether lines end for want of room: more of them within sentences than between."""
    within = between = 0
    at = 0
    for one in passages:
        within += text.count("\n", one.start, one.end)
        between += text.count("\n", at, one.start) == 1
        at = one.end
    return within > 0 and within >= between


def _page_starts(text: str, passages: Sequence[Passage], pattern: re.Pattern[str]) -> list[int]:
    starts, at = [0], 0
    for one in (*passages, None):
        begin = one.start if one is not None else len(text)
        _divide_gap(text, at, begin, starts)
        if one is None:
            break
        so_far = begin - starts[-1]
        if so_far >= PAGE:
            parted = pattern.search(text, at, begin)
            if parted is not None and parted.end() > starts[-1]:
                starts.append(parted.end())
            elif so_far >= LONGEST_PAGE:
                starts.append(begin)
        at = one.end
    return starts


def _divide_gap(text: str, begin: int, end: int, starts: list[int]) -> None:
    """Begin pages within what holds no sentence, where that is longer than a page."""
    while end - begin > PAGE:
        begin += PAGE
        line = text.find("\n", begin, min(begin + LONGEST_PAGE - PAGE, end))
        begin = line + 1 if line >= 0 else begin
        starts.append(begin)


def _sections(passages: Sequence[Passage], page_of: Callable[[int], int]) -> Iterator[Section]:
    last: str | None = None
    for one in passages:
        if one.section and one.section != last:
            yield Section(one.section, one.start, page_of(one.start))
        last = one.section


def _speakers(passages: Sequence[Passage], page_of: Callable[[int], int]) -> tuple[Speaker, ...]:
    counts: Counter[str] = Counter()
    firsts: dict[str, int] = {}
    for one in passages:
        if one.speaker:
            counts[one.speaker] += 1
            firsts.setdefault(one.speaker, one.start)
    return tuple(
        Speaker(name, counts[name], start, page_of(start)) for name, start in firsts.items()
    )
