"""The buttons under an answer: each one before and after the bot was restarted."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from simcord.backend.models import Message

from bot import texts
from bot.types import Feedback
from tests.e2e.corpus import AGAINST, CLAIM, NEAR_TOPIC, QUESTION
from tests.e2e.discord.reading import buttons_of, labels_of, text_of, words_of
from tests.e2e.discord.stage import Stage

restarted = pytest.mark.parametrize("restarts", [False, True], ids=["same process", "restarted"])


async def _pressed(stage: Stage, restarts: bool, message: Message, label: str) -> Message:
    if restarts:
        await stage.restart()
    return await stage.shown(stage.ada.press(message, label))


def _quotes(message: Message) -> list[str]:
    """Return the quotes that a message shows, in order."""
    return [line[2:] for line in text_of(message).splitlines() if line.startswith("> ")]


def _button(message: Message, label: str) -> dict[str, Any]:
    """Return a button as the server keeps it: what is changed here has been there before."""
    return next(one for one in buttons_of(message) if one["label"] == label)


def _verdicts(stage: Stage) -> list[str]:
    """Return what the journal holds of what members thought of answers."""
    with closing(sqlite3.connect(stage.folder / "data" / "journal.db")) as journal:
        return [verdict for (verdict,) in journal.execute("SELECT verdict FROM feedback")]


@restarted
async def test_context_shows_the_sentences_around_a_quote_to_the_one_who_asks(
    stage: Stage, restarts: bool
) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, "What does a boiler need?"))
    assert "Tradesmen cannot carry a boiler on a bicycle." in words_of(answer)
    number = _quotes(answer).index("Tradesmen cannot carry a boiler on a bicycle.") + 1
    shown = await _pressed(stage, restarts, answer, f"{texts.CONTEXT} {number}")
    assert shown.is_ephemeral
    assert "the air there got worse." in words_of(shown)
    assert "makes every repair dearer." in words_of(shown)


@restarted
async def test_more_shows_what_was_left_out_and_nothing_twice(stage: Stage, restarts: bool) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    label = next(one for one in labels_of(answer) if one.startswith("Show "))
    shown = await _pressed(stage, restarts, answer, label)
    assert _quotes(shown)
    assert set(_quotes(answer)).isdisjoint(_quotes(shown))


@restarted
async def test_counterpoints_shows_the_other_side_alone(stage: Stage, restarts: bool) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    shown = await _pressed(stage, restarts, answer, texts.COUNTERPOINTS)
    assert AGAINST in words_of(shown)
    assert texts.SUPPORTS not in words_of(shown)


@restarted
async def test_helpful_is_noted(stage: Stage, restarts: bool) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    shown = await _pressed(stage, restarts, answer, texts.HELPFUL)
    assert texts.THANKS in words_of(shown)
    assert shown.is_ephemeral
    assert _verdicts(stage) == [Feedback.HELPFUL.value]


@restarted
@pytest.mark.parametrize("reason", [Feedback.MISATTRIBUTED, Feedback.WRONG_SIDE])
async def test_not_helpful_asks_what_is_wrong_and_notes_it(
    stage: Stage, restarts: bool, reason: Feedback
) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    asked = await _pressed(stage, False, answer, texts.NOT_HELPFUL)
    assert texts.WHAT_IS_WRONG in words_of(asked)
    assert _verdicts(stage) == []
    if restarts:
        await stage.restart()
    chosen = stage.ada.choose(asked, reason.value)
    shown = await stage.shown(chosen)
    assert texts.THANKS in words_of(shown)
    assert _verdicts(stage) == [reason.value]


@restarted
async def test_why_shows_query_figures_and_corpus_version(stage: Stage, restarts: bool) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    shown = await _pressed(stage, restarts, answer, texts.WHY)
    assert CLAIM in words_of(shown)
    assert "Corpus version" in words_of(shown)
    assert "characters" in words_of(shown)
    assert shown.is_ephemeral


@restarted
async def test_a_topic_near_to_what_was_asked_is_a_button_away(
    stage: Stage, restarts: bool
) -> None:
    nothing = await stage.answer(stage.ada.ask(stage.general, NEAR_TOPIC))
    assert texts.NOTHING_FOUND in words_of(nothing)
    shown = await _pressed(stage, restarts, nothing, "Congestion pricing")
    assert "tax on the poor" in words_of(shown)


async def test_buttons_work_for_members_who_did_not_ask(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    shown = await stage.shown(stage.keeper.press(answer, texts.WHY))
    assert shown.visible_to(stage.keeper.id)
    assert not shown.visible_to(stage.ada.id)


async def test_an_answer_says_nothing_of_the_buttons_it_has_no_use_for(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, "Is the moon made of cheese?"))
    assert texts.HELPFUL not in labels_of(answer)


@pytest.mark.parametrize("custom_id", ["cp1:unheard_of:abc:1", "cp0:more:abc:1", "more"])
async def test_a_button_of_another_version_says_that_it_has_expired(
    stage: Stage, custom_id: str
) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    _button(answer, texts.WHY)["custom_id"] = custom_id
    shown = await stage.shown(stage.ada.press(answer, texts.WHY))
    assert texts.STALE_BUTTON in words_of(shown)
    assert shown.is_ephemeral


@pytest.mark.parametrize("label", [texts.WHY, texts.HELPFUL, texts.COUNTERPOINTS])
async def test_a_button_whose_request_is_unknown_says_so(stage: Stage, label: str) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    button = _button(answer, label)
    request_id = button["custom_id"].split(":")[2]
    button["custom_id"] = button["custom_id"].replace(request_id, "f" * len(request_id))
    shown = await stage.shown(stage.ada.press(answer, label))
    assert texts.UNKNOWN_REQUEST in words_of(shown)


async def test_a_quote_that_left_the_corpus_is_not_shown_again(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    (stage.folder / "corpus" / "documents" / "trader.txt").unlink()
    await stage.reindex("1 removed")
    shown = await stage.shown(stage.ada.press(answer, texts.COUNTERPOINTS))
    assert AGAINST not in words_of(shown)
    assert "no longer in the documents" in words_of(shown)
