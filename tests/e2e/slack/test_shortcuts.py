"""The entries of a message's own menu, which serve in threads too, where commands do not."""

import pytest

from bot import texts
from bot.types import Trigger
from tests.e2e.corpus import AGAINST, CHATTER, CLAIM
from tests.e2e.slack.reading import labels_of, links_of, quotes_of, words_of
from tests.e2e.slack.shapes import permalink
from tests.e2e.slack.stage import Stage

SOURCES, COUNTERPOINTS = Trigger.MENU_SOURCES.value, Trigger.MENU_COUNTERPOINTS.value


async def test_sources_are_found_for_a_message(stage: Stage) -> None:
    said = stage.keeper.say(stage.general, CLAIM)
    answer = await stage.shown(stage.ada.shortcut(said, SOURCES))
    assert {CLAIM, AGAINST} <= set(quotes_of(answer))
    assert answer.visible_to(stage.ada.id)
    assert not answer.visible_to(stage.keeper.id)


async def test_an_answer_says_whose_message_it_is_about(stage: Stage) -> None:
    said = stage.keeper.say(stage.general, CLAIM)
    answer = await stage.shown(stage.ada.shortcut(said, SOURCES))
    assert words_of(answer).startswith(texts.answers_message("Grace"))
    assert links_of(answer)[0] == permalink(said)


async def test_counterpoints_to_a_message_come_first_in_number(stage: Stage) -> None:
    said = stage.keeper.say(stage.general, CLAIM)
    answer = await stage.shown(stage.ada.shortcut(said, COUNTERPOINTS))
    quotes, counterpoints = words_of(answer).split(f" {texts.COUNTERPOINTS} ")[0:2]
    assert AGAINST in counterpoints
    assert counterpoints.count(texts.OPPOSES) > quotes.count(texts.SUPPORTS)


@pytest.mark.parametrize("callback_id", [SOURCES, COUNTERPOINTS])
async def test_a_message_in_a_thread_is_answered_there(stage: Stage, callback_id: str) -> None:
    starter = stage.keeper.say(stage.general, CHATTER)
    said = stage.keeper.say(stage.general, CLAIM, thread=starter)
    answer = await stage.shown(stage.ada.shortcut(said, callback_id))
    assert AGAINST in quotes_of(answer)
    assert answer.thread_ts == starter.ts
    assert links_of(answer)[0] == permalink(said)


async def test_an_answer_in_a_thread_is_shared_there(stage: Stage) -> None:
    starter = stage.keeper.say(stage.general, CHATTER)
    said = stage.keeper.say(stage.general, CLAIM, thread=starter)
    private = await stage.shown(stage.ada.shortcut(said, SOURCES))
    pressed = stage.ada.press(private, texts.SHARE)
    [shared] = await stage.until(lambda: pressed.messages)
    assert shared.root_ts == starter.ts
    assert AGAINST in quotes_of(shared)


async def test_what_is_shared_still_says_whose_message_it_is_about(stage: Stage) -> None:
    said = stage.keeper.say(stage.general, CLAIM)
    private = await stage.shown(stage.ada.shortcut(said, SOURCES))
    pressed = stage.ada.press(private, texts.SHARE)
    [shared] = await stage.until(lambda: pressed.messages)
    assert texts.answers_message("Grace") in words_of(shared)
    assert links_of(shared)[0] == permalink(said)


async def test_what_is_shared_is_what_was_seen(stage: Stage) -> None:
    said = stage.keeper.say(stage.general, CLAIM)
    private = await stage.shown(stage.ada.shortcut(said, COUNTERPOINTS))
    quotes = quotes_of(private)
    pressed = stage.ada.press(private, texts.SHARE)
    [shared] = await stage.until(lambda: pressed.messages)
    assert quotes_of(shared) == quotes


async def test_a_message_without_words_is_told_so(stage: Stage) -> None:
    said = stage.keeper.upload(stage.general, "picture.png", b"\x89PNG")
    answer = await stage.shown(stage.ada.shortcut(said, SOURCES))
    assert texts.NOTHING_TO_READ in words_of(answer)
    assert texts.SHARE not in labels_of(answer)


async def test_the_message_of_another_bot_can_be_looked_into(stage: Stage) -> None:
    said = stage.workspace.other_bot().say(stage.general, CLAIM)
    answer = await stage.shown(stage.ada.shortcut(said, SOURCES))
    assert AGAINST in quotes_of(answer)


async def test_a_message_is_looked_into_where_the_bot_is_no_member(stage: Stage) -> None:
    elsewhere = stage.workspace.channel("elsewhere", "group", has_bot=False)
    said = stage.keeper.say(elsewhere, CLAIM)
    answer = await stage.shown(stage.ada.shortcut(said, SOURCES))
    assert AGAINST in quotes_of(answer)
    assert texts.answers_message("Grace") in words_of(answer)


async def test_a_message_in_direct_messages_can_be_looked_into(stage: Stage) -> None:
    said = stage.ada.tell(CHATTER)
    await stage.answer(said)
    answer = await stage.shown(stage.ada.shortcut(said, SOURCES))
    assert texts.SHARE not in labels_of(answer)
