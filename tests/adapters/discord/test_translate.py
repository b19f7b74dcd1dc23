from typing import Any

import discord
import pytest

from adapters.discord.translate import (
    channel_and_thread,
    from_message,
    is_call,
    is_said_by_a_person,
    said,
    text_of,
)
from bot.types import Message, Trigger
from tests.adapters.discord.speaking import (
    BOT_ID,
    bot_role,
    make_guild,
    make_message,
    make_thread,
    text_channel,
    user,
)


@pytest.fixture
async def guild() -> discord.Guild:
    return make_guild(text_channel(2), roles=[bot_role()])


async def test_a_message_becomes_a_request(guild: discord.Guild) -> None:
    context = (Message("1", "8", "Trams are loud."),)
    asked = from_message(make_message(guild, 9, "<@1000> source?"), Trigger.MENTION, context)
    assert (asked.id, asked.platform, asked.community_id) == ("9", "discord", "1")
    assert (asked.channel_id, asked.thread_id, asked.asker_id) == ("2", None, "7")
    assert (asked.text, asked.context) == ("<@1000> source?", context)
    assert asked.created_at == 1420070400.0  # its id begins with the first moment of 2015


async def test_a_thread_is_told_apart_from_its_channel(guild: discord.Guild) -> None:
    message = make_message(guild, 9, channel=make_thread(guild))
    asked = from_message(message, Trigger.MENTION)
    assert (asked.channel_id, asked.thread_id) == ("2", "30")
    assert channel_and_thread(None) == ("unknown", None)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"mentions": [user(BOT_ID, "bot", bot=True)]}, True),
        ({"mention_roles": ["50"]}, True),
        ({"mention_everyone": True}, False),
        ({"mentions": [user(8)]}, False),
        ({}, False),
    ],
    ids=["mention", "role", "everyone", "somebody else", "nothing"],
)
async def test_calls_are_mentions_of_the_bot_or_of_its_own_role(
    guild: discord.Guild, told: dict[str, Any], expected: bool
) -> None:
    assert is_call(make_message(guild, 9, "hey", **told), BOT_ID) is expected


async def test_the_role_of_another_bot_is_no_call() -> None:
    guild = make_guild(text_channel(), roles=[bot_role(of=4)])
    assert not is_call(make_message(guild, 9, mention_roles=["50"]), BOT_ID)


async def test_people_are_told_from_bots_webhooks_and_notices(guild: discord.Guild) -> None:
    assert is_said_by_a_person(make_message(guild, 9))
    assert not is_said_by_a_person(make_message(guild, 9, author=user(5, bot=True)))
    assert not is_said_by_a_person(make_message(guild, 9, webhook_id="5"))
    assert not is_said_by_a_person(make_message(guild, 9, type=7))


async def test_words_are_a_message_its_forwards_or_its_embeds(guild: discord.Guild) -> None:
    embeds = [{"type": "rich", "title": "Trams", "description": "They are loud."}]
    assert text_of(make_message(guild, 9, "own", embeds=embeds)) == "own"
    assert text_of(make_message(guild, 9, embeds=embeds)) == "Trams\nThey are loud."
    assert text_of(make_message(guild, 9)) == ""


async def test_what_others_said_keeps_who_and_whether_it_is_replied_to(
    guild: discord.Guild,
) -> None:
    told = said(make_message(guild, 9, "Loud.", author=user(5, bot=True)), is_reply_target=True)
    assert told == Message("9", "5", "Loud.", is_bot=True, is_reply_target=True)
