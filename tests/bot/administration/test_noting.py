"""Reindexes are noted, and told which of the quotes that were shown they took away."""

import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from bot.administration import ReindexNotes
from bot.corpus.quoting import digest_of
from bot.errors import CoolingDown, CorpusError, IndexBusy, IndexUnavailable, JournalError
from bot.indexing import Indexer
from bot.ports import KeptQuote
from bot.retrieval.analysis import Analyzer
from bot.types import IndexReport, LostQuote
from tests.bot.administration.bench import (
    BY,
    REPORT,
    BrokenCommunities,
    DamagedStore,
    ForgetfulCommunities,
)
from tests.fakes.clock import ManualClock
from tests.fakes.communities import MemoryCommunities, NotedReindex
from tests.fakes.corpus import PREPARATION, text_file
from tests.fakes.index import MemoryIndex, MemoryStore
from tests.fakes.models import HashingEncoder

DAMS = "Beaver dams slow floods."
OTTERS = "Otters eat fish."
TEXTS = {"rivers": f"{DAMS} {OTTERS}", "lakes": "Lakes freeze in winter."}


@dataclass
class Shown:
    """Quotes that were shown, and of which documents they were asked for."""

    quotes: list[KeptQuote] = field(default_factory=list)
    asked: list[Collection[str] | None] = field(default_factory=list)

    async def kept_quotes(self, document_ids: Collection[str] | None = None) -> Sequence[KeptQuote]:
        self.asked.append(document_ids)
        return [one for one in self.quotes if document_ids and one.document_id in document_ids]


class LostShown(Shown):
    """Its disk is gone."""

    async def kept_quotes(self, document_ids: Collection[str] | None = None) -> Sequence[KeptQuote]:
        raise JournalError("disk gone")


@dataclass
class Desk:
    """Reindexes a corpus in memory as the bot does, and has it noted."""

    clock: ManualClock = field(default_factory=ManualClock)
    store: MemoryStore = field(default_factory=MemoryStore)
    shown: Shown = field(default_factory=Shown)

    def __post_init__(self) -> None:
        self.communities: MemoryCommunities | None = MemoryCommunities(self.clock)

    def notes(self) -> ReindexNotes:
        return ReindexNotes(self.store, self.communities, self.shown)

    @property
    def noted(self) -> list[NotedReindex]:
        assert self.communities is not None
        return self.communities.reindexes

    def index(self, texts: Mapping[str, str]) -> IndexReport:
        indexer = Indexer(self.store, HashingEncoder(), Analyzer(), lambda: 0.0, PREPARATION)
        return indexer.reindex([text_file(name, text) for name, text in texts.items()])

    async def reindex(self, texts: Mapping[str, str]) -> IndexReport:
        notes = self.notes()
        begun = await notes.begin_here()
        return await notes.end(begun, self.index(texts))

    def show(self, document_id: str, text: str, start: int = 0) -> KeptQuote:
        quote = KeptQuote(
            document_id, start, start + len(text), digest_of(text), text, "Water", 0.0
        )
        self.shown.quotes.append(quote)
        return quote


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.index(TEXTS)
    return desk


async def test_a_reindex_at_the_command_line_is_noted_whole(desk: Desk) -> None:
    report = await desk.reindex({"rivers": DAMS})
    assert desk.noted == [NotedReindex(None, desk.clock.now, report.version, None, report)]
    assert {one.change for one in report.changes} == {"changed", "removed"}


async def test_an_admin_waits_for_what_runs_and_for_the_cooldown(desk: Desk) -> None:
    notes = desk.notes()
    begun = await notes.begin(BY, 60.0)
    with pytest.raises(IndexBusy):
        await notes.begin(BY, 60.0)
    await notes.end(begun, REPORT)
    with pytest.raises(CoolingDown):
        await notes.begin(BY, 60.0)
    assert (await notes.begin_here()).number is not None


@pytest.mark.parametrize(
    ("error", "quotes_admin", "reason"),
    [
        (CorpusError("topics.toml: bad"), False, "topics.toml: bad"),
        (CorpusError("title='my words' is too long"), True, None),
        (IndexUnavailable("disk full"), True, "disk full"),
        (ValueError("some text of a document"), False, None),
        (KeyboardInterrupt(), False, None),
        (IndexUnavailable(""), False, None),
    ],
)
async def test_what_stopped_a_reindex_is_noted_in_words_that_may_be_kept(
    desk: Desk, error: BaseException, quotes_admin: bool, reason: str | None
) -> None:
    notes = desk.notes()
    await notes.fail(await notes.begin_here(), error, quotes_admin=quotes_admin)
    assert [(one.error, one.reason, one.report) for one in desk.noted] == [
        (type(error).__name__, reason, None)
    ]


