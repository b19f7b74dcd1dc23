"""The whole of a request, from the interaction to the reply."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from bot import texts
from bot.conversation.gathering import Gatherer, GatheringLimits
from bot.conversation.knowledge import Knowledge
from bot.errors import IndexUnavailable, JournalError
from bot.ports import Journal, JournalEntry, RateLimits, Receipt, RequestState, Vectors
from bot.retrieval.analysis import Analyzer
from bot.retrieval.calibration import Calibration, Logistic
from bot.retrieval.search import Search
from bot.service import Bot
from bot.types import Interaction, QueryKind, Reply, Stance, Topic, Visibility
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.corpus import index_of
from tests.fakes.index import MemoryIndex, MemoryStore
from tests.fakes.journal import MemoryJournal, an_interaction
from tests.fakes.models import HashingEncoder, ScriptedStance

FOR = "Beaver dams lower the risk of floods downstream."
AGAINST = "Beaver dams raise the risk of floods upstream."
CLAIM = "Beaver dams lower the risk of floods."
TOPICS = (
    Topic("beavers", "Beavers", ("castor",), "Whether beavers should return.", "Beavers help."),
    Topic("dykes", "Dykes", (), "Whether to build dykes.", "Dykes hold rivers."),
)
CALIBRATION = Calibration(Logistic(-4.0, {"cosine": 16.0}), Logistic(-4.0, {"best_cosine": 16.0}))
LIMITS = GatheringLimits(answerable=0.3, relevant=0.2)


class SlowEncoder(HashingEncoder):
    """Waits until it is told to go on."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.go_on = threading.Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked.set()
        assert self.go_on.wait(10)
        return super().encode(texts)


