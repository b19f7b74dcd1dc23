"""The bot is called in a conversation, or is not."""

import pytest

from adapters.slack.gathering import PAGES
from bot import texts
from tests.e2e.corpus import AGAINST, CHATTER, CLAIM, NOTHING, QUESTION
from tests.e2e.slack.reading import (
    labels_of,
    links_of,
    pinged_by,
    quotes_of,
    words_of,
)
from tests.e2e.slack.shapes import permalink
from tests.e2e.slack.stage import Stage
from tests.e2e.slack.workspace import Message


def _talk(stage: Stage, starter: Message, claim_at: int | None = None, replies: int = 120) -> None:
    """Let Ada chatter below a message, which the bot is not told of: it was long ago."""
    stage.server.feed.is_muted = True
    for number in range(replies):
        said = CLAIM if number == claim_at else f"{CHATTER} {number}"
        stage.ada.say(starter.channel, said, thread=starter)
    stage.server.feed.is_muted = False


async def test_a_question_to_the_bot_is_answered_in_a_thread(stage: Stage) -> None:
    asked = stage.ada.ask(stage.general, QUESTION)
    answer = await stage.answer(asked)
    assert CLAIM in quotes_of(answer)
    assert answer.root_ts == asked.ts
    assert not answer.is_broadcast


@pytest.mark.parametrize("kind", ["group", "mpim"])
async def test_the_bot_is_called_in_private_conversations_too(stage: Stage, kind: str) -> None:
    closed = stage.workspace.channel("closed", kind)
    answer = await stage.answer(stage.ada.ask(closed, QUESTION))
    assert CLAIM in quotes_of(answer)


async def test_a_question_in_a_thread_is_answered_there(stage: Stage) -> None:
    starter = stage.keeper.say(stage.general, CHATTER)
    asked = stage.ada.ask(stage.general, QUESTION, thread=starter)
    answer = await stage.answer(asked)
    assert answer.root_ts == starter.ts
    assert stage.server.sent("conversations.replies") == []  # it says enough by itself


async def test_what_is_not_in_the_corpus_is_said_in_place(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, NOTHING))
    assert texts.NOTHING_FOUND in words_of(answer)
    assert quotes_of(answer) == []
    assert labels_of(answer) == []


async def test_a_bare_mention_where_nobody_claims_anything_is_told_how_to_ask(
    stage: Stage,
) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, ""))
    assert texts.HOW_TO_ASK in words_of(answer)


@pytest.mark.parametrize(("page_size", "pages"), [(50, 3), (15, 8)])
async def test_the_claim_that_a_thread_began_with_is_found_and_named(
    stage: Stage, page_size: int, pages: int
) -> None:
    stage.server.page_size = page_size
    starter = stage.keeper.say(stage.general, CLAIM)
    _talk(stage, starter)
    answer = await stage.answer(stage.ada.ask(stage.general, "source?", thread=starter))
    assert AGAINST in quotes_of(answer)
    assert texts.answers_message("Grace") in words_of(answer)
    assert links_of(answer)[0] == permalink(starter)
    assert len(stage.server.sent("conversations.replies")) == pages


@pytest.mark.parametrize("page_size", [50, 15])
async def test_a_claim_among_the_newest_messages_of_a_long_thread_is_found(
    stage: Stage, page_size: int
) -> None:
    stage.server.page_size = page_size
    starter = stage.keeper.say(stage.general, CHATTER)
    _talk(stage, starter, claim_at=110)
    answer = await stage.answer(stage.keeper.ask(stage.general, "thoughts?", thread=starter))
    said = stage.general.replies(starter.ts)[110]
    assert AGAINST in quotes_of(answer)
    assert texts.answers_message("Ada") in words_of(answer)
    assert links_of(answer)[0] == permalink(said)


