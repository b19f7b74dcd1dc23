"""Replies as Slack gets them: inside every limit, quotes to the letter, nothing in them acts."""

from dataclasses import replace

import pytest
from hypothesis import assume, example, given, settings

from adapters.messaging.paging import COUNTERPOINTS_FIRST, Seen, find
from adapters.messaging.presses import Action, Press
from adapters.messaging.reports import why_report
from adapters.messaging.surroundings import Cited
from adapters.slack import blocks, escaping, limits
from adapters.slack.blocks import Message
from adapters.slack.render import render_context, render_counterpoints, render_more, render_reply
from adapters.slack.responding import with_share
from bot import texts
from bot.conversation.composing import FIRST_REPLY
from bot.types import Evidence, Query, QueryKind, Reply, Stance, Topic
from bot.typography import readable
from tests.adapters.messaging.evidence import (
    NASTY,
    claim_reply,
    evidence,
    evidences,
    long_texts,
    nasty_texts,
    replies,
)
from tests.adapters.slack.looking import (
    labels,
    links_in,
    numbers,
    of_kind,
    pressable,
    presses,
    problems_of,
    quotes_in,
    told,
)

THREAD = "https://example.slack.com/archives/C024BE7LH/p1700000000000001"
SENTENCE = "A sentence that had to be added. " * 100


def grown(message: Message) -> Message:
    """Return a message with all that posts may add to it."""
    return with_share(blocks.with_sentence(message, SENTENCE), "0a1b2c3d4e5f")


