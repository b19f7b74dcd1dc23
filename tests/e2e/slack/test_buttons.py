"""The buttons under an answer: each one before and after the bot was restarted."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from adapters.messaging.presses import Press
from bot import texts
from bot.types import Feedback
from tests.e2e.corpus import AGAINST, CLAIM, NEAR_TOPIC, NOTHING, QUESTION
from tests.e2e.slack.blockkit import nodes
from tests.e2e.slack.reading import labels_of, links_of, quotes_of, words_of
from tests.e2e.slack.stage import Stage
from tests.e2e.slack.workspace import Message

restarted = pytest.mark.parametrize("restarts", [False, True], ids=["same process", "restarted"])

BOILER = "Tradesmen cannot carry a boiler on a bicycle."


async def _pressed(stage: Stage, restarts: bool, message: Message, label: str) -> Message:
    if restarts:
        await stage.restart()
    return await stage.shown(stage.ada.press(message, label))


def _named(message: Message, old: str, new: str) -> None:
    """Change the names of a message's elements, as if another version had posted it."""
    for node in nodes(message.blocks):
        for key in {"action_id", "value"} & set(node):
            node[key] = node[key].replace(old, new)


def _verdicts(stage: Stage) -> list[str]:
    """Return what the journal holds of what members thought of answers."""
    with closing(sqlite3.connect(stage.folder / "data" / "journal.db")) as journal:
        return [verdict for (verdict,) in journal.execute("SELECT verdict FROM feedback")]


def _more(message: Message) -> str:
    return next(one for one in labels_of(message) if one.startswith("Show "))


@restarted
async def test_context_shows_the_sentences_around_a_quote_to_the_one_who_asks(
    stage: Stage, restarts: bool
) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, "What does a boiler need?"))
    number = quotes_of(answer).index(BOILER) + 1
    shown = await _pressed(stage, restarts, answer, f"{texts.CONTEXT} {number}")
    [quoted] = quotes_of(shown)
    assert BOILER in quoted
    assert "the air there got worse." in quoted
    assert "makes every repair dearer." in quoted
    assert shown.visible_to(stage.ada.id)
    assert not shown.visible_to(stage.keeper.id)


@restarted
async def test_more_shows_what_was_left_out_and_nothing_twice(stage: Stage, restarts: bool) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    shown = await _pressed(stage, restarts, answer, _more(answer))
    assert quotes_of(shown)
    assert set(quotes_of(answer)).isdisjoint(quotes_of(shown))
    assert shown.is_ephemeral


@restarted
async def test_more_goes_on_to_the_end(stage: Stage, restarts: bool) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, QUESTION))
    page, seen = answer, quotes_of(answer)
    while any(one.startswith("Show ") for one in labels_of(page)):
        page = await _pressed(stage, restarts, page, _more(page))
        seen += quotes_of(page)
    left = int(_more(answer).split()[1])
    assert len(seen) == len(set(seen)) == len(quotes_of(answer)) + left


@restarted
async def test_counterpoints_are_shown_alone(stage: Stage, restarts: bool) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    shown = await _pressed(stage, restarts, answer, texts.COUNTERPOINTS)
    assert AGAINST in quotes_of(shown)
    assert CLAIM not in quotes_of(shown)
    assert shown.is_ephemeral


@restarted
async def test_helpful_is_noted_and_acknowledged(stage: Stage, restarts: bool) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    shown = await _pressed(stage, restarts, answer, texts.HELPFUL)
    assert words_of(shown) == texts.THANKS
    assert shown.is_ephemeral
    assert _verdicts(stage) == [Feedback.HELPFUL.value]


@restarted
@pytest.mark.parametrize("reason", list(texts.REASONS))
async def test_a_reason_why_an_answer_did_not_help_is_noted(
    stage: Stage, restarts: bool, reason: Feedback
) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    asked = await stage.shown(stage.ada.press(answer, texts.NOT_HELPFUL))
    assert texts.WHAT_IS_WRONG in words_of(asked)
    assert _verdicts(stage) == []
    if restarts:
        await stage.restart()
    shown = await stage.shown(stage.ada.choose(asked, texts.REASONS[reason]))
    assert words_of(shown) == texts.THANKS
    assert stage.ada.sees() == [shown]  # in place of the question
    assert _verdicts(stage) == [reason.value]


@restarted
async def test_why_shows_query_figures_and_corpus_version(stage: Stage, restarts: bool) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    shown = await _pressed(stage, restarts, answer, texts.WHY)
    told = words_of(shown)
    assert texts.searched_for(CLAIM, "claim") in told
    assert texts.receipt("", "").split()[0] in told
    assert "% to the point" in told
    assert shown.is_ephemeral


