"""Answer an interaction: the whole story on one screen.

    journal.begin -> Query -> search -> quotes -> stance -> corrections -> Reply -> journal.finish

The bot returns a value and is never handed a way to send: an adapter gathers the context
first, calls `handle` once and renders the reply once. All that computes runs in a thread,
so that the event loop never waits for it.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from bot import texts
from bot.conversation.asking import to_query
from bot.conversation.composing import compose
from bot.conversation.correcting import Correcting
from bot.conversation.gathering import Gathered, Gatherer
from bot.conversation.knowledge import Knowledge
from bot.conversation.recalling import recall
from bot.conversation.topics import near_topics
from bot.errors import BotError, IndexUnavailable, JournalError, RateLimited
from bot.ports import Index, IndexStore, Journal, JournalEntry, RateLimits, Receipt, RequestState
from bot.types import Feedback, Interaction, Query, Recalled, Reply, Topic

_log = logging.getLogger(__name__)

_NEAR_TOPICS = 3


class Bot:
    """Counterpoint's core, with everything that it needs injected.

    Args:
        store: Where the index is opened, anew whenever another generation serves.
        knowledge: Returns what goes with the last reindex; asked for at every request.
        journal: Notes each request before and after; None keeps no log.
        executor: Runs what computes.
        new_id: Makes ids for requests that the journal could not note.
        log_required: Whether a request that cannot be noted is refused.
        limits: How often one may ask; needs a journal to count in.
        correcting: Lets hold what admins found wrong with quotes.
    """

    def __init__(
        self,
        store: IndexStore,
        knowledge: Callable[[], Knowledge],
        journal: Journal | None,
        executor: Executor,
        new_id: Callable[[], str],
        log_required: bool = False,
        limits: RateLimits | None = None,
        correcting: Correcting | None = None,
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._journal = journal
        self._executor = executor
        self._new_id = new_id
        self._log_required = log_required
        self._limits = limits
        self._correcting = correcting
        self._waiting = 0

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of the corpus, as of the last reindex."""
        return self._knowledge().topics

    @property
    def waiting(self) -> int:
        """How many requests this process is answering right now."""
        return self._waiting

    def unnoted(self) -> "Bot":
        """Return a bot that answers the same and notes nothing: for what is read, not asked."""
        return Bot(
            self._store,
            self._knowledge,
            None,
            self._executor,
            self._new_id,
            correcting=self._correcting,
        )

    async def handle(self, interaction: Interaction) -> Reply | None:
        """Answer an interaction.

        Returns:
            The reply, also when something went wrong or a limit is reached: it then says so,
            with the request's id. None for a duplicate of a request that is answered or being
            answered.
        """
        self._waiting += 1
        try:
            return await self._handle(interaction)
        finally:
            self._waiting -= 1

    async def _handle(self, interaction: Interaction) -> Reply | None:
        watch = _Stopwatch()
        try:
            receipt, is_noted = await self._begin(interaction)
        except JournalError as error:
            return self._apology(interaction, self._new_id(), error, watch)
        if not receipt.is_new:
            return None
        watch.lap("journal")
        request_id = receipt.request_id
        failure: str | None = None
        try:
            if receipt.wait_s > 0:
                raise RateLimited("The asker or the channel has reached a limit.", receipt.wait_s)
            reply = await self._reply(interaction, request_id, watch)
        except BotError as error:
            failure = type(error).__name__
            reply = self._apology(interaction, request_id, error, watch)
        except Exception as error:  # the last line of defence: a member is never left waiting
            failure = type(error).__name__
            _log.exception("request_failed", extra={"request_id": request_id})
            reply = self._apology(interaction, request_id, BotError(), watch)
        if is_noted:
            await self._finish(request_id, reply, failure)
        return reply if receipt.is_kept else replace(reply, is_kept=False)

    async def recall(self, request_id: str) -> Recalled | None:
        """Make a reply again that was given before, from the journal and the serving index.

        Returns:
            The reply with the quotes whose words still stand in the documents, as they do now.
            None when the request is unknown, unfinished or forgotten, or no log is kept.

        Raises:
            JournalError: The log cannot be read.
            IndexUnavailable: No index serves.
        """
        if self._journal is None:
            return None
        entry = await self._journal.entry(request_id)
        if entry is None or entry.asker is None or entry.state is RequestState.BEGUN:
            return None
        kept = [await self._journal.kept_quote(one.quote_id) for one in entry.shown]
        said = {one.quote_id: one.text for one in kept if one is not None}
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._recalled, entry, said)

    async def rate(self, request_id: str, platform: str, asker_id: str, feedback: Feedback) -> bool:
        """Note what a member says of a reply; a later verdict of theirs replaces it.

        Returns:
            Whether there is such a request and the member has not opted out; False too when no
            log is kept.

        Raises:
            JournalError: The verdict could not be noted.
        """
        if self._journal is None:
            return False
        return await self._journal.note_feedback(request_id, platform, asker_id, feedback)

    async def kept_of(self, platform: str, asker_id: str) -> list[JournalEntry]:
        """Return everything that is kept of what a member asked, oldest first.

        Raises:
            JournalError: The log cannot be read.
        """
        if self._journal is None:
            return []
        return [entry async for entry in self._journal.entries_of(platform, asker_id)]

    async def verdicts_of(self, platform: str, asker_id: str) -> list[tuple[str, Feedback]]:
        """Return what a member said of replies, each with its request's id, oldest first.

        Raises:
            JournalError: The log cannot be read.
        """
        if self._journal is None:
            return []
        return await self._journal.verdicts_of(platform, asker_id)

    async def forget(self, platform: str, asker_id: str) -> int:
        """Remove everything that is kept of a member; returns how many requests it was.

        Raises:
            JournalError: It could not be removed.
        """
        return await self._journal.forget(platform, asker_id) if self._journal is not None else 0

    async def opt_out(self, platform: str, asker_id: str) -> int:
        """Keep nothing of a member from now on; returns how many requests were removed.

        Raises:
            JournalError: It could not be noted, also where no log is kept to note it in.
        """
        return await self._noting().opt_out(platform, asker_id)

    async def opt_in(self, platform: str, asker_id: str) -> None:
        """Keep again what a member asks from now on.

        Raises:
            JournalError: It could not be noted, also where no log is kept to note it in.
        """
        await self._noting().opt_in(platform, asker_id)

    async def has_opted_out(self, platform: str, asker_id: str) -> bool:
        """Tell whether a member has asked that nothing of theirs be kept.

        Raises:
            JournalError: The log cannot be read.
        """
        if self._journal is None:
            return False
        return await self._journal.has_opted_out(platform, asker_id)

    async def delivered(self, reply: Reply, message_ids: Sequence[str]) -> None:
        """Note that the platform took a reply, under these ids of its messages."""
        if self._journal is not None:
            await _noted(reply.id, self._journal.delivered(reply.id, message_ids))

    async def undelivered(self, reply: Reply, error: str) -> None:
        """Note what kept a reply from its asker: a platform's code or an exception's name."""
        if self._journal is not None:
            await _noted(reply.id, self._journal.undelivered(reply.id, error))

    async def _reply(self, interaction: Interaction, request_id: str, watch: "_Stopwatch") -> Reply:
        knowledge = self._knowledge()
        query = to_query(interaction, knowledge.topics)
        watch.lap("query")
        if query is None:
            return compose(
                request_id, None, (), (), visibility=interaction.visibility, took_ms=watch.total_ms
            )
        index, gathered = await asyncio.get_running_loop().run_in_executor(
            self._executor, self._gather, knowledge.gatherer, query, watch
        )
        nothing = not (gathered.quotes or gathered.counterpoints)
        near = near_topics(query.text, knowledge.topics, _NEAR_TOPICS) if nothing else []
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

    def _gather(
        self, gatherer: Gatherer, query: Query, watch: "_Stopwatch"
    ) -> tuple[Index, Gathered]:
        index = self._serving()
        watch.lap("queue")
        if self._correcting is None:
            return index, gatherer.gather(index, query, watch.lap)
        found = gatherer.gather(index, query, watch.lap, self._correcting.hides)
        sides = self._correcting.corrected(query, found.quotes, found.counterpoints)
        return index, Gathered(*sides, found.answerable)

    def _recalled(self, entry: JournalEntry, said: Mapping[str, str]) -> Recalled:
        base = self._knowledge().gatherer.permalink_base
        recalled = recall(entry, self._serving(), base, said)
        return self._correcting.recalled(recalled) if self._correcting is not None else recalled

    def _serving(self) -> Index:
        index = self._store.current()
        if index is None:
            raise IndexUnavailable("No index serves yet; `counterpoint reindex` builds one.")
        return index

    def _noting(self) -> Journal:
        if self._journal is None:
            raise JournalError("No journal is kept, so that nobody's choice can be remembered.")
        return self._journal

    async def _begin(self, interaction: Interaction) -> tuple[Receipt, bool]:
        """Note a request; says too whether the journal knows it, and so can note its end."""
        if self._journal is None:
            return Receipt(self._new_id(), is_new=True), False
        try:
            return await self._journal.begin(interaction, self._limits), True
        except JournalError as error:
            if self._log_required:
                raise
            _log.error("journal_failed", extra={"reason": str(error)})
            return Receipt(self._new_id(), is_new=True), False

    async def _finish(self, request_id: str, reply: Reply, failure: str | None) -> None:
        if self._journal is not None:
            await _noted(request_id, self._journal.finish(request_id, reply, failure))

    def _apology(
        self, interaction: Interaction, request_id: str, error: BotError, watch: "_Stopwatch"
    ) -> Reply:
        _log.warning("request_refused", extra={"request_id": request_id, "reason": str(error)})
        return Reply(
            id=request_id,
            answered=False,
            headline=(
                texts.slow_down(error.seconds, request_id)
                if isinstance(error, RateLimited)
                else texts.error(error.key, request_id)
            ),
            visibility=interaction.visibility,
            took_ms=watch.total_ms,
            error=error.key,
        )


async def _noted(request_id: str, writing: Awaitable[None]) -> None:
    try:
        await writing
    except JournalError as error:
        # The answer is there and right; that it could not be noted is the operator's.
        _log.error("journal_failed", extra={"request_id": request_id, "reason": str(error)})


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
