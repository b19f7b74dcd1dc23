from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import discord
import pytest

from adapters.discord.interacting import attend, tell
from adapters.discord.layout import notice
from adapters.discord.mentions import Mentions
from adapters.discord.pressing import Pressing
from adapters.discord.sending import UNKNOWN_INTERACTION
from adapters.messaging.presses import Action, Press
from adapters.messaging.working import Work
from bot import texts
from bot.errors import DeliveryError, IndexUnavailable, RateLimited
from tests.adapters.discord.reader import read
from tests.adapters.discord.refusing import Place, Request, refusal
from tests.adapters.discord.speaking import BOT_ID, make_guild, make_message, text_channel


def told(request: Request) -> list[str]:
    return [
        read("\n".join(one.content for one in view.children if hasattr(one, "content"))).text
        for view in request.shown
    ]


async def attended(request: Request, deed: Callable[[], Awaitable[None]], work: Work) -> None:
    stand_in: Any = request
    await attend(stand_in, work, deed)


def raising(error: Exception) -> Callable[[], Awaitable[None]]:
    async def deed() -> None:
        raise error

    return deed


async def test_what_is_asked_for_is_done_and_held_meanwhile() -> None:
    work, request = Work(), Request()

    async def deed() -> None:
        assert await work.finish(0.01) == 1
        stand_in: Any = request
        await tell(stand_in, notice("Done."))

    await attended(request, deed, work)
    assert told(request) == ["Done."]
    assert await work.finish(0.01) == 0


async def test_nothing_is_begun_while_the_process_stops() -> None:
    work, request = Work(), Request()
    work.stop()
    await attended(request, raising(AssertionError("it was begun")), work)
    [answer] = told(request)
    assert answer.startswith(texts.RESTARTING)
    assert texts.named("9") in answer


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (IndexUnavailable("x"), texts.error("error_index", "9")),
        (RateLimited("x", 3), texts.slow_down(3)),
        (ZeroDivisionError(), texts.error("error_internal", "9")),
        (discord.ClientException(), texts.error("error_internal", "9")),
    ],
)
async def test_errors_are_told_with_the_id_that_is_logged(
    error: Exception, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    request = Request()
    await attended(request, raising(error), Work())
    [answer] = told(request)
    assert answer.startswith(sentence)
    assert "9" in answer
    assert vars(caplog.records[-1])["id"] == "9"


async def test_what_cannot_be_delivered_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    await attended(Request(), raising(DeliveryError("x")), Work())
    request = Request(respond=lambda: _raise(refusal(UNKNOWN_INTERACTION, 404)))
    request.user.refusals.append(refusal(50007))
    await attended(request, raising(IndexUnavailable("x")), Work())
    assert caplog.messages.count("delivery_failed") == 2


def _raise(error: Exception) -> None:
    raise error


class SlowRecords:
    """Records that are asked only after the press was acknowledged."""

    def __init__(self, done: list[str]) -> None:
        self._done = done

    async def rate(self, *_: Any) -> bool:
        assert self._done == ["acknowledged"]
        return True

    async def forget(self, *_: Any) -> int:
        assert self._done == ["acknowledged"]
        return 3

    async def opt_out(self, *_: Any) -> int:
        assert self._done == ["acknowledged"]
        return 3

    async def opt_in(self, *_: Any) -> None:
        assert self._done == ["acknowledged"]

    async def has_opted_out(self, *_: Any) -> bool:
        assert self._done == ["acknowledged"]
        return True


@pytest.mark.parametrize(
    ("press", "chosen", "sentence"),
    [
        (Press(Action.HELPFUL, "r1"), (), texts.THANKS),
        (Press(Action.REASON, "r1"), ("off_topic",), texts.THANKS),
        (Press(Action.FORGET, "9"), (), texts.forgotten(3)),
        (Press(Action.OPT_OUT, "9"), (), f"{texts.OPTED_OUT} {texts.forgotten(3)}"),
        (Press(Action.OPT_IN), (), texts.OPTED_IN),
    ],
)
async def test_a_press_is_acknowledged_before_the_records_are_asked(
    press: Press, chosen: tuple[str, ...], sentence: str
) -> None:
    done: list[str] = []
    request: Any = Request(respond=lambda: done.append("acknowledged"))
    unused: Any = None
    records: Any = SlowRecords(done)
    pressing = Pressing(records, unused, unused, unused, Work())
    await pressing.press(request, press, chosen)
    assert told(request) == [sentence]


class BrokenAnswering:
    """Fails as nobody foresaw."""

    async def answer(self, *_: Any) -> None:
        raise ZeroDivisionError


class Author:
    """Somebody who can be written to."""

    def __init__(self, place: Place) -> None:
        self.id, self.bot, self.display_name, self.send = 7, False, "Ann", place.send


class UnreachableChannel(Place):
    """A channel whose history is not to be had."""

    def history(self, **_: Any) -> Any:
        raise discord.ClientException("no history")


def mentions() -> Mentions:
    answering: Any = BrokenAnswering()
    settings: Any = None
    return Mentions(answering, settings, lambda: (), reads_content=False)


async def test_whoever_calls_hears_of_what_nobody_foresaw(
    caplog: pytest.LogCaptureFixture,
) -> None:
    author = Place()
    message: Any = make_message(make_guild(text_channel()), 9, "Are trams good for the climate?")
    message.guild, message.author = None, Author(author)
    await mentions().take(message, BOT_ID)
    [sent] = author.sent
    assert texts.error("error_internal", "9") in sent["view"].children[0].content.replace("\\", "")
    assert "message_failed" in caplog.messages


async def test_a_place_out_of_reach_does_not_end_the_look_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    places: Any = [UnreachableChannel(), UnreachableChannel()]
    await mentions().take_missed(places, datetime.now(UTC), BOT_ID)
    assert caplog.messages.count("look_back_failed") == 2
