"""Requests of the bot are refused, fail or get lost; the asker is answered once all the same."""

import pytest

from bot import texts
from tests.e2e.corpus import CLAIM, QUESTION
from tests.e2e.discord.reading import answers_to, pinged_by, shown_by, words_of, written_by_bot
from tests.e2e.discord.stage import Stage

POST = ("POST", "/channels/*/messages")
CALLBACK = ("POST", "/interactions/*/callback")
ANSWER = ("PATCH", "/webhooks/*/messages/@original")
LONG_S = 12.0


async def test_a_rate_limit_of_discord_is_waited_out(stage: Stage) -> None:
    fault = stage.server.faults.rate_limit(*POST)
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert fault.hits == 1
    assert CLAIM in words_of(answer)


async def test_a_bad_gateway_is_tried_again(stage: Stage) -> None:
    fault = stage.server.faults.gateway_error(*POST)
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert fault.hits == 1
    assert CLAIM in words_of(answer)


async def test_a_bad_gateway_while_a_command_is_answered_is_tried_again(stage: Stage) -> None:
    fault = stage.server.faults.gateway_error(*ANSWER)
    answer = await stage.shown(stage.ada.slash(stage.general, "source", topic=CLAIM))
    assert fault.hits == 1
    assert CLAIM in words_of(answer)


async def test_a_lost_response_leads_to_exactly_one_post(stage: Stage) -> None:
    fault = stage.server.faults.lose_response(*POST)
    asked = stage.ada.ask(stage.general, QUESTION)
    await stage.answer(asked)
    await stage.until(lambda: len(stage.server.sent(*POST)) >= 2)
    await stage.answer(stage.ada.ask(stage.general, CLAIM))
    assert fault.hits == 1
    assert len(answers_to(stage.server, asked)) == 1
    assert len(list(written_by_bot(stage.server, stage.general))) == 2


async def test_a_lost_request_is_sent_again(stage: Stage) -> None:
    stage.server.faults.lose_request(*POST)
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert CLAIM in words_of(answer)


@pytest.mark.parametrize("route", [CALLBACK, ANSWER], ids=["acknowledgement", "answer"])
async def test_a_command_whose_response_was_lost_is_answered_once(
    stage: Stage, route: tuple[str, str]
) -> None:
    fault = stage.server.faults.lose_response(*route)
    asked = stage.ada.slash(stage.general, "source", topic=CLAIM)
    await stage.shown(asked)
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert fault.hits == 1
    assert len(list(written_by_bot(stage.server, stage.general))) == 2
    assert CLAIM in words_of(shown_by(stage.server, asked)[0])


async def test_an_acknowledgement_that_arrived_behind_a_bad_gateway_is_answered_once(
    stage: Stage,
) -> None:
    fault = stage.server.faults.work_then_fail(*CALLBACK)
    answer = await stage.shown(stage.ada.slash(stage.general, "source", topic=CLAIM))
    assert fault.hits == 1
    assert CLAIM in words_of(answer)
    assert len(list(written_by_bot(stage.server, stage.general))) == 1


async def test_a_command_that_the_bot_does_not_know_is_told_with_an_id(stage: Stage) -> None:
    known = stage.server.backend.find_command("help", None)
    assert known is not None
    known["name"] = "helps"  # as a client has it that has not heard of the last sync
    asked = stage.ada.slash(stage.general, "help")
    answer = await stage.shown(asked)
    assert texts.error("error_internal", str(asked.id)) in words_of(answer)


async def test_a_conversation_that_cannot_be_reached_at_first_is_read_again(stage: Stage) -> None:
    await stage.ready()
    fault = stage.server.faults.lose_request("GET", "/channels/*/messages")
    assert words_of(await stage.answer(stage.ada.ask(stage.general, "source?")))
    assert fault.hits == 1


async def test_an_interaction_unknown_at_the_first_response_is_answered_in_the_channel(
    stage: Stage,
) -> None:
    stage.server.faults.refuse(*CALLBACK, 404, 10062, "Unknown interaction")
    stage.ada.slash(stage.general, "source", topic=CLAIM)
    [answer] = await stage.until(lambda: list(written_by_bot(stage.server, stage.general)))
    assert CLAIM in words_of(answer)
    assert texts.ANSWER_IN_CHANNEL in words_of(answer)
    assert pinged_by(answer) == []


async def test_an_interaction_that_expired_before_the_answer_is_answered_in_the_channel(
    stage: Stage,
) -> None:
    stage.server.faults.refuse(*ANSWER, 404, 10015, "Unknown Webhook")
    asked = stage.ada.slash(stage.general, "source", topic=CLAIM)
    answer = await stage.until(
        lambda: next(
            (
                one
                for one in written_by_bot(stage.server, stage.general)
                if one.id != asked.message_id
            ),
            None,
        )
    )
    assert CLAIM in words_of(answer)


async def test_a_private_answer_that_expired_is_not_shown_to_the_channel(stage: Stage) -> None:
    stage.server.faults.refuse(*CALLBACK, 404, 10062, "Unknown interaction")
    stage.ada.slash(stage.general, "source", topic=CLAIM, visibility="asker")
    [answer] = await stage.until(lambda: list(written_by_bot(stage.server, stage.ada.direct)))
    assert CLAIM in words_of(answer)
    assert list(written_by_bot(stage.server, stage.general)) == []


async def test_a_channel_that_the_bot_may_not_write_to_is_answered_in_a_direct_message(
    stage: Stage,
) -> None:
    stage.community.forbid(stage.general, "send_messages")
    stage.ada.ask(stage.general, QUESTION)
    [answer] = await stage.until(lambda: list(written_by_bot(stage.server, stage.ada.direct)))
    assert CLAIM in words_of(answer)
    assert 403 in [one.status for one in stage.server.sent(*POST)]


async def test_who_cannot_be_written_to_at_all_is_given_a_sign(stage: Stage) -> None:
    closed = await stage.channel("closed", "deny")
    stage.server.faults.refuse("POST", "/users/@me/channels", 403, 50007, "Cannot send messages")
    asked = stage.ada.ask(closed, QUESTION)
    [sign] = await stage.until(lambda: asked.reactions)
    assert sign.user_ids == [stage.server.backend.bot_user.id]


async def test_a_channel_whose_history_is_closed_is_no_obstacle(stage: Stage) -> None:
    stage.community.forbid(stage.general, "read_message_history")
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert CLAIM in words_of(answer)
    shrug = await stage.answer(stage.ada.ask(stage.general, "source?"))
    assert words_of(shrug)


async def test_a_message_deleted_before_its_answer_is_answered_without_a_reference(
    stage: Stage,
) -> None:
    asked = stage.ada.ask(stage.general, QUESTION)
    stage.ada.delete(asked)
    [answer] = await stage.until(lambda: list(written_by_bot(stage.server, stage.general)))
    assert CLAIM in words_of(answer)


async def test_an_answer_that_somebody_deleted_is_not_posted_again(stage: Stage) -> None:
    asked = stage.ada.slash(stage.general, "source", topic=CLAIM)
    answer = await stage.shown(asked)
    stage.server.backend.delete_message(stage.general.id, answer.id)
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert len(list(written_by_bot(stage.server, stage.general))) == 1


async def test_an_answer_that_cannot_be_brought_is_told_with_an_id(stage: Stage) -> None:
    stage.server.faults.refuse(*ANSWER, 400, 50035, "Invalid Form Body")
    answer = await stage.shown(stage.ada.slash(stage.general, "source", topic=CLAIM))
    assert texts.ERRORS["error_delivery"] in words_of(answer)
    assert "name this id: " in words_of(answer)
