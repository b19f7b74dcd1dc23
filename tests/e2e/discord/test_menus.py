"""The entries of a message's own menu. Discord shows the bot the message they are used on."""

from bot import texts
from tests.e2e.corpus import AGAINST, CLAIM
from tests.e2e.discord.reading import words_of
from tests.e2e.discord.stage import Stage


async def test_a_message_without_words_is_told_so(stage: Stage) -> None:
    said = stage.keeper.show(stage.general, "picture.png")
    answer = await stage.shown(stage.ada.menu(said, "Find sources"))
    assert texts.NOTHING_TO_READ in words_of(answer)


async def test_a_menu_works_in_a_thread(stage: Stage) -> None:
    thread = stage.community.thread(stage.keeper.say(stage.general, "Cars?"))
    said = stage.keeper.say(thread, CLAIM)
    answer = await stage.shown(stage.ada.menu(said, "Find counterpoints"))
    assert AGAINST in words_of(answer)
