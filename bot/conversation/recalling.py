"""Make a reply again that was given before: from what the journal kept of it.

Every quote is looked for in the index that serves now and has to say the same words there,
however its lines are wrapped; what is gone is counted and left out. Plain functions that compute,
called by `bot.service` off the event loop.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from bot import texts
from bot.conversation.composing import headline
from bot.corpus.quoting import MOST_SENTENCES, make_quote, quotable
from bot.errors import BotError
from bot.ports import Index, JournalEntry, QuoteRole, ShownQuote
from bot.retrieval.verbatim import occurrences
from bot.types import Document, Evidence, Passage, Recalled, Reply, Source


def recall(
    entry: JournalEntry, index: Index, permalink_base: str, said: Mapping[str, str]
) -> Recalled:
    """Return the reply of a finished request, and how many of its quotes are gone.

    Args:
        entry: The request as the journal kept it; `query` of the reply is its.
        index: The generation to take the quotes from.
        permalink_base: Address of the reader, without a slash at its end.
        said: What the quotes that it showed said, by their ids; what is not known of is looked
            for by its hash.
    """
    # An apology was made without an index; another reply with an error was only not delivered.
    if entry.error is not None and entry.corpus_version is None:
        told = texts.error(BotError.key, entry.request_id)
        return Recalled(Reply(entry.request_id, False, told, error=BotError.key), 0)
    found = {
        shown: _evidence(index, shown, said.get(shown.quote_id), permalink_base)
        for shown in entry.shown
    }
    quotes, counterpoints = (
        tuple(one for shown, one in found.items() if one is not None and shown.role is role)
        for role in (QuoteRole.QUOTE, QuoteRole.COUNTERPOINT)
    )
    gone = sum(one is None for one in found.values())
    if gone == len(found) > 0:
        told = texts.quotes_gone(gone)
    elif entry.kind is None:
        told = texts.HOW_TO_ASK
    else:
        subject = entry.query.text if entry.query else None
        told = headline(entry.kind, subject, quotes, counterpoints)
    reply = Reply(
        id=entry.request_id,
        answered=bool(quotes or counterpoints),
        headline=told,
        quotes=quotes,
        counterpoints=counterpoints,
        query=entry.query,
        corpus_version=index.version,
        took_ms=entry.took_ms or 0.0,
        stage_ms=entry.stage_ms,
    )
    return Recalled(reply, gone)


def _evidence(
    index: Index, shown: ShownQuote, said: str | None, permalink_base: str
) -> Evidence | None:
    rows = index.rows_of(shown.document_id)
    if not rows:
        return None
    document = index.document(shown.document_id)
    span = _span(document, index.passages(rows), shown, said)
    if span is None:
        return None
    quote = make_quote(document, span, permalink_base)
    return Evidence(quote, Source.of(document), shown.stance, shown.probability, shown.score)


def _span(
    document: Document, passages: Sequence[Passage], shown: ShownQuote, said: str | None
) -> Sequence[Passage] | None:
    """Return the sentences that were shown, nearest to their old place; None if they are gone.

    They may have moved, when something before them was added or taken away.
    """
    if said is not None:
        spans = set(occurrences(document.text, said))
        fitting = [run for run in _runs(passages) if (run[0].start, run[-1].end) in spans]
    else:
        fitting = [run for run in _runs(passages) if _is_shown(document, run, shown)]
    for run in sorted(fitting, key=lambda run: abs(run[0].start - shown.start)):
        if quotable(document, run):
            return run
    return None


def _is_shown(document: Document, run: Sequence[Passage], shown: ShownQuote) -> bool:
    start, end = run[0].start, run[-1].end
    if end - start != shown.end - shown.start:
        return False
    text = document.text[start:end].encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest() == shown.text_hash


def _runs(passages: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
    """Yield whatever a quote may be made of."""
    for count in range(1, MOST_SENTENCES + 1):
        for first in range(len(passages) - count + 1):
            yield passages[first : first + count]
