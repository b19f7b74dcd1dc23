"""The connection breaks, is moved or lost; every call is answered once all the same."""

import asyncio

import discord
import pytest

from adapters.discord import serving
from bot import texts
from bot.bootstrap import Application
from bot.errors import ConfigError
from bot.settings import read_settings
from tests.e2e.corpus import CLAIM, QUESTION
from tests.e2e.discord.people import Community
from tests.e2e.discord.reading import answers_to, shown_by, words_of, written_by_bot
from tests.e2e.discord.stage import Stage

LONG_S = 15.0
"""discord.py waits up to two seconds before it connects again, and five before it identifies."""


@pytest.mark.parametrize("trouble", ["drop", "reconnect"], ids=["dropped socket", "op 7"])
async def test_a_broken_connection_is_resumed_and_what_was_missed_is_answered_once(
    stage: Stage, trouble: str
) -> None:
    before = stage.ada.ask(stage.general, QUESTION)
    await stage.answer(before)
    getattr(stage.server.gateway, trouble)()
    missed = stage.ada.ask(stage.general, CLAIM)
    await stage.until(lambda: answers_to(stage.server, missed), LONG_S)
    assert (stage.server.gateway.identified, stage.server.gateway.resumed) == (1, 1)
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert len(answers_to(stage.server, before)) == len(answers_to(stage.server, missed)) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param("forget", id="resume refused"),
        pytest.param("invalidate", id="told so", marks=pytest.mark.slow),
    ],
)
async def test_calls_missed_before_an_op_9_are_found_and_answered_once(
    stage: Stage, trouble: str
) -> None:
    before = stage.ada.ask(stage.general, QUESTION)
    await stage.answer(before)
    getattr(stage.server.gateway, trouble)()
    missed = stage.ada.ask(stage.general, CLAIM)
    in_thread = stage.community.thread(stage.ada.say(stage.general, "A thread on cars"))
    missed_there = stage.ada.ask(in_thread, CLAIM)
    talk = stage.ada.say(stage.general, "just talking")
    await stage.until(
        lambda: answers_to(stage.server, missed) and answers_to(stage.server, missed_there), LONG_S
    )
    assert (stage.server.gateway.identified, stage.server.gateway.resumed) == (2, 0)
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    for asked in (before, missed, missed_there):
        assert len(answers_to(stage.server, asked)) == 1
    assert answers_to(stage.server, talk) == []


async def test_calls_missed_while_the_bot_was_off_are_answered_after_the_start(
    stage: Stage,
) -> None:
    before = stage.ada.ask(stage.general, QUESTION)
    await stage.answer(before)
    await stage.stop()
    missed = stage.ada.ask(stage.general, CLAIM)
    await stage.start()
    await stage.until(lambda: answers_to(stage.server, missed))
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert len(answers_to(stage.server, before)) == len(answers_to(stage.server, missed)) == 1


async def test_calls_from_long_ago_are_left_alone(stage: Stage) -> None:
    await stage.stop()
    stage.server.backend.clock.elapsed = -3600.0
    old = stage.ada.ask(stage.general, CLAIM)
    stage.server.backend.clock.elapsed = 0.0
    await stage.start()
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert answers_to(stage.server, old) == []


async def test_a_message_delivered_twice_is_answered_once(stage: Stage) -> None:
    asked = stage.ada.ask(stage.general, QUESTION)
    stage.server.gateway.repeat("MESSAGE_CREATE")
    await stage.answer(asked)
    stage.server.backend.announce_message_create(asked)
    await stage.answer(stage.ada.ask(stage.general, CLAIM))
    assert len(answers_to(stage.server, asked)) == 1
    assert len(list(written_by_bot(stage.server, stage.general))) == 2


async def test_a_message_delivered_again_after_a_restart_is_answered_once(stage: Stage) -> None:
    asked = stage.ada.ask(stage.general, QUESTION)
    await stage.answer(asked)
    await stage.restart()
    stage.server.backend.announce_message_create(asked)
    await stage.answer(stage.ada.ask(stage.general, CLAIM))
    assert len(answers_to(stage.server, asked)) == 1


async def test_a_command_delivered_twice_is_answered_once(stage: Stage) -> None:
    asked = stage.ada.slash(stage.general, "source", topic=CLAIM)
    stage.server.gateway.repeat("INTERACTION_CREATE")
    await stage.shown(asked)
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    [shown] = shown_by(stage.server, asked)
    assert CLAIM in words_of(shown)
    assert len(list(written_by_bot(stage.server, stage.general))) == 2


