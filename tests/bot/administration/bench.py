"""What an administration is made of, faked, for its tests."""

import asyncio
import threading
from dataclasses import dataclass, field
from pathlib import Path

from bot.administration import (
    Administration,
    AdminPolicy,
    AdminRequest,
    CorpusView,
    LoginLinks,
    OnProgress,
    Progress,
    Stage,
)
from bot.corpus.staging import Staging
from bot.errors import IndexUnavailable, JournalError
from bot.ports import Journal, JournalHealth, ReindexPermit
from bot.retrieval.analysis import Analyzer
from bot.types import ChannelMode, IndexReport, Topic
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.communities import MemoryCommunities, NotedReindex
from tests.fakes.corpus import index_of
from tests.fakes.index import MemoryIndex, MemoryStore
from tests.fakes.journal import MemoryJournal
from tests.fakes.models import HashingEncoder

BY = AdminRequest("discord", "river-club", "ada")
REPORT = IndexReport("v2", "v1", (), (), documents=2, passages=9, took_s=0.1)
STEP = Progress(Stage.READING, "rivers.txt", 0, 1, 0, 0)
TOPICS = (Topic("beavers", "Beavers", (), "Whether they should return.", "Beavers help."),)


class Reindexing:
    """Stands for the work: waits where it is told to, then reports or raises."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()
        self.error: BaseException | None = None
        self.steps = 1
        self.runs = 0

    def __call__(self, on_progress: OnProgress) -> IndexReport:
        self.runs += 1
        for _ in range(self.steps):
            on_progress(STEP)
            self.started.set()
            assert self.go_on.wait(10)
        if self.error:
            raise self.error
        return REPORT


class CountedCommunities(MemoryCommunities):
    """Counts how often it is read."""

    reads = 0

    async def channels(self, platform: str, community_id: str) -> dict[str, ChannelMode]:
        self.reads += 1
        return dict(await super().channels(platform, community_id))


class BrokenCommunities(MemoryCommunities):
    """Its disk is full."""

    async def begin_reindex(self, by: AdminRequest, cooldown_s: float) -> ReindexPermit:
        raise JournalError("disk full")

    async def begin_local_reindex(self) -> int:
        raise JournalError("disk full")


class ForgetfulCommunities(MemoryCommunities):
    """Its disk fills up meanwhile."""

    async def end_reindex(
        self,
        number: int,
        report: IndexReport | None,
        error: str | None,
        reason: str | None = None,
    ) -> None:
        raise JournalError("disk full")


class DamagedStore(MemoryStore):
    """Holds a generation that cannot be opened."""

    def current(self) -> MemoryIndex | None:
        raise IndexUnavailable("corpus.db is damaged")


class SickJournal(MemoryJournal):
    """Has a damaged page."""

    async def check(self) -> JournalHealth:
        return JournalHealth("journal.db", 2, 4096, 3, None, ("page 7 is damaged",))


@dataclass
class Bench:
    """What an administration is made of, for a test to change."""

    folder: Path
    clock: ManualClock = field(default_factory=ManualClock)
    store: MemoryStore = field(default_factory=MemoryStore)
    reindexing: Reindexing = field(default_factory=Reindexing)
    policy: AdminPolicy = field(default_factory=AdminPolicy)
    built_at: float | None = None
    changed_at: float | None = None
    journal: Journal | None = None
    communities: MemoryCommunities | None = None

    def __post_init__(self) -> None:
        self.store.serving = index_of(
            {"rivers": "Beaver dams slow floods. Otters eat fish."}, HashingEncoder(), Analyzer()
        )
        self.built_at = self.clock.now - 7200
        self.changed_at = self.clock.now - 9000
        self.journal = MemoryJournal(self.clock, CountingIds())
        self.communities = CountedCommunities(self.clock)

    @property
    def noted(self) -> list[NotedReindex]:
        assert self.communities is not None
        return self.communities.reindexes

    def administration(self) -> Administration:
        view = CorpusView(
            self.store,
            lambda: TOPICS,
            lambda: self.built_at,
            lambda: self.changed_at,
            self.reindexing,
        )
        corpus = self.folder / "corpus"
        staging = Staging(self.folder / "staged", corpus, self.clock, CountingIds("s"))
        links = LoginLinks(None, "https://quotes.example.org", has_password=False)
        return Administration(
            view, staging, self.policy, self.journal, self.communities, links, self.clock
        )


def ignore(_: Progress) -> None:
    """Take no note of progress."""


async def until(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, 10)
