"""The connection breaks, is slow or ends; every call is acknowledged in time and answered once."""

import asyncio
import re
import time

import pytest

from adapters.messaging.answering import QUEUE_FROM
from bot import texts
from bot.types import Trigger
from tests.e2e.corpus import AGAINST, CLAIM, QUESTION
from tests.e2e.journals import gateway_once, gateways_in
from tests.e2e.slack.delivery import Delivery
from tests.e2e.slack.reading import words_of
from tests.e2e.slack.records import entries, errors, locked
from tests.e2e.slack.stage import Stage

ACK_S = 1.0
"""Seconds in which everything is acknowledged here; Slack allows three."""
by_socket = pytest.mark.parametrize("mode", ["socket"])


def slowest(told: list[Delivery]) -> float:
    """Return how long the slowest acknowledgement took, in seconds."""
    return max(one.attempts[0].latency_s for one in told)


# --- the connection -------------------------------------------------------------------


@by_socket
async def test_what_came_while_the_socket_was_down_is_answered(stage: Stage) -> None:
    stage.server.socket.drop()
    asked = stage.ada.ask(stage.general, QUESTION)
    commanded = stage.ada.command(stage.general, "/source", CLAIM)
    assert CLAIM in words_of(await stage.answer(asked))
    assert CLAIM in words_of(await stage.shown(commanded))
    assert stage.server.socket.connected == 2


