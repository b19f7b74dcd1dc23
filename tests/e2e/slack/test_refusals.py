"""Slack refuses a message, for its place or its blocks; the asker hears why, and the answer."""

import pytest

from bot import texts
from bot.types import Trigger
from tests.e2e.corpus import CLAIM, QUESTION
from tests.e2e.slack.reading import links_of, pinged_by, quotes_of, words_of
from tests.e2e.slack.records import errors
from tests.e2e.slack.stage import Stage
from tests.e2e.slack.trouble import POST, RESPOND, UPDATE, noticed, said

# --- refused --------------------------------------------------------------------------

CLOSED = [
    "channel_not_found",
    "is_archived",
    "missing_scope",
    "not_in_channel",
    "restricted_action",
    "restricted_action_read_only_channel",
    "an_error_of_next_year",
]


@pytest.mark.parametrize("code", CLOSED)
async def test_who_asks_where_the_bot_may_not_speak_is_answered_directly_and_told_why(
    stage: Stage, code: str
) -> None:
    stage.server.faults.refuse(POST, code, channel=stage.general.id)
    stage.ada.ask(stage.general, QUESTION)
    [answer] = await stage.until(lambda: stage.written_to(stage.ada))
    assert texts.refused(code) in words_of(answer)
    assert CLAIM in words_of(answer)
    assert quotes_of(answer)
    assert pinged_by(answer) == []
    await stage.settled()
    assert errors(stage.folder) == [f"undelivered: {code}"]
    assert said(stage, stage.general) == []


@pytest.mark.parametrize("code", ["is_archived", "missing_scope", "restricted_action"])
async def test_who_cannot_be_written_to_directly_is_answered_where_they_alone_see_it(
    stage: Stage, code: str
) -> None:
    root = stage.keeper.say(stage.general, "About cars.")
    stage.server.faults.refuse(POST, code, channel=stage.general.id)
    stage.server.faults.refuse(POST, "messages_tab_disabled", channel=stage.ada.id)
    stage.ada.ask(stage.general, QUESTION, thread=root)
    [answer] = await stage.until(lambda: stage.ada.sees(stage.general))
    assert answer.root_ts == root.ts
    assert texts.refused(code) in words_of(answer)
    assert CLAIM in words_of(answer)
    await stage.settled()
    assert errors(stage.folder) == [f"undelivered: {code}"]


async def test_where_nothing_may_be_said_the_journal_says_why(stage: Stage) -> None:
    stage.server.faults.refuse(POST, "not_in_channel", channel=stage.general.id, times=9)
    stage.server.faults.refuse(POST, "messages_tab_disabled", channel=stage.ada.id, times=9)
    stage.ada.ask(stage.general, QUESTION)
    await stage.until(lambda: errors(stage.folder))
    assert errors(stage.folder) == ["undelivered: not_in_channel"]


@pytest.mark.parametrize("code", ["is_archived", "channel_not_found", "not_in_channel"])
async def test_a_command_in_a_closed_channel_is_answered_directly(stage: Stage, code: str) -> None:
    stage.server.faults.refuse(RESPOND, code)
    stage.ada.command(stage.general, "/source", CLAIM)
    [answer] = await stage.until(lambda: stage.written_to(stage.ada))
    assert texts.refused(code) in words_of(answer)
    assert CLAIM in words_of(answer)
    await stage.settled()
    assert errors(stage.folder) == [f"undelivered: {code}"]


async def test_an_archived_channel_is_answered_directly(stage: Stage) -> None:
    asked = stage.ada.ask(stage.general, QUESTION)
    stage.workspace.archive(stage.general)
    [answer] = await stage.until(lambda: stage.written_to(stage.ada))
    assert texts.refused("is_archived") in words_of(answer)
    assert stage.workspace.answers_to(asked) == []


async def test_a_channel_that_does_not_let_the_bot_in_is_answered_directly(stage: Stage) -> None:
    outside = stage.workspace.channel("outside", has_bot=False)
    stage.workspace.withhold("chat:write.public")
    said_there = stage.ada.say(outside, CLAIM)
    asked = stage.ada.shortcut(said_there, Trigger.MENU_SOURCES.value)
    assert CLAIM in words_of(await stage.shown(asked))  # by the URL, which needs no membership
    assert stage.written_to(stage.ada) == []


async def test_a_message_deleted_before_its_answer_is_answered_directly(stage: Stage) -> None:
    stage.server.faults.refuse(POST, "thread_not_found", channel=stage.general.id)
    stage.ada.ask(stage.general, QUESTION)
    [answer] = await stage.until(lambda: stage.written_to(stage.ada))
    assert CLAIM in words_of(answer)


# --- blocks ---------------------------------------------------------------------------

BLOCKS = ["invalid_blocks", "msg_too_long", "msg_blocks_too_long"]


@pytest.mark.parametrize("code", BLOCKS)
async def test_blocks_that_slack_refuses_are_followed_by_plain_text(
    stage: Stage, code: str
) -> None:
    fault = stage.server.faults.refuse(POST, code, times=2)
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert fault.hits == 2
    assert answer.blocks == []
    assert CLAIM in words_of(answer)
    assert len(said(stage, stage.general)) == 1
    assert stage.written_to(stage.ada) == []


@pytest.mark.parametrize("code", BLOCKS)
async def test_blocks_that_slack_refuses_in_a_command_are_followed_by_plain_text(
    stage: Stage, code: str
) -> None:
    stage.server.faults.refuse(RESPOND, code, times=2)
    answer = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    assert answer.blocks == []
    assert CLAIM in words_of(answer)


async def test_blocks_that_slack_refuses_in_an_edit_are_followed_by_plain_text(
    stage: Stage,
) -> None:
    stage.server.faults.refuse(UPDATE, "invalid_blocks", times=2)
    asked = await noticed(stage)
    await stage.until(lambda: len(stage.server.sent(UPDATE)) == 3)
    await stage.settled()
    [answer] = stage.workspace.answers_to(asked)
    assert answer.blocks == []
    assert CLAIM in words_of(answer)


@pytest.mark.parametrize("way", ["mention", "command", "direct"])
async def test_a_slack_that_knows_no_citations_gets_links(stage: Stage, way: str) -> None:
    stage.server.knows_citations = False
    if way == "command":
        answer = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    elif way == "direct":
        answer = await stage.answer(stage.ada.tell(QUESTION))
    else:
        answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert answer.blocks
    assert CLAIM in "".join(quotes_of(answer))
    assert any(one.startswith("https://quotes.example.org/") for one in links_of(answer))
    assert stage.server.sent(RESPOND if way == "command" else POST)[0].error == "invalid_blocks"


async def test_a_text_that_is_refused_in_every_form_is_told_with_an_id(stage: Stage) -> None:
    stage.server.faults.refuse(POST, "msg_too_long", times=3)
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert texts.ERRORS["error_delivery"] in words_of(answer)
    assert errors(stage.folder) == ["undelivered: msg_too_long"]