class BrokenEncoder(HashingEncoder):
    """Fails as no one foresaw."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        raise ZeroDivisionError("secret detail")


class DamagedStore(MemoryStore):
    """Holds a generation that cannot be opened."""

    def current(self) -> MemoryIndex | None:
        raise IndexUnavailable("corpus.db is damaged")


class FullDisk(MemoryJournal):
    """Notes requests but cannot note how they end."""

    async def finish(self, request_id: str, reply: Reply, error: str | None = None) -> None:
        raise JournalError("disk full")

    async def delivered(self, request_id: str, message_ids: Sequence[str]) -> None:
        raise JournalError("disk full")


class NoDisk(FullDisk):
    """Notes nothing at all."""

    async def begin(self, interaction: Interaction, limits: RateLimits | None = None) -> Receipt:
        raise JournalError("disk gone")


@dataclass
class Bench:
    """What a bot is made of, for a test to change."""

    executor: ThreadPoolExecutor
    encoder: HashingEncoder = field(default_factory=HashingEncoder)
    store: MemoryStore = field(default_factory=MemoryStore)
    journal: Journal | None = None
    log_required: bool = False
    limits: RateLimits | None = None

    def __post_init__(self) -> None:
        self.store.serving = index_of(
            {"rivers": FOR, "farms": AGAINST}, HashingEncoder(), Analyzer()
        )

    def bot(self) -> Bot:
        search = Search(self.encoder, Analyzer(), CALIBRATION, lambda word: True)
        stance = ScriptedStance({FOR: (Stance.SUPPORTS, 0.9), AGAINST: (Stance.OPPOSES, 0.95)})
        gatherer = Gatherer(search, stance, "https://quotes.example.org", LIMITS)
        ids = CountingIds("own")
        journal = self.journal
        knowledge = Knowledge(TOPICS, gatherer)
        return Bot(
            self.store,
            lambda: knowledge,
            journal,
            self.executor,
            ids,
            self.log_required,
            self.limits,
        )

    async def ask(self, text: str = CLAIM) -> Reply:
        reply = await self.bot().handle(an_interaction(text=text))
        assert reply is not None
        return reply

    async def entry(self) -> JournalEntry:
        assert self.journal is not None
        return await anext(aiter(self.journal.recent(1)))


@pytest.fixture
def bench() -> Iterator[Bench]:
    with ThreadPoolExecutor(2) as executor:
        yield Bench(executor, journal=MemoryJournal(ManualClock(), CountingIds("noted")))


@pytest.fixture
async def warnings(caplog: pytest.LogCaptureFixture) -> AsyncIterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.WARNING, logger="bot.service"):
        yield caplog


def logged(caplog: pytest.LogCaptureFixture) -> dict[str, str]:
    """Return the events that were logged, each with the id of its request."""
    return {record.message: vars(record).get("request_id", "") for record in caplog.records}


# --- what is answered -------------------------------------------------------------


async def test_claim_is_answered_with_both_sides(bench: Bench) -> None:
    reply = await bench.ask()
    assert reply.answered
    assert [one.quote.text for one in reply.quotes] == [FOR]
    assert [one.quote.text for one in reply.counterpoints] == [AGAINST]
    assert reply.query is not None
    assert reply.query.kind is QueryKind.CLAIM
    assert reply.suggestions == ()


async def test_reply_says_what_was_searched_and_how_long_it_took(bench: Bench) -> None:
    reply = await bench.ask()
    assert bench.store.serving is not None
    assert reply.corpus_version == bench.store.serving.version
    assert {"journal", "query", "search", "stance"} <= set(reply.stage_ms)
    assert all(ms >= 0 for ms in reply.stage_ms.values())
    assert reply.took_ms >= max(reply.stage_ms.values())


async def test_reply_is_seen_by_whom_the_request_says(bench: Bench) -> None:
    reply = await bench.bot().handle(an_interaction(visibility=Visibility.ASKER))
    assert reply is not None
    assert reply.visibility is Visibility.ASKER


async def test_small_talk_is_told_how_to_ask(bench: Bench) -> None:
    reply = await bench.ask("hello!")
    assert (reply.answered, reply.headline, reply.query) == (False, texts.HOW_TO_ASK, None)
    assert (await bench.entry()).answered is False


async def test_topic_is_found_by_its_alias(bench: Bench) -> None:
    reply = await bench.ask("castor")
    assert reply.query is not None
    assert reply.query.topic == "beavers"
    assert bench.bot().topics == TOPICS


async def test_question_in_vain_is_pointed_to_near_topics(bench: Bench) -> None:
    reply = await bench.ask("Which dykes burst when Rotterdam celebrated?")
    assert (reply.answered, reply.headline) == (False, texts.NOTHING_FOUND)
    assert reply.suggestions == ("dykes",)
    assert (reply.quotes, reply.counterpoints) == ((), ())


async def test_new_generation_is_searched_at_once(bench: Bench) -> None:
    bot = bench.bot()
    before = await bot.handle(an_interaction(id="i1"))
    bench.store.serving = index_of({"new": FOR}, HashingEncoder(), Analyzer())
    after = await bot.handle(an_interaction(id="i2"))
    assert before is not None
    assert after is not None
    assert before.corpus_version != after.corpus_version
    assert after.quotes[0].quote.document_id == "new"


# --- the journal ------------------------------------------------------------------


async def test_request_is_noted_before_and_after(bench: Bench) -> None:
    reply = await bench.ask()
    entry = await bench.entry()
    assert (entry.request_id, entry.state) == (reply.id, RequestState.FINISHED)
    assert (entry.answered, entry.error) == (True, None)
    assert len(entry.shown) == 2


async def test_duplicate_gets_no_reply(bench: Bench) -> None:
    bot = bench.bot()
    assert await bot.handle(an_interaction()) is not None
    assert await bot.handle(an_interaction()) is None


async def test_duplicate_of_a_request_being_answered_gets_no_reply(bench: Bench) -> None:
    slow = bench.encoder = SlowEncoder()
    bot = bench.bot()
    first = asyncio.create_task(bot.handle(an_interaction()))
    await asyncio.to_thread(slow.asked.wait, 10)
    assert await bot.handle(an_interaction()) is None
    slow.go_on.set()
    assert await first is not None


async def test_delivery_is_noted(bench: Bench) -> None:
    bot = bench.bot()
    reply = await bot.handle(an_interaction())
    assert reply is not None
    await bot.delivered(reply, ["m1", "m2"])
    entry = await bench.entry()
    assert (entry.state, entry.message_ids) == (RequestState.DELIVERED, ("m1", "m2"))


async def test_bot_without_a_journal_answers(bench: Bench) -> None:
    bench.journal = None
    bot = bench.bot()
    reply = await bot.handle(an_interaction())
    assert reply is not None
    assert (reply.answered, reply.id) == (True, "own1")
    await bot.delivered(reply, ["m1"])
    assert await bot.handle(an_interaction()) is not None


@pytest.mark.parametrize("kind", [FullDisk, NoDisk])
async def test_answer_does_not_depend_on_the_journal(
    bench: Bench, kind: type[MemoryJournal], warnings: pytest.LogCaptureFixture
) -> None:
    bench.journal = kind(ManualClock(), CountingIds("noted"))
    bot = bench.bot()
    reply = await bot.handle(an_interaction())
    assert reply is not None
    assert reply.answered
    await bot.delivered(reply, ["m1"])
    assert logged(warnings)["journal_failed"] == reply.id


async def test_request_that_cannot_be_noted_is_refused_where_it_has_to_be(
    bench: Bench, warnings: pytest.LogCaptureFixture
) -> None:
    bench.journal = NoDisk(ManualClock(), CountingIds("noted"))
    bench.log_required = True
    reply = await bench.ask()
    assert (reply.answered, reply.id) == (False, "own1")
    assert reply.headline == texts.error("error_journal", "own1")
    assert logged(warnings) == {"request_refused": "own1"}


# --- what goes wrong --------------------------------------------------------------


async def test_no_index_is_an_apology_with_an_id(
    bench: Bench, warnings: pytest.LogCaptureFixture
) -> None:
    bench.store.serving = None
    reply = await bench.ask()
    assert (reply.answered, reply.headline) == (False, texts.error("error_index", reply.id))
    assert reply.id in reply.headline
    assert (await bench.entry()).error == "IndexUnavailable"
    assert logged(warnings) == {"request_refused": reply.id}


async def test_damaged_index_is_an_apology_that_keeps_the_details(bench: Bench) -> None:
    bench.store = DamagedStore()
    reply = await bench.ask()
    assert reply.headline == texts.error("error_index", reply.id)
    assert "damaged" not in reply.headline


async def test_unforeseen_failure_is_an_apology_and_a_logged_trace(
    bench: Bench, warnings: pytest.LogCaptureFixture
) -> None:
    bench.encoder = BrokenEncoder()
    reply = await bench.ask()
    assert (reply.answered, reply.headline) == (False, texts.error("error_internal", reply.id))
    assert (await bench.entry()).error == "ZeroDivisionError"
    assert logged(warnings)["request_failed"] == reply.id
    assert "secret detail" in warnings.text
    assert "secret detail" not in reply.headline


async def test_bot_goes_on_after_a_failure(bench: Bench) -> None:
    serving, bench.store.serving = bench.store.serving, None
    bot = bench.bot()
    assert await bot.handle(an_interaction(id="i1")) is not None
    bench.store.serving = serving
    reply = await bot.handle(an_interaction(id="i2"))
    assert reply is not None
    assert reply.answered


async def test_what_was_typed_is_not_logged(
    bench: Bench, warnings: pytest.LogCaptureFixture
) -> None:
    bench.encoder = BrokenEncoder()
    await bench.ask("My neighbour Quentin drowned the beavers.")
    logs = [str(vars(record)) for record in warnings.records]
    assert logs
    assert not any("Quentin" in one for one in logs)


# --- the event loop ---------------------------------------------------------------


async def test_slow_search_leaves_the_event_loop_free(bench: Bench) -> None:
    slow = bench.encoder = SlowEncoder()
    request = asyncio.create_task(bench.ask())
    await asyncio.to_thread(slow.asked.wait, 10)
    # The search stands still; had it held the loop, none of these would ever run.
    for _ in range(100):
        await asyncio.sleep(0)
    assert not request.done()
    slow.go_on.set()
    assert (await request).answered


async def test_requests_are_answered_side_by_side(bench: Bench) -> None:
    slow = bench.encoder = SlowEncoder()
    bot = bench.bot()
    first = asyncio.create_task(bot.handle(an_interaction(id="i1")))
    await asyncio.to_thread(slow.asked.wait, 10)
    talk = await bot.handle(an_interaction(id="i2", text="hello"))
    assert talk is not None
    assert not first.done()
    slow.go_on.set()
    assert await first is not None


async def test_requests_in_flight_are_counted(bench: Bench) -> None:
    slow = bench.encoder = SlowEncoder()
    bot = bench.bot()
    assert bot.waiting == 0
    first = asyncio.create_task(bot.handle(an_interaction(id="i1")))
    await asyncio.to_thread(slow.asked.wait, 10)
    second = asyncio.create_task(bot.handle(an_interaction(id="i2")))
    await asyncio.sleep(0)
    assert bot.waiting == 2
    slow.go_on.set()
    await asyncio.gather(first, second)
    assert bot.waiting == 0
