"""The entries of a message's own menu. Discord shows the bot the message they are used on."""

from bot import texts
from tests.e2e.corpus import AGAINST, CLAIM
from tests.e2e.discord.reading import words_of
from tests.e2e.discord.stage import Stage


async def test_sources_are_found_for_a_message_that_the_bot_could_not_read(stage: Stage) -> None:
    said = stage.keeper.say(stage.general, CLAIM)
    answer = await stage.shown(stage.ada.menu(said, "Find sources"))
    assert words_of(answer).count(CLAIM) >= 1
    assert AGAINST in words_of(answer)


async def test_counterpoints_to_a_message_come_first_in_number(stage: Stage) -> None:
    said = stage.keeper.say(stage.general, CLAIM)
    answer = await stage.shown(stage.ada.menu(said, "Find counterpoints"))
    quotes, counterpoints = words_of(answer).split(texts.COUNTERPOINTS)[0:2]
    assert AGAINST in counterpoints
    assert counterpoints.count(texts.OPPOSES) > quotes.count(texts.SUPPORTS)


async def test_an_answer_says_whose_message_it_is_about(stage: Stage) -> None:
    said = stage.keeper.say(stage.general, CLAIM)
    answer = await stage.shown(stage.ada.menu(said, "Find sources"))
    assert texts.answers_message("Grace") in words_of(answer)


async def test_a_message_without_words_is_told_so(stage: Stage) -> None:
    said = stage.keeper.show(stage.general, "picture.png")
    answer = await stage.shown(stage.ada.menu(said, "Find sources"))
    assert texts.NOTHING_TO_READ in words_of(answer)


async def test_a_menu_works_in_a_thread(stage: Stage) -> None:
    thread = stage.community.thread(stage.keeper.say(stage.general, "Cars?"))
    said = stage.keeper.say(thread, CLAIM)
    answer = await stage.shown(stage.ada.menu(said, "Find counterpoints"))
    assert AGAINST in words_of(answer)
