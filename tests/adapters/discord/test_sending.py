from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import pytest

from adapters.discord import sending
from adapters.discord.layout import notice
from adapters.discord.sending import InteractionPost, MessagePost, View
from bot import texts
from bot.errors import DeliveryError
from tests.adapters.discord.reader import read
from tests.adapters.discord.refusing import Call, Place, Request, refusal

VIEW = "An answer."


def message_post(call: Call) -> MessagePost:
    stand_in: Any = call
    return MessagePost(stand_in)


def interaction_post(request: Request, *, is_private: bool = False) -> InteractionPost:
    stand_in: Any = request
    return InteractionPost(stand_in, is_private=is_private)


def told(view: View) -> str:
    parts = [one.content for one in view.children if isinstance(one, discord.ui.TextDisplay)]
    return read("\n".join(parts)).text


def failing(*errors: Exception) -> Callable[[], None]:
    """Return something that fails so often, with these."""
    waiting = list(errors)

    def fail() -> None:
        if waiting:
            raise waiting.pop(0)

    return fail


# --- answers to messages --------------------------------------------------------


async def test_a_reply_refers_to_its_message_and_can_be_repeated_without_harm() -> None:
    call = Call(channel=Place(refusals=[aiohttp.ServerDisconnectedError()]))
    assert await message_post(call).show(notice(VIEW)) == "1"
    [sent] = call.channel.sent
    assert (sent["nonce"], sent["reference"], sent["mention_author"]) == ("9", "reference", False)
    assert sent["suppress_embeds"]


async def test_what_was_shown_is_edited_from_then_on() -> None:
    call = Call()
    post = message_post(call)
    await post.show(notice("Wait."))
    await post.show(notice(VIEW))
    assert [set(sent) for sent in call.channel.sent][1] == {"view"}


async def test_an_answer_that_somebody_deleted_is_not_posted_again() -> None:
    call = Call()
    post = message_post(call)
    await post.show(notice("Wait."))
    call.channel.refusals.append(refusal(sending.UNKNOWN_MESSAGE, 404))
    await post.show(notice(VIEW))
    assert len(call.channel.sent) == 1


async def test_a_closed_channel_is_answered_directly_and_says_why() -> None:
    call = Call(channel=Place(refusals=[refusal(50013)]))
    await message_post(call).show(notice(VIEW))
    [sent] = call.author.sent
    assert VIEW in told(sent["view"])
    assert texts.NOT_ALLOWED_THERE in told(sent["view"])


async def test_a_refused_reference_is_left_out() -> None:
    call = Call(channel=Place(refusals=[refusal(sending.INVALID_FORM, 400)]))
    await message_post(call).show(notice(VIEW))
    assert "reference" not in call.channel.sent[0]


class Remembering(Place):
    """A channel that knows the nonce, and returns what was posted with it before."""

    def __init__(self, earlier: View) -> None:
        super().__init__()
        self.earlier = Place(sent=[{"view": earlier}])

    async def send(self, **what: Any) -> Place:
        return self.earlier


async def test_a_notice_of_a_process_that_is_gone_becomes_the_answer() -> None:
    channel = Remembering(notice("Wait."))
    await message_post(Call(channel=channel)).show(notice(VIEW))
    assert [told(sent["view"]) for sent in channel.earlier.sent] == ["Wait.", VIEW]
    again = Remembering(notice(f" {VIEW}\n"))
    await message_post(Call(channel=again)).show(notice(VIEW))
    assert len(again.earlier.sent) == 1


@pytest.mark.parametrize("error", [refusal(50013), refusal(sending.UNKNOWN_MESSAGE, 404)])
async def test_who_did_not_ask_is_not_written_to(error: Exception) -> None:
    call: Any = Call(channel=Place(refusals=[error, error]))  # the second without a reference
    with pytest.raises(DeliveryError):
        await MessagePost(call, is_asked=False).show(notice(VIEW))
    assert call.author.sent == []


@pytest.mark.parametrize(
    "refusals",
    [[refusal(50013)], [refusal(sending.UNKNOWN_CHANNEL, 404)], [refusal(0, 400)]],
    ids=["closed", "gone", "refused"],
)
async def test_an_answer_that_reaches_nobody_is_a_delivery_error(refusals: list[Exception]) -> None:
    call = Call(channel=Place(refusals=refusals), author=Place(refusals=[refusal(50007)] * 3))
    with pytest.raises(DeliveryError, match="9"):
        await message_post(call).show(notice(VIEW))


async def test_a_duplicate_leaves_no_notice_behind() -> None:
    call = Call()
    post = message_post(call)
    await post.stand_down()
    await post.show(notice("Wait."))
    await post.stand_down()
    assert call.channel.sent[1:] == [{"deleted": True}]
    await post.show(notice("Wait."))
    call.channel.refusals.append(refusal(50013))
    await post.stand_down()


