"""Do what the buttons under a reply ask for, from the core's records alone: no memory, no expiry.

What a button says is `presses`'; an adapter takes the press, chooses the post and calls this.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from adapters.messaging.guides import reasons_report
from adapters.messaging.paging import Seen, find
from adapters.messaging.presses import Action, Press
from adapters.messaging.reports import why_report
from adapters.messaging.views import Views
from bot import texts
from bot.errors import JournalError
from bot.types import Feedback, Quote, Recalled

_log = logging.getLogger(__name__)

View = TypeVar("View")


class OptOuts(Protocol):
    """Who wants nothing kept."""

    async def has_opted_out(self, platform: str, asker_id: str) -> bool:
        """Tell whether a member has asked that nothing of theirs be kept."""


class Records(OptOuts, Protocol):
    """What buttons need of the bot."""

    async def recall(self, request_id: str) -> Recalled | None:
        """Make a reply again; None when it is not known any more."""

    async def rate(self, request_id: str, platform: str, asker_id: str, feedback: Feedback) -> bool:
        """Note what a member thinks of a reply; False when it is not known any more."""

    async def forget(self, platform: str, asker_id: str) -> int:
        """Remove everything of a member; returns how many requests it was."""

    async def opt_out(self, platform: str, asker_id: str) -> int:
        """Keep nothing of a member from now on; returns how many requests were removed."""

    async def opt_in(self, platform: str, asker_id: str) -> None:
        """Keep again what a member asks from now on."""


async def keeps(records: OptOuts, platform: str, asker_id: str) -> bool | None:
    """Tell whether what a member asks is kept; None when the records cannot be read now."""
    try:
        return not await records.has_opted_out(platform, asker_id)
    except JournalError as error:
        _log.error("journal_failed", extra={"reason": str(error)})
        return None


class Recording(Generic[View]):
    """Answers presses of the buttons that replies have.

    Args:
        platform: Whose buttons they are.
        records: The bot's records.
        around: Returns what stands before and after a quote; may take a while.
        views: Lays the answers out.
    """

    def __init__(
        self,
        platform: str,
        records: Records,
        around: Callable[[Quote], tuple[str, str]],
        views: Views[View],
    ) -> None:
        self._platform = platform
        self._records = records
        self._around = around
        self._views = views

    def reasons(self, request_id: str) -> View:
        """Return the reasons why an answer did not help, to choose from."""
        return self._views.report(reasons_report(request_id))

    async def rated(self, request_id: str, asker_id: str, feedback: Feedback) -> View:
        """Note what a member thinks of a reply."""
        if await self._records.rate(request_id, self._platform, asker_id, feedback):
            return self._views.notice(texts.THANKS)
        return await self._unknown(request_id, asker_id, texts.NOT_NOTED)

    async def forgotten(self, asker_id: str) -> View:
        """Remove everything of a member."""
        count = await self._records.forget(self._platform, asker_id)
        return self._views.notice(texts.forgotten(count))

    async def opted_out(self, asker_id: str) -> View:
        """Keep nothing of a member from now on."""
        count = await self._records.opt_out(self._platform, asker_id)
        return self._views.notice(f"{texts.OPTED_OUT} {texts.forgotten(count)}")

    async def opted_in(self, asker_id: str) -> View:
        """Keep again what a member asks."""
        await self._records.opt_in(self._platform, asker_id)
        return self._views.notice(texts.OPTED_IN)

    async def unknown(self, request_id: str, asker_id: str) -> View:
        """Say why a reply cannot be made again."""
        return await self._unknown(request_id, asker_id, texts.CANNOT_RECALL)

    async def recalled(self, press: Press, asker_id: str) -> View:
        """Show more of a reply, its counterpoints, how it came about, or a quote in its place."""
        recalled = await self._records.recall(press.subject)
        if recalled is None:
            return await self.unknown(press.subject, asker_id)
        reply, gone = recalled.reply, recalled.gone
        match press.action:
            case Action.MORE:
                return self._views.more(reply, Seen.parse(press.detail), gone)
            case Action.COUNTERPOINTS:
                return self._views.counterpoints(reply, gone)
            case Action.WHY:
                return self._views.report(why_report(reply))
        evidence = find((*reply.quotes, *reply.counterpoints), press.detail)
        if evidence is None:
            return self._views.notice(texts.quotes_gone(1))
        around = await asyncio.to_thread(self._around, evidence.quote)
        return self._views.context(evidence, *around)

    async def _unknown(self, request_id: str, asker_id: str, unkept: str) -> View:
        """Say that a reply is not known, or to those of whom nothing is kept that this is why."""
        if await keeps(self._records, self._platform, asker_id) is False:
            return self._views.notice(unkept)
        return self._views.refusal(texts.UNKNOWN_REQUEST, request_id)
