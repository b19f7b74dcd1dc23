"""Note what reindexes do, and which of the quotes that were shown they took away.

Keeps nobody from a reindex: a journal that fails is told of in the log. Called by `administering`
for what admins ask for in chat, and by the command line.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.errors import (
    BotError,
    CoolingDown,
    CorpusError,
    IndexBusy,
    IndexUnavailable,
    JournalError,
)
from bot.ports import Communities, Index, IndexStore, KeptQuote
from bot.retrieval.analysis import Analyzer
from bot.retrieval.verbatim import gone, still_held
from bot.types import AdminRequest, IndexReport, LostQuote

_log = logging.getLogger(__name__)

_LOSING = ("changed", "removed")


class ShownQuotes(Protocol):
    """Remembers the quotes that were shown; a part of what the log adds up to."""

    async def kept_quotes(self, document_ids: Collection[str] | None = None) -> Sequence[KeptQuote]:
        """Return the quotes that were ever shown of some documents, or of all.

        Raises:
            JournalError: What is kept cannot be read.
        """


@dataclass(frozen=True, slots=True)
class Begun:
    """A reindex that began.

    ``number`` is the journal's, None where none notes it; ``before`` is what served until then.
    """

    number: int | None
    before: Index | None


@dataclass(frozen=True, slots=True)
class ReindexNotes:
    """Notes reindexes from their beginning to their end.

    Args:
        store: Where the index is opened.
        communities: Notes them; None notes nothing.
        shown: Remembers what was shown; None remembers nothing.
    """

    store: IndexStore
    communities: Communities | None
    shown: ShownQuotes | None

    async def begin(self, by: AdminRequest, cooldown_s: float) -> Begun:
        """Note that a reindex begins which an admin asked for.

        Args:
            by: Who wants it.
            cooldown_s: Seconds that have to pass after the last one.

        Raises:
            IndexBusy: One runs already, in whichever process.
            CoolingDown: The last one took effect a moment ago.
        """
        number = None
        if self.communities is not None:
            try:
                permit = await self.communities.begin_reindex(by, cooldown_s)
            except JournalError as error:
                # The index has a lock of its own; a journal that fails keeps nobody from it.
                _tell(error)
            else:
                if permit.is_busy:
                    raise IndexBusy("A reindex runs in another process.")
                if permit.wait_s > 0:
                    raise CoolingDown("The documents were read a moment ago.", permit.wait_s)
                number = permit.number
        return Begun(number, await asyncio.to_thread(self._serving))

    async def begin_here(self) -> Begun:
        """Note that a reindex begins at the command line."""
        number = None
        if self.communities is not None:
            try:
                number = await self.communities.begin_local_reindex()
            except JournalError as error:
                _tell(error)
        return Begun(number, await asyncio.to_thread(self._serving))

    async def end(self, begun: Begun, report: IndexReport) -> IndexReport:
        """Note what a reindex did; returns its report with the quotes that it took away."""
        if self.communities is not None and begun.number is not None:
            try:
                await self.communities.end_reindex(begun.number, report, None)
            except JournalError as error:
                _tell(error)
        return await self._with_lost(begun, report)

    async def fail(self, begun: Begun, error: BaseException, *, quotes_admin: bool = False) -> None:
        """Note what stopped a reindex.

        Args:
            begun: Which reindex.
            error: What stopped it.
            quotes_admin: Whether what it says of a document may be what an admin typed, which
                is not kept.
        """
        if self.communities is None or begun.number is None:
            return
        reason = str(error) if isinstance(error, BotError) else None
        if quotes_admin and isinstance(error, CorpusError):
            reason = None
        try:
            await self.communities.end_reindex(
                begun.number, None, type(error).__name__, reason or None
            )
        except JournalError as failure:
            _tell(failure)

    def _serving(self) -> Index | None:
        try:
            return self.store.current()
        except IndexUnavailable:  # damaged: it is built anew
            return None

    async def _with_lost(self, begun: Begun, report: IndexReport) -> IndexReport:
        before = begun.before
        ids = [one.document_id for one in report.changes if one.change in _LOSING]
        if self.shown is None or before is None or not ids:
            return report
        try:
            quotes = await self.shown.kept_quotes(ids)
            lost = await asyncio.to_thread(self._lost, before, quotes)
        except BotError as error:  # what took effect is no failure for that
            _log.warning("lost_quotes_unknown", extra={"reason": str(error)})
            return report
        return replace(report, lost=lost)

    def _lost(self, before: Index, quotes: Sequence[KeptQuote]) -> tuple[LostQuote, ...]:
        after = self._serving()
        if after is None or not quotes:
            return ()
        return tuple(
            LostQuote(one.quote_id, one.document_id, one.title, one.text)
            for one in gone(after, still_held(before, quotes), Analyzer().stems)
        )


def _tell(error: JournalError) -> None:
    _log.warning("journal_failed", extra={"reason": str(error)})
