"""The log of interactions: what was asked, what was shown, and what people made of it.

`bot.backends` implements it. It waits on a disk or a network and is async.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.types import Feedback, Interaction, Query, QueryKind, Reply, Stance, Trigger


class TextPolicy(StrEnum):
    """What the journal keeps of the text that people typed.

    ``FULL`` keeps the words and a keyed hash of them, ``HASHED`` only the hash (equal
    texts can be counted, none can be read), ``OFF`` neither.
    """

    FULL = "full"
    HASHED = "hashed"
    OFF = "off"


class RequestState(StrEnum):
    """How far a request has come."""

    BEGUN = "begun"
    FINISHED = "finished"
    DELIVERED = "delivered"


class QuoteRole(StrEnum):
    """In which list of a reply a quote was shown."""

    QUOTE = "quote"
    COUNTERPOINT = "counterpoint"


@dataclass(frozen=True, slots=True)
class RateLimits:
    """How many requests one asker, and one channel, may make in any ``window_s`` seconds.

    0 sets no limit. Requests that a limit refused do not count towards it.
    """

    per_asker: int
    per_channel: int
    window_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the journal says when a request is begun.

    ``request_id`` is our id of the request, shown to the asker when something goes wrong.
    ``is_new`` says whether it has to be answered: False for a duplicate. ``state`` is how
    far the request had come before: a duplicate that was finished and never delivered is
    one whose sending went wrong. ``wait_s`` is above 0 when a limit refuses the request:
    so many seconds until there is room. ``is_kept`` is False when nothing tells who asked what,
    so that the reply cannot be made again: its asker has opted out, or was forgotten. It is True
    of what nobody asked when an answer to it will be kept.
    """

    request_id: str
    is_new: bool
    state: RequestState = RequestState.BEGUN
    wait_s: float = 0.0
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote that a reply showed, as the journal keeps it.

    ``rank`` counts from 1 within ``role``; ``text_hash`` is the SHA-256 of the quote's
    text in UTF-8 (hex); offsets, ``probability`` and ``score`` are those of `Evidence`.
    """

    role: QuoteRole
    rank: int
    document_id: str
    start: int
    end: int
    text_hash: str
    stance: Stance
    probability: float
    score: float

    @property
    def quote_id(self) -> str:
        """The last part of the quote's permalink."""
        return f"{self.document_id}-{self.start}-{self.end}-{self.text_hash[:8]}"


