"""Tell which corrections are about which words of which document.

A correction holds for every quote that shares a sentence with the one that was ruled on, however
the lines break, and goes with the words when their document is given another id. Plain functions
and values, for `correcting` and for whoever lists what holds for a quote.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ports import Correction, Index, Standing, Verdict
from bot.retrieval.verbatim import folded, occurrences
from bot.types import Quote

FEWEST_ELSEWHERE = 40
"""Characters that are taken for the same words in another document, once their own is gone."""
_SOME_BYTES = 15
"""In UTF-8, where a character of Chinese counts for three letters of English: a few words."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A correction, and the words it is about, folded as `bot.retrieval.verbatim` does."""

    correction: Correction
    words: str

    @property
    def hides(self) -> bool:
        """Whether it keeps the words out of replies."""
        return self.correction.verdict is Verdict.HIDE

    def covers(self, words: str) -> bool:
        """Whether folded words hold those that were ruled on, or enough of them to tell.

        Made for what cannot be looked up in the document: words of a link, or words that are gone.
        """
        part = shared(self.words, words)
        return bool(part) and (part == self.words or _tells(part, self.words))


class Rulings:
    """The corrections that hold, as of one generation of the index.

    Args:
        standing: What holds.
        index: Where the documents are; None where there are none to look at.
    """

    def __init__(self, standing: Standing, index: Index | None) -> None:
        self._index = index
        self._own: dict[str, list[Ruled]] = {}
        self._left: list[Ruled] = []
        for one in standing.corrections:
            ruled = Ruled(one, folded(one.text))
            if one.verdict is Verdict.DISMISS or not ruled.words:
                continue
            self._own.setdefault(one.document_id, []).append(ruled)
            if index is not None and not index.rows_of(one.document_id) and _outlives(ruled):
                self._left.append(ruled)
        self._known: dict[str, Sequence[Ruled]] = {}

    def __bool__(self) -> bool:
        return bool(self._own)

    def of(self, document_id: str) -> Sequence[Ruled]:
        """Return what was ruled on words of a document, the first made first.

        That is also what was ruled on a document that is gone, where its words stand in this one.
        """
        own = self._own.get(document_id, ())
        if not self._left:
            return own
        known = self._known.get(document_id)
        if known is None:
            text = self._text_of(document_id) or ""
            come = [one for one in self._left if one not in own and places(text, one.words)]
            known = sorted((*own, *come), key=lambda one: one.correction.number)
            self._known[document_id] = known
        return known

    def hides(self, document_id: str, text: str) -> bool:
        """Whether words of a document are, hold or are some of those that are hidden."""
        words = folded(text)
        return any(one.hides and one.covers(words) for one in self.of(document_id))

    def on(self, quote: Quote) -> list[Ruled]:
        """Return what was ruled on a quote or on some of its sentences, the first made first."""
        return [one for one in self.of(quote.document_id) if self._is_on(one, quote)]

    def _is_on(self, ruled: Ruled, quote: Quote) -> bool:
        words = folded(quote.text)
        part = shared(ruled.words, words)
        if not part:
            return False
        text = self._text_of(quote.document_id)
        if text is not None and text[quote.start : quote.end] == quote.text:
            found = places(text, ruled.words)
            if any(start < quote.end and quote.start < end for start, end in found):
                return True
            if not ruled.hides:  # the same words may stand elsewhere, and be somebody else's
                return False
        return part in (ruled.words, words) or _tells(part, ruled.words)

    def _text_of(self, document_id: str) -> str | None:
        if self._index is None or not self._index.rows_of(document_id):
            return None
        return self._index.document(document_id).text


def concerns(correction: Correction, document_id: str, text: str) -> bool:
    """Whether a correction is about a quote of a document, as far as its words tell."""
    if correction.verdict is Verdict.DISMISS or correction.document_id != document_id:
        return False
    ruled, words = Ruled(correction, folded(correction.text)), folded(text)
    if correction.verdict is Verdict.SIDE:
        return is_one_in_other(ruled.words, words)
    return ruled.covers(words) or shared(ruled.words, words) == words


def is_one_in_other(ruled: str, words: str) -> bool:
    """Whether of two texts, both folded, one holds the other."""
    part = shared(ruled, words)
    return bool(part) and part in (ruled, words)


def shared(ruled: str, words: str) -> str:
    """Return what two texts of a document, both folded, have in common; empty for nothing.

    That is one of them whole, or the end of one that begins the other.
    """
    if not ruled or not words:
        return ""
    if ruled in words and places(words, ruled):
        return ruled
    if words in ruled:
        return words
    return max(_overlap(ruled, words), _overlap(words, ruled), key=len)


def places(text: str, words: str) -> list[tuple[int, int]]:
    """Return where folded words stand in a text as whole words, however its lines break."""
    return [span for span in occurrences(text, words) if _is_whole(text, *span)]


def _is_whole(text: str, start: int, end: int) -> bool:
    is_begun_before = text[start - 1 : start].isalnum() and text[start].isalnum()
    goes_on = text[end - 1].isalnum() and text[end : end + 1].isalnum()
    return not is_begun_before and not goes_on


def _overlap(first: str, second: str) -> str:
    """Return the longest end of a text that begins another, and is neither of them whole."""
    at = first.find(second[0], 1)
    while at >= 0:
        part = first[at:]
        if len(part) < len(second) and second.startswith(part):
            return part
        at = first.find(second[0], at + 1)
    return ""


def _tells(part: str, ruled: str) -> bool:
    """Whether a part of the words that were ruled on is enough to know them by."""
    size = len(part.encode("utf-8", "surrogatepass"))
    return size >= _SOME_BYTES or 2 * len(part) >= len(ruled)


def _outlives(ruled: Ruled) -> bool:
    """Whether a correction is kept for other documents when its own is gone."""
    # What is hidden must not come back by accident.
    return ruled.hides or len(ruled.words) >= FEWEST_ELSEWHERE
