"""What admins may do: look after the documents, the channels and the log.

Knows no platform: an adapter says who asks, from where and whether they manage that place,
asks `may_administer`, and renders what comes back. What communities set lies behind the
`Communities` port, so that all processes of a fleet agree. Called by the adapters' admin
commands; opened by `bot.bootstrap`.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping

from bot.administration.examining import examine_corpus, examine_journal, status_of
from bot.administration.inviting import LoginLinks
from bot.administration.noting import ReindexNotes, ShownQuotes
from bot.administration.values import AdminPolicy, CorpusStatus, CorpusView, Finding, OnProgress
from bot.corpus.staging import StagedDocument, Staging
from bot.errors import IndexBusy, IndexUnavailable, JournalError
from bot.indexing import Progress
from bot.ports import Communities, Journal, JournalEntry
from bot.types import AdminRequest, ChannelMode, IndexReport

_log = logging.getLogger(__name__)

CHANNELS_STALE_S = 5.0
"""How late a process may learn, in seconds, that another one was told to keep out of a channel."""


class Administration:
    """Everything that only admins may do; asks nobody whether they are one.

    Args:
        corpus: The corpus and its index.
        staging: Documents that wait for approval.
        policy: Who may, and how often.
        journal: The log; None keeps none.
        communities: What communities set; None remembers nothing.
        login_links: Makes links that log owners in to the dashboard.
        clock: Seconds since the epoch, UTC.
        shown: Remembers which quotes were shown; None remembers none.
    """

    def __init__(
        self,
        corpus: CorpusView,
        staging: Staging,
        policy: AdminPolicy,
        journal: Journal | None,
        communities: Communities | None,
        login_links: LoginLinks,
        clock: Callable[[], float] = time.time,
        shown: ShownQuotes | None = None,
    ) -> None:
        self._corpus = corpus
        self._staging = staging
        self._policy = policy
        self._journal = journal
        self._communities = communities
        self.login_links = login_links
        self._clock = clock
        self._notes = ReindexNotes(corpus.store, communities, shown)
        self._job: asyncio.Task[IndexReport] | None = None
        self._stopping = threading.Event()
        self._channels: dict[tuple[str, str], tuple[float, Mapping[str, ChannelMode]]] = {}

    def may_administer(self, platform: str, user_id: str, *, manages_community: bool) -> bool:
        """Tell whether somebody may do what stands below.

        Args:
            platform: Where they are.
            user_id: Their id there.
            manages_community: Whether the platform says that they manage the community.
        """
        if self.is_owner(platform, user_id):
            return True
        return self._policy.community_may and manages_community

    def is_owner(self, platform: str, user_id: str) -> bool:
        """Tell whether the settings name somebody as an owner of the bot, who may everywhere."""
        return f"{platform}:{user_id}" in self._policy.owners

    # --- the documents --------------------------------------------------------------

    async def reindex(self, by: AdminRequest, on_progress: OnProgress) -> IndexReport:
        """Bring the index up to what the corpus folder holds now.

        A caller that is cancelled does not stop it.

        Args:
            by: Who wants it.
            on_progress: Told how far it has come, from a worker thread.

        Raises:
            IndexBusy: One runs already, in whichever process.
            CoolingDown: The last one took effect a moment ago; ``seconds`` says when again.
            BotError: What went wrong; the old index goes on serving.
        """
        return await self._exclusively(
            by, self._policy.cooldown_s, lambda: self._corpus.reindex(self._watched(on_progress))
        )

    async def status(self) -> CorpusStatus:
        """Return what can be searched now; raises IndexUnavailable when it is damaged."""
        return await asyncio.to_thread(status_of, self._corpus)

    async def stage(
        self,
        by: AdminRequest,
        file_name: str,
        content: bytes,
        *,
        title: str | None = None,
        author: str | None = None,
        url: str | None = None,
    ) -> StagedDocument:
        """Read and check a document; it counts for nothing until it is published.

        Raises:
            ReadError: It cannot be read, is too large, or holds nothing to quote.
            CorpusError: It does not fit into the corpus; the message says why.
        """
        return await asyncio.to_thread(
            self._staging.stage, by, file_name, content, title=title, author=author, url=url
        )

    async def publish(
        self, by: AdminRequest, staged_id: str, on_progress: OnProgress
    ) -> IndexReport:
        """Put a staged document into the corpus, and reindex; there is no cool-down.

        Raises:
            CorpusError: No such document waits in that community, or it does not fit any more.
            IndexBusy: A reindex runs; the document goes on waiting.
            BotError: What went wrong; corpus and index are as they were.
        """

        def work() -> IndexReport:
            return self._staging.publish(
                by, staged_id, lambda: self._corpus.reindex(self._watched(on_progress))
            )

        # What stops it may be about the title or the address that an admin gave the document.
        return await self._exclusively(by, 0.0, work, quotes_admin=True)

    async def discard(self, by: AdminRequest, staged_id: str) -> bool:
        """Throw a staged document away; False when none of that id waits in that community."""
        return await asyncio.to_thread(self._staging.discard, by, staged_id)

    # --- the communities ------------------------------------------------------------

    async def log(
        self, platform: str, community_id: str, count: int, *, unanswered_only: bool = False
    ) -> list[JournalEntry]:
        """Return a community's last requests, newest first; none when no log is kept.

        Args:
            platform: Where the community is.
            community_id: Which one.
            count: The most that are wanted.
            unanswered_only: Only those that asked for what the corpus does not hold.
        """
        if self._journal is None:
            return []
        found = self._journal.recent(
            count, platform=platform, community_id=community_id, unanswered_only=unanswered_only
        )
        return [entry async for entry in found]

    async def channels(self, platform: str, community_id: str) -> Mapping[str, ChannelMode]:
        """Return the channels that are not as they all begin (`ChannelMode.ALLOW`).

        Cheap enough to be asked at every message: what another process was told shows here
        within `CHANNELS_STALE_S`.
        """
        if self._communities is None:
            return {}
        key = (platform, community_id)
        until, known = self._channels.get(key, (0.0, {}))
        # A clock that was set back must not keep what is old for ever.
        if not 0.0 < until - self._clock() <= CHANNELS_STALE_S:
            known = await self._communities.channels(platform, community_id)
            self._channels[key] = (self._clock() + CHANNELS_STALE_S, known)
        return known

    async def set_channel(
        self, platform: str, community_id: str, channel_id: str, mode: ChannelMode
    ) -> None:
        """Say what the bot does in a channel.

        Raises:
            JournalError: It cannot be kept, or no log is.
        """
        if self._communities is None:
            raise JournalError("No journal is open, so that channels cannot be remembered.")
        await self._communities.set_channel(platform, community_id, channel_id, mode)
        self._channels.pop((platform, community_id), None)

    async def greet(self, platform: str, community_id: str) -> bool:
        """Note that a community is greeted; True the first time only, over all processes.

        Without a journal nobody is greeted, as it could not be remembered.
        """
        if self._communities is None:
            return False
        return await self._communities.greet(platform, community_id)

    # --- health ---------------------------------------------------------------------

    async def findings(self) -> list[Finding]:
        """Look index, corpus and journal over; what cannot be looked at is a finding too."""
        found = await asyncio.to_thread(examine_corpus, self._corpus, self._clock())
        return [*found, *await examine_journal(self._journal)]

    def stop(self) -> None:
        """Stop a reindex that runs, at its next step; whoever waits for it is told so."""
        self._stopping.set()

    async def close(self) -> None:
        """Stop a reindex that runs, and wait for its end."""
        self.stop()
        if self._job is not None:
            await asyncio.wait([self._job])

    # --- one at a time --------------------------------------------------------------

    async def _exclusively(
        self,
        by: AdminRequest,
        cooldown_s: float,
        work: Callable[[], IndexReport],
        *,
        quotes_admin: bool = False,
    ) -> IndexReport:
        if self._job is not None and not self._job.done():
            raise IndexBusy("A reindex runs in this process.")
        noted = self._noted(by, cooldown_s, work, quotes_admin)
        self._job = asyncio.create_task(noted, name="reindex")
        self._job.add_done_callback(_look_at)
        return await asyncio.shield(self._job)

    async def _noted(
        self,
        by: AdminRequest,
        cooldown_s: float,
        work: Callable[[], IndexReport],
        quotes_admin: bool,
    ) -> IndexReport:
        begun = await self._notes.begin(by, cooldown_s)
        try:
            report = await asyncio.to_thread(work)
        except BaseException as error:
            await self._notes.fail(begun, error, quotes_admin=quotes_admin)
            raise
        return await self._notes.end(begun, report)

    def _watched(self, on_progress: OnProgress) -> OnProgress:
        def tell(progress: Progress) -> None:
            if self._stopping.is_set():
                raise IndexUnavailable("The bot is being stopped; the index stays as it was.")
            on_progress(progress)

        return tell


def _look_at(job: asyncio.Task[IndexReport]) -> None:
    """Take note of an error even when whoever waited for it is gone."""
    if not job.cancelled() and (error := job.exception()) is not None:
        _log.warning("reindex_failed", extra={"reason": str(error)})
