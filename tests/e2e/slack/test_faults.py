"""Requests of the bot are refused, fail or get lost; the asker is answered once all the same."""

import pytest

from bot import texts
from tests.e2e.corpus import CLAIM, QUESTION
from tests.e2e.slack.reading import words_of
from tests.e2e.slack.records import entries, errors
from tests.e2e.slack.stage import Stage
from tests.e2e.slack.trouble import POST, RESPOND, UPDATE, noticed, said

UNKNOWN = texts.ERRORS["error_delivery_unknown"]


# --- later, or again ------------------------------------------------------------------


async def test_a_rate_limit_of_slack_is_waited_out(stage: Stage) -> None:
    fault = stage.server.faults.rate_limit(POST)
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert fault.hits == 1
    assert CLAIM in words_of(answer)
    [first, second] = stage.server.sent(POST)
    assert second.at - first.at >= 1


async def test_a_rate_limit_while_the_conversation_is_read_is_waited_out(stage: Stage) -> None:
    fault = stage.server.faults.rate_limit("conversations.replies")
    root = stage.ada.say(stage.general, CLAIM)
    answer = await stage.answer(stage.keeper.ask(stage.general, "source?", thread=root))
    assert fault.hits == 1
    assert CLAIM in words_of(answer)


async def test_a_rate_limit_while_a_command_is_answered_is_waited_out(stage: Stage) -> None:
    fault = stage.server.faults.rate_limit(RESPOND)
    asked = stage.ada.command(stage.general, "/source", CLAIM)
    assert CLAIM in words_of(await stage.shown(asked))
    assert fault.hits == 1
    assert len(stage.server.sent(RESPOND)) == 2


async def test_a_rate_limit_that_lasts_too_long_is_told_directly(stage: Stage) -> None:
    stage.server.faults.rate_limit(POST, retry_after_s=3600)
    stage.ada.ask(stage.general, QUESTION)
    [answer] = await stage.until(lambda: stage.written_to(stage.ada))
    assert CLAIM in words_of(answer)
    assert texts.refused("ratelimited") in words_of(answer)


@pytest.mark.parametrize("status", [500, 503])
async def test_a_server_error_is_tried_again(stage: Stage, status: int) -> None:
    fault = stage.server.faults.http_error(POST, status=status)
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert fault.hits == 1
    assert CLAIM in words_of(answer)


async def test_a_server_error_while_the_conversation_is_read_is_tried_again(stage: Stage) -> None:
    fault = stage.server.faults.http_error("conversations.replies")
    root = stage.ada.say(stage.general, CLAIM)
    answer = await stage.answer(stage.keeper.ask(stage.general, "source?", thread=root))
    assert fault.hits == 1
    assert CLAIM in words_of(answer)


async def test_a_server_error_while_a_command_is_answered_is_told_and_nothing_repeated(
    stage: Stage,
) -> None:
    stage.server.faults.http_error(RESPOND)
    asked = stage.ada.command(stage.general, "/source", CLAIM)
    [told] = await stage.until(lambda: asked.shown)
    await stage.settled()
    assert words_of(told).startswith(UNKNOWN)
    assert stage.written_to(stage.ada) == []
    assert errors(stage.folder) == ["undelivered: http_503"]


# --- lost -----------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["channel", "thread", "direct"])
@pytest.mark.parametrize("lose", ["lose_response", "lose_request"])
async def test_what_was_lost_on_the_way_is_posted_exactly_once(
    stage: Stage, place: str, lose: str
) -> None:
    fault = getattr(stage.server.faults, lose)(POST)
    root = stage.keeper.say(stage.general, "About cars.")
    if place == "direct":
        asked = stage.ada.tell(QUESTION)
    else:
        thread = root if place == "thread" else None
        asked = stage.ada.ask(stage.general, QUESTION, thread=thread)
    answer = await stage.answer(asked)
    await stage.settled(1.0)
    assert fault.hits == 1
    assert [answer] == said(stage, asked.channel)
    assert CLAIM in words_of(answer)
    assert [one.state for one in entries(stage.folder)] == ["delivered"]
    assert errors(stage.folder) == []


async def test_what_was_lost_again_is_posted_exactly_once(stage: Stage) -> None:
    stage.server.faults.lose_request(POST)
    stage.server.faults.lose_response(POST)
    asked = stage.ada.ask(stage.general, QUESTION)
    await stage.until(lambda: entries(stage.folder)[-1:] and entries(stage.folder)[-1].is_delivered)
    [answer] = said(stage, stage.general)
    assert [answer] == stage.workspace.answers_to(asked)
    assert stage.written_to(stage.ada) == []


async def test_a_lost_direct_message_about_a_closed_channel_is_written_exactly_once(
    stage: Stage,
) -> None:
    stage.server.faults.refuse(POST, "is_archived", channel=stage.general.id)
    fault = stage.server.faults.lose_response(POST)
    stage.ada.ask(stage.general, QUESTION)
    await stage.until(lambda: fault.hits)
    await stage.settled(0.8)
    [answer] = stage.written_to(stage.ada)
    assert CLAIM in words_of(answer)
    assert errors(stage.folder) == ["undelivered: is_archived"]


