"""Corrections in memory; pass the contract that every backend passes."""

import hashlib
import itertools
from collections.abc import Callable, Sequence

from bot.ports import Correction, Corrections, CorrectionsInForce, Ruling, Standing


class CorrectionsInMemory:
    """Holds rulings in a list, for those who answer; a test notes and undoes them at once.

    Args:
        clock: Seconds since the epoch; by default each is made a second after the last.
    """

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        counted = itertools.count(1)
        self._clock = clock or (lambda: float(next(counted)))
        self._standing = Standing("0.0", ())
        self._noted = 0
        self._undone = 0

    def current(self) -> Standing:
        return self._standing

    def claim_hash(self, claim: str) -> str:
        return _digest(" ".join(claim.casefold().split()).rstrip(".!? "))

    def note(self, ruling: Ruling) -> int:
        """Let a ruling hold."""
        self._noted += 1
        correction = Correction(
            number=self._noted,
            verdict=ruling.verdict,
            request_id=ruling.request_id,
            document_id=ruling.document_id,
            text=ruling.text,
            text_hash=_digest(ruling.text),
            speaker=ruling.speaker,
            claim_hash=self.claim_hash(ruling.claim) if ruling.claim else None,
            stance=ruling.stance,
            made_at=self._clock(),
        )
        self._hold((*self._standing.corrections, correction))
        return self._noted

    def undo(self, number: int) -> bool:
        """Let a ruling hold no more; False when it does not."""
        left = tuple(one for one in self._standing.corrections if one.number != number)
        if len(left) == len(self._standing.corrections):
            return False
        self._undone += 1
        self._hold(left)
        return True

    def _hold(self, corrections: tuple[Correction, ...]) -> None:
        self._standing = Standing(f"{self._noted}.{self._undone}", corrections)


class MemoryCorrections:
    """The same, for those who make them."""

    def __init__(self, held: CorrectionsInMemory) -> None:
        self._held = held

    async def note(self, ruling: Ruling) -> int:
        return self._held.note(ruling)

    async def undo(self, number: int) -> bool:
        return self._held.undo(number)

    async def holding(self) -> Sequence[Correction]:
        return self._held.current().corrections


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _keeps_the_ports(
    held: CorrectionsInMemory, corrections: MemoryCorrections
) -> tuple[CorrectionsInForce, Corrections]:
    return held, corrections  # the type checker says when a fake drifts from its port
