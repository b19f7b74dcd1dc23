"""Cut a reply into pages that a platform takes, whole quotes at a time. Pure.

A page is made from how much of each side was seen before, so that a button can carry the state.
Called by the adapters' `render` modules.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bot.conversation.composing import FIRST_REPLY, ReplyLimits
from bot.types import Evidence, Reply, Trigger

COUNTERPOINTS_FIRST = ReplyLimits(quotes=1, counterpoints=3)
"""What is shown to somebody who asked for counterpoints."""
FURTHER = ReplyLimits(quotes=3, counterpoints=3)
"""What a further page shows."""
COUNTERPOINTS_ALONE = ReplyLimits(quotes=0, counterpoints=5)
"""What a page of counterpoints shows."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How many quotes and counterpoints of a reply were shown before."""

    quotes: int = 0
    counterpoints: int = 0

    @classmethod
    def parse(cls, text: str) -> "Seen":
        """Read what `str` wrote; anything else is nothing seen."""
        first, _, second = text.partition("-")
        if not (first.isdecimal() and second.isdecimal()):
            return cls()
        return cls(int(first), int(second))

    def __str__(self) -> str:
        return f"{self.quotes}-{self.counterpoints}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a reply's evidence, numbered as `numbered` does, and what is left.

    ``seen`` is what has been shown once this page is.
    """

    quotes: tuple[tuple[int, Evidence], ...]
    counterpoints: tuple[tuple[int, Evidence], ...]
    seen: Seen
    quotes_left: int
    counterpoints_left: int

    @property
    def left(self) -> int:
        """How many are not shown yet."""
        return self.quotes_left + self.counterpoints_left


def numbered(reply: Reply) -> tuple[list[tuple[int, Evidence]], list[tuple[int, Evidence]]]:
    """Return both sides of a reply with the number of each quote, the same wherever it is shown.

    Quotes count from 1, counterpoints go on from the last quote, shown or not.
    """
    return (
        list(enumerate(reply.quotes, start=1)),
        list(enumerate(reply.counterpoints, start=1 + len(reply.quotes))),
    )


def limits_for(trigger: Trigger) -> ReplyLimits:
    """Return how much of each side is shown at first."""
    return COUNTERPOINTS_FIRST if trigger is Trigger.MENU_COUNTERPOINTS else FIRST_REPLY


def page_of(
    reply: Reply,
    most: ReplyLimits,
    room: int,
    size: Callable[[Evidence], int],
    seen: Seen = Seen(),
) -> Page:
    """Return the next page of a reply.

    Both sides take turns, so that a long quote of one never crowds out the other, and a quote
    that does not fit ends its side: nothing is skipped. The first one is always taken.

    Args:
        reply: All the evidence.
        most: How much of each side the page may show.
        room: Characters that the evidence may take.
        size: How many characters a quote takes, at most ``room``.
        seen: What earlier pages showed.
    """
    quotes, counterpoints = numbered(reply)
    waiting = (
        quotes[seen.quotes :][: most.quotes],
        counterpoints[seen.counterpoints :][: most.counterpoints],
    )
    taken: tuple[list[tuple[int, Evidence]], list[tuple[int, Evidence]]] = ([], [])
    is_open = [True, True]
    for turn in zip_longest(*waiting):
        for side, one in enumerate(turn):
            if one is None or not is_open[side]:
                continue
            needed = size(one[1])
            if needed > room and any(taken):
                is_open[side] = False
                continue
            room -= needed
            taken[side].append(one)
    quotes, counterpoints = taken
    now = Seen(seen.quotes + len(quotes), seen.counterpoints + len(counterpoints))
    return Page(
        tuple(quotes),
        tuple(counterpoints),
        seen=now,
        quotes_left=max(0, len(reply.quotes) - now.quotes),
        counterpoints_left=max(0, len(reply.counterpoints) - now.counterpoints),
    )


def detail_of(evidence: Evidence, number: int) -> str:
    """Return how a button names a quote: by its number, and by what it says."""
    return f"{number}-{_digest(evidence)}"


def find(found: Sequence[Evidence], detail: str) -> Evidence | None:
    """Return the quote that a button names; None when it is not among these."""
    name = detail.rpartition("-")[2]
    return next((evidence for evidence in found if _digest(evidence) == name), None)


def _digest(evidence: Evidence) -> str:
    quote = evidence.quote
    named = f"{quote.document_id}\n{quote.start}\n{quote.end}\n{quote.text}"
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:12]
