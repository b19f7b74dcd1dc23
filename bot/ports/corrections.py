"""What admins found wrong with quotes: verdicts that hold in every reply, and can be undone.

A verdict is about the words of a quote in a document, wherever they stand there, so that it
outlives a reindex. `bot.backends` implements both ports.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.types import Stance


class Verdict(StrEnum):
    """What an admin found about a quote.

    ``HIDE`` keeps it out of replies, ``SPEAKER`` names who really said it, ``REPORTED`` says that
    it tells somebody else's view, ``SIDE`` which side it takes on one claim. ``DISMISS`` finds
    nothing wrong with a reply, and changes nothing.
    """

    HIDE = "hide"
    SPEAKER = "speaker"
    REPORTED = "reported"
    SIDE = "side"
    DISMISS = "dismiss"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict before it is noted.

    ``request_id`` names the reply that was disputed. The quote is told by its document and its
    ``text``; both are empty where a whole reply is dismissed. ``speaker`` goes with ``SPEAKER``,
    ``claim`` and ``stance`` with ``SIDE``.
    """

    verdict: Verdict
    request_id: str
    document_id: str = ""
    text: str = ""
    speaker: str | None = None
    claim: str | None = None
    stance: Stance | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A verdict as it is kept; later ones have higher numbers.

    ``text_hash`` is the SHA-256 of the quote's text in UTF-8 (hex), ``claim_hash`` what
    `CorrectionsInForce.claim_hash` makes of the claim: the words of a member are not kept.
    ``made_at`` is in seconds since the epoch, UTC.
    """

    number: int
    verdict: Verdict
    request_id: str
    document_id: str
    text: str
    text_hash: str
    speaker: str | None
    claim_hash: str | None
    stance: Stance | None
    made_at: float


@dataclass(frozen=True, slots=True)
class Standing:
    """The corrections that hold, first made first; ``version`` differs whenever they do."""

    version: str
    corrections: tuple[Correction, ...]


class CorrectionsInForce(Protocol):
    """The corrections as those need them who answer: plain functions that read a local file."""

    def current(self) -> Standing:
        """Return what holds now, whichever process noted it; cheap while it is the same.

        Raises nothing: where they cannot be read, those known last hold on, and the log says so.
        """

    def claim_hash(self, claim: str) -> str:
        """Return what stands for a claim, the same for the same words only."""


class Corrections(Protocol):
    """The corrections as those need them who make them; what it acknowledges is on disk.

    Every method raises `JournalError` when they cannot be read or written.
    """

    async def note(self, ruling: Ruling) -> int:
        """Note a verdict, which holds from now on in every process; returns its number."""

    async def undo(self, number: int) -> bool:
        """Take a verdict back; False when it does not hold (any more)."""

    async def holding(self) -> Sequence[Correction]:
        """Return what holds, the first made first."""
