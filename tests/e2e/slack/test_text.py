"""Whatever people type and documents hold is shown to the letter, pings nobody and fits.

The fixture `stage` holds every request against Slack's limits and against what pings.
"""

import json

import pytest

from adapters.slack import limits
from bot import admin_texts, texts
from bot.typography import readable
from tests.e2e.corpus import AGAINST, CLAIM, HOSTILE, NOTICE, QUESTION
from tests.e2e.slack.blockkit import nodes, text_length
from tests.e2e.slack.reading import labels_of, links_of, pinged_by, quotes_of, text_of, words_of
from tests.e2e.slack.stage import Stage
from tests.e2e.slack.workspace import Message

ODD = (
    "\u202ereversed\u202c",
    "e\u0301\u0323 combining",
    "\U0001f9d1\u200d\U0001f692 family",
    "\u0645\u0631\u062d\u0628\u0627",
    "\x00\x07 control",
    "zero\u200bwidth\ufeff",
    "&amp; &lt;entities&gt; &#64;",
)
MARKS = "<!everyone> <!here> <@U00000003> <#C00000001> <https://example.org/trap|trap> *b* _i_ `c`"
ACTING = frozenset({"user", "usergroup", "broadcast", "team", "emoji", "mrkdwn", "markdown"})


def _add(stage: Stage, name: str, text: str) -> None:
    (stage.folder / "corpus" / "documents" / name).write_text(text, "utf-8")


def _acts(message: Message) -> set[str]:
    """Return the kinds of elements that would do something with what they say."""
    return {str(one.get("type")) for one in nodes(message.blocks)} & ACTING


# --- to the letter ---------------------------------------------------------------------


async def test_a_document_is_shown_to_the_letter_and_pings_nobody(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, HOSTILE))
    assert readable(NOTICE.strip()) in quotes_of(answer)
    assert pinged_by(answer) == []
    assert _acts(answer) == set()
    assert "https://example.org/trap" not in links_of(answer)


async def test_a_document_is_shown_to_the_letter_in_every_answer(stage: Stage) -> None:
    private = await stage.shown(stage.ada.command(stage.general, "/source", HOSTILE))
    said = stage.keeper.say(stage.general, HOSTILE)
    found = await stage.shown(stage.ada.shortcut(said, "menu_sources"))
    context = await stage.shown(stage.ada.press(private, f"{texts.CONTEXT} 1"))
    pressed = stage.ada.press(private, texts.SHARE)
    [shared] = await stage.until(lambda: pressed.messages)
    for message in (found, context, shared):
        assert any(readable(NOTICE.strip()) in one for one in quotes_of(message))
        assert pinged_by(message) == []
        assert _acts(message) == set()


async def test_a_text_without_blocks_is_escaped(stage: Stage) -> None:
    stage.server.faults.refuse("chat.postMessage", "invalid_blocks", times=2)
    answer = await stage.answer(stage.ada.ask(stage.general, HOSTILE))
    assert answer.blocks == []
    assert "<" not in answer.text
    assert ">" not in answer.text
    assert readable(NOTICE.strip()) in text_of(answer)
    [*_, sent] = stage.server.sent("chat.postMessage")
    assert sent.body["mrkdwn"] in (False, "0", "false")


@pytest.mark.parametrize(
    "typed",
    [
        "<!everyone> <!here> what about the congestion charge?",
        "<@U00000003> <!subteam^S1> what about the congestion charge?",
        "*congestion* ~charge~ <https://example.org/trap|trap> `code` :tada: <#C00000001>?",
    ],
)
async def test_a_question_pings_nobody_and_becomes_no_markup(stage: Stage, typed: str) -> None:
    answer = await stage.shown(stage.ada.command(stage.general, "/source", typed))
    why = await stage.shown(stage.ada.press(answer, texts.WHY)) if labels_of(answer) else answer
    for message in (answer, why):
        assert pinged_by(message) == []
        assert _acts(message) == set()
        assert "https://example.org/trap" not in links_of(message)


