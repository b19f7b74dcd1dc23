"""One request, one answer: however often and in whatever form Slack tells of it."""

import pytest

from bot import texts
from bot.types import Trigger
from tests.e2e.corpus import CLAIM, QUESTION
from tests.e2e.slack.delivery import COMMAND, EVENT
from tests.e2e.slack.interactions import Invocation
from tests.e2e.slack.reading import words_of
from tests.e2e.slack.records import entries, locked
from tests.e2e.slack.stage import Stage


def posts(stage: Stage) -> int:
    """Return how many messages the bot has posted, or shown by a response URL."""
    return len(stage.server.sent("chat.postMessage")) + len(stage.server.sent("response_url"))


async def shared(stage: Stage) -> Invocation:
    """Let Ada press Share under an answer that she alone sees."""
    answer = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    pressed = stage.ada.press(answer, texts.SHARE)
    await stage.until(lambda: len(pressed.shown) == 2)
    return pressed


@pytest.mark.parametrize("mentions_first", [True, False], ids=["mention first", "message first"])
async def test_a_mention_that_comes_as_two_events_is_answered_once(
    stage: Stage, mentions_first: bool
) -> None:
    stage.server.feed.mentions_first = mentions_first
    asked = stage.ada.ask(stage.general, QUESTION)
    told = [one.payload["event"]["type"] for one in stage.workspace.told_of(asked)]
    assert sorted(told) == ["app_mention", "message"]
    await stage.answer(asked)
    await stage.settled()
    assert posts(stage) == 1
    assert len(entries(stage.folder)) == 1


async def test_the_second_event_of_a_mention_that_was_answered_already_is_let_go(
    stage: Stage,
) -> None:
    asked = stage.ada.ask(stage.general, QUESTION)
    await stage.answer(asked)
    [first, _] = stage.workspace.told_of(asked)
    stage.server.deliver(EVENT, first.payload | {"event_id": "Ev0LATE"})
    await stage.settled()
    assert posts(stage) == 1


@pytest.mark.parametrize("retries", [1, 2])
async def test_an_event_that_is_told_again_is_answered_once(stage: Stage, retries: int) -> None:
    stage.server.lose_acks(retries)
    asked = stage.ada.ask(stage.general, QUESTION)
    told = stage.workspace.told_of(asked)
    await stage.answer(asked)
    await stage.settled()
    assert [[one.number for one in each.attempts] for each in told] == [[*range(retries + 1)]] * 2
    assert posts(stage) == 1


async def test_an_event_that_is_told_again_while_its_answer_is_made_is_answered_once(
    stage: Stage,
) -> None:
    stage.server.lose_acks(1)
    with locked(stage.folder):
        asked = stage.ada.ask(stage.general, QUESTION)
        told = stage.workspace.told_of(asked)
        await stage.until(lambda: all(len(one.attempts) == 2 for one in told))
    await stage.answer(asked)
    await stage.settled()
    assert posts(stage) == 1


async def test_an_event_that_comes_through_two_sockets_is_answered_once(stage: Stage) -> None:
    asked = stage.ada.ask(stage.general, QUESTION)
    [first, _] = stage.workspace.told_of(asked)
    other = stage.server.deliver(EVENT, first.payload)  # in an envelope of its own
    await stage.answer(asked)
    await stage.settled()
    assert other.is_acked
    assert posts(stage) == 1


async def test_an_event_that_is_sent_again_to_the_letter_is_answered_once(stage: Stage) -> None:
    asked = stage.ada.ask(stage.general, QUESTION)
    await stage.answer(asked)
    for told in stage.workspace.told_of(asked):
        attempt = await stage.server.replay(told)
        assert attempt.raw == told.attempts[0].raw
        assert attempt.status == 200
    await stage.settled()
    assert posts(stage) == 1


async def test_a_command_that_is_sent_again_to_the_letter_is_answered_once(stage: Stage) -> None:
    asked = stage.ada.command(stage.general, "/source", CLAIM)
    await stage.shown(asked)
    await stage.server.replay(asked.delivery)
    await stage.settled()
    assert posts(stage) == 1
    assert asked.response is not None
    assert asked.response.uses == 1


