"""Find words again in the documents, however their lines are wrapped now. Plain and bounded.

What is found is shown as the document has it. Called by `bot.reading`, which says what became of
a quote, and wherever it is told which of the quotes that were shown are gone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from bot.corpus.quoting import digest_of
from bot.ports import Index, KeptQuote
from bot.types import Document
from bot.typography import readable

_ROWS = 40
_ELSEWHERE = 10
_SEARCHES = 300
"""How many quotes are searched for outside of their own document: each takes about 3 ms in a corpus
of 100,000 sentences, where looking at the places of 10,000 quotes takes 0.1 s."""

_WORD_HYPHEN = re.compile(r"(?<=\w-)\s+(?=\w)")
_JOINT = re.compile(r"( |(?<=\w)-(?=\w))")

TermsOf = Callable[[str], Sequence[str]]
"""Returns what an index stores of a text."""


def folded(text: str) -> str:
    """Return the words of a text: the same after its lines were wrapped anew.

    A run of white space is one space; none follows the hyphen of a word, where lines end too.
    """
    return _WORD_HYPHEN.sub("", " ".join(text.split()))


def occurrences(text: str, part: str) -> Iterator[tuple[int, int]]:
    """Yield where a text says the words of another one, in order: beginning and end."""
    words = folded(part)
    if not words:
        return
    pieces = _JOINT.split(words)  # every second one is a joint
    pattern = re.escape(pieces[0])
    for joint, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        pattern += (r"\s+" if joint == " " else r"-\s*") + re.escape(piece)
    for found in re.finditer(pattern, text):
        yield found.span()


def elsewhere(
    index: Index, text: str, document_id: str, terms_of: TermsOf
) -> tuple[Document, int, int] | None:
    """Find a text in another document than its own, such as one that was given another id.

    Returns:
        The document, and where the text begins and ends in it; None when none of the likeliest
        holds it.
    """
    rows, _ = index.match(dict.fromkeys(terms_of(readable(text)), 1.0), _ROWS)
    ids = dict.fromkeys(one.document_id for one in index.passages([int(row) for row in rows]))
    for other_id in list(ids)[:_ELSEWHERE]:
        if other_id == document_id:
            continue
        document = index.document(other_id)
        span = next(occurrences(document.text, text), None)
        if span is not None:
            return document, *span
    return None


def gone(index: Index, quotes: Iterable[KeptQuote], terms_of: TermsOf) -> list[KeptQuote]:
    """Return those quotes whose words no document holds any more.

    Where very many are gone from their own document, the last of them are not searched for in
    the others.

    Args:
        index: The generation to look in.
        quotes: Quotes as they were shown.
        terms_of: Returns what an index stores of a text.

    Returns:
        They, by document and place.
    """
    found = []
    searches = _SEARCHES
    for document_id, missing in _missing(index, quotes):
        other = ""  # a document with another id, to which they may all have gone
        for quote in missing:
            if folded(quote.text) in other:
                continue
            place = None
            if searches > 0:
                searches -= 1
                place = elsewhere(index, quote.text, document_id, terms_of)
            if place is None:
                found.append(quote)
            else:
                other = folded(place[0].text)
    return found


def still_held(index: Index, quotes: Iterable[KeptQuote]) -> list[KeptQuote]:
    """Return those quotes whose words their own document holds, at whichever place."""
    known = list(quotes)
    missing = {quote for _, some in _missing(index, known) for quote in some}
    return [quote for quote in known if quote not in missing]


def _missing(index: Index, quotes: Iterable[KeptQuote]) -> Iterator[tuple[str, list[KeptQuote]]]:
    """Yield the quotes that their own document does not hold, document by document."""
    in_order = sorted(quotes, key=lambda one: (one.document_id, one.start, one.end))
    for document_id, group in groupby(in_order, key=lambda one: one.document_id):
        if not index.rows_of(document_id):
            yield document_id, list(group)
        else:
            yield document_id, list(_not_in(index.document(document_id).text, group))


def _not_in(text: str, quotes: Iterable[KeptQuote]) -> Iterator[KeptQuote]:
    shift = 0
    words = ""
    for quote in quotes:
        if digest_of(text[quote.start : quote.end]) == quote.digest:
            continue
        # What stands before it may have grown: then all that follow have moved alike.
        if quote.start + shift >= 0 and text.startswith(quote.text, quote.start + shift):
            continue
        at = text.find(quote.text)
        if at >= 0:
            shift = at - quote.start
            continue
        words = words or folded(text)
        if folded(quote.text) not in words:
            yield quote
