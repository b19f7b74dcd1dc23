"""The JSON that programs rely on; docs/reference/command-line.md tells the same shapes.

Pure: from value types to what `json` writes. Used by the commands' ``--json``.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from bot.ports import JournalEntry
from bot.types import Evidence, IndexReport, QueryKind, Reply


def reply_record(reply: Reply, id: str, query: str, kind: QueryKind | None) -> dict[str, Any]:
    """Return a reply with all its evidence.

    Args:
        reply: The reply.
        id: What the asker calls the query.
        query: What was asked, as it was typed.
        kind: What the asker said it is, for a reply that does not say.
    """
    return {
        "id": id,
        "query": query,
        "kind": reply.query.kind if reply.query else kind,
        "answered": reply.answered,
        "headline": reply.headline,
        "quotes": [_evidence_record(evidence) for evidence in reply.quotes],
        "counterpoints": [_evidence_record(evidence) for evidence in reply.counterpoints],
        "suggestions": list(reply.suggestions),
        "corpus_version": reply.corpus_version,
        "took_ms": round(reply.took_ms, 1),
    }


def _evidence_record(evidence: Evidence) -> dict[str, Any]:
    quote, source = evidence.quote, evidence.source
    return {
        "text": quote.text,
        "document_id": quote.document_id,
        "title": source.title,
        "author": source.author,
        "speaker": quote.speaker,
        "date": source.date,
        "url": source.url,
        "start": quote.start,
        "end": quote.end,
        "locator": quote.locator,
        "reported": quote.reported,
        "stance": evidence.stance,
        "probability": round(evidence.probability, 4),
        "score": round(evidence.score, 4),
        "permalink": quote.permalink,
    }


def index_record(report: IndexReport) -> Mapping[str, Any]:
    """Return what a reindex did."""
    return asdict(report)


def entry_record(entry: JournalEntry) -> dict[str, Any]:
    """Return an interaction with all that the journal keeps of it; times in seconds, UTC."""
    shown = [asdict(one) | {"quote_id": one.quote_id} for one in entry.shown]
    record = {name: getattr(entry, name) for name in entry.__slots__}
    query = None if entry.query is None else asdict(entry.query)
    return record | {"query": query, "stage_ms": dict(entry.stage_ms), "shown": shown}


def entry_row(entry: JournalEntry) -> list[str]:
    """Return an interaction as cells for `ENTRY_COLUMNS`; no cell acts in a spreadsheet."""
    return [_cell(of(entry)) for of in _CELLS.values()]


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    # A spreadsheet would take these for a formula.
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _time(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


_CELLS: Mapping[str, Callable[[JournalEntry], object]] = MappingProxyType(
    {
        "request_id": lambda one: one.request_id,
        "platform": lambda one: one.platform,
        "community_id": lambda one: one.community_id,
        "channel_id": lambda one: one.channel_id,
        "thread_id": lambda one: one.thread_id,
        "asker": lambda one: one.asker,
        "trigger": lambda one: one.trigger,
        "begun_at": lambda one: _time(one.begun_at),
        "finished_at": lambda one: _time(one.finished_at),
        "state": lambda one: one.state,
        "answered": lambda one: None if one.answered is None else int(one.answered),
        "error": lambda one: one.error,
        "kind": lambda one: one.kind,
        "text": lambda one: one.text,
        "query": lambda one: one.query.text if one.query else None,
        "claim": lambda one: one.query.claim if one.query else None,
        "topic": lambda one: one.query.topic if one.query else None,
        "context_messages": lambda one: one.context_messages,
        "corpus_version": lambda one: one.corpus_version,
        "took_ms": lambda one: None if one.took_ms is None else round(one.took_ms, 1),
        "quotes": lambda one: " ".join(shown.quote_id for shown in one.shown),
        "feedback": lambda one: " ".join(one.feedback),
    }
)

ENTRY_COLUMNS = tuple(_CELLS)
"""Names of the cells of an interaction, for tables."""
