from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import pytest

from adapters.discord.gathering import around, gather
from adapters.messaging.surroundings import NOTHING
from tests.adapters.discord.refusing import Place, refusal
from tests.adapters.discord.speaking import make_guild, make_message, text_channel, user


async def test_messages_stand_oldest_first_and_once_with_the_target_marked() -> None:
    guild = make_guild(text_channel())
    target = make_message(guild, 3, "Trams are loud.")
    found = around(
        make_message(guild, 9, "Really?"),
        make_message(guild, 3, "Trams are loud."),
        make_message(guild, 5, "No."),
        target=target,
    )
    assert [(one.id, one.is_reply_target) for one in found.messages] == [
        ("3", True), ("5", False), ("9", False),
    ]  # fmt: skip


async def test_who_said_something_is_known_with_its_address() -> None:
    guild = make_guild(text_channel())
    found = around(make_message(guild, 3, "Loud.", author=user(8, "Bea")))
    cited = await found.author_of("3")
    assert cited is not None
    assert (cited.author, cited.url) == ("Bea", "https://discord.com/channels/1/2/3")
    assert await found.author_of("4") is None
    assert await found.author_of(None) is None
    assert await NOTHING.author_of("3") is None


async def test_a_person_without_words_was_withheld_and_a_bot_was_not() -> None:
    guild = make_guild(text_channel())
    empty = make_message(guild, 3)
    picture = make_message(guild, 4, embeds=[{"type": "image"}])
    machine = make_message(guild, 5, author=user(8, bot=True))
    assert around(make_message(guild, 2, "Words."), empty).is_withheld
    assert not around(make_message(guild, 2, "Words."), picture, machine).is_withheld


class FakeChannel(Place):
    """A channel that tells its messages, unless it is set to refuse."""

    def __init__(self, *messages: discord.Message, refuses: bool = False, losses: int = 0) -> None:
        super().__init__()
        self.losses = losses
        self.messages = messages
        self.refuses = refuses

    async def history(
        self, *, limit: int, before: object, oldest_first: bool
    ) -> AsyncIterator[discord.Message]:
        if self.refuses:
            raise refusal(50001)
        if self.losses:
            self.losses -= 1
            raise aiohttp.ServerDisconnectedError
        for message in self.messages[:limit]:
            yield message

    async def fetch_message(self, number: int) -> discord.Message:
        for message in self.messages:
            if message.id == number and not self.refuses:
                return message
        raise refusal(50001) if self.refuses else refusal(10008, 404)


@dataclass
class FakeCall:
    channel: Any
    reference: Any = None


def reference_to(number: int, resolved: Any = None) -> Any:
    made = discord.MessageReference(message_id=number, channel_id=2)
    made.resolved = resolved
    return made


async def texts_around(call: FakeCall) -> list[tuple[str, bool]]:
    stand_in: Any = call
    found = await gather(stand_in)
    return [(one.text, one.is_reply_target) for one in found.messages]


async def test_the_message_replied_to_is_fetched_when_it_did_not_come_along() -> None:
    guild = make_guild(text_channel())
    old, new = make_message(guild, 3, "Loud."), make_message(guild, 8, "Hm.")
    channel = FakeChannel(new, old)
    assert await texts_around(FakeCall(channel, reference_to(3))) == [
        ("Loud.", True),
        ("Hm.", False),
    ]
    resolved = FakeCall(FakeChannel(new), reference_to(3, old))
    assert await texts_around(resolved) == [("Loud.", True), ("Hm.", False)]


async def test_a_deleted_message_a_forward_and_no_reference_are_nothing() -> None:
    guild = make_guild(text_channel())
    new = make_message(guild, 8, "Hm.")
    forward = reference_to(3)
    forward.type = discord.MessageReferenceType.forward
    for reference in (reference_to(3), forward, None):
        assert await texts_around(FakeCall(FakeChannel(new), reference)) == [("Hm.", False)]


async def test_what_may_not_be_read_is_left_out_and_logged(caplog: Any) -> None:
    call = FakeCall(FakeChannel(refuses=True), reference_to(3))
    assert await texts_around(call) == []
    assert "history_withheld" in caplog.messages
    assert "message_replied_to_withheld" in caplog.messages


async def test_what_was_lost_on_the_way_is_read_again() -> None:
    guild = make_guild(text_channel())
    channel = FakeChannel(make_message(guild, 3, "Hm."), losses=1)
    assert await texts_around(FakeCall(channel)) == [("Hm.", False)]


@pytest.mark.slow
async def test_what_stays_out_of_reach_is_left_out_and_logged(caplog: Any) -> None:
    assert await texts_around(FakeCall(FakeChannel(losses=4))) == []
    assert "history_withheld" in caplog.messages


async def test_notices_of_discord_are_no_conversation() -> None:
    guild = make_guild(text_channel())
    channel = FakeChannel(make_message(guild, 4, "joined", type=7), make_message(guild, 3, "Hm."))
    assert await texts_around(FakeCall(channel)) == [("Hm.", False)]
