"""What an operator sees of the log, and decides about what members disputed.

Knows no page: `adapters.web.dashboard` renders what comes back. Opened by `bot.bootstrap`.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from bot.conversation.cleaning import clean
from bot.conversation.rulings import concerns
from bot.ports import (
    Accounts,
    Correction,
    Corrections,
    Journal,
    JournalEntry,
    QuoteRole,
    Ruling,
    ShownQuote,
    Verdict,
)
from bot.ports.figures import Complaint, Figures, Missed

ALIKE = 80.0
"""How alike, from 0 to 100, words are that count as the same want (rapidfuzz's token set)."""
_WORD = re.compile(r"\w+")

MOST_MISSED = 2_000
"""Different texts that are looked at; grouping them takes time by the square of it."""
MOST_OPEN = 200
MOST_SETTLED = 100
"""Disputes that are shown."""


@dataclass(frozen=True, slots=True)
class Want:
    """Something that was looked for in vain, in whichever words; the most frequent come first."""

    texts: tuple[str, ...]
    times: int
    last_at: float


@dataclass(frozen=True, slots=True)
class DisputedQuote:
    """A quote of a reply that was disputed; ``text`` and ``title`` as they were shown.

    ``rank`` counts from 1 within ``role``. ``rulings`` are those that hold for it.
    """

    shown: ShownQuote
    text: str
    title: str
    rulings: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A reply that members found wrong, with its quotes.

    ``claim`` is what its sides are taken on; None where there is none, or it is not kept.
    """

    entry: JournalEntry
    complaint: Complaint
    quotes: tuple[DisputedQuote, ...]

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.complaint.is_open

    @property
    def claim(self) -> str | None:
        """What the sides of its quotes are taken on."""
        return self.entry.query.claim if self.entry.query is not None else None


@dataclass(frozen=True, slots=True)
class Disputes:
    """The newest disputes, the open ones first; ``opened`` and ``settled`` count them all."""

    shown: tuple[Dispute, ...]
    opened: int
    settled: int


class Oversight:
    """Everything that the dashboard shows and does.

    Args:
        journal: The log.
        corrections: Where rulings are noted.
        figures: What the log adds up to.
        accounts: Which sessions have ended, and which links let in.
        clock: Seconds since the epoch, UTC.
    """

    def __init__(
        self,
        journal: Journal,
        corrections: Corrections,
        figures: Figures,
        accounts: Accounts,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._journal = journal
        self._corrections = corrections
        self.figures = figures
        self.accounts = accounts
        self.clock = clock

    async def wants(self, since: float) -> Sequence[Want]:
        """Return what was looked for in vain, grouped by similar words, most often first."""
        return grouped(await self.figures.missed(since, MOST_MISSED))

    async def disputes(self) -> Disputes:
        """Return the newest replies that members found wrong and that are kept."""
        holding = await self._corrections.holding()
        complaints = await self.figures.complaints(MOST_OPEN, MOST_SETTLED)
        disputes = []
        for complaint in complaints.found:
            entry = await self._journal.entry(complaint.request_id)
            if entry is not None and entry.asker is not None:
                disputes.append(await self._dispute(entry, complaint, holding))
        return Disputes(tuple(disputes), complaints.opened, complaints.settled)

    async def holding(self) -> Sequence[Correction]:
        """Return the rulings that hold, the last made first."""
        return tuple(reversed(await self._corrections.holding()))

    async def rule(self, ruling: Ruling, role: QuoteRole, rank: int) -> bool:
        """Note a ruling about a quote of a reply, which holds from the next reply on.

        Args:
            ruling: What is ruled; the quote and the claim are filled in.
            role: In which list of the reply the quote was shown.
            rank: Its place there.

        Returns:
            False when there is no such quote, or no claim to take a side on.
        """
        entry = await self._journal.entry(ruling.request_id)
        quotes = entry.shown if entry is not None else ()
        shown = next((one for one in quotes if (one.role, one.rank) == (role, rank)), None)
        texts = await self.figures.shown_in(ruling.request_id)
        if entry is None or shown is None or (role, rank) not in texts:
            return False
        claim = entry.query.claim if entry.query is not None else None
        if ruling.verdict is Verdict.SIDE and claim is None:
            return False
        text, _ = texts[role, rank]
        about = replace(ruling, document_id=shown.document_id, text=text)
        if ruling.verdict is Verdict.SIDE:
            about = replace(about, claim=claim)
        await self._corrections.note(about)
        return True

    async def dismiss(self, request_id: str) -> bool:
        """Find a reply to be right; False when there is no such reply."""
        if await self._journal.entry(request_id) is None:
            return False
        await self._corrections.note(Ruling(Verdict.DISMISS, request_id))
        return True

    async def undo(self, number: int) -> bool:
        """Take a ruling back; False when it does not hold (any more)."""
        return await self._corrections.undo(number)

    async def _dispute(
        self, entry: JournalEntry, complaint: Complaint, holding: Sequence[Correction]
    ) -> Dispute:
        quotes = []
        texts = await self.figures.shown_in(entry.request_id)
        for shown in entry.shown:
            if (shown.role, shown.rank) not in texts:  # shown before quotes were kept
                continue
            text, title = texts[shown.role, shown.rank]
            rulings = tuple(one for one in holding if concerns(one, shown.document_id, text))
            quotes.append(DisputedQuote(shown, text, title, rulings))
        return Dispute(entry, complaint, tuple(quotes))


def grouped(missed: Sequence[Missed]) -> Sequence[Want]:
    """Group texts that share their words; each group is led by its most frequent text.

    Args:
        missed: Texts, the most frequent first.
    """
    leaders: list[str] = []
    groups: list[list[Missed]] = []
    for one in missed:
        words = " ".join(_WORD.findall(clean(one.text).casefold())) or one.text.casefold()
        found = process.extractOne(words, leaders, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE)
        if found is None:
            leaders.append(words)
            groups.append([one])
        else:
            groups[found[2]].append(one)
    wants = [
        Want(
            tuple(one.text for one in group),
            sum(one.times for one in group),
            max(one.last_at for one in group),
        )
        for group in groups
    ]
    return sorted(wants, key=lambda want: (-want.times, -want.last_at))
