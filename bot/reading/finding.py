"""Find a quote again: where it stood, elsewhere, or what is most like it now. Plain and bounded.

Sentences are looked at by where they begin and end, so that a long document costs little.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from bot.corpus.quoting import MOST_SENTENCES, digest_of, quotable
from bot.ports import Index
from bot.reading.outlining import Outline
from bot.reading.values import Found, Kept, Outcome, Place, QuoteId
from bot.retrieval.verbatim import elsewhere, folded, occurrences
from bot.types import Document, Source

LIKE = 50.0
"""Likeness (rapidfuzz ratio, 0 to 100) from which on a place is shown as what it may be now."""
_NEAR = 8
_WRAPPED = 8
"""Characters by which a quote may have grown where its lines end now."""

OutlineOf = Callable[[Index, Document], Outline]


def find(
    index: Index,
    quote: QuoteId,
    kept: Kept | None,
    outline_of: OutlineOf,
    terms_of: Callable[[str], Sequence[str]],
) -> Found | None:
    """Say what became of a quote.

    Args:
        index: The generation to look in.
        quote: What the permalink names.
        kept: The quote as it was shown, where that is remembered.
        outline_of: Returns the outline of a document.
        terms_of: Returns what an index stores of a text.

    Returns:
        What was found; None when nothing is known of such a quote.
    """
    if not index.rows_of(quote.document_id):
        elsewhere = _elsewhere(index, quote, kept, outline_of, terms_of)
        if elsewhere is not None:
            return Found(Outcome.MOVED, quote, elsewhere, kept)
        return Found(Outcome.GONE, quote, None, kept) if kept is not None else None
    document = index.document(quote.document_id)
    known = outline_of(index, document)
    if digest_of(document.text[quote.start : quote.end]) == quote.digest:
        place = place_of(index, document, known, quote.start, quote.end)
        return Found(Outcome.EXACT, quote, place, kept)
    moved = _moved(index, document, known, quote, kept)
    if moved is not None:
        return Found(Outcome.MOVED, quote, moved, kept)
    elsewhere = _elsewhere(index, quote, kept, outline_of, terms_of)
    if elsewhere is not None:
        return Found(Outcome.MOVED, quote, elsewhere, kept)
    if kept is None:
        return Found(Outcome.CHANGED, quote, None, None, 0.0)
    alike, likeness = _most_alike(index, document, known, kept)
    return Found(Outcome.CHANGED, quote, alike, kept, likeness)


def place_of(index: Index, document: Document, known: Outline, start: int, end: int) -> Place:
    """Return a stretch of a document as a place; it may not be empty."""
    return Place(
        source=Source.of(document),
        start=start,
        end=end,
        text=document.text[start:end],
        page=known.page_of(start),
        last_page=known.page_of(end - 1),
        is_quotable=_is_quotable(index, document, known, start, end),
    )


def _is_quotable(index: Index, document: Document, known: Outline, start: int, end: int) -> bool:
    first = int(known.starts.searchsorted(start))
    last = int(known.ends.searchsorted(end))
    if not first <= last < min(first + MOST_SENTENCES, len(known.starts)):
        return False
    if (known.starts[first], known.ends[last]) != (start, end):
        return False
    return quotable(document, index.passages(index.rows_of(document.id)[first : last + 1]))


def _moved(
    index: Index, document: Document, known: Outline, quote: QuoteId, kept: Kept | None
) -> Place | None:
    if kept is not None:
        spans = list(occurrences(document.text, kept.text))
    else:  # by the hash alone, among whatever a quote may be made of
        spans = [
            (start, end)
            for start, end in _runs_of(known, quote.end - quote.start)
            if quote.digest in _digests(document.text[start:end])
        ]
    if not spans:
        return None
    start, end = min(spans, key=lambda span: abs(span[0] - quote.start))
    return place_of(index, document, known, start, end)


def _digests(text: str) -> tuple[str, str]:
    """Return the digests of a text, and of what it was if it stood on one line."""
    return digest_of(text), digest_of(folded(text))


def _runs_of(known: Outline, length: int) -> Iterator[tuple[int, int]]:
    """Yield where one to three sentences of about a length in all begin and end."""
    count = len(known.starts)
    for further in range(min(MOST_SENTENCES, count)):
        lengths = known.ends[further:] - known.starts[: count - further]
        for row in np.flatnonzero((lengths >= length) & (lengths <= length + _WRAPPED)):
            yield int(known.starts[row]), int(known.ends[row + further])


def _elsewhere(
    index: Index,
    quote: QuoteId,
    kept: Kept | None,
    outline_of: OutlineOf,
    terms_of: Callable[[str], Sequence[str]],
) -> Place | None:
    """Find the same text in another document, such as one that was given another id."""
    if kept is None:
        return None
    found = elsewhere(index, kept.text, quote.document_id, terms_of)
    if found is None:
        return None
    document, start, end = found
    return place_of(index, document, outline_of(index, document), start, end)


def _most_alike(
    index: Index, document: Document, known: Outline, kept: Kept
) -> tuple[Place | None, float]:
    """Return what is most like a quote now, of one to three sentences, and how like it is."""
    spans = list(zip(known.starts.tolist(), known.ends.tolist(), strict=True))
    sentences = [document.text[start:end] for start, end in spans]
    # A sentence of the quote is wholly like a part of it, so that the parts are found as well.
    near = {
        row + shift
        for scorer in (fuzz.ratio, fuzz.partial_ratio)
        for _, _, row in process.extract(
            kept.text, sentences, scorer=scorer, limit=_NEAR, score_cutoff=LIKE
        )
        for shift in range(1 - MOST_SENTENCES, 1)
        if row + shift >= 0
    }
    best: tuple[float, int, int] | None = None
    for row in sorted(near):
        for last in range(row, min(row + MOST_SENTENCES, len(spans))):
            start, end = spans[row][0], spans[last][1]
            likeness = fuzz.ratio(kept.text, document.text[start:end])
            if likeness >= LIKE and (best is None or likeness > best[0]):
                best = likeness, start, end
    if best is None:
        return None, 0.0
    likeness, start, end = best
    return place_of(index, document, known, start, end), likeness
