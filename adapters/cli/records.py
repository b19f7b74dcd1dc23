"""The JSON that programs rely on; docs/reference/command-line.md tells the same shapes.

Pure: from value types to what `json` writes. Used by the commands' ``--json``.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

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