@restarted
async def test_an_answer_is_shared_after_a_restart_too(stage: Stage, restarts: bool) -> None:
    private = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    if restarts:
        await stage.restart()
    pressed = stage.ada.press(private, texts.SHARE)
    [shared] = await stage.until(lambda: pressed.messages)
    assert {CLAIM, AGAINST} <= set(quotes_of(shared))


@restarted
async def test_a_topic_near_to_what_was_asked_is_a_button_away(
    stage: Stage, restarts: bool
) -> None:
    nothing = await stage.answer(stage.ada.ask(stage.general, NEAR_TOPIC))
    assert texts.NOTHING_FOUND in words_of(nothing)
    assert "Congestion pricing" in nothing.text  # for who has it read out
    shown = await _pressed(stage, restarts, nothing, "Congestion pricing")
    assert "tax on the poor" in words_of(shown)
    assert shown.is_ephemeral


async def test_what_a_button_shows_of_a_thread_stands_in_the_thread(stage: Stage) -> None:
    asked = stage.ada.ask(stage.general, CLAIM)
    answer = await stage.answer(asked)
    shown = await stage.shown(stage.ada.press(answer, texts.WHY))
    assert shown.thread_ts == asked.ts


async def test_a_button_leaves_the_answer_as_it_is(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    for label in (texts.WHY, texts.COUNTERPOINTS, texts.HELPFUL, texts.NOT_HELPFUL):
        await stage.shown(stage.ada.press(answer, label))
    assert answer.earlier == []


async def test_buttons_work_for_members_who_did_not_ask(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    shown = await stage.shown(stage.keeper.press(answer, texts.WHY))
    assert shown.visible_to(stage.keeper.id)
    assert not shown.visible_to(stage.ada.id)


async def test_each_member_has_a_verdict_of_their_own(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    for member in (stage.ada, stage.keeper, stage.ada):
        await stage.shown(member.press(answer, texts.HELPFUL))
    assert len(_verdicts(stage)) == 2


async def test_an_answer_says_nothing_of_the_buttons_it_has_no_use_for(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, NOTHING))
    assert labels_of(answer) == []


@pytest.mark.parametrize("name", ["cp1:unheard_of:abc:1", "cp0:more:abc:1", "more", "cp1:share"])
async def test_a_button_of_another_version_says_that_it_has_expired(
    stage: Stage, name: str
) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    button: dict[str, Any] = next(
        one for one in nodes(answer.blocks) if str(one.get("action_id", "")).startswith("cp1:why")
    )
    button["action_id"] = name
    shown = await stage.shown(stage.ada.press(answer, texts.WHY))
    assert texts.STALE_BUTTON in words_of(shown)
    assert shown.is_ephemeral


@pytest.mark.parametrize("label", [texts.WHY, texts.HELPFUL, texts.COUNTERPOINTS, texts.SHARE])
async def test_a_button_whose_request_is_unknown_says_so(stage: Stage, label: str) -> None:
    answer = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    named = next(str(one["action_id"]) for one in nodes(answer.blocks) if "action_id" in one)
    press = Press.parse(named)
    assert press is not None
    _named(answer, press.subject, "f" * len(press.subject))
    pressed = stage.ada.press(answer, label)
    shown = await stage.shown(pressed)
    assert texts.UNKNOWN_REQUEST in words_of(shown)
    assert pressed.messages == []


async def test_a_reason_that_this_version_does_not_know_is_not_noted(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    asked = await stage.shown(stage.ada.press(answer, texts.NOT_HELPFUL))
    option = {"text": {"type": "plain_text", "text": "?"}, "value": "unheard_of"}
    chosen = stage.ada.choose(asked, option)
    [shown] = await stage.until(lambda: chosen.shown)
    assert texts.STALE_BUTTON in words_of(shown)
    assert _verdicts(stage) == []


async def test_quotes_that_left_the_corpus_are_not_shown_again(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    number = words_of(answer).split(AGAINST, 1)[1].split()[0]  # stands below the quote
    (stage.folder / "corpus" / "documents" / "trader.txt").unlink()
    await stage.reindex("1 removed")
    others = await stage.shown(stage.ada.press(answer, texts.COUNTERPOINTS))
    lost = await stage.shown(stage.ada.press(answer, f"{texts.CONTEXT} {number}"))
    assert AGAINST not in quotes_of(others)
    assert any(texts.quotes_gone(count) in words_of(others) for count in range(1, 9))
    assert words_of(lost) == texts.quotes_gone(1)


async def test_what_is_shared_after_a_reindex_is_still_in_the_documents(stage: Stage) -> None:
    private = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    (stage.folder / "corpus" / "documents" / "trader.txt").unlink()
    await stage.reindex("1 removed")
    pressed = stage.ada.press(private, texts.SHARE)
    [shared] = await stage.until(lambda: pressed.messages)
    assert CLAIM in quotes_of(shared)
    assert AGAINST not in quotes_of(shared)
    assert all("trader" not in one for one in links_of(shared))
