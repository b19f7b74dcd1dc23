"""Slash commands, as a member uses them."""

import pytest

from bot import texts
from tests.e2e.corpus import AGAINST, CLAIM, NOTHING, QUESTION
from tests.e2e.slack.reading import labels_of, links_of, quotes_of, selects_of, words_of
from tests.e2e.slack.stage import Stage


async def test_a_topic_gets_quotes_and_counterpoints_word_for_word(stage: Stage) -> None:
    answer = await stage.shown(stage.ada.command(stage.general, "/source", "car-free-centre"))
    told = words_of(answer)
    assert {CLAIM, AGAINST} <= set(quotes_of(answer))
    assert told.index(CLAIM) < told.index(texts.COUNTERPOINTS) < told.index(AGAINST)
    assert "Ada Brown" in told
    assert "https://example.org/market" in links_of(answer)


async def test_an_answer_is_for_the_asker_alone_at_first(stage: Stage) -> None:
    answer = await stage.shown(stage.ada.command(stage.general, "/source", QUESTION))
    assert answer.visible_to(stage.ada.id)
    assert not answer.visible_to(stage.keeper.id)
    assert texts.SHARE in labels_of(answer)


async def test_a_shared_answer_is_for_all_under_the_name_of_who_shared_it(stage: Stage) -> None:
    private = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    quotes = quotes_of(private)
    pressed = stage.ada.press(private, texts.SHARE)
    await stage.until(lambda: len(pressed.shown) == 2)
    [shared] = pressed.messages
    assert shared.visible_to(stage.keeper.id)
    assert words_of(shared).startswith(texts.shared_by("Ada", CLAIM))
    assert shared.text.startswith(texts.shared_by("Ada", CLAIM))
    assert quotes_of(shared) == quotes
    assert texts.SHARE not in labels_of(shared)


async def test_a_shared_answer_leaves_no_second_one_with_the_asker(stage: Stage) -> None:
    private = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    pressed = stage.ada.press(private, texts.SHARE)
    await stage.until(lambda: len(pressed.shown) == 2)
    assert stage.ada.sees() == [private]
    assert words_of(private) == texts.IS_SHARED
    assert labels_of(private) == []


async def test_the_buttons_of_a_shared_answer_work_for_everybody(stage: Stage) -> None:
    private = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    pressed = stage.ada.press(private, texts.SHARE)
    [shared] = await stage.until(lambda: pressed.messages)
    why = await stage.shown(stage.keeper.press(shared, texts.WHY))
    assert CLAIM in words_of(why)
    assert not why.visible_to(stage.ada.id)


async def test_an_answer_is_shared_once_however_often_the_button_is_pressed(stage: Stage) -> None:
    private = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    presses = [stage.ada.press(private, texts.SHARE) for _ in range(3)]
    await stage.until(lambda: words_of(private) == texts.IS_SHARED)
    await stage.answer(stage.ada.ask(stage.general, QUESTION))  # time for a second one
    assert sum(len(one.messages) for one in presses) == 1


async def test_what_could_not_be_shared_can_be_shared_later(stage: Stage) -> None:
    private = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    stage.server.faults.refuse("response_url", "restricted_action")
    await stage.shown(stage.ada.press(private, texts.SHARE))
    pressed = stage.ada.press(private, texts.SHARE)
    [shared] = await stage.until(lambda: pressed.messages)
    assert CLAIM in quotes_of(shared)


async def test_what_could_not_be_shared_is_not_said_to_be(stage: Stage) -> None:
    private = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    stage.server.faults.refuse("response_url", "restricted_action")
    pressed = stage.ada.press(private, texts.SHARE)
    await stage.until(lambda: pressed.shown)
    assert pressed.messages == []
    assert texts.NOT_SHARED in words_of(pressed.shown[-1])
    assert stage.written_to(stage.ada) == []


async def test_the_last_word_has_everybody_see_the_answer_at_once(stage: Stage) -> None:
    asked = stage.ada.command(stage.general, "/source", "car-free-centre in-channel")
    answer = await stage.shown(asked)
    assert answer.visible_to(stage.keeper.id)
    assert {CLAIM, AGAINST} <= set(quotes_of(answer))
    assert texts.SHARE not in labels_of(answer)
    why = await stage.shown(stage.keeper.press(answer, texts.WHY))
    assert "in-channel" not in words_of(why)


@pytest.mark.parametrize("text", [QUESTION, NOTHING])
async def test_everybody_sees_what_was_asked_too(stage: Stage, text: str) -> None:
    answer = await stage.shown(stage.ada.command(stage.general, "/source", f"{text} in-channel"))
    assert words_of(answer).startswith(texts.asked(text))


async def test_a_share_of_which_nobody_knows_whether_it_arrived_can_be_repeated(
    stage: Stage,
) -> None:
    private = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    stage.server.faults.lose_request("response_url")
    await stage.shown(stage.ada.press(private, texts.SHARE))
    pressed = stage.ada.press(private, texts.SHARE)
    [shared] = await stage.until(lambda: pressed.messages)
    assert CLAIM in quotes_of(shared)


