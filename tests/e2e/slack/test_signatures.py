"""Requests by HTTP: only what Slack signed, and signed just now, does anything."""

import aiohttp
import pytest

from bot import texts
from tests.e2e.corpus import CLAIM, QUESTION
from tests.e2e.slack.delivery import COMMAND, EVENT, INTERACTION
from tests.e2e.slack.records import entries
from tests.e2e.slack.shapes import event_callback
from tests.e2e.slack.signing import Flaw
from tests.e2e.slack.stage import Stage

pytestmark = pytest.mark.parametrize("mode", ["http"])


def sent(stage: Stage) -> list[str]:
    """Return what the bot asked Slack for, but for who it is."""
    return [one.method for one in stage.server.requests if one.method != "auth.test"]


@pytest.mark.parametrize("flaw", Flaw, ids=lambda flaw: flaw.value)
async def test_an_event_that_slack_did_not_sign_is_refused_and_does_nothing(
    stage: Stage, flaw: Flaw
) -> None:
    stage.server.feed.is_muted = True
    asked = stage.ada.ask(stage.general, QUESTION)
    event = {**stage.server.feed.picture(asked), "type": "app_mention"}
    event |= {"channel": stage.general.id, "event_ts": asked.ts}
    payload = event_callback(stage.workspace.team, event)
    assert await stage.server.forge(EVENT, payload, flaw) == 401
    await stage.settled()
    assert sent(stage) == []
    assert entries(stage.folder) == []
    assert await stage.server.forge(EVENT, payload, None) == 200  # it was the signature
    await stage.answer(asked)


async def test_a_command_that_slack_did_not_sign_is_refused_and_does_nothing(stage: Stage) -> None:
    answered = stage.ada.command(stage.general, "/source", CLAIM)
    await stage.shown(answered)
    before = sent(stage)
    payload = answered.delivery.payload | {"trigger_id": "1.forged"}
    assert await stage.server.forge(COMMAND, payload, Flaw.WRONG_SECRET) == 401
    assert await stage.server.forge(COMMAND, payload, Flaw.GARBAGE_TIMESTAMP) == 401
    await stage.settled()
    assert sent(stage) == before
    assert len(entries(stage.folder)) == 1


async def test_a_button_that_slack_did_not_sign_is_refused_and_does_nothing(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    pressed = stage.ada.press(answer, texts.WHY)
    await stage.shown(pressed)
    before = sent(stage)
    payload = pressed.delivery.payload | {"trigger_id": "1.forged"}
    assert await stage.server.forge(INTERACTION, payload, Flaw.STALE) == 401
    assert await stage.server.forge(INTERACTION, payload, Flaw.NO_SIGNATURE) == 401
    await stage.settled()
    assert sent(stage) == before


async def test_a_refusal_tells_nothing_of_what_is_behind_it(stage: Stage) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{stage.base_url}/slack/events", data=b"{}") as response,
    ):
        assert response.status == 401
        assert "Bolt" not in await response.text()


async def test_the_address_is_verified_when_slack_signs_the_challenge(stage: Stage) -> None:
    challenge = {"type": "url_verification", "token": "x", "challenge": "echo this"}
    delivery = stage.server.deliver(EVENT, challenge)
    await stage.until(lambda: delivery.is_acked)
    assert delivery.answer == {"challenge": "echo this"}
    assert await stage.server.forge(EVENT, challenge, Flaw.WRONG_SECRET) == 401


async def test_nothing_but_what_slack_posts_is_served(stage: Stage) -> None:
    async with aiohttp.ClientSession() as session:
        for path, status in (("/slack/events", 405), ("/", 404), ("/slack/install", 404)):
            async with session.get(f"{stage.base_url}{path}") as response:
                assert response.status == status
