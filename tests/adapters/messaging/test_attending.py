import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from adapters.messaging.attending import attend, sentence_for
from adapters.messaging.working import Work
from bot import texts
from bot.errors import (
    CoolingDown,
    DeliveryError,
    DeliveryUnknown,
    IndexBusy,
    IndexUnavailable,
    RateLimited,
)


def raising(error: Exception) -> Callable[[], Awaitable[None]]:
    async def deed() -> None:
        raise error

    return deed


async def told_after(deed: Callable[[], Awaitable[None]], work: Work | None = None) -> list[str]:
    """Return what whoever asked is told when a request ends as it does."""
    told: list[str] = []

    async def tell(sentence: str) -> None:
        told.append(sentence)

    await attend("9", work or Work(), deed, tell)
    return told


async def test_what_is_asked_for_is_done_and_held_meanwhile() -> None:
    work, held = Work(), []

    async def deed() -> None:
        held.append(await work.finish(0.01))

    assert await told_after(deed, work) == []
    assert held == [1]
    assert await work.finish(0.01) == 0


async def test_nothing_is_begun_while_the_process_stops() -> None:
    work = Work()
    work.stop()
    assert await told_after(raising(AssertionError("it was begun")), work) == [texts.RESTARTING]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (IndexUnavailable("x"), texts.error("error_index", "9")),
        (RateLimited("x", 3), texts.slow_down(3)),
        (DeliveryUnknown("x"), texts.error("error_delivery_unknown", "9")),
        (ZeroDivisionError(), texts.error("error_internal", "9")),
    ],
)
async def test_errors_are_told_with_the_id_that_is_logged(
    error: Exception, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work()
    assert await told_after(raising(error), work) == [sentence]
    assert vars(caplog.records[-1])["id"] == "9"
    assert await work.finish(0.01) == 0


async def test_what_cannot_be_delivered_is_logged_and_not_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert await told_after(raising(DeliveryError("closed"))) == []
    assert caplog.messages == ["delivery_failed"]


async def test_a_request_that_is_cancelled_is_held_no_more() -> None:
    work = Work()
    with pytest.raises(asyncio.CancelledError):
        await told_after(raising(asyncio.CancelledError()), work)  # type: ignore[arg-type]  # it is no Exception
    assert await work.finish(0.01) == 0


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RateLimited("x", 4.2), texts.slow_down(5)),
        (CoolingDown("x", 30), texts.cooling_down(30)),
        (IndexBusy("x"), texts.error("error_index_busy", "9")),
    ],
)
def test_errors_are_told_with_when_to_come_back_or_with_an_id(error: Any, sentence: str) -> None:
    assert sentence_for(error, "9") == sentence


async def test_work_is_finished_before_a_stop_and_bounded() -> None:
    work = Work()
    assert await work.finish(0.01) == 0
    with work.held(), work.held():
        work.stop()
        assert work.is_stopping
        assert await work.finish(0.01) == 2
    assert await work.finish(5) == 0


async def test_a_stop_waits_for_what_is_held() -> None:
    work = Work()
    with work.held():
        waiting = asyncio.create_task(work.finish(5))
        await asyncio.sleep(0)
        assert not waiting.done()
    assert await waiting == 0
