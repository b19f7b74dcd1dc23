"""Sentences of a stretch of prose, as exact offsets.

sentencex (Wikimedia, MIT) finds the boundaries in some 300 languages; why it was chosen
stands in docs/decisions/sentence-segmentation.md. What is added here: boundaries it sets
inside a name or after an abbreviation are taken back, fragments join their neighbour, and
what runs on without a full stop is bounded. Paragraphs are `bot.corpus.structure`'s work;
`bot.corpus.splitting` calls this one paragraph at a time.
"""

import re
import unicodedata
from collections.abc import Iterator

import sentencex  # type: ignore[import-untyped]  # an extension module without stubs

from bot.typography import LINK

Span = tuple[int, int]

LONGEST_SENTENCE = 500
"""Characters; a longer stretch is split."""
SPLIT_LENGTH = 400
"""Characters of the pieces it is split into, at most."""
SHORTEST_SENTENCE = 15
"""Columns; what is shorter joins its neighbour. A wide (CJK) character takes three, about
what a character of Chinese says in letters of English."""

ABBREVIATION = re.compile(
    r"(?:(?:\b[^\W\d_]\.){2,}"
    r"|\b(?:approx|art|assn|aug|ave|ca|cf|ch|co|corp|dec|dept|dr|ed|eds|eq|esp|est|etc|feb|fig"
    r"|figs|gen|gov|i{2,3}|inc|incl|jan|jr|jul|jun|lt|ltd|max|min|mr|mrs|ms|mt|no|nos|nov|oct|p"
    r"|para|pp|prof|ref|refs|rep|rev|sec|sen|sep|sept|sq|sr|st|tab|univ|viz|vol|vols|vs)\.)\Z",
    re.IGNORECASE,
)
"""A text that ends in an abbreviation, so that its full stop may end no sentence."""

_ENUMERATOR = re.compile(r"[(\[]?(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,4})[.)\]]")
_MISSED = re.compile(
    r"(?:…|(?<!\.)\.{3,}|(?<![!?])[!?]{2,}|[.!?]\))[\"”’»)]*\s+"  # noqa: RUF001
    r"(?=[\"“‘«(]*[^\W\d_a-z])"  # noqa: RUF001
)
_CUTS = (
    re.compile(r"[;:,–—،、；：，](?:\s+|(?<=[、；：，]))|\s[-–—]\s"),  # noqa: RUF001
    re.compile(r"\s+(?=(?:and|but|so|because|which|or)\s)"),
    re.compile(r"\s+"),
)
"""Where a stretch that is too long is cut, best first: clause, conjunction, word."""
_JOINERS = "\u200d\ufe0e\ufe0f"


def sentence_spans(text: str) -> list[Span]:
    """Split a stretch of prose into sentences.

    Line breaks inside the stretch are taken for spaces, so a sentence may run over them.

    Args:
        text: One paragraph, any script.

    Returns:
        Half-open offsets in order, without overlap or outer white space. Between them
        stands nothing but white space.
    """
    pieces = list(_boundaries(text))
    pieces = _join_broken(text, pieces)
    pieces = [part for piece in pieces for part in _split_missed(text, piece)]
    pieces = _join_fragments(text, pieces)
    return [part for piece in pieces for part in _bound(text, piece)]


def ends_sentence(text: str) -> bool:
    """Whether a text's last characters end a sentence: a full stop that abbreviates does not."""
    text = text.rstrip().rstrip("\"'”’»)]*_")  # noqa: RUF001
    return text.endswith(_FINAL) and not ABBREVIATION.search(text[-40:])


_FINAL = (".", "!", "?", "…", "。", "！", "？", "؟", "।", "۔", "։", "።", "॥")  # noqa: RUF001


def _boundaries(text: str) -> Iterator[Span]:
    # One space for each white space character keeps offsets and hides line breaks, which
    # sentencex would take for paragraphs.
    flat = "".join(" " if character.isspace() else character for character in text)
    for found in sentencex.get_sentence_boundaries("en", flat):
        if span := _trimmed(text, found["start_index"], found["end_index"]):
            yield span


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return (start, end) if start < end else None


def _join_broken(text: str, pieces: list[Span]) -> list[Span]:
    """Take back boundaries inside a name, a link or an enumeration, and after abbreviations."""
    links = [link.span() for link in LINK.finditer(text)]
    joined: list[Span] = []
    for start, end in pieces:
        if joined and _is_broken(text, joined[-1], start, links):
            start = joined.pop()[0]
        joined.append((start, end))
    return joined


def _is_broken(text: str, before: Span, start: int, links: list[Span]) -> bool:
    last, first = text[before[1] - 1], text[start]
    if any(opened < start < closed for opened, closed in links):
        return True
    if before[1] == start and last in ".!?" and first.isalnum():
        return True
    piece = text[before[0] : before[1]]
    if _ENUMERATOR.fullmatch(piece):
        return True
    return (first.islower() or first.isdigit()) and bool(ABBREVIATION.search(piece[-40:]))


def _split_missed(text: str, piece: Span) -> Iterator[Span]:
    """Split after an ellipsis or a doubled mark that a capital follows."""
    start, end = piece
    for found in _MISSED.finditer(text, start, end):
        if found.end() < end and (span := _trimmed(text, start, found.end())):
            yield span
            start = found.end()
    yield start, end


def _join_fragments(text: str, pieces: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in pieces:
        if joined and _is_fragment(text, joined[-1]):
            start = joined.pop()[0]
        joined.append((start, end))
    if len(joined) > 1 and _is_fragment(text, joined[-1]):
        _, end = joined.pop()
        joined[-1] = (joined[-1][0], end)
    return joined


def _is_fragment(text: str, piece: Span) -> bool:
    start, end = piece
    if end - start >= SHORTEST_SENTENCE:
        return False
    width = sum(3 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text[start:end])
    return width < SHORTEST_SENTENCE


def _bound(text: str, piece: Span) -> Iterator[Span]:
    """Split a stretch that is too long at a clause, else a word, else a character."""
    start, end = piece
    while end - start > LONGEST_SENTENCE:
        cut = _best_cut(text, start)
        if span := _trimmed(text, start, cut):
            yield span
        start = cut
    if span := _trimmed(text, start, end):
        yield span


def _best_cut(text: str, start: int) -> int:
    earliest, latest = start + SPLIT_LENGTH // 2, start + SPLIT_LENGTH
    for pattern in _CUTS:
        found = [match.end() for match in pattern.finditer(text, earliest, latest)]
        if found:
            return found[-1]
    cut = latest
    while cut > earliest and _inside_character(text, cut):
        cut -= 1
    return cut


def _inside_character(text: str, offset: int) -> bool:
    """Whether what a reader sees as one character runs over this offset."""
    following = text[offset]
    return (
        bool(unicodedata.combining(following))
        or following in _JOINERS
        or text[offset - 1] == "\u200d"
    )
