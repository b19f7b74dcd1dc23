"""Quotes: slices of a document, made of whole sentences and checked.

The only place where a `Quote` is made. Which sentences are worth quoting is
`bot.retrieval`'s decision, how they look is the adapters'.
"""

import hashlib
from collections.abc import Sequence
from itertools import pairwise

from bot.corpus.cleaning import CUT
from bot.types import Document, Passage, Quote

LONGEST_QUOTE = 400
"""Characters; a quote of several sentences is no longer, one sentence may be."""
MOST_SENTENCES = 3


def make_quote(document: Document, passages: Sequence[Passage], permalink_base: str) -> Quote:
    """Quote consecutive passages of a document, to the character.

    Args:
        document: The document they belong to.
        passages: One to three, in order; several have to be `joinable` and fit into
            `LONGEST_QUOTE`, or ValueError is raised.
        permalink_base: Address of the reader, without a slash at its end.

    Returns:
        The quote. It counts as reported when any of its sentences does; speaker and
        locator are those of its first sentence.
    """
    fault = _fault(document, passages)
    if fault is not None:
        raise ValueError(fault)
    first, last = passages[0], passages[-1]
    text = document.text[first.start : last.end]
    return Quote(
        text=text,
        document_id=document.id,
        start=first.start,
        end=last.end,
        speaker=first.speaker,
        reported=any(passage.reported for passage in passages),
        locator=first.locator,
        permalink=permalink(permalink_base, document.id, first.start, last.end, text),
    )


def quotable(document: Document, passages: Sequence[Passage]) -> bool:
    """Whether consecutive passages of a document may be quoted together, see `make_quote`."""
    return _fault(document, passages) is None


def _fault(document: Document, passages: Sequence[Passage]) -> str | None:
    """Return what keeps passages from being a quote; None when nothing does."""
    if not 1 <= len(passages) <= MOST_SENTENCES:
        return f"a quote has 1 to {MOST_SENTENCES} sentences, not {len(passages)}"
    if any(passage.document_id != document.id for passage in passages):
        return f"a quote of {document.id!r} was asked for with passages of another"
    if not all(joinable(document, one, other) for one, other in pairwise(passages)):
        return "the sentences of a quote have to stand next to each other"
    if len(passages) > 1 and passages[-1].end - passages[0].start > LONGEST_QUOTE:
        return f"a quote of several sentences has at most {LONGEST_QUOTE} characters"
    return None


def joinable(document: Document, first: Passage, second: Passage) -> bool:
    """Whether two passages may stand in one quote, the second after the first.

    They have to follow each other in one section and be said by one speaker, with nothing
    but white space between them: no heading, no time stamp, nothing that was cut away.
    """
    between = document.text[first.end : second.start]
    return (
        second.position == first.position + 1
        and second.section == first.section
        and second.speaker == first.speaker
        and not between.strip()
        and CUT not in between
    )


def verify(quote: Quote, document: Document) -> bool:
    """Whether a quote is what its document says at that place."""
    return (
        quote.document_id == document.id
        and 0 <= quote.start < quote.end <= len(document.text)
        and document.text[quote.start : quote.end] == quote.text
    )


def permalink(base: str, document_id: str, start: int, end: int, text: str) -> str:
    """Return the address of a quote: where it stands, and eight digits of its text's hash.

    The hash tells a later reader whether the document still says so at that place.
    """
    return f"{base.rstrip('/')}/q/{document_id}-{start}-{end}-{digest_of(text)}"


def digest_of(text: str) -> str:
    """Return the eight digits by which a permalink knows a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
