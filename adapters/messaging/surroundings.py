"""The conversation around a call of the bot, as an adapter fetched it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.types import Message


@dataclass(frozen=True, slots=True)
class Cited:
    """Who wrote a message, and where it can be read."""

    author: str
    url: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The conversation around a call.

    ``messages`` stand oldest first; ``cited`` has each of them by its id, or ``cite`` finds out
    about the one that is wanted. ``is_withheld``: the platform did not tell what some of them say.
    """

    messages: tuple[Message, ...] = ()
    cited: Mapping[str, Cited] | None = None
    is_withheld: bool = False
    cite: Callable[[str], Awaitable[Cited | None]] | None = None

    async def author_of(self, message_id: str | None) -> Cited | None:
        """Return who wrote a message; None when it is not one of these."""
        if message_id is None:
            return None
        if self.cite is not None:
            return await self.cite(message_id)
        return self.cited.get(message_id) if self.cited else None


NOTHING = Surroundings()
