"""The core's values as rows of the journal; `entries` makes values of rows again.

Knows what may be kept of what people typed. Leaves the SQL that writes to `operations`;
called by `requests`.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache

from bot.backends.sqlite.pseudonyms import Pseudonyms
from bot.backends.sqlite.records import (
    Begin,
    BeginRow,
    Deliver,
    DeliveryRow,
    Finish,
    FinishRow,
    KeptRow,
    QuoteRow,
)
from bot.ports import QuoteRole, RateLimits, TextPolicy
from bot.types import Evidence, Interaction, Reply, Trigger

_UNLIMITED = RateLimits(0, 0)
_DAY_S = 86_400
_CHANNELS_HASHED = 1024


class Rows:
    """Makes rows of values.

    Args:
        pseudonyms: Hides who asked.
        text_policy: What is kept of the text.
        process: Whom a begun request belongs to.
    """

    def __init__(self, pseudonyms: Pseudonyms, text_policy: TextPolicy, process: str) -> None:
        self._pseudonyms = pseudonyms
        # Asked for at every request, and there are few channels to many requests.
        self._channel = lru_cache(_CHANNELS_HASHED)(pseudonyms.channel)
        self._text_policy = text_policy
        self._process = process

    def begin(
        self, interaction: Interaction, request_id: str, now: float, limits: RateLimits | None
    ) -> Begin:
        """Return the row of a request; the messages around it are not kept."""
        limits = limits or _UNLIMITED
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
                per_asker=0 if interaction.trigger is Trigger.AUTO else limits.per_asker,
                per_channel=limits.per_channel,
                window_s=limits.window_s,
                context_messages=len(interaction.context),
                channel=self._channel(
                    interaction.platform, interaction.community_id, interaction.channel_id
                ),
            )
        )

    def finish(
        self,
        request_id: str,
        reply: Reply,
        error: str | None,
        now: float,
        unasked: BeginRow | None = None,
    ) -> Finish:
        """Return the rows of a reply and its quotes.

        Args:
            request_id: Our id of the request.
            reply: What came of it.
            error: What stood in its way.
            now: When that was.
            unasked: The request, where nobody called the bot: kept with an answer only.
        """
        if unasked is not None and not reply.answered:
            return Finish(_passed_over(storable(request_id), now), (), ())
        query = reply.query if self._text_policy is TextPolicy.FULL else None
        row = FinishRow(
            request_id=storable(request_id),
            kind=reply.query.kind.value if reply.query else None,
            answered=int(reply.answered),
            error=_optional(error),
            corpus_version=_optional(reply.corpus_version),
            took_ms=reply.took_ms,
            stage_ms=json.dumps(dict(reply.stage_ms)),
            finished_at=now,
            query_text=_optional(query.text) if query else None,
            query_claim=_optional(query.claim) if query else None,
            query_topic=_optional(query.topic) if query else None,
            query_answers=_optional(query.answers) if query else None,
        )
        quotes = (
            *_quotes(row.request_id, QuoteRole.QUOTE, reply.quotes),
            *_quotes(row.request_id, QuoteRole.COUNTERPOINT, reply.counterpoints),
        )
        shown = (*reply.quotes, *reply.counterpoints)
        kept = tuple(_kept(evidence, now) for evidence in shown)
        return Finish(row, quotes, kept, unasked)

    def deliver(self, request_id: str, message_ids: Sequence[str], now: float) -> Deliver:
        """Return the rows of a reply's messages."""
        known = storable(request_id)
        rows = tuple(DeliveryRow(known, storable(message), now) for message in message_ids)
        return Deliver(known, rows)


def storable(text: str) -> str:
    r"""Return text that SQLite can store: a lone surrogate, no UTF-8, becomes ``\udXXX``."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _optional(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _passed_over(request_id: str, now: float) -> FinishRow:
    return FinishRow(
        request_id=request_id,
        kind=None,
        answered=None,
        error=None,
        corpus_version=None,
        took_ms=None,
        stage_ms=None,
        finished_at=now,
        query_text=None,
        query_claim=None,
        query_topic=None,
        query_answers=None,
    )


def _quotes(request_id: str, role: QuoteRole, shown: Sequence[Evidence]) -> list[QuoteRow]:
    return [
        QuoteRow(
            request_id=request_id,
            role=role.value,
            rank=rank,
            document_id=storable(evidence.quote.document_id),
            span_start=evidence.quote.start,
            span_end=evidence.quote.end,
            text_hash=_hash(evidence.quote.text),
            stance=evidence.stance.value,
            probability=evidence.probability,
            score=evidence.score,
        )
        for rank, evidence in enumerate(shown, start=1)
    ]


def _kept(evidence: Evidence, now: float) -> KeptRow:
    quote = evidence.quote
    return KeptRow(
        document_id=storable(quote.document_id),
        span_start=quote.start,
        span_end=quote.end,
        digest=_hash(quote.text).hex()[:8],
        text=storable(quote.text),
        title=storable(evidence.source.title),
        first_shown_at=now - now % _DAY_S,
    )


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