@pytest.mark.parametrize("text", ["", "  ", "in-channel"])
async def test_a_command_without_words_offers_topics(stage: Stage, text: str) -> None:
    shown = await stage.shown(stage.ada.command(stage.general, "/source", text))
    assert texts.CHOOSE_OR_TYPE in words_of(shown)
    assert [one["type"] for one in selects_of(shown)] == ["external_select"]
    assert shown.is_ephemeral


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("congestoin pricng", "congestion-pricing"),
        ("car ban", "car-free-centre"),
        ("A centre wit", "car-free-centre"),
    ],
)
async def test_topics_are_offered_while_typing_however_misspelt(
    stage: Stage, typed: str, offered: str
) -> None:
    shown = await stage.shown(stage.ada.command(stage.general, "/source"))
    options = await stage.ada.type_into(shown, typed)
    assert options[0]["value"] == offered


async def test_all_topics_are_offered_before_anything_is_typed(stage: Stage) -> None:
    shown = await stage.shown(stage.ada.command(stage.general, "/source"))
    options = await stage.ada.type_into(shown, "")
    assert {one["value"] for one in options} == {"car-free-centre", "congestion-pricing"}


@pytest.mark.parametrize("typed", ["xyzzy", "cars \U0001f697 " * 500])
async def test_whatever_is_typed_is_met_with_options_that_slack_takes(
    stage: Stage, typed: str
) -> None:
    shown = await stage.shown(stage.ada.command(stage.general, "/source"))
    options = await stage.ada.type_into(shown, typed)
    assert all(len(one["text"]["text"]) <= 75 for one in options)


async def test_a_topic_that_is_chosen_is_answered(stage: Stage) -> None:
    shown = await stage.shown(stage.ada.command(stage.general, "/source"))
    [option] = (await stage.ada.type_into(shown, "car ban"))[:1]
    answer = await stage.shown(stage.ada.choose(shown, option))
    assert {CLAIM, AGAINST} <= set(quotes_of(answer))
    assert answer.is_ephemeral
    assert texts.SHARE in labels_of(answer)


async def test_what_the_corpus_does_not_answer_is_said(stage: Stage) -> None:
    answer = await stage.shown(stage.ada.command(stage.general, "/source", NOTHING))
    assert texts.NOTHING_FOUND in words_of(answer)
    assert labels_of(answer) == []


@pytest.mark.parametrize(("name", "text"), [("/source-help", ""), ("/source", "help")])
async def test_help_tells_how_to_ask(stage: Stage, name: str, text: str) -> None:
    answer = await stage.shown(stage.ada.command(stage.general, name, text))
    told = (texts.HELP_MENTION, texts.HELP_TOPIC, texts.use_menu(texts.MENU_ON_SLACK))
    assert all(line in words_of(answer) for line in told)
    assert answer.is_ephemeral


async def test_privacy_tells_what_is_kept(stage: Stage) -> None:
    answer = await stage.shown(stage.ada.command(stage.general, "/source-privacy"))
    assert all(line in words_of(answer) for line in texts.PRIVACY)
    assert texts.forget_with("/source-forget-me") in words_of(answer)
    assert answer.is_ephemeral


async def test_forget_me_removes_what_was_asked_after_a_second_look(stage: Stage) -> None:
    answer = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    asked = await stage.shown(stage.ada.command(stage.general, "/source-forget-me"))
    assert texts.FORGET_WARNING in words_of(asked)
    assert asked.is_ephemeral
    done = await stage.shown(stage.ada.press(asked, texts.FORGET))
    assert words_of(done) == texts.forgotten(1)
    assert labels_of(done) == []  # in place of the question
    late = await stage.shown(stage.ada.press(answer, texts.WHY))
    assert texts.UNKNOWN_REQUEST in words_of(late)


async def test_forget_me_leaves_what_others_asked(stage: Stage) -> None:
    answer = await stage.shown(stage.keeper.command(stage.general, "/source", CLAIM))
    asked = await stage.shown(stage.ada.command(stage.general, "/source-forget-me"))
    done = await stage.shown(stage.ada.press(asked, texts.FORGET))
    assert texts.FORGET_NOTHING in words_of(done)
    assert CLAIM in words_of(await stage.shown(stage.keeper.press(answer, texts.WHY)))


async def test_a_command_works_in_direct_messages(stage: Stage) -> None:
    answer = await stage.shown(stage.ada.command(stage.ada.direct, "/source", QUESTION))
    assert CLAIM in quotes_of(answer)
    assert texts.SHARE not in labels_of(answer)  # with whom?


async def test_a_command_works_where_the_bot_is_no_member(stage: Stage) -> None:
    elsewhere = stage.workspace.channel("elsewhere", "group", has_bot=False)
    private = await stage.shown(stage.ada.command(elsewhere, "/source", QUESTION))
    assert CLAIM in quotes_of(private)
    pressed = stage.ada.press(private, texts.SHARE)
    [shared] = await stage.until(lambda: pressed.messages)
    assert CLAIM in quotes_of(shared)


async def test_every_link_of_an_answer_leads_to_a_page(stage: Stage) -> None:
    answer = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    links = links_of(answer)
    assert all(link.startswith(("http://", "https://")) for link in links)
    assert any(link.startswith("https://quotes.example.org/") for link in links)


async def test_a_command_is_acknowledged_without_a_word_of_its_own(stage: Stage) -> None:
    asked = stage.ada.command(stage.general, "/source", QUESTION)
    await stage.shown(asked)
    await stage.until(lambda: asked.is_acked)
    assert not asked.delivery.answer
    assert asked.response is not None
    assert asked.response.uses == 1
