"""The bot is called in a conversation, or is not."""

import pytest

from bot import texts
from tests.e2e.corpus import AGAINST, CHATTER, CLAIM, QUESTION
from tests.e2e.discord.people import Community
from tests.e2e.discord.reading import answers_to, text_of, words_of, written_by_bot
from tests.e2e.discord.stage import Stage

reads_everything = pytest.mark.parametrize("message_content", [True], ids=["with intent"])


@reads_everything
async def test_the_claim_that_a_thread_began_with_is_found_and_named(stage: Stage) -> None:
    starter = stage.keeper.say(stage.general, CLAIM)
    thread = stage.community.thread(starter)
    for number in range(120):
        stage.ada.say(thread, f"{CHATTER} {number}")
    answer = await stage.answer(stage.ada.ask(thread, "source?"))
    assert AGAINST in words_of(answer)
    assert texts.answers_message("Grace") in words_of(answer)
    assert str(starter.id) in text_of(answer)


@reads_everything
async def test_a_claim_among_the_newest_messages_of_a_long_thread_is_found(stage: Stage) -> None:
    thread = stage.community.thread(stage.ada.say(stage.general, CHATTER))
    for number in range(120):
        stage.ada.say(thread, CLAIM if number == 110 else f"{CHATTER} {number}")
    answer = await stage.answer(stage.keeper.ask(thread, "thoughts?"))
    assert AGAINST in words_of(answer)
    assert texts.answers_message("Ada") in words_of(answer)


@reads_everything
async def test_a_conversation_is_read_with_few_requests(stage: Stage) -> None:
    thread = stage.community.thread(stage.ada.say(stage.general, CLAIM))
    for number in range(120):
        stage.ada.say(thread, f"{CHATTER} {number}")
    before = len(stage.server.requests)
    await stage.answer(stage.ada.ask(thread, "source?"))
    read = [one for one in stage.server.requests[before:] if one.method == "GET"]
    limits = [one.params.get("limit") for one in read]
    assert [limit for limit in limits if limit != "100"] == [None, "25"]  # 100: what was missed


@reads_everything
async def test_the_message_replied_to_is_what_is_meant(stage: Stage) -> None:
    said = stage.keeper.say(stage.general, CLAIM)
    stage.ada.say(stage.general, "A congestion charge is a tax on the poor.")
    answer = await stage.answer(stage.ada.ask(stage.general, "source?", to=said))
    assert AGAINST in words_of(answer)
    assert texts.answers_message("Grace") in words_of(answer)


async def test_a_bot_that_may_not_read_the_conversation_says_so(stage: Stage) -> None:
    said = stage.keeper.say(stage.general, CLAIM)
    answer = await stage.answer(stage.ada.ask(stage.general, "source?", to=said))
    assert texts.CONTENT_HIDDEN in words_of(answer)


@reads_everything
async def test_the_role_of_the_bot_calls_it(stage: Stage) -> None:
    role_id = stage.community.bot_role.id
    answer = await stage.answer(stage.ada.say(stage.general, f"<@&{role_id}> {QUESTION}"))
    assert CLAIM in words_of(answer)


async def test_a_role_mention_that_cannot_be_read_is_not_met_with_silence(stage: Stage) -> None:
    role_id = stage.community.bot_role.id
    answer = await stage.answer(stage.ada.say(stage.general, f"<@&{role_id}> {QUESTION}"))
    assert words_of(answer)


async def test_a_direct_message_needs_no_mention(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.say(stage.ada.direct, QUESTION))
    assert CLAIM in words_of(answer)


async def test_other_bots_are_ignored(stage: Stage) -> None:
    robot = stage.community.member("Robot", is_bot=True)
    ignored = robot.ask(stage.general, QUESTION)
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert answers_to(stage.server, ignored) == []


@reads_everything
async def test_talk_among_members_is_left_alone(stage: Stage) -> None:
    said = [
        stage.ada.say(stage.general, CLAIM),
        stage.ada.say(stage.general, f"<@{stage.keeper.id}> {CLAIM}"),
        stage.keeper.say(stage.general, f"@everyone {CLAIM}"),
    ]
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert len(list(written_by_bot(stage.server, stage.general))) == 1
    assert all(answers_to(stage.server, one) == [] for one in said)


async def test_an_edit_is_not_answered_again(stage: Stage) -> None:
    asked = stage.ada.ask(stage.general, QUESTION)
    await stage.answer(asked)
    stage.ada.edit(asked, f"<@{stage.server.backend.bot_user.id}> {CLAIM}")
    await stage.answer(stage.ada.ask(stage.general, CLAIM))
    assert len(answers_to(stage.server, asked)) == 1


async def test_a_mention_that_an_edit_adds_is_ignored(stage: Stage) -> None:
    said = stage.ada.say(stage.general, QUESTION)
    stage.ada.edit(said, f"<@{stage.server.backend.bot_user.id}> {QUESTION}")
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert answers_to(stage.server, said) == []


async def test_the_bot_does_not_answer_itself(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    stage.server.backend.announce_message_create(answer)
    await stage.answer(stage.ada.ask(stage.general, CLAIM))
    assert answers_to(stage.server, answer) == []


async def test_each_server_gets_its_own_answer(stage: Stage) -> None:
    other = Community(stage.server, "Cyclists")
    eve = other.member("Eve")
    first, second = stage.ada.ask(stage.general, CLAIM), eve.ask(other.general, CLAIM)
    assert AGAINST in words_of(await stage.answer(first))
    assert AGAINST in words_of(await stage.answer(second))
