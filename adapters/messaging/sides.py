"""Say on which statement sides are taken, and what counterpoints argue against. Pure.

Called by the adapters' `render` modules.
"""

from bot import texts
from bot.types import Query, QueryKind


def judges_other_words(query: Query) -> bool:
    """Whether the sides are taken on another sentence than the one that was asked."""
    return query.claim is not None and _bare(query.claim) != _bare(query.text)


def argued_against(query: Query | None) -> str:
    """Say what counterpoints argue against; empty where there is nothing to say."""
    if query is not None and query.claim is not None:
        return texts.against(query.claim)
    if query is not None and query.kind is QueryKind.QUESTION:
        return texts.AGAINST_ANSWERS
    return ""


def _bare(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!? ")
