import asyncio
from collections.abc import Sequence
from dataclasses import replace

from adapters.messaging.answering import QUEUE_FROM, Answering
from adapters.messaging.surroundings import Cited, Surroundings
from bot import texts
from bot.types import Interaction, Query, QueryKind, Reply, Topic, Trigger
from tests.adapters.messaging.evidence import claim_reply
from tests.adapters.messaging.plain import PlainViews
from tests.adapters.messaging.posting import FakePost

HIDDEN = "I cannot read that."
ASKED = Interaction("9", "discord", "1", "2", "7", "Trams?", Trigger.MENTION, 0.0)


class FakeBot:
    """Answers with what it is given, as soon as it is let."""

    def __init__(self, reply: Reply | None, waiting: int = 0, *, at_once: bool = True) -> None:
        self.topics: tuple[Topic, ...] = ()
        self.waiting = waiting
        self.is_let = asyncio.Event()
        self.noted: list[tuple[str, Sequence[str]]] = []
        self.missed: list[tuple[str, str]] = []
        self._reply = reply
        if at_once:
            self.is_let.set()

    async def handle(self, interaction: Interaction) -> Reply | None:
        self.waiting += 1
        await self.is_let.wait()
        self.waiting -= 1
        return self._reply

    async def undelivered(self, reply: Reply, error: str) -> None:
        self.missed.append((reply.id, error))

    async def delivered(self, reply: Reply, message_ids: Sequence[str]) -> None:
        self.noted.append((reply.id, message_ids))


def answering(bot: FakeBot, notice_after_s: float = 1.0) -> Answering[str]:
    return Answering(bot, PlainViews(), HIDDEN, notice_after_s)


async def test_an_answer_is_shown_once_and_noted() -> None:
    bot, post = FakeBot(claim_reply()), FakePost()
    await answering(bot).answer(ASKED, post)
    [shown] = post.shown
    assert "Trams carry people. 0" in shown
    assert texts.NO_RECORD not in shown
    assert bot.noted == [("0a1b2c3d4e5f", ["77"])]


async def test_an_answer_that_stands_elsewhere_is_noted_with_the_reason() -> None:
    bot, post = FakeBot(claim_reply()), FakePost()
    post.detour = "not_in_channel"
    await answering(bot).answer(ASKED, post)
    assert bot.missed == [("0a1b2c3d4e5f", "not_in_channel")]


async def test_a_duplicate_gets_nothing() -> None:
    bot, post = FakeBot(None), FakePost()
    await answering(bot).answer(ASKED, post)
    assert (post.shown, post.has_stood_down, bot.noted) == ([], True, [])


async def test_whoever_waits_in_a_queue_is_told_and_then_answered() -> None:
    bot, post = FakeBot(claim_reply(), QUEUE_FROM + 6, at_once=False), FakePost()
    waiting = asyncio.create_task(answering(bot, notice_after_s=0.01).answer(ASKED, post))
    await asyncio.wait_for(post.was_shown.wait(), 5)
    bot.is_let.set()
    await waiting
    assert post.shown[0] == texts.queued(QUEUE_FROM + 7)
    assert "Trams carry people. 0" in post.shown[1]


async def test_a_quick_answer_needs_no_notice_however_many_wait() -> None:
    bot, post = FakeBot(claim_reply(), waiting=100), FakePost()
    await answering(bot).answer(ASKED, post)
    assert len(post.shown) == 1


async def test_nobody_is_told_that_nothing_was_found_unasked() -> None:
    nothing = Reply("a", False, texts.NOTHING_FOUND)
    post = FakePost()
    await answering(FakeBot(nothing)).answer(replace(ASKED, trigger=Trigger.AUTO), post)
    assert post.shown == []


async def test_an_answer_that_cannot_be_delivered_is_told_with_its_id() -> None:
    bot, post = FakeBot(claim_reply()), FakePost(failures=1)
    await answering(bot).answer(ASKED, post)
    assert post.shown == [texts.error("error_delivery", "0a1b2c3d4e5f")]
    assert (bot.noted, bot.missed) == ([], [("0a1b2c3d4e5f", "50013")])
    await answering(bot).answer(ASKED, FakePost(failures=2))


async def test_nobody_is_told_that_what_was_not_asked_for_is_undelivered() -> None:
    post = FakePost(failures=1)
    await answering(FakeBot(claim_reply())).answer(replace(ASKED, trigger=Trigger.AUTO), post)
    assert post.shown == []


async def test_the_message_that_is_meant_is_named() -> None:
    query = Query("Trams are good", QueryKind.CLAIM, "Trams are good", answers="5")
    cited = {"5": Cited("Bea", "https://discord.com/channels/1/2/5")}
    post = FakePost()
    reply = replace(claim_reply(), query=query)
    await answering(FakeBot(reply)).answer(ASKED, post, Surroundings(cited=cited))
    assert "Bea https://discord.com/channels/1/2/5" in post.shown[0]


async def test_whoever_asks_about_what_the_bot_may_not_read_is_told_the_way_out() -> None:
    reply, post = Reply("a", False, texts.HOW_TO_ASK), FakePost()
    await answering(FakeBot(reply)).answer(ASKED, post, Surroundings(is_withheld=True))
    assert HIDDEN in post.shown[0]


async def test_an_answer_of_which_nothing_is_kept_says_why_there_is_nothing_to_press() -> None:
    post = FakePost()
    await answering(FakeBot(replace(claim_reply(), is_kept=False))).answer(ASKED, post)
    nothing = Reply("a", False, texts.NOTHING_FOUND, is_kept=False)
    await answering(FakeBot(nothing)).answer(ASKED, post)
    assert [texts.NO_RECORD in one for one in post.shown] == [True, False]
