"""What the button that shares an answer remembers of it. Pure.

The journal knows the answer itself. How much of it was shown, and whose message it is about,
stands in the button. `render` writes it there, `pressing` reads it.
"""

from dataclasses import dataclass
from typing import Self

from adapters.messaging.links import linkable
from adapters.messaging.paging import Seen
from adapters.messaging.surroundings import Cited
from adapters.slack import escaping
from bot.conversation.composing import FIRST_REPLY, ReplyLimits

_NAME = 120
_NO_ADDRESS = "-"


@dataclass(frozen=True, slots=True)
class Showing:
    """How an answer was shown: how much of each side, and whose message it is about."""

    first: ReplyLimits = FIRST_REPLY
    about: Cited | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` wrote; anything else is an answer as it is usually shown."""
        counts, _, cited = text.partition(" ")
        seen = Seen.parse(counts)
        if seen == Seen():
            return cls()
        address, _, author = cited.partition(" ")
        about = Cited(author, "" if address == _NO_ADDRESS else address) if author else None
        return cls(ReplyLimits(seen.quotes, seen.counterpoints), about)

    def __str__(self) -> str:
        counts = str(Seen(self.first.quotes, self.first.counterpoints))
        if self.about is None:
            return counts
        address = linkable(self.about.url) or _NO_ADDRESS
        return f"{counts} {address} {escaping.line(self.about.author, _NAME)}"
