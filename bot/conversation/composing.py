"""Turn what was found into a reply: a headline that counts both sides, and the evidence.

Wording comes from `bot.texts`; that a quote is verbatim is checked before this, and looks are
left to the adapters. Called by `bot.service`; `first_page` is for the adapters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot import texts
from bot.types import Evidence, Query, QueryKind, Reply, Stance, Visibility


@dataclass(frozen=True, slots=True)
class ReplyLimits:
    """How much of each side a reader is shown at once."""

    quotes: int
    counterpoints: int


FIRST_REPLY = ReplyLimits(quotes=3, counterpoints=2)
"""What is shown first: about 1,500 characters, one screen of a phone; the rest on request."""


def compose(
    request_id: str,
    query: Query | None,
    quotes: Sequence[Evidence],
    counterpoints: Sequence[Evidence],
    suggestions: Sequence[str] = (),
    visibility: Visibility = Visibility.EVERYONE,
    corpus_version: str | None = None,
    took_ms: float = 0.0,
    stage_ms: Mapping[str, float] | None = None,
) -> Reply:
    """Compose the reply to a request.

    Args:
        request_id: The journal's id of the request.
        query: What was asked; None when there was nothing to ask.
        quotes: What bears on the query and does not oppose its claim, best first.
        counterpoints: What opposes the claim (or disputes the answers), best first.
        suggestions: Slugs of near topics; shown only when nothing was found.
        visibility: Who sees the reply.
        corpus_version: The generation that was searched.
        took_ms: Milliseconds from the request to here.
        stage_ms: Milliseconds of each stage, by its name.

    Returns:
        A reply that holds all the evidence, which the headline counts; `first_page` cuts it
        to what is shown first. Not answered, and without evidence, when there is none.
    """
    answered = query is not None and bool(quotes or counterpoints)
    return Reply(
        id=request_id,
        answered=answered,
        headline=(
            headline(query.kind, query.text, quotes, counterpoints) if query else texts.HOW_TO_ASK
        ),
        quotes=tuple(quotes) if answered else (),
        counterpoints=tuple(counterpoints) if answered else (),
        suggestions=() if answered else tuple(suggestions),
        visibility=visibility,
        query=query,
        corpus_version=corpus_version,
        took_ms=took_ms,
        stage_ms=dict(stage_ms or {}),
    )


def first_page(reply: Reply, limits: ReplyLimits = FIRST_REPLY) -> Reply:
    """Return a reply cut to what is shown first; its headline still counts everything."""
    return replace(
        reply,
        quotes=reply.quotes[: limits.quotes],
        counterpoints=reply.counterpoints[: limits.counterpoints],
    )


def headline(
    kind: QueryKind,
    subject: str | None,
    quotes: Sequence[Evidence],
    counterpoints: Sequence[Evidence],
) -> str:
    """Return the line that counts what was found on each side.

    Args:
        kind: What was asked for.
        subject: The topic as it was named; None when that is not known any more.
        quotes: What bears on the query and does not oppose its claim.
        counterpoints: What opposes the claim, or disputes the answers.
    """
    if not quotes and not counterpoints:
        return texts.NOTHING_FOUND
    supporting = sum(evidence.stance is Stance.SUPPORTS for evidence in quotes)
    bearing = len(quotes) - supporting
    if kind is QueryKind.QUESTION:
        return texts.question_headline(len(quotes), len(counterpoints))
    if kind is QueryKind.TOPIC and subject is not None:
        return texts.topic_headline(subject, supporting, len(counterpoints), bearing)
    return texts.claim_headline(supporting, len(counterpoints), bearing)
