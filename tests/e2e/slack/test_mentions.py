"""The bot is called in a conversation, or is not."""

from bot import texts
from tests.e2e.corpus import AGAINST, CHATTER, CLAIM, NOTHING, QUESTION
from tests.e2e.slack.reading import labels_of, pinged_by, quotes_of, words_of
from tests.e2e.slack.stage import Stage


async def test_a_question_to_the_bot_is_answered_in_a_thread(stage: Stage) -> None:
    asked = stage.ada.ask(stage.general, QUESTION)
    answer = await stage.answer(asked)
    assert CLAIM in words_of(answer)
    assert answer.root_ts == asked.ts
    assert pinged_by(answer) == []
    assert labels_of(answer)
    assert quotes_of(answer)
    assert texts and AGAINST and CHATTER and NOTHING