@by_socket
async def test_what_opens_a_socket_is_not_logged_when_that_fails(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    address = stage.server.socket.url
    stage.server.socket.url = address.replace("/socket", "/elsewhere")
    stage.server.socket.drop()
    await stage.until(lambda: "Failed to connect" in caplog.text)
    stage.server.socket.url = address
    await stage.until(lambda: stage.server.socket.is_connected)
    assert "ticket=..." in caplog.text
    assert re.search(r"ticket=\w", caplog.text) is None


@by_socket
async def test_what_is_told_again_after_a_dropped_socket_is_answered_once(stage: Stage) -> None:
    stage.server.lose_acks(1, ack_timeout_s=5.0)  # so that the drop is what has it told again
    asked = stage.ada.ask(stage.general, QUESTION)
    await stage.answer(asked)
    stage.server.socket.drop()
    told = stage.workspace.told_of(asked)
    await stage.until(lambda: all(len(one.attempts) == 2 and one.is_acked for one in told))
    await stage.settled()
    assert {one.attempts[1].reason for one in told} == {"connection_failed"}
    assert len(stage.server.sent("chat.postMessage")) == 1


@by_socket
async def test_an_answer_that_is_being_made_survives_a_dropped_socket(stage: Stage) -> None:
    with locked(stage.folder):
        asked = stage.ada.ask(stage.general, QUESTION)
        await stage.until(lambda: all(one.is_acked for one in stage.workspace.told_of(asked)))
        stage.server.socket.drop()
        await stage.until(lambda: stage.server.socket.connected == 2)
    await stage.answer(asked)
    await stage.settled()
    assert len(stage.server.sent("chat.postMessage")) == 1


@by_socket
@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_socket_that_slack_wants_renewed_is_renewed_and_nothing_is_lost(
    stage: Stage, reason: str
) -> None:
    before = stage.ada.ask(stage.general, QUESTION)
    stage.server.socket.disconnect(reason)
    during = stage.ada.ask(stage.general, CLAIM)
    await stage.until(lambda: stage.server.socket.connected == 2)
    after = stage.ada.ask(stage.general, AGAINST)
    for asked in (before, during, after):
        await stage.answer(asked)
    await stage.settled()
    assert len(stage.server.sent("chat.postMessage")) == 3
    assert len(stage.server.socket.connections) == 1


@by_socket
async def test_a_socket_whose_address_is_spent_is_opened_at_another(stage: Stage) -> None:
    stage.server.socket.spoil_tickets(2)
    stage.server.socket.drop()
    await stage.until(lambda: stage.server.socket.connected == 2)
    await stage.answer(stage.ada.ask(stage.general, QUESTION))


@by_socket
async def test_a_socket_is_opened_when_slack_answers_again(stage: Stage) -> None:
    fault = stage.server.faults.http_error("apps.connections.open", times=2)
    stage.server.socket.drop()
    await stage.until(lambda: stage.server.socket.connected == 2)
    assert fault.hits == 2
    await stage.answer(stage.ada.ask(stage.general, QUESTION))


@by_socket
async def test_a_first_address_that_is_spent_is_no_obstacle(stage: Stage) -> None:
    await stage.stop()
    stage.server.socket.spoil_tickets(1)
    await stage.start()
    await stage.answer(stage.ada.ask(stage.general, QUESTION))


# --- what is noted of it --------------------------------------------------------------


@by_socket
async def test_a_bot_notes_that_its_socket_is_open_and_how_fast(stage: Stage) -> None:
    noted = await gateway_once(stage.folder, lambda it: it.state.is_up)
    assert (noted.platform, noted.number, noted.state.connects) == ("slack", 1, 1)
    assert noted.state.latency_ms is not None
    assert 0 <= noted.state.latency_ms < 5000


@by_socket
async def test_a_bot_notes_that_its_socket_is_down_and_that_it_is_back(stage: Stage) -> None:
    await gateway_once(stage.folder, lambda it: it.state.is_up)
    address = stage.server.socket.url
    stage.server.socket.url = address.replace("/socket", "/elsewhere")
    stage.server.socket.drop()
    down = await gateway_once(stage.folder, lambda it: not it.state.is_up)
    assert (down.state.connects, down.state.latency_ms) == (1, None)
    stage.server.socket.url = address
    back = await gateway_once(stage.folder, lambda it: it.state.is_up)
    assert (back.number, back.state.connects) == (1, 2)


@by_socket
async def test_a_socket_that_slack_wants_renewed_counts_as_another(stage: Stage) -> None:
    await gateway_once(stage.folder, lambda it: it.state.is_up)
    stage.server.socket.disconnect()
    await gateway_once(stage.folder, lambda it: it.state.is_up and it.state.connects == 2)


@by_socket
async def test_a_bot_that_was_stopped_is_known_no_more(stage: Stage) -> None:
    await gateway_once(stage.folder, lambda it: it.state.is_up)
    await stage.stop()
    assert await gateways_in(stage.folder) == []


@pytest.mark.parametrize("mode", ["http"])
async def test_by_http_there_is_no_socket_to_note(stage: Stage) -> None:
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert await gateways_in(stage.folder) == []


# --- acknowledged in time -------------------------------------------------------------


async def test_calls_are_acknowledged_while_the_journal_is_held(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    with locked(stage.folder):
        asked = stage.ada.ask(stage.general, CLAIM)
        commanded = stage.ada.command(stage.general, "/source", CLAIM)
        chosen = stage.ada.shortcut(asked, Trigger.MENU_SOURCES.value)
        pressed = stage.ada.press(answer, texts.HELPFUL)
        told = [*stage.workspace.told_of(asked)]
        told += [one.delivery for one in (commanded, chosen, pressed)]
        await stage.until(lambda: all(one.is_acked for one in told))
        assert slowest(told) < ACK_S
        assert stage.workspace.answers_to(asked) == []  # it waits for the journal indeed
    await stage.answer(asked)
    for invocation in (commanded, chosen, pressed):
        assert words_of(await stage.shown(invocation))


async def test_calls_are_acknowledged_while_a_long_thread_is_read_and_searched(
    stage: Stage,
) -> None:
    stage.server.feed.is_muted = True
    root = stage.ada.say(stage.general, f"{CLAIM} {'And so on, at length. ' * 200}")
    for number in range(300):
        stage.ada.say(stage.general, f"{number}: {AGAINST * 40}", thread=root)
    stage.server.feed.is_muted = False
    asked = [stage.ada.ask(stage.general, "source?", thread=root) for _ in range(4)]
    commanded = stage.ada.command(stage.general, "/source", f"{CLAIM} " * 400)
    told = [each for one in asked for each in stage.workspace.told_of(one)]
    told.append(commanded.delivery)
    await stage.until(lambda: all(one.is_acked for one in told))
    assert slowest(told) < ACK_S
    await stage.until(lambda: len(stage.workspace.answers_to(root)) == 4, within_s=30.0)
    await stage.shown(commanded)


async def test_the_first_of_all_calls_is_acknowledged_while_slack_is_slow(stage: Stage) -> None:
    stage.server.faults.delay("auth.test", 2.0)
    asked = stage.ada.ask(stage.general, QUESTION)
    commanded = stage.ada.command(stage.general, "/source", CLAIM)
    told = [*stage.workspace.told_of(asked), commanded.delivery]
    await stage.until(lambda: all(one.is_acked for one in told))
    assert slowest(told) < ACK_S
    await stage.answer(asked)
    await stage.shown(commanded)


async def test_who_waits_among_many_is_told_and_the_notice_becomes_the_answer(
    stage: Stage,
) -> None:
    with locked(stage.folder):
        asked = [stage.workspace.member(f"M{n}").ask(stage.general, QUESTION) for n in range(8)]
        await stage.until(lambda: any(map(stage.workspace.answers_to, asked)))
        notices = [one.body["text"] for one in stage.server.sent("chat.postMessage")]
        assert notices[0] in [texts.queued(place) for place in range(QUEUE_FROM, 9)]
    answers = [await stage.answer(one) for one in asked]
    await stage.until(lambda: all(CLAIM in words_of(one) for one in answers))
    await stage.settled()
    assert len(stage.server.sent("chat.postMessage")) == 8
    assert stage.server.sent("chat.update")


async def test_a_command_that_waits_among_many_leaves_one_answer(stage: Stage) -> None:
    with locked(stage.folder):
        asked = [
            stage.workspace.member(f"M{n}").command(stage.general, "/source", CLAIM)
            for n in range(8)
        ]
        await stage.until(lambda: any(one.shown for one in asked))
    await stage.until(lambda: all(one.shown and CLAIM in words_of(one.shown[-1]) for one in asked))


async def test_who_asks_too_often_is_told_when_to_ask_again(stage: Stage) -> None:
    await stage.restart(RATE_PER_USER="2")
    for _ in range(2):
        await stage.answer(stage.ada.ask(stage.general, QUESTION))
    refused = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    expected = texts.slow_down(60).split("60")
    assert words_of(refused).startswith(expected[0])
    commanded = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    assert words_of(commanded).startswith(expected[0])
    other = await stage.answer(stage.keeper.ask(stage.general, QUESTION))
    assert CLAIM in words_of(other)


# --- a stop ---------------------------------------------------------------------------


async def test_a_stop_finishes_what_is_held(stage: Stage) -> None:
    fault = stage.server.faults.delay("chat.postMessage", 0.4)
    asked = stage.ada.ask(stage.general, QUESTION)
    await stage.until(lambda: fault.hits)
    await stage.stop()
    [answer] = stage.workspace.answers_to(asked)
    assert CLAIM in words_of(answer)


async def test_what_comes_during_a_stop_is_left_to_the_next_process(stage: Stage) -> None:
    fault = stage.server.faults.delay("chat.postMessage", 0.6)
    stage.server.posting.retry_pauses_s = (0.3, 1.0, 1.0)
    before = stage.ada.ask(stage.general, QUESTION)
    await stage.until(lambda: fault.hits)
    stopping = asyncio.create_task(stage.stop())
    await asyncio.sleep(0.05)
    during = stage.ada.ask(stage.general, CLAIM)
    told = stage.workspace.told_of(during)
    await stopping
    assert stage.workspace.answers_to(before)
    assert not any(one.is_acked for one in told)
    await stage.start()
    await stage.answer(during)
    await stage.settled()
    assert all(len(one.attempts) > 1 for one in told)
    assert len(stage.server.sent("chat.postMessage")) == 2


async def test_a_command_during_a_stop_is_told_to_come_back(stage: Stage) -> None:
    fault = stage.server.faults.delay("chat.postMessage", 0.6)
    stage.ada.ask(stage.general, QUESTION)
    await stage.until(lambda: fault.hits)
    stopping = asyncio.create_task(stage.stop())
    await asyncio.sleep(0.05)
    commanded = stage.ada.command(stage.general, "/source", CLAIM)
    assert texts.RESTARTING in words_of(await stage.shown(commanded))
    await stopping


async def test_a_command_that_comes_with_a_slow_slack_is_told_before_the_stop_is_over(
    stage: Stage,
) -> None:
    fault = stage.server.faults.delay("chat.postMessage", 0.3)
    slow = stage.server.faults.delay("response_url", 0.6)
    stage.ada.ask(stage.general, QUESTION)
    await stage.until(lambda: fault.hits)
    stopping = asyncio.create_task(stage.stop())
    await asyncio.sleep(0.05)
    commanded = stage.ada.command(stage.general, "/source", CLAIM)
    await stopping
    assert slow.hits == 1
    [shown] = commanded.shown
    assert texts.RESTARTING in words_of(shown)


async def test_a_stop_does_not_wait_for_ever(stage: Stage) -> None:
    await stage.restart(STOP_TIMEOUT_S="0.3")
    fault = stage.server.faults.delay("chat.postMessage", 5)
    stage.ada.ask(stage.general, QUESTION)
    await stage.until(lambda: fault.hits)
    began = time.monotonic()
    await stage.stop()
    assert time.monotonic() - began < 2


async def test_buttons_work_after_a_restart(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    await stage.restart()
    shown = await stage.shown(stage.ada.press(answer, texts.WHY))
    assert texts.UNKNOWN_REQUEST not in words_of(shown)
    thanked = await stage.shown(stage.ada.press(answer, texts.HELPFUL))
    assert words_of(thanked) == texts.THANKS
    assert errors(stage.folder) == []
    assert len(entries(stage.folder)) == 1
