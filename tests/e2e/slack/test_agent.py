"""Direct messages with the bot, and the Messages tab of the app."""

import pytest

from bot import texts
from tests.e2e.corpus import AGAINST, CLAIM, NOTHING, QUESTION
from tests.e2e.slack.delivery import EVENT
from tests.e2e.slack.faults import LASTING
from tests.e2e.slack.reading import labels_of, quotes_of, words_of
from tests.e2e.slack.stage import Stage
from tests.e2e.slack.workspace import Message


async def _answers(stage: Stage, asked: Message, count: int) -> list[Message]:
    return await stage.until(
        lambda: found if len(found := stage.workspace.answers_to(asked)) >= count else None
    )


def _status(stage: Stage) -> str:
    return stage.workspace.team.statuses[-1].status


async def test_a_direct_message_needs_no_mention(stage: Stage) -> None:
    asked = stage.ada.tell(QUESTION)
    answer = await stage.answer(asked)
    assert CLAIM in quotes_of(answer)
    assert answer.root_ts == asked.ts


async def test_a_mention_in_a_direct_message_is_one_question(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.tell(f"<@{stage.workspace.bot.id}> {QUESTION}"))
    assert CLAIM in quotes_of(answer)


async def test_a_thread_of_direct_messages_goes_on(stage: Stage) -> None:
    first = stage.ada.tell(QUESTION)
    await stage.answer(first)
    stage.ada.tell(NOTHING, thread=first)
    _, second = await _answers(stage, first, 2)
    assert texts.NOTHING_FOUND in words_of(second)
    assert second.root_ts == first.ts


async def test_a_claim_made_before_in_the_thread_is_meant(stage: Stage) -> None:
    first = stage.ada.tell(CLAIM)
    await stage.answer(first)
    stage.ada.tell("source?", thread=first)
    _, second = await _answers(stage, first, 2)
    assert AGAINST in quotes_of(second)


async def test_what_stands_in_another_thread_is_not_meant(stage: Stage) -> None:
    await stage.answer(stage.ada.tell(CLAIM))
    starter = stage.ada.tell("hello")
    await stage.answer(starter)
    stage.ada.tell("source?", thread=starter)
    _, answer = await _answers(stage, starter, 2)
    assert quotes_of(answer) == []


async def test_a_status_is_shown_while_the_answer_is_looked_for(stage: Stage) -> None:
    asked = stage.ada.tell(QUESTION)
    await stage.answer(asked)
    [status] = stage.workspace.team.statuses
    assert status.status == texts.SEARCHING
    assert (status.channel_id, status.thread_ts) == (stage.ada.direct.id, asked.ts)
    methods = [one.method for one in stage.server.requests]
    assert methods.index("assistant.threads.setStatus") < methods.index("chat.postMessage")


async def test_a_status_in_a_thread_stands_there(stage: Stage) -> None:
    first = stage.ada.tell(QUESTION)
    await stage.answer(first)
    stage.ada.tell(NOTHING, thread=first)
    await _answers(stage, first, 2)
    assert [one.thread_ts for one in stage.workspace.team.statuses] == [first.ts, first.ts]


async def test_a_status_that_comes_late_does_not_stay(stage: Stage) -> None:
    stage.server.faults.delay("assistant.threads.setStatus", 0.3)
    await stage.answer(stage.ada.tell(QUESTION))
    await stage.until(lambda: stage.workspace.team.statuses and _status(stage) == "")


async def test_a_status_does_not_stay_where_no_answer_is_posted(stage: Stage) -> None:
    asked = stage.ada.tell(QUESTION)
    await stage.answer(asked)
    [told] = stage.workspace.told_of(asked)
    await stage.restart()
    stage.server.deliver(EVENT, told.payload)  # which was answered already
    await stage.until(lambda: len(stage.workspace.team.statuses) == 3)
    assert _status(stage) == ""


async def test_a_status_does_not_stay_where_the_answer_is_refused(stage: Stage) -> None:
    stage.server.faults.refuse("chat.postMessage", "restricted_action", times=LASTING)
    stage.ada.tell(QUESTION)
    await stage.until(lambda: stage.workspace.team.statuses and _status(stage) == "")


async def test_no_status_is_shown_in_channels(stage: Stage) -> None:
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert stage.workspace.team.statuses == []


async def test_an_answer_does_not_depend_on_its_status(stage: Stage) -> None:
    stage.server.faults.refuse("assistant.threads.setStatus", "missing_scope", times=LASTING)
    answer = await stage.answer(stage.ada.tell(QUESTION))
    assert CLAIM in quotes_of(answer)


async def test_prompts_are_suggested_for_the_tab_and_not_for_a_thread(stage: Stage) -> None:
    stage.ada.open_messages()
    [shown] = await stage.until(lambda: stage.workspace.team.prompts)
    assert shown.title == texts.PROMPTS_TITLE
    assert shown.channel_id == stage.ada.direct.id
    assert [title for title, _ in shown.prompts] == [
        "A centre without cars",
        "Congestion pricing",
        texts.PROMPT_HELP,
    ]


async def test_every_prompt_has_an_answer(stage: Stage) -> None:
    stage.ada.open_messages()
    [shown] = await stage.until(lambda: stage.workspace.team.prompts)
    *topics, (_, help_message) = shown.prompts
    for _, message in topics:
        assert quotes_of(await stage.answer(stage.ada.tell(message)))
    told = await stage.answer(stage.ada.tell(help_message))
    assert texts.HOW_TO_ASK in words_of(told)


async def test_the_tab_does_not_publish_the_home_tab(stage: Stage) -> None:
    stage.ada.open_messages()
    await stage.until(lambda: stage.workspace.team.prompts)
    assert stage.ada.home is None


async def test_an_answer_has_slacks_own_thumbs(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.tell(QUESTION))
    assert {texts.HELPFUL, texts.NOT_HELPFUL} <= set(labels_of(answer))
    [thumbs] = [one for one in answer.blocks if one["type"] == "context_actions"]
    assert [one["type"] for one in thumbs["elements"]] == ["feedback_buttons"]
    shown = await stage.shown(stage.ada.press(answer, texts.HELPFUL))
    assert words_of(shown) == texts.THANKS


async def test_an_answer_to_one_person_cannot_be_shared_with_them(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.tell(QUESTION))
    assert texts.SHARE not in labels_of(answer)


@pytest.mark.parametrize("text", ["hi", "thanks!", "?"])
async def test_small_talk_is_told_how_to_ask(stage: Stage, text: str) -> None:
    answer = await stage.answer(stage.ada.tell(text))
    assert texts.HOW_TO_ASK in words_of(answer)
