"""The one composition root: from `Settings` to objects that work together.

Nothing else picks an implementation of a port. Models and indexes are opened when they are
first asked for, so that a command that needs none starts at once.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from bot.administration import Administration, AdminPolicy, CorpusView, LoginLinks, Oversight
from bot.administration.expiring import expiring
from bot.backends.embedded import EmbeddedStore
from bot.backends.sqlite import (
    CorrectionsOnFile,
    JournalCopy,
    Restored,
    SqliteJournal,
    back_up,
    restore,
)
from bot.conversation.correcting import Correcting
from bot.conversation.gathering import Gatherer, GatheringLimits
from bot.conversation.knowledge import KnowledgeOnDisk
from bot.corpus.adding import add_document
from bot.corpus.library import Corpus, Library, open_library, read_corpus
from bot.corpus.manifest import Entry
from bot.corpus.staging import Staging
from bot.corpus.topics import Aliases
from bot.errors import IndexUnavailable, JournalError
from bot.evaluation import Evaluation
from bot.indexing import Indexer, Preparation, Progress
from bot.indexing.sources import sources_of
from bot.ports import (
    IndexStore,
    Installations,
    JournalHealth,
    RateLimits,
    StanceModel,
    TextPolicy,
    Vitals,
)
from bot.reading import KeptQuotes, Reading
from bot.retrieval.analysis import Analyzer
from bot.retrieval.calibration import Calibration
from bot.retrieval.context import CONTEXT_VERSION, in_context
from bot.retrieval.encoder import SHIPPED_MODEL, OnnxEncoder
from bot.retrieval.opposite import OppositeMap
from bot.retrieval.search import Search
from bot.retrieval.windows import WINDOWS_VERSION, windows
from bot.service import Bot
from bot.settings import Settings
from bot.stance.model import MODEL_FOLDER, OnnxStanceModel
from bot.types import IndexReport, Quote
from bot.typography import readable

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Core:
    """What a platform's adapter works with."""

    bot: Bot
    administration: Administration
    installations: Installations | None
    reading: Reading
    vitals: Vitals | None = None
    oversight: Oversight | None = None