async def test_a_new_server_is_welcomed_once(stage: Stage) -> None:
    await stage.ready()
    other = Community(stage.server, "Newcomers")
    [welcome] = await stage.until(lambda: list(written_by_bot(stage.server, other.general)))
    assert texts.WELCOME in words_of(welcome)
    eve = other.member("Eve")
    for restarts in (False, True):
        if restarts:
            await stage.restart()
            await stage.ready()
        stage.server.forget_nonces()
        other.invite()  # again, after it was shown the door
        await stage.answer(eve.ask(other.general, QUESTION))
    greetings = [
        one for one in written_by_bot(stage.server, other.general) if texts.WELCOME in words_of(one)
    ]
    assert len(greetings) == 1


async def test_a_server_that_was_there_before_the_start_is_not_welcomed(stage: Stage) -> None:
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert texts.WELCOME not in "".join(
        words_of(one) for one in written_by_bot(stage.server, stage.general)
    )


async def test_a_welcome_goes_where_the_bot_may_speak(stage: Stage) -> None:
    await stage.ready()
    other = Community(stage.server, "Shy", invites=False)
    open_channel = other.channel("open")
    other.forbid(other.general, "send_messages")
    other.invite()
    await stage.until(lambda: list(written_by_bot(stage.server, open_channel)))
    assert list(written_by_bot(stage.server, other.general)) == []


async def test_a_share_of_the_shards_serves_its_own_servers_only(stage: Stage) -> None:
    await stage.stop()
    mine = Community(stage.server, "Even", shard=(0, 2))
    other = Community(stage.server, "Odd", shard=(1, 2))
    await stage.start(DISCORD_SHARD_IDS="0", DISCORD_SHARD_COUNT="2")
    ignored = other.member("Eve").ask(other.general, QUESTION)
    await stage.answer(mine.member("Joan").ask(mine.general, QUESTION))
    assert answers_to(stage.server, ignored) == []
    [session] = stage.server.gateway.sessions.values()
    assert (session.shard_id, session.shard_count) == (0, 2)


async def test_a_wrong_token_ends_the_start_with_the_way_out(stage: Stage) -> None:
    await stage.stop()
    with pytest.raises(ConfigError, match="DISCORD_TOKEN"):
        await stage.start(DISCORD_TOKEN="another")  # noqa: S106  it opens nothing


async def test_an_intent_that_was_not_granted_ends_the_start_with_the_way_out(
    stage: Stage,
) -> None:
    await stage.stop()
    with pytest.raises(ConfigError, match="DISCORD_MESSAGE_CONTENT"):
        await stage.start(DISCORD_MESSAGE_CONTENT="true")


async def test_a_stop_finishes_what_is_held(stage: Stage) -> None:
    fault = stage.server.faults.delay("POST", "/channels/*/messages", 0.4)
    asked = stage.ada.ask(stage.general, QUESTION)
    await stage.until(lambda: fault.hits)
    await stage.stop()
    assert len(answers_to(stage.server, asked)) == 1


async def test_a_stop_in_the_middle_of_a_reindex_is_told_to_its_admin(stage: Stage) -> None:
    for number in range(300):
        sentences = [f"Bridge {number} has {count} lanes for buses." for count in range(40)]
        path = stage.folder / "corpus" / "documents" / f"bridge-{number}.txt"
        path.write_text("\n\n".join(sentences), "utf-8")
    asked = stage.keeper.slash(stage.general, "source-admin reindex")
    await stage.until(lambda: stage.server.sent("PATCH", "/webhooks/*/messages/@original"))
    await stage.stop()
    [shown] = shown_by(stage.server, asked)
    assert texts.ERRORS["error_index"] in words_of(shown)


async def test_a_stop_does_not_wait_for_ever(stage: Stage) -> None:
    await stage.restart(STOP_TIMEOUT_S="0.3")
    fault = stage.server.faults.delay("POST", "/channels/*/messages", 5)
    stage.ada.ask(stage.general, QUESTION)
    await stage.until(lambda: fault.hits)
    await asyncio.wait_for(stage.stop(), 3)


async def test_discord_py_is_as_it_was_published(stage: Stage) -> None:
    assert discord.http.HTTPClient.request.__module__ == "discord.http"
    assert type(discord.webhook.async_.async_context.get()).__module__ == "discord.webhook.async_"
    del stage


def test_a_missing_token_is_told(models: Application) -> None:
    settings = read_settings({"DATA_DIR": str(models.settings.data_dir)}, env_file=None)
    with pytest.raises(ConfigError, match="DISCORD_TOKEN"):
        serving.serve(Application(settings))