async def test_names_of_people_and_documents_become_no_markup(stage: Stage) -> None:
    stage.keeper.user.name = MARKS
    _add(stage, "zeppelins.txt", "Zeppelins drift over the old harbour.\n")
    entry = '\n[[document]]\nfile = "zeppelins.txt"\ntitle = "{0}"\nauthor = "{0}"\n'
    manifest = stage.folder / "corpus" / "documents.toml"
    manifest.write_text(manifest.read_text("utf-8") + entry.format(MARKS), "utf-8")
    report = await stage.reindex("1 document added")
    said = stage.keeper.say(stage.general, "Zeppelins drift over the harbour.")
    private = await stage.shown(stage.ada.shortcut(said, "menu_sources"))
    pressed = stage.keeper.press(
        await stage.shown(stage.keeper.shortcut(said, "menu_sources")), texts.SHARE
    )
    [shared] = await stage.until(lambda: pressed.messages)
    for message in (report, private, shared):
        assert MARKS in text_of(message)
        assert pinged_by(message) == []
        assert _acts(message) == set()


async def test_a_document_of_odd_characters_is_shown_to_the_letter(stage: Stage) -> None:
    sentence = "Zeppelins \u0645\u0631\u062d\u0628\u0627 e\u0301 \U0001f9d1\u200d\U0001f692 float."
    _add(stage, "zeppelins.txt", f"{sentence}\n")
    await stage.reindex("1 document added")
    answer = await stage.answer(stage.ada.ask(stage.general, "What do zeppelins do?"))
    assert sentence in quotes_of(answer)


@pytest.mark.parametrize("odd", ODD, ids=ascii)
async def test_odd_characters_are_answered(stage: Stage, odd: str) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, f"{odd} {QUESTION} {odd}"))
    assert quotes_of(answer)
    why = await stage.shown(stage.ada.press(answer, texts.WHY))
    for message in (answer, why):
        assert "\u202e" not in json.dumps(message.blocks, ensure_ascii=False) + message.text


async def test_what_would_turn_text_around_is_taken_out_of_quotes_and_titles(stage: Stage) -> None:
    turning = "\u202ezeppelins\u202c"
    _add(stage, "zeppelins.txt", f"The old {turning} drift over the harbour.\n")
    manifest = stage.folder / "corpus" / "documents.toml"
    entry = f'\n[[document]]\nfile = "zeppelins.txt"\ntitle = "On {turning}"\n'
    manifest.write_text(manifest.read_text("utf-8") + entry, "utf-8")
    report = await stage.reindex("1 document added")
    answer = await stage.answer(stage.ada.ask(stage.general, "Where do zeppelins drift?"))
    assert any("zeppelins" in one for one in quotes_of(answer))
    for message in (report, answer):
        assert "\u202e" not in json.dumps(message.blocks, ensure_ascii=False) + message.text


@pytest.mark.parametrize("odd", [" ", "\n\n", "```", "&gt;&gt;&gt; ", "\u200b", "***"])
async def test_next_to_nothing_is_answered(stage: Stage, odd: str) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, odd))
    assert texts.HOW_TO_ASK in words_of(answer)


# --- room ------------------------------------------------------------------------------


@pytest.mark.parametrize("filler", ["Cars in the city centre! ", "\U0001f697 & <b> "])
async def test_a_message_of_forty_thousand_characters_is_answered(
    stage: Stage, filler: str
) -> None:
    long = f"{QUESTION} {filler * 40_000}"[:40_000]
    answer = await stage.answer(stage.ada.ask(stage.general, long))
    assert words_of(answer)
    assert text_length(answer.blocks) <= limits.TEXT
    assert len(answer.text) <= limits.FALLBACK