async def test_a_button_that_is_sent_again_to_the_letter_does_nothing_more(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    pressed = stage.ada.press(answer, texts.WHY)
    await stage.shown(pressed)
    await stage.server.replay(pressed.delivery)
    await stage.settled()
    assert len(pressed.shown) == 1


async def test_a_shortcut_that_is_sent_again_to_the_letter_is_answered_once(stage: Stage) -> None:
    said = stage.ada.say(stage.general, CLAIM)
    chosen = stage.ada.shortcut(said, Trigger.MENU_SOURCES.value)
    await stage.shown(chosen)
    await stage.server.replay(chosen.delivery)
    await stage.settled()
    assert posts(stage) == 1


async def test_a_share_that_is_sent_again_to_the_letter_shares_nothing_more(stage: Stage) -> None:
    pressed = await shared(stage)
    before = posts(stage)
    await stage.server.replay(pressed.delivery)
    await stage.settled()
    assert posts(stage) == before
    assert len(pressed.messages) == 1


async def test_a_second_press_of_a_button_is_no_replay(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    for _ in range(2):
        shown = await stage.shown(stage.ada.press(answer, texts.WHY))
        assert words_of(shown)


async def test_an_event_of_before_a_restart_is_not_answered_again(stage: Stage) -> None:
    asked = stage.ada.ask(stage.general, QUESTION)
    await stage.answer(asked)
    told = stage.workspace.told_of(asked)
    await stage.restart()
    for one in told:
        stage.server.deliver(EVENT, one.payload)
    await stage.settled()
    assert posts(stage) == 1


async def test_a_command_of_before_a_restart_is_not_answered_again(stage: Stage) -> None:
    asked = stage.ada.command(stage.general, "/source", CLAIM)
    await stage.shown(asked)
    await stage.restart()
    stage.server.deliver(COMMAND, asked.delivery.payload)
    await stage.settled()
    assert posts(stage) == 1


async def test_a_closed_channel_is_told_of_once(stage: Stage) -> None:
    closed = await stage.channel("closed", "deny")
    asked = stage.ada.ask(closed, QUESTION)
    [first, _] = stage.workspace.told_of(asked)
    await stage.until(lambda: stage.written_to(stage.ada))
    stage.server.deliver(EVENT, first.payload | {"event_id": "Ev0LATE"})
    await stage.settled()
    [told] = stage.written_to(stage.ada)
    assert texts.NOT_IN_CHANNEL in words_of(told)


# --- what is no request ---------------------------------------------------------------


async def test_an_edit_mentions_anew_and_is_ignored(stage: Stage) -> None:
    asked = stage.ada.ask(stage.general, QUESTION)
    await stage.answer(asked)
    stage.ada.edit(asked, f"{asked.text} And who says so?")
    kinds = [_kind(one.payload["event"]) for one in stage.server.deliveries]
    assert kinds.count("message_changed") >= 1
    assert kinds.count("app_mention") == 2
    await stage.settled()
    assert posts(stage) == 1


async def test_a_mention_that_is_edited_in_is_ignored(stage: Stage) -> None:
    said = stage.ada.say(stage.general, "I wonder.")
    stage.ada.edit(said, f"<@{stage.workspace.bot.id}> {QUESTION}")
    await stage.settled()
    assert posts(stage) == 0


async def test_an_edit_in_direct_messages_is_ignored(stage: Stage) -> None:
    asked = stage.ada.tell(QUESTION)
    await stage.answer(asked)
    stage.ada.edit(asked, CLAIM)
    await stage.settled()
    assert posts(stage) == 1


async def test_its_own_messages_are_ignored(stage: Stage) -> None:
    await stage.answer(stage.ada.tell(QUESTION))
    own = [one for one in stage.server.deliveries if one.payload["event"].get("bot_id")]
    assert own  # Slack does tell of them
    await stage.settled()
    assert posts(stage) == 1


async def test_other_bots_are_ignored(stage: Stage) -> None:
    chatter = stage.workspace.other_bot()
    chatter.ask(stage.general, QUESTION)
    await stage.settled()
    assert posts(stage) == 0


async def test_a_preview_of_a_link_in_a_question_is_ignored(stage: Stage) -> None:
    asked = stage.ada.ask(stage.general, f"{QUESTION} https://example.org/cars")
    await stage.answer(asked)
    stage.server.feed.unfurled(asked)
    await stage.settled()
    assert posts(stage) == 1


def _kind(event: dict[str, object]) -> object:
    return event.get("subtype") or event["type"]
