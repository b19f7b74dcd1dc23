"""What the journal in memory makes of what it is told: entries, blank ones, and hashes."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bot.ports import JournalEntry, KeptQuote, QuoteRole, RequestState, ShownQuote, TextPolicy
from bot.types import Evidence, Interaction


def hashed(text: str) -> str:
    """Return what stands for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def asker_of(platform: str, asker_id: str) -> str:
    """Return what stands for a member."""
    return hashed(f"{platform}/{asker_id}")


def begun(
    request_id: str, interaction: Interaction, policy: TextPolicy, now: float
) -> JournalEntry:
    """Return the entry of a request that is begun."""
    return JournalEntry(
        request_id=request_id,
        platform=interaction.platform,
        interaction_id=interaction.id,
        community_id=interaction.community_id,
        channel_id=interaction.channel_id,
        thread_id=interaction.thread_id,
        asker=asker_of(interaction.platform, interaction.asker_id),
        trigger=interaction.trigger,
        text=interaction.text if policy is TextPolicy.FULL else None,
        text_hash=hashed(interaction.text) if policy is not TextPolicy.OFF else None,
        kind=interaction.kind,
        query=None,
        created_at=interaction.created_at,
        begun_at=now,
        finished_at=None,
        state=RequestState.BEGUN,
        answered=None,
        error=None,
        corpus_version=None,
        took_ms=None,
        stage_ms={},
        shown=(),
        message_ids=(),
        feedback=(),
        context_messages=len(interaction.context),
    )


def blank(entry: JournalEntry) -> JournalEntry:
    """Return what is left of an entry that names nobody any more."""
    return replace(
        entry,
        interaction_id=f"forgotten:{hashed(entry.interaction_id)}",
        community_id=None,
        channel_id=None,
        thread_id=None,
        asker=None,
        trigger=None,
        text=None,
        text_hash=None,
        kind=None,
        query=None,
        error=None,
        shown=(),
        message_ids=(),
        context_messages=None,
        created_at=entry.begun_at,
    )


def passed_over(entry: JournalEntry, now: float) -> JournalEntry:
    """Return what is left of what nobody asked and the bot did not answer."""
    return replace(
        entry,
        state=RequestState.FINISHED,
        finished_at=now,
        answered=None,
        corpus_version=None,
        took_ms=None,
        stage_ms={},
    )


def was_asked(entry: JournalEntry) -> bool:
    """Tell whether somebody asked, or the bot answered, or may still do so."""
    return entry.state is not RequestState.FINISHED or entry.answered is not None


def asked_in_vain(entry: JournalEntry) -> bool:
    """Tell whether somebody asked for what the corpus does not hold."""
    return entry.answered is False and entry.error is None and entry.kind is not None


def shown_of(role: QuoteRole, evidences: Sequence[Evidence]) -> tuple[ShownQuote, ...]:
    """Return one side of a reply as it is kept."""
    return tuple(
        ShownQuote(
            role=role,
            rank=rank,
            document_id=evidence.quote.document_id,
            start=evidence.quote.start,
            end=evidence.quote.end,
            text_hash=hashed(evidence.quote.text),
            stance=evidence.stance,
            probability=evidence.probability,
            score=evidence.score,
        )
        for rank, evidence in enumerate(evidences, start=1)
    )


def kept_of(evidence: Evidence, shown: ShownQuote, now: float) -> KeptQuote:
    """Return a quote as it stays after its document has changed."""
    digest, title = shown.text_hash[:8], evidence.source.title
    text, day = evidence.quote.text, now // 86_400 * 86_400
    return KeptQuote(shown.document_id, shown.start, shown.end, digest, text, title, day)
