"""Answer an interaction: the whole story on one screen.

    journal.begin -> Query -> search -> quotes -> stance -> Reply -> journal.finish

The bot returns a value and is never handed a way to send: an adapter gathers the context
first, calls `handle` once and renders the reply once. All that computes runs in a thread,
so that the event loop never waits for it.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from bot import texts
from bot.conversation.asking import to_query
from bot.conversation.composing import compose
from bot.conversation.gathering import Gathered, Gatherer
from bot.conversation.topics import near_topics
from bot.errors import BotError, IndexUnavailable, JournalError
from bot.ports import Index, IndexStore, Journal
from bot.types import Interaction, Query, Reply, Topic

_log = logging.getLogger(__name__)

_NEAR_TOPICS = 3


class Bot:
    """Counterpoint's core, with everything that it needs injected.

    Args:
        store: Where the index is opened, anew whenever another generation serves.
        gatherer: Finds the evidence.
        journal: Notes each request before and after; None keeps no log.
        topics: The topics of the corpus.
        executor: Runs what computes.
        new_id: Makes ids for requests that the journal could not note.
        log_required: Whether a request that cannot be noted is refused.
    """

    def __init__(
        self,
        store: IndexStore,
        gatherer: Gatherer,
        journal: Journal | None,
        topics: Sequence[Topic],
        executor: Executor,
        new_id: Callable[[], str],
        log_required: bool = False,
    ) -> None:
        self._store = store
        self._gatherer = gatherer
        self._journal = journal
        self._topics = tuple(topics)
        self._executor = executor
        self._new_id = new_id
        self._log_required = log_required

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of the corpus."""
        return self._topics

    async def handle(self, interaction: Interaction) -> Reply | None:
        """Answer an interaction.

        Returns:
            The reply, also when something went wrong: it then says so, with the request's
            id. None for a duplicate of a request that is answered or being answered.
        """
        watch = _Stopwatch()
        try:
            request_id, is_new = await self._begin(interaction)
        except JournalError as error:
            return self._apology(interaction, self._new_id(), error, watch)
        if not is_new:
            return None
        watch.lap("journal")
        failure: str | None = None
        try:
            reply = await self._reply(interaction, request_id, watch)
        except BotError as error:
            failure = type(error).__name__
            reply = self._apology(interaction, request_id, error, watch)
        except Exception as error:  # the last line of defence: a member is never left waiting
            failure = type(error).__name__
            _log.exception("request_failed", extra={"request_id": request_id})
            reply = self._apology(interaction, request_id, BotError(), watch)
        await self._finish(request_id, reply, failure)
        return reply

    async def delivered(self, reply: Reply, message_ids: Sequence[str]) -> None:
        """Note that the platform took a reply, under these ids of its messages."""
        if self._journal is not None:
            try:
                await self._journal.delivered(reply.id, message_ids)
            except JournalError as error:
                _log.error("journal_failed", extra={"request_id": reply.id, "reason": str(error)})

    async def _reply(self, interaction: Interaction, request_id: str, watch: "_Stopwatch") -> Reply:
        query = to_query(interaction, self._topics)
        watch.lap("query")
        if query is None:
            return compose(
                request_id, None, (), (), visibility=interaction.visibility, took_ms=watch.total_ms
            )
        index, gathered = await asyncio.get_running_loop().run_in_executor(
            self._executor, self._gather, query, watch
        )
        nothing = not (gathered.quotes or gathered.counterpoints)
        near = near_topics(query.text, self._topics, _NEAR_TOPICS) if nothing else []
        return compose(
            request_id,
            query,
            gathered.quotes,
            gathered.counterpoints,
            [topic.slug for topic in near],
            interaction.visibility,
            index.version,
            watch.total_ms,
            watch.laps_ms,
        )

    def _gather(self, query: Query, watch: "_Stopwatch") -> tuple[Index, Gathered]:
        index = self._store.current()
        if index is None:
            raise IndexUnavailable("No index serves yet; `counterpoint reindex` builds one.")
        watch.lap("queue")
        return index, self._gatherer.gather(index, query, watch.lap)

    async def _begin(self, interaction: Interaction) -> tuple[str, bool]:
        if self._journal is None:
            return self._new_id(), True
        try:
            receipt = await self._journal.begin(interaction)
        except JournalError as error:
            if self._log_required:
                raise
            _log.error("journal_failed", extra={"reason": str(error)})
            return self._new_id(), True
        return receipt.request_id, receipt.is_new

    async def _finish(self, request_id: str, reply: Reply, failure: str | None) -> None:
        if self._journal is None:
            return
        try:
            await self._journal.finish(request_id, reply, failure)
        except JournalError as error:
            # The answer is there and right; that it could not be noted is the operator's.
            _log.error("journal_failed", extra={"request_id": request_id, "reason": str(error)})

    def _apology(
        self, interaction: Interaction, request_id: str, error: BotError, watch: "_Stopwatch"
    ) -> Reply:
        _log.warning("request_refused", extra={"request_id": request_id, "reason": str(error)})
        return Reply(
            id=request_id,
            answered=False,
            headline=texts.error(error.key, request_id),
            visibility=interaction.visibility,
            took_ms=watch.total_ms,
            error=error.key,
        )


class _Stopwatch:
    """Measures the stages of one request, in milliseconds."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self.laps_ms: dict[str, float] = {}

    @property
    def total_ms(self) -> float:
        return (time.perf_counter() - self._started) * 1000

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps_ms[stage] = self.laps_ms.get(stage, 0.0) + (now - self._last) * 1000
        self._last = now
