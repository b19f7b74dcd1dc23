"""Requests noted in a journal, for the tests of commands that read it."""

import asyncio
import time
import uuid
from dataclasses import replace
from pathlib import Path

from bot.backends.sqlite import SqliteJournal
from bot.ports import TextPolicy
from bot.types import Feedback, Query, QueryKind, Reply
from tests.fakes.journal import a_reply, an_interaction

DAY_S = 86_400.0
NOW = time.time()


async def note(data: Path, text: str, *, at: float = NOW, **changes: object) -> str:
    """Note an answered request; ``found=False`` one that was asked in vain."""
    found, policy = changes.pop("found", True), changes.pop("policy", TextPolicy.FULL)
    quotes = changes.pop("quotes", None)
    assert isinstance(policy, TextPolicy)
    async with await SqliteJournal.open(
        data / "journal.db",
        clock=lambda: at,
        new_id=lambda: uuid.uuid4().hex[:12],
        text_policy=policy,
    ) as journal:
        asked = an_interaction(id=uuid.uuid4().hex, text=text, **changes)
        receipt = await journal.begin(asked)
        query = Query(text, QueryKind.QUESTION)
        reply = (
            (a_reply(query=query) if quotes is None else answered_with(int(str(quotes)), query))
            if found
            else a_reply(answered=False, quotes=(), counterpoints=(), query=query)
        )
        await journal.finish(receipt.request_id, reply)
        await journal.delivered(receipt.request_id, ["m1"])
        await journal.note_feedback(receipt.request_id, "discord", "bo", Feedback.HELPFUL)
    return receipt.request_id


def answered_with(count: int, query: Query) -> Reply:
    """Return a reply of so many quotes."""
    reply = a_reply(query=query)
    return replace(reply, quotes=(*reply.quotes, *reply.counterpoints)[:count], counterpoints=())


def note_a_week(data: Path) -> list[str]:
    """Note a week of questions, and return their ids."""

    async def work() -> list[str]:
        return [
            await note(data, "Do dams help?", at=NOW - 6 * DAY_S),
            await note(data, "What is a  Beaver?", at=NOW - 5 * DAY_S, platform="slack"),
            await note(data, "Who won the cup?", at=NOW - 2 * DAY_S, found=False),
            await note(data, "who won the cup?", at=NOW - DAY_S, found=False),
            await note(data, "=1+1 is what?", at=NOW, found=False, platform="slack"),
        ]

    return asyncio.run(work())
