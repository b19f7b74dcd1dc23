"""The core's values as rows of the journal, and rows as values again.

Knows what may be kept of what people typed. Leaves the SQL that writes to `operations`;
called by `journal`.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import aiosqlite

from bot.backends.sqlite.operations import (
    Begin,
    BeginRow,
    Deliver,
    DeliveryRow,
    Finish,
    FinishRow,
    QuoteRow,
)
from bot.backends.sqlite.pseudonyms import Pseudonyms
from bot.ports import JournalEntry, QuoteRole, RequestState, ShownQuote, TextPolicy
from bot.types import Evidence, Interaction, QueryKind, Reply, Stance, Trigger

_NEWEST = """
SELECT request_id, platform, interaction_id, community_id, channel_id, thread_id, asker, trigger,
    text, text_hash, kind, created_at, begun_at, finished_at, state, answered, error,
    corpus_version, took_ms, stage_ms
FROM interactions ORDER BY number DESC LIMIT ?
"""

_SHOWN = """
SELECT request_id, role, rank, document_id, span_start, span_end, text_hash, stance, probability,
    score
FROM shown_quotes WHERE request_id IN (SELECT value FROM json_each(?))
ORDER BY role DESC, rank
"""

_MESSAGES = """
SELECT request_id, message_id FROM deliveries
WHERE request_id IN (SELECT value FROM json_each(?)) ORDER BY delivered_at, message_id
"""


class Rows:
    """Makes rows of values.

    Args:
        pseudonyms: Hides who asked.
        text_policy: What is kept of the text.
        process: Whom a begun request belongs to.
    """

    def __init__(self, pseudonyms: Pseudonyms, text_policy: TextPolicy, process: str) -> None:
        self._pseudonyms = pseudonyms
        self._text_policy = text_policy
        self._process = process

    def begin(self, interaction: Interaction, request_id: str, now: float) -> Begin:
        """Return the row of a request; the messages around it are not kept."""
        keeps_words = self._text_policy is TextPolicy.FULL
        keeps_hash = self._text_policy is not TextPolicy.OFF
        platform, interaction_id = storable(interaction.platform), storable(interaction.id)
        return Begin(
            BeginRow(
                request_id=storable(request_id),
                platform=platform,
                interaction_id=interaction_id,
                community_id=storable(interaction.community_id),
                channel_id=storable(interaction.channel_id),
                thread_id=_optional(interaction.thread_id),
                asker=self._pseudonyms.asker(interaction.platform, interaction.asker_id),
                trigger=interaction.trigger.value,
                text=storable(interaction.text) if keeps_words else None,
                text_hash=self._pseudonyms.text(interaction.text) if keeps_hash else None,
                kind=interaction.kind.value if interaction.kind else None,
                created_at=interaction.created_at,
                begun_at=now,
                process=self._process,
                forgotten_id=self._pseudonyms.forgotten(platform, interaction_id),
            )
        )

    def finish(self, request_id: str, reply: Reply, error: str | None, now: float) -> Finish:
        """Return the rows of a reply and its quotes."""
        row = FinishRow(
            request_id=storable(request_id),
            kind=reply.query.kind.value if reply.query else None,
            answered=int(reply.answered),
            error=_optional(error),
            corpus_version=_optional(reply.corpus_version),
            took_ms=reply.took_ms,
            stage_ms=json.dumps(dict(reply.stage_ms)),
            finished_at=now,
        )
        quotes = (
            *_quotes(row.request_id, QuoteRole.QUOTE, reply.quotes),
            *_quotes(row.request_id, QuoteRole.COUNTERPOINT, reply.counterpoints),
        )
        return Finish(row, quotes)

    def deliver(self, request_id: str, message_ids: Sequence[str], now: float) -> Deliver:
        """Return the rows of a reply's messages."""
        known = storable(request_id)
        rows = tuple(DeliveryRow(known, storable(message), now) for message in message_ids)
        return Deliver(known, rows)


async def newest_entries(reader: aiosqlite.Connection, limit: int) -> list[JournalEntry]:
    """Read the last begun interactions, newest first, as of one moment."""
    await reader.execute_fetchall("BEGIN")
    found = list(await reader.execute_fetchall(_NEWEST, (limit,)))
    ids = json.dumps([row[0] for row in found])
    shown = await reader.execute_fetchall(_SHOWN, (ids,))
    messages = await reader.execute_fetchall(_MESSAGES, (ids,))
    await reader.execute_fetchall("COMMIT")

    quotes_of = _grouped(shown, _shown_quote)
    messages_of = _grouped(messages, lambda row: str(row[1]))
    return [_entry(row, tuple(quotes_of[row[0]]), tuple(messages_of[row[0]])) for row in found]


def storable(text: str) -> str:
    r"""Return text that SQLite can store: a lone surrogate, no UTF-8, becomes ``\udXXX``."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _optional(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _quotes(request_id: str, role: QuoteRole, shown: Sequence[Evidence]) -> list[QuoteRow]:
    return [
        QuoteRow(
            request_id=request_id,
            role=role.value,
            rank=rank,
            document_id=storable(evidence.quote.document_id),
            span_start=evidence.quote.start,
            span_end=evidence.quote.end,
            text_hash=hashlib.sha256(evidence.quote.text.encode("utf-8", "surrogatepass")).digest(),
            stance=evidence.stance.value,
            probability=evidence.probability,
            score=evidence.score,
        )
        for rank, evidence in enumerate(shown, start=1)
    ]


def _grouped(rows: Iterable[Any], value: Callable[[Any], Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row[0]].append(value(row))
    return groups


def _shown_quote(row: Any) -> ShownQuote:
    _, role, rank, document_id, start, end, text_hash, stance, probability, score = row
    return ShownQuote(
        QuoteRole(role),
        rank,
        document_id,
        start,
        end,
        text_hash.hex(),
        Stance(stance),
        probability,
        score,
    )


def _entry(row: Any, shown: tuple[ShownQuote, ...], messages: tuple[str, ...]) -> JournalEntry:
    (
        request_id,
        platform,
        interaction_id,
        community_id,
        channel_id,
        thread_id,
        asker,
        trigger,
        text,
        text_hash,
        kind,
        created_at,
        begun_at,
        finished_at,
        state,
        answered,
        error,
        corpus_version,
        took_ms,
        stage_ms,
    ) = row
    return JournalEntry(
        request_id=request_id,
        platform=platform,
        interaction_id=interaction_id,
        community_id=community_id,
        channel_id=channel_id,
        thread_id=thread_id,
        asker=None if asker is None else asker.hex(),
        trigger=None if trigger is None else Trigger(trigger),
        text=text,
        text_hash=None if text_hash is None else text_hash.hex(),
        kind=None if kind is None else QueryKind(kind),
        created_at=created_at,
        begun_at=begun_at,
        finished_at=finished_at,
        state=RequestState(state),
        answered=None if answered is None else bool(answered),
        error=error,
        corpus_version=corpus_version,
        took_ms=took_ms,
        stage_ms={} if stage_ms is None else json.loads(stage_ms),
        shown=shown,
        message_ids=messages,
    )