@pytest.mark.parametrize("kind", [BrokenCommunities, ForgetfulCommunities, None])
async def test_a_journal_keeps_nobody_from_a_reindex(
    desk: Desk, kind: type[MemoryCommunities] | None, caplog: pytest.LogCaptureFixture
) -> None:
    desk.communities = kind(desk.clock) if kind is not None else None
    notes = desk.notes()
    for begun in (await notes.begin(BY, 0.0), await notes.begin_here()):
        assert await notes.end(begun, REPORT) == REPORT
        await notes.fail(begun, IndexUnavailable("disk full"))
    assert {one.levelname for one in caplog.records} <= {"WARNING"}
    assert ("journal_failed" in caplog.messages) is (kind is not None)


async def test_a_damaged_index_does_not_keep_from_building_another() -> None:
    notes = ReindexNotes(DamagedStore(), None, Shown())
    assert await notes.end(await notes.begin_here(), REPORT) == REPORT


# --- quotes that are gone


async def test_a_report_names_the_quotes_that_it_took_away(desk: Desk) -> None:
    gone = desk.show("rivers", OTTERS, len(DAMS) + 1)
    desk.show("rivers", DAMS)
    of_lakes = desk.show("lakes", TEXTS["lakes"])
    report = await desk.reindex({"rivers": f"Rain falls. {DAMS}"})
    assert report.lost == tuple(
        LostQuote(one.quote_id, one.document_id, "Water", one.text) for one in (of_lakes, gone)
    )


async def test_a_quote_whose_lines_were_wrapped_anew_is_not_lost(desk: Desk) -> None:
    desk.show("rivers", DAMS)
    desk.index({"rivers": f"{DAMS} {OTTERS}"})
    report = await desk.reindex({"rivers": textwrap.fill(f"{OTTERS} {DAMS}", 12)})
    assert [one.change for one in report.changes] == ["changed"]
    assert report.lost == ()
    report = await desk.reindex({"rivers": DAMS.replace(" ", "\n\n")})
    assert report.lost == ()
    assert len((await desk.reindex({"rivers": OTTERS})).lost) == 1


async def test_what_was_gone_before_is_not_told_again(desk: Desk) -> None:
    desk.show("rivers", "Pike eat otters.")
    assert (await desk.reindex({"rivers": DAMS, "lakes": TEXTS["lakes"]})).lost == ()


async def test_what_went_to_another_document_is_not_gone(desk: Desk) -> None:
    desk.show("lakes", TEXTS["lakes"])
    report = await desk.reindex({"rivers": TEXTS["rivers"], "ponds": TEXTS["lakes"]})
    assert {one.change for one in report.changes} == {"kept", "added", "removed"}
    assert report.lost == ()


async def test_quotes_are_looked_up_for_what_changed_alone(desk: Desk) -> None:
    desk.show("rivers", DAMS)
    await desk.reindex({**TEXTS, "ponds": "Ponds dry up."})
    assert desk.shown.asked == []
    await desk.reindex({"rivers": TEXTS["rivers"]})
    assert desk.shown.asked == [["lakes", "ponds"]]


async def test_a_first_index_takes_nothing_away() -> None:
    desk = Desk()
    desk.show("rivers", "Pike eat otters.")
    assert (await desk.reindex(TEXTS)).lost == ()


class Unreadable(MemoryIndex):
    """Its disk fails when it is read."""

    def rows_of(self, document_id: str) -> range:
        raise IndexUnavailable("disk failed")


@pytest.mark.parametrize("part", ["shown", "index"])
async def test_a_reindex_is_done_also_where_nobody_knows_what_it_took(
    desk: Desk, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk.show("rivers", OTTERS, len(DAMS) + 1)
    if part == "shown":
        desk.shown = LostShown()
    notes = desk.notes()
    begun = await notes.begin_here()
    report = desk.index({"rivers": DAMS})
    if part == "index":
        assert desk.store.serving is not None
        desk.store.serving = Unreadable(desk.store.serving.prepared)
    assert await notes.end(begun, report) == report
    assert caplog.messages == ["lost_quotes_unknown"]
    assert desk.noted[0].error is None
