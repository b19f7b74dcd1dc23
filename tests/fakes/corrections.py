"""Corrections in memory, for tests of what reads them."""

import hashlib

from bot.ports import Correction, CorrectionsInForce, Ruling, Standing


class CorrectionsInMemory:
    """Holds rulings in a list."""

    def __init__(self) -> None:
        self._standing = Standing("0.0", ())
        self._noted = 0
        self._undone = 0

    def current(self) -> Standing:
        return self._standing

    def claim_hash(self, claim: str) -> str:
        return " ".join(claim.casefold().split()).rstrip(".!? ")

    def note(self, ruling: Ruling) -> int:
        """Let a ruling hold."""
        self._noted += 1
        correction = Correction(
            number=self._noted,
            verdict=ruling.verdict,
            request_id=ruling.request_id,
            document_id=ruling.document_id,
            text=ruling.text,
            text_hash=hashlib.sha256(ruling.text.encode()).hexdigest(),
            speaker=ruling.speaker,
            claim_hash=self.claim_hash(ruling.claim) if ruling.claim else None,
            stance=ruling.stance,
            made_at=float(self._noted),
        )
        self._hold((*self._standing.corrections, correction))
        return self._noted

    def undo(self, number: int) -> None:
        """Let a ruling hold no more."""
        self._undone += 1
        self._hold(tuple(one for one in self._standing.corrections if one.number != number))

    def _hold(self, corrections: tuple[Correction, ...]) -> None:
        self._standing = Standing(f"{self._noted}.{self._undone}", corrections)


_: type[CorrectionsInForce] = CorrectionsInMemory
