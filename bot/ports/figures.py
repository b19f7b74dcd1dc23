"""What the log adds up to: how much was asked, answered and shown, and what was disputed.

`bot.backends` implements it. It waits on a disk and is async. Everything is counted from a
moment on, in seconds since the epoch, UTC; what was forgotten counts only where nobody is told.
What nobody asked and the bot did not answer does not count at all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.ports.journal import KeptQuote, QuoteRole
from bot.types import DocumentChange, Feedback, QueryKind, ReadFailure, Stance


@dataclass(frozen=True, slots=True)
class AskedCount:
    """How much was asked in one place of one kind.

    ``answered`` found something, ``unanswered`` found nothing, ``failed`` ended in an error,
    ``refused`` came while a limit held. All the others of ``requests`` are ``other``: they asked
    for nothing (a greeting), are being answered, or were forgotten and had no answer.
    """

    platform: str
    community_id: str | None
    channel_id: str | None
    kind: QueryKind | None
    requests: int
    answered: int
    unanswered: int
    failed: int
    refused: int

    @property
    def other(self) -> int:
        """How many requests are in none of the groups."""
        return self.requests - self.answered - self.unanswered - self.failed - self.refused


@dataclass(frozen=True, slots=True)
class PeriodCount:
    """How much was asked in one period, by its number since the epoch, and what it took.

    The groups are those of `AskedCount`. ``took_ms`` lists the milliseconds to each reply, in
    order of their size, without those that only said that a limit held.
    """

    period: int
    requests: int = 0
    answered: int = 0
    unanswered: int = 0
    failed: int = 0
    refused: int = 0
    took_ms: tuple[float, ...] = ()

    @property
    def other(self) -> int:
        """How many requests are in none of the groups."""
        return self.requests - self.answered - self.unanswered - self.failed - self.refused


@dataclass(frozen=True, slots=True)
class Missed:
    """Words that were searched for in vain: how often, and when last."""

    text: str
    times: int
    last_at: float


@dataclass(frozen=True, slots=True)
class ShownCount:
    """How often a quote was shown; ``text`` and ``title`` are as they were shown first.

    ``start`` and ``end`` are where it stood when it was shown last.
    """

    document_id: str
    title: str
    text: str
    times: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SideCount:
    """How many quotes of one side were shown on a topic."""

    topic: str
    stance: Stance
    times: int


@dataclass(frozen=True, slots=True)
class ReindexNote:
    """A reindex as it was noted; ``finished_at`` is None while it runs.

    ``platform`` is where an admin asked for it, or `COMMAND_LINE`. ``error`` names what stopped
    it, ``reason`` is a sentence about that where there is one; without an error, ``version``
    serves since then, of so many ``documents`` and ``passages``. ``added``, ``changed`` and
    ``removed`` count documents, ``unread`` files that could not be read. Where ``passages`` is
    None, it was noted before any of these were.
    """

    number: int
    started_at: float
    finished_at: float | None
    platform: str
    version: str | None
    documents: int | None
    passages: int | None
    error: str | None
    reason: str | None
    added: int = 0
    changed: int = 0
    removed: int = 0
    quotes_added: int = 0
    quotes_removed: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Complaint:
    """A reply that members found wrong: how many found what, and when last.

    It is open until an admin rules on it after the last of them.
    """

    request_id: str
    last_at: float
    counts: tuple[tuple[Feedback, int], ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Complaints:
    """Replies that members found wrong, and how many there are of either sort in all."""

    found: tuple[Complaint, ...]
    opened: int
    settled: int


class Figures(Protocol):
    """Sums over the log; every method raises `JournalError` when it cannot be read."""

    async def asked(self, since: float) -> Sequence[AskedCount]:
        """Return how much was asked where, most first."""

    async def by_period(self, since: float, period_s: int) -> Sequence[PeriodCount]:
        """Return how much was asked when, in order; periods without a request are left out."""

    async def feedback(self, since: float) -> Sequence[tuple[Feedback, int]]:
        """Return how often members said what of replies, most first."""

    async def missed(self, since: float, limit: int) -> Sequence[Missed]:
        """Return what was searched for in vain, most often first, where the words are kept."""

    async def shown(self, since: float, limit: int) -> Sequence[ShownCount]:
        """Return which quotes were shown how often, most often first."""

    async def sides(self, since: float) -> Sequence[SideCount]:
        """Return how many quotes of each side were shown on each topic that was named."""

    async def reindexes(self, limit: int) -> Sequence[ReindexNote]:
        """Return the last reindexes, newest first."""

    async def reindex_changes(
        self, limit: int, of_each: int
    ) -> Sequence[tuple[int, DocumentChange]]:
        """Return what the last reindexes changed, each with the number of its reindex.

        Args:
            limit: How many reindexes are looked back.
            of_each: The most documents that are wanted of one.
        """

    async def reindex_failures(self, limit: int, of_each: int) -> Sequence[tuple[int, ReadFailure]]:
        """Return what the last reindexes could not read; see `reindex_changes`."""

    async def kept_quotes(self, document_ids: Collection[str] | None = None) -> Sequence[KeptQuote]:
        """Return the quotes that were ever shown, as they were then: of some documents, or all."""

    async def times_shown(self, document_ids: Collection[str]) -> Mapping[str, int]:
        """Return how often the quotes of some documents were shown, by their ids.

        What was forgotten does not count any more.
        """

    async def complaints(self, opened: int, settled: int) -> Complaints:
        """Return the replies that members found wrong and whose asker is known.

        The open ones come first, and of either sort the newest.

        Args:
            opened: The most open ones that are wanted, 1 or more.
            settled: The most settled ones that are wanted, 1 or more.
        """

    async def shown_in(self, request_id: str) -> Mapping[tuple[QuoteRole, int], tuple[str, str]]:
        """Return text and title of each quote of a reply, by its role and rank, as shown."""