async def test_a_message_of_forty_thousand_characters_is_looked_into(stage: Stage) -> None:
    said = stage.keeper.say(stage.general, f"{CLAIM} {'And lunch was good. ' * 2_000}"[:40_000])
    answer = await stage.shown(stage.ada.shortcut(said, "menu_sources"))
    assert texts.answers_message("Grace") in words_of(answer)
    assert quotes_of(answer)
    shown = await stage.shown(stage.ada.press(answer, texts.WHY))
    assert text_length(shown.blocks) <= limits.TEXT


async def test_a_long_question_in_vain_is_listed_with_the_others(stage: Stage) -> None:
    await stage.answer(stage.ada.ask(stage.general, f"Is cheese {'very ' * 8_000}old?"))
    shown = await stage.shown(stage.keeper.command(stage.general, "/source-admin", "log all"))
    assert "very very" in words_of(shown)
    assert text_length(shown.blocks) <= limits.TEXT


@pytest.mark.parametrize("length", [7_000, 9_000])
async def test_a_document_with_one_very_long_sentence_fits(stage: Stage, length: int) -> None:
    sentence = f"Zeppelins {'drift over the old harbour and ' * 1_000}"[:length].strip() + "."
    _add(stage, "long.txt", f"{sentence}\n")
    await stage.reindex("1 document added")
    answer = await stage.answer(stage.ada.ask(stage.general, "Where do zeppelins drift?"))
    assert all(quote in sentence for quote in quotes_of(answer))
    assert quotes_of(answer) or texts.TOO_LONG_TO_SHOW in words_of(answer)
    context = await stage.shown(stage.ada.press(answer, f"{texts.CONTEXT} 1"))
    for message in (answer, context):
        assert text_length(message.blocks) <= limits.TEXT
        assert len(message.text) <= limits.FALLBACK


async def test_several_long_quotes_wait_for_another_page(stage: Stage) -> None:
    for number in range(6):
        words = f"Zeppelin number {number} drifts over the harbour and {'on and ' * 500}lands."
        _add(stage, f"zeppelin-{number}.txt", f"{words}\n")
    await stage.reindex("6 documents added")
    answer = await stage.answer(stage.ada.ask(stage.general, "Where do zeppelins drift?"))
    shown, page = quotes_of(answer), answer
    while more := [one for one in labels_of(page) if one.startswith("Show ")]:
        page = await stage.shown(stage.ada.press(page, more[0]))
        shown += quotes_of(page)
        assert text_length(page.blocks) <= limits.TEXT
    assert len(shown) == len(set(shown)) > len(quotes_of(answer))


async def test_a_hundred_topics_are_offered(stage: Stage) -> None:
    topics = "".join(
        f'\n[subject-{number}]\ntitle = "Subject {number} {"x" * 90}"\n'
        f'description = "About it."\nproposition = "Subject {number} matters."\n'
        for number in range(130)
    )
    path = stage.folder / "corpus" / "topics.toml"
    path.write_text(path.read_text("utf-8") + topics, "utf-8")
    await stage.reindex("")
    await stage.restart()
    shown = await stage.shown(stage.ada.command(stage.general, "/source"))
    assert len(await stage.ada.type_into(shown, "")) == limits.OPTIONS
    assert len(await stage.ada.type_into(shown, "subject")) == limits.OPTIONS
    stage.ada.open_home()
    home = await stage.until(lambda: stage.ada.home)
    assert len(home.blocks) <= limits.VIEW_BLOCKS
    stage.ada.open_messages()
    [prompts] = await stage.until(lambda: stage.workspace.team.prompts)
    assert len(prompts.prompts) == limits.PROMPTS


@pytest.mark.parametrize("mode", ["socket"])  # it takes a while
async def test_a_report_of_four_hundred_lines_is_cut_and_says_so(stage: Stage) -> None:
    for number in range(400):
        _add(stage, f"document-{number}-{'x' * 60}.txt", f"Bus number {number} leaves at noon.\n")
    report = await stage.reindex("400 documents added")
    told = words_of(report)
    left = int(told.split()[-2])
    assert told.endswith(texts.left_out(left))
    assert 0 < left < 400
    assert told.count("1 sentence new") == 400 - left
    assert text_length(report.blocks) <= limits.TEXT
    assert len(report.text) <= limits.FALLBACK


