"""Whatever people type and documents hold is shown to the letter, pings nobody and fits."""

import pytest

from bot import texts
from bot.typography import readable
from tests.e2e.corpus import CLAIM, HOSTILE, NOTICE, QUESTION
from tests.e2e.discord.reading import pinged_by, text_of, words_of
from tests.e2e.discord.stage import Stage

ODD = (
    "\u202ereversed\u202c",
    "e\u0301\u0323 combining",
    "\U0001f9d1\u200d\U0001f692 family",
    "\u0645\u0631\u062d\u0628\u0627",
    "\x00\x07 control",
    "zero\u200bwidth\ufeff",
    "\ud83d lone",
)


async def test_a_document_pings_nobody_and_its_marks_are_shown_to_the_letter(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, HOSTILE))
    assert readable(NOTICE.strip()) in words_of(answer)
    assert pinged_by(answer) == []
    for acting in ("**heavy", "||spoilers", "[masked", "<@1>", "<#2>", "<@&3>", "@everyone"):
        assert acting not in text_of(answer).replace(f"\\{acting[0]}", "\\.")


async def test_a_document_pings_nobody_in_the_answer_to_a_command(stage: Stage) -> None:
    answer = await stage.shown(stage.ada.slash(stage.general, "source", topic=HOSTILE))
    assert readable(NOTICE.strip()) in words_of(answer)
    assert pinged_by(answer) == []


async def test_every_message_forbids_discord_to_ping_anybody(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    await stage.shown(stage.ada.press(answer, texts.WHY))
    await stage.shown(stage.ada.slash(stage.general, "help"))
    bodies = [
        one.body.get("data") or one.body
        for one in stage.server.requests
        if one.body and isinstance(one.body, dict)
    ]
    shown = [body for body in bodies if "components" in body]
    assert len(shown) == 3
    assert [body.get("allowed_mentions", {}).get("parse") for body in shown] == [[], [], []]


@pytest.mark.parametrize(
    "typed",
    [
        "@everyone @here what about the congestion charge?",
        "<@{keeper}> <@&{role}> what about the congestion charge?",
        "# **congestion** ||charge|| [trap](https://example.org/trap) `code`?",
    ],
)
async def test_a_question_pings_nobody_and_becomes_no_markup(stage: Stage, typed: str) -> None:
    question = typed.format(keeper=stage.keeper.id, role=stage.community.bot_role.id)
    answer = await stage.shown(stage.ada.slash(stage.general, "source", topic=question))
    why = await stage.shown(stage.ada.press(answer, texts.WHY)) if answer.components else answer
    for message in (answer, why):
        assert pinged_by(message) == []
        assert "https://example.org/trap)" not in text_of(message)
        assert "||charge||" not in text_of(message)


async def test_a_question_of_the_greatest_length_is_answered(stage: Stage) -> None:
    long = f"{QUESTION} {'Cars in the city centre! ' * 200}"[:1900]
    answer = await stage.answer(stage.ada.ask(stage.general, long))
    assert len(text_of(answer)) <= 4000
    assert words_of(answer)


async def test_a_text_longer_than_a_plain_message_is_answered_in_a_command(stage: Stage) -> None:
    long = f"{QUESTION} {'Cars in the city centre! ' * 300}"[:6000]
    answer = await stage.shown(stage.ada.slash(stage.general, "source", topic=long))
    assert len(text_of(answer)) <= 4000


async def test_a_message_of_twice_the_usual_length_is_looked_into(stage: Stage) -> None:
    said = stage.keeper.say(stage.general, CLAIM)
    said.content = f"{CLAIM} {'And lunch was good. ' * 200}"[:4000]  # as some may write
    answer = await stage.shown(stage.ada.menu(said, "Find sources"))
    assert words_of(answer)
    assert len(text_of(answer)) <= 4000


@pytest.mark.parametrize("odd", ODD, ids=ascii)
async def test_odd_characters_are_answered(stage: Stage, odd: str) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, f"{odd} {QUESTION} {odd}"))
    assert words_of(answer)
    assert "\u202e" not in text_of(answer)


@pytest.mark.parametrize("odd", ["", " ", "\n\n", "```", ">>> ", "||||", "\u200b", "***"])
async def test_next_to_nothing_is_answered(stage: Stage, odd: str) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, odd))
    assert words_of(answer)


async def test_a_document_of_odd_characters_is_shown_to_the_letter(stage: Stage) -> None:
    sentence = "Zeppelins \u0645\u0631\u062d\u0628\u0627 e\u0301 \U0001f9d1\u200d\U0001f692 float."
    path = stage.folder / "corpus" / "documents" / "zeppelins.txt"
    path.write_text(f"{sentence}\n", "utf-8")
    await stage.reindex("1 document added")
    answer = await stage.answer(stage.ada.ask(stage.general, "What do zeppelins do?"))
    assert sentence in words_of(answer)


async def test_a_document_with_one_very_long_sentence_fits(stage: Stage) -> None:
    path = stage.folder / "corpus" / "documents" / "long.txt"
    sentence = "Zeppelins " + "drift over the old harbour and " * 300 + "land."
    path.write_text(f"{sentence}\n", "utf-8")
    await stage.reindex("1 document added")
    answer = await stage.answer(stage.ada.ask(stage.general, "Where do zeppelins drift?"))
    [quote] = [line[2:] for line in text_of(answer).splitlines() if line.startswith("> ")]
    assert quote in sentence
    assert len(text_of(answer)) <= 4000


async def test_previews_of_links_are_suppressed(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    assert answer.flags & (1 << 2)
