"""A week of an invented community, for pictures of the dashboard: asked of the real bot.

The words are made up, the places too; what is answered, and how long it takes, is not.
"""

import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

from bot.administration import Oversight
from bot.backends.sqlite import SqliteJournal
from bot.bootstrap import Application
from bot.ports import QuoteRole, Ruling, TextPolicy, Verdict
from bot.service import Bot
from bot.types import (
    Feedback,
    Interaction,
    QueryKind,
    Reply,
    Trigger,
    Visibility,
)
from tests.fakes.clock import ManualClock

DAY_S = 86_400.0
HOUR_S = 3_600.0

CLAIMS = (
    "Export controls will keep China behind in AI.",
    "Open source will win.",
    "Reasoning models are nothing new.",
    "Open models are safer than closed ones.",
    "AI is a race that one country has to win.",
    "Sending data to DeepSeek is dangerous.",
    "OpenAI has no moat.",
    "Closed labs are far ahead.",
    "China only copies what others invent.",
)
QUESTIONS = (
    "Do export controls work?",
    "What did it cost to train DeepSeek V3?",
    "Is DeepSeek censored?",
    "How do reasoning models work?",
    "Why did Nvidia's stock fall?",
    "What does Dario Amodei say about export controls?",
)
TOPICS = (
    "open-weights",
    "export-controls",
    "ai-race",
    "censorship",
    "efficiency",
    "moat",
    "training-costs",
    "resilience",
    "chip-makers",
)
MISSING = (
    "What does the EU AI Act say?",
    "what does the eu ai act say about this",
    "EU AI Act",
    "When does Llama 4 come out?",
    "Llama 4: when does it come out?",
    "Will radiologists lose their jobs?",
    "What do artists think of image generators?",
    "Can you run R1 at home?",
    "can I run R1 at home",
)
# As the platforms name their places.
PLACES = (
    ("discord", "1204471900913664021", "1204471902004183040"),
    ("discord", "1204471900913664021", "1207730516948123678"),
    ("slack", "T07QUARRY21", "C07READ1NGS"),
    ("web", "web", "web"),
)
_WEIGHTS = (5, 3, 4, 2)
_A_DAY = (22, 31, 27, 38, 24, 21, 34)
"""How much was asked in each of the last seven times 24 hours, the last one last."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that somebody asked, ``ago_s`` seconds before now."""

    text: str
    ago_s: float
    place: tuple[str, str, str]
    kind: QueryKind | None = None


async def live_through(application: Application, now: float, seed: int = 5) -> Mapping[str, Reply]:
    """Have a community ask, and say what it thinks of the answers, in the week before now.

    Args:
        application: Whose index serves; its journal is written.
        now: Seconds since the epoch, UTC.
        seed: Of the chances in it.

    Returns:
        The last reply to each text.
    """
    chance = Random(seed)  # noqa: S311 - reproducible, not secret
    clock = ManualClock(now)
    journal = await SqliteJournal.open(
        application.settings.journal_path,
        clock=clock,
        new_id=lambda: uuid.UUID(int=chance.getrandbits(128)).hex[:12],
        text_policy=TextPolicy.FULL,
    )
    executor = ThreadPoolExecutor(1)
    async with journal:
        bot = Bot(application.store, application.knowledge, journal, executor, _no_id)
        last: dict[str, tuple[Asked, Reply]] = {}
        for number, asked in enumerate(sorted(_week(chance), key=lambda one: -one.ago_s)):
            clock.now = now - asked.ago_s
            reply = await _answered(bot, asked, number, clock.now)
            last[asked.text] = (asked, reply)
            await _rated(bot, asked, reply, chance)
        clock.now = now - HOUR_S
        await _disputed(bot, journal, clock, last)
    executor.shutdown()
    return {text: reply for text, (_, reply) in last.items()}


def _week(chance: Random) -> Iterator[Asked]:
    for days_ago, count in zip(range(len(_A_DAY) - 1, -1, -1), _A_DAY, strict=True):
        for _ in range(count):
            (text, kind), (place,) = _said(chance), chance.choices(PLACES, _WEIGHTS)
            yield Asked(text, days_ago * DAY_S + chance.uniform(0.3, 20) * HOUR_S, place, kind)


def _said(chance: Random) -> tuple[str, QueryKind | None]:
    (texts,) = chance.choices((CLAIMS, QUESTIONS, TOPICS, MISSING), (5, 4, 4, 2))
    # What stands first is asked most.
    at = min(int(chance.expovariate(0.3)), len(texts) - 1)
    return texts[at], QueryKind.TOPIC if texts is TOPICS else None


async def _answered(bot: Bot, asked: Asked, number: int, at: float) -> Reply:
    platform, community, channel = asked.place
    reply = await bot.handle(
        Interaction(
            id=f"week-{number}",
            platform=platform,
            community_id=community,
            channel_id=channel,
            asker_id=f"member-{number % 17}",
            text=asked.text,
            trigger=Trigger.COMMAND,
            created_at=at,
            kind=asked.kind,
            visibility=Visibility.EVERYONE,
        )
    )
    assert reply is not None
    assert reply.error is None
    await bot.delivered(reply, [f"message-{number}"])
    return reply


async def _rated(bot: Bot, asked: Asked, reply: Reply, chance: Random) -> None:
    if reply.answered and chance.random() < 0.3:
        said = Feedback.HELPFUL if chance.random() < 0.85 else Feedback.OFF_TOPIC
        await bot.rate(reply.id, asked.place[0], "somebody", said)


async def _disputed(
    bot: Bot,
    journal: SqliteJournal,
    clock: ManualClock,
    last: Mapping[str, tuple[Asked, Reply]],
) -> None:
    """Have the last reply to each of three claims found wrong, and decide about one of them."""
    complaints = (
        (CLAIMS[1], ("ada", Feedback.OUT_OF_CONTEXT)),
        (CLAIMS[0], ("bo", Feedback.MISATTRIBUTED), ("cy", Feedback.MISATTRIBUTED)),
        (CLAIMS[2], ("di", Feedback.WRONG_SIDE), ("ed", Feedback.OUT_OF_CONTEXT)),
    )
    for claim, *said in complaints:
        asked, reply = last[claim]
        for member, feedback in said:
            clock.advance(600)
            await bot.rate(reply.id, asked.place[0], member, feedback)
    desk = journal.desk
    oversight = Oversight(journal, desk.corrections, desk.figures, desk.accounts, clock)
    clock.advance(600)
    decided = Ruling(Verdict.REPORTED, last[CLAIMS[1]][1].id)
    assert await oversight.rule(decided, QuoteRole.QUOTE, 1)


def _no_id() -> str:
    raise AssertionError("The journal makes all ids.")