async def test_a_long_report_has_room_in_the_home_tab(stage: Stage) -> None:
    for number in range(150):
        _add(stage, f"document-{number}-{'x' * 90}.txt", f"Bus number {number} leaves at noon.\n")
    stage.keeper.open_home()
    home = await stage.until(lambda: stage.keeper.home)
    stage.keeper.press(home, admin_texts.REINDEX)
    await stage.until(lambda: "150 documents added" in words_of(home))
    assert texts.HELP_MENTION in words_of(home)
    assert len(home.blocks) <= limits.VIEW_BLOCKS


# --- reading it out ----------------------------------------------------------------------


async def test_the_text_of_an_answer_reads_well_without_its_blocks(stage: Stage) -> None:
    said = stage.keeper.say(stage.general, CLAIM)
    answer = await stage.answer(stage.ada.ask(stage.general, "source?", thread=said))
    lines = answer.text.split("\n\n")
    headline = next(one for one in words_of(answer).split(". ") if "support this" in one)
    assert lines[0] == texts.answers_message("Grace")
    assert lines[1].rstrip(".") in headline
    assert f"1 \N{LEFT DOUBLE QUOTATION MARK}{CLAIM}\N{RIGHT DOUBLE QUOTATION MARK}" in lines[2]
    assert "Ada Brown, The market square, 2019-05-01" in lines[2]
    assert lines.index(texts.COUNTERPOINTS) < next(
        place for place, line in enumerate(lines) if AGAINST in line
    )
    assert all(quote in answer.text for quote in quotes_of(answer))
    assert "http" not in answer.text


async def test_everything_that_is_shown_has_a_text_to_be_read_out(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    for label in (texts.WHY, texts.COUNTERPOINTS, texts.NOT_HELPFUL, f"{texts.CONTEXT} 1"):
        shown = await stage.shown(stage.ada.press(answer, label))
        assert len(shown.text) > 10
    for name, text in (("/source", ""), ("/source-help", ""), ("/source-privacy", "")):
        shown = await stage.shown(stage.ada.command(stage.general, name, text))
        assert len(shown.text) > 10


async def test_previews_of_links_are_suppressed(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    await stage.shown(stage.ada.command(stage.general, "/source", f"{CLAIM} in-channel"))
    assert links_of(answer)
    sent = [
        one.body for name in ("chat.postMessage", "response_url") for one in stage.server.sent(name)
    ]
    assert len(sent) == 2
    for body in sent:
        assert {body["unfurl_links"], body["unfurl_media"]} <= {False, "false", "0"}


async def test_quotes_are_cited_and_lead_to_their_page(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    cited = [one for one in nodes(answer.blocks) if one.get("type") == "citation"]
    assert [one["index"] for one in cited] == list(range(1, len(quotes_of(answer)) + 1))
    assert all(one["url"].startswith("https://quotes.example.org/") for one in cited)


async def test_a_slack_that_knows_no_citations_gets_links(stage: Stage) -> None:
    stage.server.knows_citations = False
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    private = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    for message in (answer, private):
        assert CLAIM in quotes_of(message)
        assert any(one.startswith("https://quotes.example.org/") for one in links_of(message))
        assert texts.HELPFUL in labels_of(message)
    shown = await stage.shown(stage.ada.press(answer, texts.HELPFUL))
    assert words_of(shown) == texts.THANKS


async def test_an_answer_whose_blocks_are_refused_is_shown_as_text(stage: Stage) -> None:
    stage.server.faults.refuse("response_url", "invalid_blocks", times=2)
    private = await stage.shown(stage.ada.command(stage.general, "/source", CLAIM))
    assert private.blocks == []
    assert CLAIM in words_of(private)
    assert len(stage.server.sent("response_url")) == 3