class Application:
    """Counterpoint as an operator set it up; makes each of its parts once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    # --- the corpus ---------------------------------------------------------------

    @cached_property
    def library(self) -> Library:
        """The corpus folder; its files are not read yet."""
        return open_library(self.settings.corpus_dir)

    def read_corpus(self) -> Corpus:
        """Read every file of the corpus."""
        return read_corpus(self.settings.corpus_dir)

    def add_document(
        self,
        path: Path,
        *,
        title: str | None = None,
        author: str | None = None,
        date: str | None = None,
        url: str | None = None,
        kind: str | None = None,
        licence: str | None = None,
    ) -> Entry:
        """Copy a file into the corpus and note what is known about it."""
        return add_document(
            self.settings.corpus_dir,
            path,
            title=title,
            author=author,
            date=date,
            url=url,
            kind=kind,
            licence=licence,
        )

    # --- the index ----------------------------------------------------------------

    @cached_property
    def store(self) -> EmbeddedStore:
        """Where the generations of the index lie."""
        return self._store_in(self.settings.data_dir)

    def reindex(self, on_progress: Callable[[Progress], None] = lambda _: None) -> IndexReport:
        """Bring the index up to what the corpus folder holds now."""
        library = open_library(self.settings.corpus_dir)
        analyzer = Analyzer(_spellings(library.aliases))
        indexer = self._indexer(self.store, analyzer)
        report = indexer.reindex(sources_of(library, self.settings.corpus_dir), on_progress)
        self._reindexed.write_text(f"{report.version}\n", "utf-8")
        # Files that were not even found or opened never reach the indexer.
        return replace(report, failures=(*library.failures, *report.failures))

    def around(self, quote: Quote, sentences: int = 2) -> tuple[str, str]:
        """Return what stands before and after a quote in its document.

        Args:
            quote: A quote of the index that serves.
            sentences: How many on either side, at most.

        Raises:
            IndexUnavailable: No index serves, or it no longer says so at that place.
        """
        index = self.store.current()
        rows = index.rows_of(quote.document_id) if index else range(0)
        if index is None or not rows:
            raise IndexUnavailable(f"{quote.document_id!r} is not in the index; ask again.")
        text = index.document(quote.document_id).text
        if text[quote.start : quote.end] != quote.text:
            raise IndexUnavailable(f"{quote.document_id!r} has changed meanwhile; ask again.")
        passages = index.passages(rows)
        before = [one for one in passages if one.end <= quote.start]
        before = before[max(0, len(before) - sentences) :]
        after = [one for one in passages if one.start >= quote.end][:sentences]
        return (
            text[before[0].start : quote.start] if before else "",
            text[quote.end : after[-1].end] if after else "",
        )

    # --- answering ----------------------------------------------------------------

    @asynccontextmanager
    async def open(self, keep_log: bool = True) -> AsyncIterator[Core]:
        """Open the bot and its administration for a platform, and close both in the end.

        A reindex that runs is stopped at its next step; the old index goes on serving.
        """
        settings = self.settings
        limits = RateLimits(settings.rate_per_user, settings.rate_per_channel)
        async with (
            self._journal_of(keep_log) as journal,
            self._bot(journal, limits) as bot,
            self._reading(journal) as reading,
            expiring(journal, settings.log_retention_days, time.time),
        ):
            administration = self._administration(journal)
            installations = journal.installations if journal is not None else None
            oversight = _oversight(journal)
            vitals = journal.desk.vitals if journal is not None else None
            try:
                yield Core(bot, administration, installations, reading, vitals, oversight)
            finally:
                await administration.close()

    @asynccontextmanager
    async def bot(self, keep_log: bool = True) -> AsyncIterator[Bot]:
        """Open the bot alone, for one person at a terminal: nothing limits how often they ask."""
        async with self._journal_of(keep_log) as journal, self._bot(journal, None) as bot:
            yield bot

    @cached_property
    def search(self) -> Search:
        """Hybrid search with the aliases of the corpus folder, for what measures it alone."""
        return self._search(Analyzer(_spellings(self.library.aliases)))

    @cached_property
    def knowledge(self) -> KnowledgeOnDisk:
        """The topics and aliases as of the last reindex, and what is made of them."""
        return KnowledgeOnDisk(self.settings.corpus_dir, self._reindexed, self._gatherer)

    def evaluation(self) -> Evaluation:
        """Return what the benchmarks run: the same code that answers people."""
        analyzer = Analyzer()
        return Evaluation(
            store_in=self._store_in,
            indexer_of=lambda store: self._indexer(store, analyzer),
            search=self._search(analyzer),
            stance=lambda: self.stance,
        )

    async def journal_health(self) -> JournalHealth:
        """Look the journal over; raises JournalError when it cannot be opened."""
        async with await self.open_journal() as journal:
            return await journal.check()

    def back_up_journal(self, target: Path) -> JournalCopy:
        """Copy the journal into a file, also while the bot runs."""
        return back_up(self.settings.journal_path, target)

    async def restore_journal(self, source: Path) -> Restored:
        """Put a copy in the journal's place; raises JournalError while a process has it open."""
        return await restore(self.settings.journal_path, source, time.time())

    # --- models -------------------------------------------------------------------

    @cached_property
    def encoder(self) -> OnnxEncoder:
        """Turns texts into vectors."""
        return OnnxEncoder(self.settings.encoder_dir or SHIPPED_MODEL, self.settings.model_threads)

    @cached_property
    def stance(self) -> StanceModel:
        """Tells which side a text takes."""
        return OnnxStanceModel(
            self.settings.stance_dir or MODEL_FOLDER, self.settings.model_threads
        )

    # --- making -------------------------------------------------------------------

    @property
    def _reindexed(self) -> Path:
        """A file that every reindex that took effect writes anew, whichever process it ran in."""
        return self.settings.data_dir / "REINDEXED"

    @cached_property
    def _in_force(self) -> CorrectionsOnFile:
        return CorrectionsOnFile(self.settings.journal_path)

    @cached_property
    def _correcting(self) -> Correcting:
        return Correcting(self._in_force, lambda: self.store.current())

    def _gatherer(self, aliases: Aliases) -> Gatherer:
        limits = GatheringLimits()
        if self.settings.answer_threshold is not None:
            limits = GatheringLimits(answerable=self.settings.answer_threshold)
        search = self._search(Analyzer(_spellings(aliases)))
        return Gatherer(search, self.stance, self.settings.public_url, limits)

    @asynccontextmanager
    async def _bot(
        self, journal: SqliteJournal | None, limits: RateLimits | None
    ) -> AsyncIterator[Bot]:
        executor = ThreadPoolExecutor(self.settings.search_threads, "search")
        try:
            await asyncio.to_thread(self.knowledge)  # loads the models, which takes a while
            yield Bot(
                self.store,
                self.knowledge,
                journal,
                executor,
                _new_id,
                self.settings.log_required,
                limits,
                self._correcting,
            )
        finally:
            executor.shutdown(cancel_futures=True)

    @asynccontextmanager
    async def _reading(self, kept: KeptQuotes | None) -> AsyncIterator[Reading]:
        # Not the threads that search: a page is not to wait behind questions.
        executor = ThreadPoolExecutor(self.settings.search_threads, "reading")
        try:
            yield Reading(
                self.store,
                lambda: self.knowledge().topics,
                Analyzer().stems,
                kept,
                executor,
                self._correcting,
            )
        finally:
            executor.shutdown(cancel_futures=True)

    def _administration(self, journal: SqliteJournal | None) -> Administration:
        settings = self.settings
        staging = Staging(settings.data_dir / "staged", settings.corpus_dir, time.time, _new_id)
        staging.sweep()
        return Administration(
            CorpusView(
                self.store,
                lambda: self.knowledge().topics,
                self._built_at,
                self._changed_at,
                self.reindex,
            ),
            staging,
            AdminPolicy(
                settings.admins == "community",
                frozenset(settings.owners or ()),
                settings.reindex_cooldown_s,
            ),
            journal,
            journal.communities if journal is not None else None,
            LoginLinks(
                journal.desk.accounts if journal is not None else None,
                settings.public_url,
                settings.web_admin_password_hash is not None,
            ),
            shown=journal.desk.figures if journal is not None else None,
        )

    def _built_at(self) -> float | None:
        for path in (self._reindexed, self.settings.data_dir / "CURRENT"):
            with suppress(FileNotFoundError):
                return path.stat().st_mtime
        return None

    def _changed_at(self) -> float | None:
        """Return when a file of the corpus last came, changed or went."""
        folder = self.settings.corpus_dir
        # A folder tells of the files that went.
        return max((path.stat().st_mtime for path in folder.rglob("*")), default=None)

    def _store_in(self, folder: Path) -> EmbeddedStore:
        return EmbeddedStore(folder, self.encoder.name, self.encoder.dimension)

    def _indexer(self, store: IndexStore, analyzer: Analyzer) -> Indexer:
        version = f"{WINDOWS_VERSION} {CONTEXT_VERSION}"
        preparation = Preparation(readable, windows, in_context, version)
        return Indexer(store, self.encoder, analyzer, time.perf_counter, preparation)

    def _search(self, analyzer: Analyzer) -> Search:
        return Search(
            self.encoder, analyzer, Calibration.load(), self.encoder.is_word, self._opposite()
        )

    def _opposite(self) -> OppositeMap | None:
        """Return the map to the other side, if it was fitted on the vectors of this encoder."""
        opposite = OppositeMap.load()
        if opposite.encoder == self.encoder.name:
            return opposite
        names = {"map_of": opposite.encoder, "encoder": self.encoder.name}
        _log.warning("opposite_map_unused", extra=names)
        return None

    @asynccontextmanager
    async def _journal_of(self, keep_log: bool) -> AsyncIterator[SqliteJournal | None]:
        try:
            journal = await self.open_journal() if keep_log else None
        except JournalError as error:
            if self.settings.log_required:
                raise
            _log.error("journal_failed", extra={"reason": str(error)})
            journal = None
        try:
            yield journal
        finally:
            self._in_force.close()
            if journal is not None:
                await journal.close()

    async def open_journal(self) -> SqliteJournal:
        """Open the log of interactions; raises JournalError when it cannot be opened."""
        return await SqliteJournal.open(
            self.settings.journal_path,
            clock=time.time,
            new_id=_new_id,
            text_policy=TextPolicy(self.settings.log_text),
        )


def _oversight(journal: SqliteJournal | None) -> Oversight | None:
    if journal is None:
        return None
    desk = journal.desk
    return Oversight(journal, desk.corrections, desk.figures, desk.accounts)


def _spellings(aliases: Aliases) -> Mapping[str, str]:
    return {spelling: name for name, spellings in aliases.items() for spelling in spellings}


def _new_id() -> str:
    return uuid.uuid4().hex[:12]