@pytest.mark.parametrize("lose", ["lose_response", "lose_request"])
async def test_where_the_bot_may_not_read_a_lost_answer_is_told_to_the_asker_alone(
    stage: Stage, lose: str
) -> None:
    stage.workspace.withhold("channels:history")
    fault = getattr(stage.server.faults, lose)(POST)
    asked = stage.ada.ask(stage.general, QUESTION)
    [told] = await stage.until(lambda: stage.ada.sees(stage.general))
    await stage.settled()
    assert fault.hits == 1
    assert words_of(told).startswith(UNKNOWN)
    assert len(said(stage, stage.general)) == (1 if lose == "lose_response" else 0)
    assert stage.written_to(stage.ada) == []
    [entry] = entries(stage.folder)
    assert entry.error == "undelivered: ServerDisconnectedError"
    assert asked.channel is stage.general


async def test_a_lost_answer_outside_the_bots_channels_is_told_to_the_asker_directly(
    stage: Stage,
) -> None:
    stage.workspace.withhold("channels:history")
    stage.server.faults.lose_response(POST)
    stage.server.faults.refuse("chat.postEphemeral", "not_in_channel")
    stage.ada.ask(stage.general, QUESTION)
    [told] = await stage.until(lambda: stage.written_to(stage.ada))
    assert words_of(told).startswith(UNKNOWN)
    assert len(said(stage, stage.general)) == 1


async def test_a_lost_edit_is_made_again(stage: Stage) -> None:
    fault = stage.server.faults.lose_response(UPDATE)
    asked = await noticed(stage)
    await stage.until(lambda: len(stage.server.sent(UPDATE)) == 2)
    await stage.settled()
    assert fault.hits == 1
    [answer] = stage.workspace.answers_to(asked)
    assert CLAIM in words_of(answer)
    assert errors(stage.folder) == []


async def test_a_notice_that_may_not_be_edited_gives_way_to_the_answer(stage: Stage) -> None:
    stage.server.faults.refuse(UPDATE, "edit_window_closed")
    asked = await noticed(stage)
    await stage.until(lambda: stage.server.sent("chat.delete"))
    [answer] = await stage.until(lambda: stage.workspace.answers_to(asked))
    assert CLAIM in words_of(answer)


async def test_a_notice_that_somebody_deleted_is_not_followed_by_the_answer(stage: Stage) -> None:
    asked = await noticed(stage)
    [notice] = stage.workspace.answers_to(asked)
    notice.is_deleted = True
    [edit] = await stage.until(lambda: stage.server.sent(UPDATE))
    await stage.settled()
    assert edit.error == "message_not_found"
    assert stage.workspace.answers_to(asked) == []


@pytest.mark.parametrize("lose", ["lose_response", "lose_request"])
async def test_a_command_whose_answer_was_lost_is_not_answered_twice_and_hears_of_it(
    stage: Stage, lose: str
) -> None:
    getattr(stage.server.faults, lose)(RESPOND)
    asked = stage.ada.command(stage.general, "/source", CLAIM)
    told = await stage.told(lambda: asked.shown, UNKNOWN)
    await stage.settled()
    answers = [one for one in asked.shown if CLAIM in words_of(one)]
    assert len(answers) == (1 if lose == "lose_response" else 0)
    assert told.is_ephemeral
    assert errors(stage.folder) == ["undelivered: ServerDisconnectedError"]


async def test_whether_a_public_answer_was_lost_is_told_to_the_asker_alone(stage: Stage) -> None:
    stage.server.faults.lose_response(RESPOND)
    asked = stage.ada.command(stage.general, "/source", f"{CLAIM} in-channel")
    await stage.told(lambda: asked.ephemerals, UNKNOWN)
    [answer] = said(stage, stage.general)
    assert CLAIM in words_of(answer)


async def test_help_that_was_lost_is_told_too(stage: Stage) -> None:
    stage.server.faults.lose_request(RESPOND)
    asked = stage.ada.command(stage.general, "/source", "help")
    await stage.told(lambda: asked.shown, UNKNOWN)


async def test_a_response_url_that_expired_leads_to_a_direct_message(stage: Stage) -> None:
    stage.server.faults.delay("users.info", 0.3)
    asked = stage.ada.command(stage.general, "/source", CLAIM)
    assert asked.response is not None
    asked.response.expire()
    [answer] = await stage.until(lambda: stage.written_to(stage.ada))
    assert CLAIM in words_of(answer)
    assert texts.ANSWER_IN_CHANNEL in words_of(answer)
    await stage.settled()
    assert errors(stage.folder) == ["undelivered: expired_url"]


# --- other things ---------------------------------------------------------------------


async def test_a_missing_index_is_told_with_an_id(stage: Stage) -> None:
    await stage.stop()
    for found in (stage.folder / "data").iterdir():
        if found.is_dir():
            found.rename(found.with_name(f"{found.name}-away"))
    await stage.start()
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert texts.ERRORS["error_index"] in words_of(answer)


async def test_a_status_that_may_not_be_set_is_no_obstacle(stage: Stage) -> None:
    stage.server.faults.refuse("assistant.threads.setStatus", "missing_scope")
    assert CLAIM in words_of(await stage.answer(stage.ada.tell(QUESTION)))