async def test_a_refusal_is_told_directly_or_shown_by_a_sign() -> None:
    call = Call()
    await message_post(call).tell(texts.NOT_IN_CHANNEL)
    assert texts.NOT_IN_CHANNEL in told(call.author.sent[0]["view"])
    shy = Call(author=Place(refusals=[refusal(50007)]))
    await message_post(shy).tell(texts.NOT_IN_CHANNEL)
    assert len(shy.reactions) == 1
    deaf = Call(author=Place(refusals=[refusal(50007)]), reaction_refusal=refusal(50013))
    await message_post(deaf).tell(texts.NOT_IN_CHANNEL)
    assert deaf.reactions == []
    assert told(deaf.channel.sent[0]["view"]).startswith(texts.NOT_IN_CHANNEL)
    assert texts.named(str(deaf.id)) in told(deaf.channel.sent[0]["view"])
    mute = Call(author=Place(refusals=[refusal(50007)]), reaction_refusal=refusal(50013))
    mute.channel.refusals.append(refusal(50013))
    await message_post(mute).tell(texts.NOT_IN_CHANNEL)
    assert mute.channel.sent == []


# --- answers to interactions ----------------------------------------------------


async def test_an_interaction_is_acknowledged_and_then_answered_in_place() -> None:
    request = Request(edit=failing(aiohttp.ServerDisconnectedError()))
    post = interaction_post(request)
    assert await post.open()
    assert await post.show(notice(VIEW)) == "5"
    assert len(request.shown) == 1


async def test_an_acknowledgement_whose_response_was_lost_counts() -> None:
    lost, again = aiohttp.ServerDisconnectedError(), refusal(sending.ALREADY_ACKNOWLEDGED, 400)
    post = interaction_post(Request(respond=failing(lost, again)))
    assert await post.open()
    assert await post.show(notice(VIEW)) == "5"


async def test_an_interaction_that_another_has_answered_is_left_to_it() -> None:
    request = Request(respond=failing(refusal(sending.ALREADY_ACKNOWLEDGED, 400)))
    request.is_loading = False
    assert not await interaction_post(request).open()
    request = Request(respond=failing(refusal(sending.ALREADY_ACKNOWLEDGED, 400)))
    assert await interaction_post(request, is_private=True).show(notice(VIEW)) == "9"
    assert request.shown == []


async def test_an_acknowledgement_that_discord_py_repeated_itself_counts() -> None:
    request = Request(respond=failing(refusal(sending.ALREADY_ACKNOWLEDGED, 400)))
    post = interaction_post(request)
    assert await post.open()
    await post.stand_down()  # it was another's after all, who answers
    assert request.shown == []
    assert await post.show(notice(VIEW)) == "5"


@pytest.mark.parametrize("code", [sending.UNKNOWN_INTERACTION, sending.UNKNOWN_WEBHOOK])
async def test_an_expired_interaction_is_answered_in_the_channel(code: int) -> None:
    for request in (
        Request(respond=failing(refusal(code, 404))),
        Request(edit=failing(refusal(code, 404))),
    ):
        post = interaction_post(request)
        await post.open()
        await post.show(notice(VIEW))
        assert texts.ANSWER_IN_CHANNEL in told(request.place.sent[0]["view"])
        assert request.place.sent[0]["nonce"] == "9"
        await post.show(notice("More."))
        assert set(request.place.sent[1]) == {"view"}


async def test_what_is_private_or_shut_out_goes_to_the_asker_directly() -> None:
    expired = refusal(sending.UNKNOWN_INTERACTION, 404)
    private = Request(respond=failing(expired))
    await interaction_post(private, is_private=True).show(notice(VIEW))
    assert private.place.sent == []
    assert len(private.user.sent) == 1
    shut = Request(respond=failing(refusal(sending.UNKNOWN_INTERACTION, 404)))
    shut.place.refusals.append(refusal(50001))
    await interaction_post(shut).show(notice(VIEW))
    assert len(shut.user.sent) == 1


async def test_an_interaction_that_reaches_nobody_is_a_delivery_error() -> None:
    request = Request(edit=failing(refusal(0, 400)))
    post = interaction_post(request)
    await post.open()
    with pytest.raises(DeliveryError, match="9"):
        await post.show(notice(VIEW))


async def test_a_duplicate_is_told_so_instead_of_being_left_waiting() -> None:
    request = Request()
    post = interaction_post(request)
    await post.open()
    await post.stand_down()
    assert told(request.shown[0]) == texts.ALREADY_ANSWERED


async def test_trouble_is_told_in_the_post_that_was_opened() -> None:
    request = Request()
    post = interaction_post(request)
    await post.open()
    stand_in: Any = request
    assert InteractionPost.of_begun(stand_in) is post
    fresh: Any = Request()
    assert InteractionPost.of_begun(fresh) is not post