@dataclass(frozen=True, slots=True)
class KeptQuote:
    """A quote as it was when a reply first showed it; what its document says now may differ.

    ``digest`` is the first eight digits of its text's SHA-256, ``title`` what its document was
    called then. ``first_shown_at`` is the beginning of that day (UTC), in seconds since the
    epoch: to the second, it would tell which forgotten request it answered.
    """

    document_id: str
    start: int
    end: int
    digest: str
    text: str
    title: str
    first_shown_at: float

    @property
    def quote_id(self) -> str:
        """The last part of the quote's permalink."""
        return f"{self.document_id}-{self.start}-{self.end}-{self.digest}"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One interaction as the journal keeps it; None is not known, not kept or forgotten.

    What nobody asked and the bot did not answer is finished, and neither answered nor not.

    ``asker`` and ``text_hash`` are keyed hashes (hex). Times are seconds since the epoch,
    UTC: ``created_at`` by the platform's clock, the others by ours. ``query`` is what was
    searched for, where the words are kept. ``error`` is what stood in the way of an answer,
    else of its delivery. ``shown`` lists the quotes by rank, then the counterpoints;
    ``feedback`` the members' verdicts, oldest first. ``context_messages`` counts the messages
    around the request that were read with it; which of them was answered is in ``query``.
    """

    request_id: str
    platform: str
    interaction_id: str
    community_id: str | None
    channel_id: str | None
    thread_id: str | None
    asker: str | None
    trigger: Trigger | None
    text: str | None
    text_hash: str | None
    kind: QueryKind | None
    query: Query | None
    created_at: float
    begun_at: float
    finished_at: float | None
    state: RequestState
    answered: bool | None
    error: str | None
    corpus_version: str | None
    took_ms: float | None
    stage_ms: Mapping[str, float]
    shown: tuple[ShownQuote, ...]
    message_ids: tuple[str, ...]
    feedback: tuple[Feedback, ...]
    context_messages: int | None = None


@dataclass(frozen=True, slots=True)
class JournalHealth:
    """What an operator wants to know of the journal; sound when ``problems`` is empty.

    ``size_bytes`` counts what it takes on disk; ``last_write`` is the latest time noted
    for the newest interaction, in seconds since the epoch, None while there is none.
    """

    location: str
    schema_version: int
    size_bytes: int
    interactions: int
    last_write: float | None
    problems: tuple[str, ...]


class Journal(Protocol):
    """The log of interactions; what it acknowledges is on disk.

    Calls that overlap have no order among themselves; a call made after another returned
    sees what that one wrote. Every method raises `JournalError` when the log cannot be
    read or written, and after `close`.
    """

    async def begin(self, interaction: Interaction, limits: RateLimits | None = None) -> Receipt:
        """Note a request before it is answered; (platform, id) is new once only.

        It is new again, under the same request id, when whoever began it died or let its
        lease run out before it finished. ``limits`` hold over all that is noted here,
        whichever process noted it, and for those too who opted out.

        What nobody asked (`Trigger.AUTO`) is noted as a request that was forgotten, and counts for
        its channel all the same: what it says, whose it is and where it stands is not written
        before there is an answer.
        """

    async def finish(self, request_id: str, reply: Reply, error: str | None = None) -> None:
        """Note the reply, or the error that stood in its way (never a member's words).

        Its quotes are kept as they are, see `kept_quote`. What nobody asked is kept from now on
        like any other request if the reply answers it; else nothing of the reply is noted but that
        it is over, and no duplicate is new. Whoever is forgotten before that is not kept after it.

        Raises:
            JournalError: Also when ``request_id`` was never begun.
        """

    async def delivered(self, request_id: str, message_ids: Sequence[str]) -> None:
        """Note that the platform took the reply, and under which ids; safe to repeat.

        Whatever kept it from being delivered before is no longer noted.

        Raises:
            JournalError: Also when ``request_id`` was never begun.
        """

    async def undelivered(self, request_id: str, error: str) -> None:
        """Note what keeps a finished reply from being delivered; a later error replaces it.

        The request keeps its state: one that was delivered arrived, but not where it was asked
        for. An error that was noted with the reply itself stays too, as the first cause.

        Args:
            request_id: The finished request.
            error: The platform's code or an exception's name, never a member's words.

        Raises:
            JournalError: Also when ``request_id`` was never begun.
        """

    async def note_feedback(
        self, request_id: str, platform: str, asker_id: str, feedback: Feedback
    ) -> bool:
        """Note a member's verdict on a reply; a later one of theirs replaces it.

        Returns:
            Whether there is such a request that is kept, and the member has not opted out.
        """

    async def forget(self, platform: str, asker_id: str) -> int:
        """Remove everything about an asker at once; returns how many interactions it was.

        What stays is a row that names nobody, so that a late duplicate is still known.
        """

    async def opt_out(self, platform: str, asker_id: str) -> int:
        """Keep nothing of an asker from now on, and remove what is kept, as `forget` does.

        Known by a hash alone, in every process, until `opt_in`. A request of theirs is noted as
        one that was forgotten; what limits count of it goes once no limit looks back to it.

        Returns:
            How many interactions were removed.
        """

    async def opt_in(self, platform: str, asker_id: str) -> None:
        """Keep again what an asker asks from now on. Safe to repeat."""

    async def has_opted_out(self, platform: str, asker_id: str) -> bool:
        """Tell whether nothing of an asker is kept."""

    async def expire(self, before: float) -> int:
        """Blank every interaction that was begun before a moment, as `forget` does.

        Others may write meanwhile; what is blanked goes in small groups.

        Args:
            before: Seconds since the epoch, UTC.

        Returns:
            How many interactions it was; those that were blank already do not count.
        """

    async def entry(self, request_id: str) -> JournalEntry | None:
        """Return one interaction; None when there is none of that id."""

    async def kept_quote(self, quote_id: str) -> KeptQuote | None:
        """Return a quote as it was when it was first shown; None when it never was.

        Quotes are the documents' words, not a member's: they stay when an asker is forgotten.

        Args:
            quote_id: The last part of its permalink.
        """

    def recent(
        self,
        limit: int,
        *,
        platform: str | None = None,
        community_id: str | None = None,
        unanswered_only: bool = False,
    ) -> AsyncIterator[JournalEntry]:
        """Yield up to ``limit`` interactions, the last begun first.

        What nobody asked and the bot did not answer is not among them.

        Args:
            limit: The most that are wanted.
            platform: Only those of this platform.
            community_id: Only those of this community.
            unanswered_only: Only those that asked for something the corpus does not hold.
        """

    def history(
        self, *, since: float = 0.0, platform: str | None = None
    ) -> AsyncIterator[JournalEntry]:
        """Yield all interactions, the first that came first; a long log is read in pieces.

        What nobody asked and the bot did not answer is not among them.

        Args:
            since: Only those begun at this time or later, in seconds since the epoch.
            platform: Only those of this platform.
        """

    def entries_of(self, platform: str, asker_id: str) -> AsyncIterator[JournalEntry]:
        """Yield everything that is kept of what one asker asked, the first begun first."""

    async def verdicts_of(self, platform: str, asker_id: str) -> list[tuple[str, Feedback]]:
        """Return each verdict of a member with the request's id, the first given first."""

    async def check(self) -> JournalHealth:
        """Look the whole journal over; takes time in proportion to its size."""

    async def close(self) -> None:
        """Write what is queued and release the journal. Safe to call twice."""
