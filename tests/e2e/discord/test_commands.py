"""Slash commands, as a member uses them."""

import pytest

from bot import commands, texts
from tests.e2e.corpus import AGAINST, CLAIM, QUESTION
from tests.e2e.discord.people import Community
from tests.e2e.discord.reading import links_of, text_of, words_of
from tests.e2e.discord.stage import Stage


async def test_a_topic_gets_quotes_and_counterpoints_word_for_word(stage: Stage) -> None:
    answer = await stage.shown(stage.ada.slash(stage.general, "source", topic="car-free-centre"))
    assert CLAIM in words_of(answer)
    assert words_of(answer).index(CLAIM) < words_of(answer).index(texts.COUNTERPOINTS)
    assert words_of(answer).index(texts.COUNTERPOINTS) < words_of(answer).index(AGAINST)
    assert "Ada Brown" in words_of(answer)
    assert "(https://example.org/market)" in text_of(answer)


async def test_a_command_is_deferred_at_once_and_answered_in_its_place(stage: Stage) -> None:
    asked = stage.ada.slash(stage.general, "source", topic=QUESTION)
    answer = await stage.shown(asked)
    [first] = stage.server.sent("POST", f"/interactions/{asked.id}/*/callback")
    assert first.body["type"] == 5
    assert answer.id == asked.message_id
    assert not answer.is_ephemeral


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("congestoin pricng", "congestion-pricing"),
        ("car ban", "car-free-centre"),
        ("A centre wit", "car-free-centre"),
    ],
)
async def test_topics_are_suggested_while_typing_however_misspelt(
    stage: Stage, typed: str, offered: str
) -> None:
    asked = stage.ada.type_into(stage.general, "source", "topic", typed)
    await stage.until(lambda: asked.responded)
    assert asked.autocomplete_choices is not None
    assert asked.autocomplete_choices[0]["value"] == offered


async def test_all_topics_are_suggested_before_anything_is_typed(stage: Stage) -> None:
    asked = stage.ada.type_into(stage.general, "source", "topic", "")
    await stage.until(lambda: asked.responded)
    values = {one["value"] for one in asked.autocomplete_choices or []}
    assert {"car-free-centre", "congestion-pricing"} <= values


async def test_long_text_while_typing_is_answered_too(stage: Stage) -> None:
    asked = stage.ada.type_into(stage.general, "source", "topic", "cars \U0001f697 " * 500)
    await stage.until(lambda: asked.responded)
    assert all(len(one["name"]) <= 100 for one in asked.autocomplete_choices or [])


async def test_the_commands_of_the_table_are_registered_once(stage: Stage) -> None:
    [registered] = stage.server.sent("PUT", "/applications/*/commands")
    names = {command["name"] for command in registered.body}
    table = {one.name for one in (*commands.COMMANDS, *commands.MESSAGE_MENUS)}
    assert names == table


async def test_admin_commands_are_offered_to_those_who_manage_the_server(stage: Stage) -> None:
    assert stage.keeper.sees(stage.general, "source-admin")
    assert not stage.ada.sees(stage.general, "source-admin")
    assert stage.ada.sees(stage.general, "source")


async def test_a_command_works_in_direct_messages(stage: Stage) -> None:
    answer = await stage.shown(stage.ada.slash(stage.ada.direct, "source", topic=QUESTION))
    assert CLAIM in words_of(answer)


async def test_every_link_of_an_answer_leads_to_a_page(stage: Stage) -> None:
    answer = await stage.shown(stage.ada.slash(stage.general, "source", topic=CLAIM))
    assert all(link.startswith(("http://", "https://")) for link in links_of(answer))
    assert "(https://quotes.example.org/" in text_of(answer)


async def test_a_member_can_bring_the_bot_to_a_server_that_it_is_not_in(stage: Stage) -> None:
    await stage.ready()
    elsewhere = Community(stage.server, "Elsewhere", invites=False)
    elsewhere.forbid(elsewhere.general, "view_channel")
    eve = elsewhere.member("Eve")
    eve.brings_the_bot = True
    asked = eve.slash(elsewhere.general, "source", topic=CLAIM)
    answer = await stage.shown(asked)
    assert AGAINST in words_of(answer)
    why = await stage.shown(eve.press(answer, texts.WHY))
    assert CLAIM in words_of(why)
    assert asked.followup_ids == []  # five would be the most
    assert [one.status for one in stage.server.requests if one.status >= 400] == []
