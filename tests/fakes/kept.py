"""Quotes that were shown, in a dictionary."""

from dataclasses import dataclass, field

from bot.errors import JournalError
from bot.reading import Kept, KeptQuotes


@dataclass(frozen=True)
class Shown:
    """A quote as it was shown."""

    document_id: str
    start: int
    end: int
    digest: str
    text: str
    title: str


@dataclass
class MemoryKept:
    """Remembers what a test puts in."""

    quotes: dict[str, Shown] = field(default_factory=dict)

    async def kept_quote(self, quote_id: str) -> Shown | None:
        return self.quotes.get(quote_id)


class LostKept(MemoryKept):
    """Its disk is gone."""

    async def kept_quote(self, quote_id: str) -> Shown | None:
        raise JournalError("disk gone")


# Held to the ports by the type checker.
_KEPT: type[Kept] = Shown
_QUOTES: type[KeptQuotes] = MemoryKept