def largest(size: int) -> Reply:
    """Return a reply of which every part is as long as the bot shows it, or longer."""
    mass = "& <" * 3_000
    one = replace(
        evidence(
            "& <x" * (size // 4), speaker=mass, title=mass, locator=mass, reported=True,
            url=f"https://e.org/{'x' * 280}", permalink=f"https://read.example/{'y' * 270}",
        )
    )  # fmt: skip
    query = Query(mass, QueryKind.QUESTION, mass)
    return Reply("0a1b2c3d4e5f", True, mass, (one,) * 6, (one,) * 6, query=query)


# --- whatever is found


@settings(max_examples=25)
@given(replies, nasty_texts | long_texts)
@example(largest(8_000), NASTY * 20)
@example(largest(8_001), "&" * 3_000)
@example(largest(40), "\U0001f600" * 3_000)
def test_any_reply_fits_and_nothing_in_it_acts(reply: Reply, author: str) -> None:
    about = Cited(author, THREAD)
    for first in (FIRST_REPLY, COUNTERPOINTS_FIRST):
        message = render_reply(reply, about=about, note=author, first=first)
        assert problems_of(grown(message)) == []
    assert problems_of(grown(render_counterpoints(reply, gone=2))) == []


@settings(max_examples=20)
@given(replies)
@example(largest(8_000))
@example(claim_reply(quotes=12, counterpoints=9, text="long " * 700))
def test_the_pages_of_a_reply_show_each_quote_once_whole_and_in_order(reply: Reply) -> None:
    pages = [render_reply(reply)]
    while more := [one for one in presses(pages[-1]) if one.action is Action.MORE]:
        pages.append(render_more(reply, Seen.parse(more[0].detail)))
        assert problems_of(grown(pages[-1])) == []
    contexts = [one for page in pages for one in presses(page) if one.action is Action.CONTEXT]
    every = (*reply.quotes, *reply.counterpoints)
    named = [find(every, one.detail) for one in contexts]
    shown = [one.quote.text for one in named if one is not None]
    assert sorted(shown) == sorted(one.quote.text for one in every)
    counted = sorted(int(one.detail.partition("-")[0]) for one in contexts)
    assert counted == list(range(1, len(every) + 1))
    whole = {escaping.literal(readable(one.quote.text)) for one in every}
    assert {quote for page in pages for quote in quotes_in(page)} <= whole


@settings(max_examples=20)
@given(evidences, nasty_texts | long_texts, nasty_texts)
@example(largest(8_000).quotes[0], "before " * 2_000, "& " * 500)
@example(largest(8_001).quotes[0], "before", "after")
def test_context_fits_and_shows_the_quote_in_its_place(
    one: Evidence, before: str, after: str
) -> None:
    message = render_context(one, before, after)
    assert problems_of(grown(message)) == []
    if of_kind(message, "rich_text_quote"):
        bold = [part["text"] for part in of_kind(message, "text") if part.get("style")]
        assert bold[0] == escaping.literal(readable(one.quote.text))


@settings(max_examples=15)
@given(replies)
def test_why_fits_whatever_was_found(reply: Reply) -> None:
    assert problems_of(grown(blocks.report(why_report(reply)))) == []


@given(evidences)
@example(evidence(NASTY))
@example(evidence("<!channel> <@U024BE7LH> &lt; *a* :b: https://e.org"))
def test_a_quote_stands_in_a_quotation_to_the_letter(one: Evidence) -> None:
    quoted = readable(one.quote.text)
    assume(limits.length(quoted) <= 8_000)
    message = render_reply(Reply("r", True, "One", (one,)))
    assert quotes_in(message) == [escaping.literal(quoted)]
    [quote] = of_kind(message, "rich_text_quote")
    assert [part.keys() for part in quote["elements"]] == [{"type", "text"}]


def test_the_text_for_notifications_has_the_quotes_and_whose_they_are() -> None:
    one = evidence("Trams & <buses>", speaker="Ida <Rail>")
    reply = Reply("r", True, "One", (one,), (evidence("Cars."),))
    text = render_reply(reply).text
    assert text.startswith("One\n\n1 \N{LEFT DOUBLE QUOTATION MARK}Trams &amp; &lt;buses&gt;")
    assert "Ida &lt;Rail&gt;, On trams, 2024-05-01, paragraph 2" in text
    assert text.index(texts.COUNTERPOINTS) < text.index("Cars.")


def test_the_text_for_notifications_never_ends_in_a_heading() -> None:
    reply = Reply("r", True, "One", (evidence("Trams."),), (evidence("long " * 800),))
    assert texts.COUNTERPOINTS not in render_reply(reply).text


# --- what is told


def test_a_quote_has_its_speaker_document_date_place_and_link_under_it() -> None:
    message = render_reply(claim_reply(quotes=1, counterpoints=0))
    for part in ("Trams carry people. 0", "Ida Rail", "On trams", "2024-05-01", "paragraph 2"):
        assert part in told(message)
    [cited] = of_kind(message, "citation")
    assert cited["url"] == "https://read.example/q/trams-0-24-0123abcd"
    assert cited["details"]["title"] == "On trams"


def test_reported_speech_is_marked() -> None:
    message = render_reply(Reply("r", True, "One", (evidence(reported=True),)))
    bold = [one["text"] for one in of_kind(message, "text") if one.get("style")]
    assert texts.REPORTED in bold


def test_what_is_not_known_is_said() -> None:
    message = render_reply(Reply("r", True, "One", (evidence(speaker=None),)))
    assert texts.UNKNOWN_AUTHOR in told(message)


def test_counterpoints_stand_apart_and_say_what_they_argue_against() -> None:
    shown = told(render_reply(claim_reply()))
    before, _, after = shown.partition(f"{texts.COUNTERPOINTS}\n")
    assert "Not 0" not in before
    assert after.startswith(texts.against("Trams are good"))
    assert "Not 0" in after


def test_disputed_answers_are_said_to_be_so() -> None:
    query = Query("What do trams cost?", QueryKind.QUESTION)
    reply = Reply("r", True, "One", (), (evidence(stance=Stance.OPPOSES),), query=query)
    assert texts.AGAINST_ANSWERS in told(render_reply(reply))


def test_the_first_page_shows_three_and_two_and_counts_the_rest() -> None:
    message = render_reply(claim_reply(quotes=5, counterpoints=3))
    assert len(quotes_in(message)) == 5
    assert labels(message)[-5:] == [
        texts.show_more(3), texts.COUNTERPOINTS, texts.WHY, texts.HELPFUL, texts.NOT_HELPFUL,
    ]  # fmt: skip


def test_a_quote_has_one_number_on_every_page_and_under_why() -> None:
    reply = claim_reply(quotes=5, counterpoints=3)
    every = (*reply.quotes, *reply.counterpoints)
    expected = {one.quote.text: str(number) for number, one in enumerate(every, start=1)}
    why = blocks.report(why_report(reply))
    bold = [one["text"] for one in of_kind(why, "text") if one.get("style")]
    assert [one for one in bold if one.isdecimal()] == list(expected.values())
    first = render_reply(reply)
    [more] = [one for one in presses(first) if one.action is Action.MORE]
    pages = [
        first,
        render_reply(reply, first=COUNTERPOINTS_FIRST),
        render_more(reply, Seen.parse(more.detail)),
        render_counterpoints(reply),
    ]
    for page in pages:
        shown = numbers(page)
        assert shown.items() <= expected.items()
        contexts = [one for one in labels(page) if one.startswith(texts.CONTEXT)]
        assert contexts == [f"{texts.CONTEXT} {number}" for number in shown.values()]
        cited = [str(one["index"]) for one in of_kind(page, "citation")]
        assert cited == list(shown.values())
    assert expected.keys() == numbers(pages[0]).keys() | numbers(pages[2]).keys()


def test_whoever_asked_for_counterpoints_sees_them_first() -> None:
    message = render_reply(claim_reply(quotes=3, counterpoints=3), first=COUNTERPOINTS_FIRST)
    assert ["Not" in quote for quote in quotes_in(message)] == [False, True, True, True]


def test_a_quote_that_fits_nowhere_is_pointed_to_and_not_cut() -> None:
    reply = Reply("r", True, "One", (evidence("word " * 2000), evidence("Short.")))
    message = render_reply(reply)
    assert texts.TOO_LONG_TO_SHOW in told(message)
    assert quotes_in(message) == ["Short."]


def test_long_quotes_of_one_side_do_not_crowd_out_the_other() -> None:
    reply = claim_reply(quotes=3, counterpoints=2, text="long " * 600)
    assert {"Not" in quote for quote in quotes_in(render_reply(reply))} == {True, False}


def test_counterpoints_alone_and_what_is_gone() -> None:
    message = render_counterpoints(claim_reply(), gone=1)
    assert all("Not" in quote for quote in quotes_in(message))
    assert texts.quotes_gone(1) in told(message)
    assert texts.NO_MORE in told(render_more(claim_reply(), Seen(3, 2), gone=2))


def test_context_shows_the_quote_in_bold_between_what_is_around_it() -> None:
    message = render_context(evidence("Trams."), "Before. ", " After.")
    [quote] = of_kind(message, "rich_text_quote")
    assert [(one["text"], "style" in one) for one in quote["elements"]] == [
        ("Before. ", False), ("Trams.", True), (" After.", False),
    ]  # fmt: skip


# --- who is answered


def test_the_message_that_is_answered_is_named_with_its_address() -> None:
    message = render_reply(claim_reply(), about=Cited("Ann *", THREAD))
    assert told(message).startswith(texts.answers_message("Ann *"))
    assert links_in(message)[0] == THREAD
    nowhere = render_reply(claim_reply(), about=Cited("Ann *", ""))
    assert told(nowhere).startswith(texts.answers_message("Ann *"))


def test_the_statement_that_sides_are_taken_on_is_told_when_it_was_not_asked() -> None:
    asked = Query("Are trams good?", QueryKind.QUESTION, "Trams are good")
    reply = Reply("r", True, "One", (evidence(),), query=asked)
    statement = texts.sides_on("Trams are good")
    assert statement in told(render_reply(reply))
    assert statement not in told(render_reply(claim_reply()))


# --- links


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:8080"])
def test_a_link_that_only_the_bots_machine_can_open_is_left_out(host: str) -> None:
    one = evidence(permalink=f"http://{host}/q/trams-0-24-0123abcd", url="https://e.org/trams")
    assert links_in(render_reply(Reply("r", True, "One", (one,)))) == ["https://e.org/trams"]


def test_an_address_that_is_none_is_left_out() -> None:
    reply = Reply("r", True, "One", (evidence(url="javascript:alert(1)"),))
    assert len(links_in(render_reply(reply))) == 1


# --- buttons


def test_an_answer_can_be_shared_and_what_is_none_cannot() -> None:
    assert render_reply(claim_reply()).shares == "0a1b2c3d4e5f"
    assert render_reply(Reply("r", False, texts.NOTHING_FOUND)).shares is None


def test_an_answer_of_which_nothing_is_kept_has_nothing_to_press() -> None:
    kept = claim_reply(quotes=5, counterpoints=3)
    message = render_reply(replace(kept, is_kept=False))
    assert (pressable(message), message.shares) == ([], None)
    assert quotes_in(message) == quotes_in(render_reply(kept))


def test_the_thumbs_say_which_of_them_was_pressed() -> None:
    [thumbs] = of_kind(render_reply(claim_reply()), "feedback_buttons")
    said = [Press.parse(thumbs[f"{side}_button"]["value"]) for side in ("positive", "negative")]
    about = "0a1b2c3d4e5f"
    assert said == [Press(Action.HELPFUL, about), Press(Action.NOT_HELPFUL, about)]


def test_suggestions_are_buttons_that_ask_the_topic() -> None:
    slugs = ("trams", "x" * 300, "", "trams", *(f"t{number}" for number in range(9)))
    reply = Reply("r", False, texts.NOTHING_FOUND, suggestions=slugs)
    message = render_reply(reply, [Topic("trams", "Trams", (), "", "")])
    assert labels(message)[0] == "Trams"
    assert presses(message)[0] == Press(Action.TOPIC, detail="trams")
    assert 1 < len(pressable(message)) <= limits.ROW_BUTTONS
    assert texts.NEAR_TOPICS in told(message)
    assert problems_of(grown(message)) == []