async def test_what_is_said_after_the_call_is_not_what_it_is_about(stage: Stage) -> None:
    starter = stage.keeper.say(stage.general, CLAIM)
    stage.server.faults.delay("conversations.replies", 0.2)
    asked = stage.ada.ask(stage.general, "source?", thread=starter)
    stage.keeper.say(stage.general, "A congestion charge is a tax on the poor.", thread=starter)
    answer = await stage.answer(asked)
    assert links_of(answer)[0] == permalink(starter)


async def test_a_thread_without_an_end_is_read_up_to_a_bound(stage: Stage) -> None:
    stage.server.page_size = 2
    starter = stage.keeper.say(stage.general, CLAIM)
    _talk(stage, starter)
    answer = await stage.answer(stage.ada.ask(stage.general, "source?", thread=starter))
    assert AGAINST in quotes_of(answer)
    assert len(stage.server.sent("conversations.replies")) == PAGES


async def test_a_claim_in_the_channel_is_found_from_a_mention_that_says_little(
    stage: Stage,
) -> None:
    said = stage.keeper.say(stage.general, CLAIM)
    stage.ada.say(stage.general, CHATTER)
    answer = await stage.answer(stage.ada.ask(stage.general, "source?"))
    assert AGAINST in quotes_of(answer)
    assert links_of(answer)[0] == permalink(said)


async def test_an_answer_to_words_of_its_own_names_nobody(stage: Stage) -> None:
    stage.keeper.say(stage.general, CLAIM)
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert texts.answers_message("Grace") not in words_of(answer)
    assert stage.server.sent("conversations.history") == []


@pytest.mark.parametrize("is_in_thread", [True, False])
async def test_a_bot_that_may_not_read_the_conversation_says_so(
    stage: Stage, is_in_thread: bool
) -> None:
    stage.workspace.withhold("channels:history")
    said = stage.keeper.say(stage.general, CLAIM)
    asked = stage.ada.ask(stage.general, "source?", thread=said if is_in_thread else None)
    answer = await stage.answer(asked)
    assert texts.CONVERSATION_HIDDEN in words_of(answer)
    assert texts.CONVERSATION_HIDDEN in answer.text


async def test_talk_among_members_is_left_alone(stage: Stage) -> None:
    said = [
        stage.ada.say(stage.general, CLAIM),
        stage.ada.say(stage.general, f"<@{stage.keeper.id}> {CLAIM}"),
        stage.keeper.say(stage.general, f"<!channel> {CLAIM}"),
    ]
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert all(stage.workspace.answers_to(one) == [] for one in said)


async def test_an_answer_to_a_thread_does_not_make_a_follower_of_the_bot(stage: Stage) -> None:
    asked = stage.ada.ask(stage.general, QUESTION)
    await stage.answer(asked)
    stage.keeper.say(stage.general, CLAIM, thread=asked)
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert len(stage.workspace.answers_to(asked)) == 1


async def test_a_mention_in_the_midst_of_a_message_calls_the_bot(stage: Stage) -> None:
    asked = stage.ada.say(stage.general, f"Tell me, <@{stage.workspace.bot.id}>: {QUESTION}")
    answer = await stage.answer(asked)
    assert CLAIM in quotes_of(answer)
    assert pinged_by(answer) == []


async def test_the_newcomer_says_hello_once(stage: Stage) -> None:
    first, second = stage.workspace.channel("first"), stage.workspace.channel("second")
    for channel in (first, second):
        event = {
            "type": "member_joined_channel",
            "user": stage.workspace.bot.id,
            "channel": channel.id,
            "channel_type": "C",
            "team": stage.workspace.id,
            "inviter": stage.keeper.id,
            "event_ts": stage.workspace.team.stamp(),
        }
        stage.server.feed.tell(stage.workspace.team, event)
        await stage.answer(stage.ada.ask(channel, QUESTION))
    [hello] = [one for one in stage.workspace.team.said_by_bot() if not one.is_reply]
    assert texts.WELCOME in words_of(hello)
    assert texts.use_menu(texts.MENU_ON_SLACK) in words_of(hello)
    assert hello.channel is first
