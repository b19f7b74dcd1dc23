from collections.abc import Awaitable, Callable
from typing import Any

import discord
import pytest

from adapters.discord.interacting import attend, tell
from adapters.discord.layout import notice
from adapters.discord.sending import UNKNOWN_INTERACTION
from adapters.discord.working import Work
from bot import texts
from bot.errors import DeliveryError, IndexUnavailable, RateLimited
from tests.adapters.discord.reader import read
from tests.adapters.discord.refusing import Request, refusal


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
    assert told(request) == [texts.RESTARTING]


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
    assert told(request) == [sentence]
    assert vars(caplog.records[-1])["id"] == "9"


async def test_what_cannot_be_delivered_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    await attended(Request(), raising(DeliveryError("x")), Work())
    request = Request(respond=lambda: _raise(refusal(UNKNOWN_INTERACTION, 404)))
    request.user.refusals.append(refusal(50007))
    await attended(request, raising(IndexUnavailable("x")), Work())
    assert caplog.messages.count("delivery_failed") == 2


def _raise(error: Exception) -> None:
    raise error
