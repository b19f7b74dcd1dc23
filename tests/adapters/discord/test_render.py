from dataclasses import replace
from typing import Any

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import limits
from adapters.discord.layout import report
from adapters.discord.render import (
    render_context,
    render_counterpoints,
    render_more,
    render_reply,
)
from adapters.discord.sending import add_sentence
from adapters.messaging.paging import COUNTERPOINTS_FIRST, Seen, find
from adapters.messaging.presses import Action, Press
from adapters.messaging.printable import printable
from adapters.messaging.reports import why_report
from adapters.messaging.surroundings import Cited
from bot import texts
from bot.conversation.composing import FIRST_REPLY
from bot.types import Query, QueryKind, Reply, Stance, Topic
from bot.typography import readable
from tests.adapters.discord.reader import Seen as Reading
from tests.adapters.discord.reader import read
from tests.adapters.messaging.evidence import (
    claim_reply,
    evidence,
    evidences,
    nasty_texts,
    replies,
)

View = discord.ui.LayoutView


def why(reply: Reply) -> View:
    return report(why_report(reply))


def texts_in(view: View) -> list[str]:
    return [one.content for one in view.walk_children() if isinstance(one, discord.ui.TextDisplay)]


def shown(view: View) -> Reading:
    return read("\n".join(texts_in(view)))


def components_of(view: View) -> list[Any]:
    return [item.to_component_dict() for item in view.children]


def pressable(components: list[Any]) -> list[dict[str, Any]]:
    found = []
    for component in components:
        found += [component] if "custom_id" in component else []
        found += pressable(component.get("components", []))
    return found


def presses(view: View) -> list[Press]:
    parsed = [Press.parse(one["custom_id"]) for one in pressable(components_of(view))]
    return [press for press in parsed if press is not None]


def numbers(view: View) -> dict[str, str]:
    """Return the number that stands under each quote of a page."""
    found = {}
    for text in texts_in(view):
        if text.startswith("> "):
            quote, under = text.split("\n")
            found[read(quote).text] = read(under).values("bold")[0]
    return found


def labels(view: View) -> list[str]:
    return [one["label"] for one in pressable(components_of(view))]


def quotes_in(view: View) -> list[str]:
    """Return the text of each block quote, as a reader sees it."""
    return [read(text.split("\n")[0]).text for text in texts_in(view) if text.startswith("> ")]


def assert_fits(view: View) -> None:
    add_sentence(view, "A sentence that had to be added. " * 20)
    written = texts_in(view)
    assert sum(limits.length(text) for text in written) <= limits.TEXT
    assert all(written)
    assert view.total_children_count <= limits.COMPONENTS
    buttons = pressable(components_of(view))
    ids = [one["custom_id"] for one in buttons]
    assert len(ids) == len(set(ids))
    assert all(limits.length(one) <= limits.CUSTOM_ID for one in ids)
    assert all(1 <= limits.length(one["label"]) <= limits.BUTTON_LABEL for one in buttons)


def assert_inert(view: View) -> None:
    """Nothing acts but what the adapter itself writes."""
    seen = shown(view)
    kinds = {kind for kind, _ in seen.acting}
    assert kinds <= {"block", "bold", "link", "url"}
    assert all(url.startswith("https://discord.com/channels/") for url in seen.values("url"))
    assert all(url.startswith(("http://", "https://")) for url in seen.values("link"))


@settings(max_examples=50, deadline=None)
@given(replies, nasty_texts, st.booleans())
def test_any_reply_fits_and_nothing_in_it_acts(reply: Reply, author: str, counters: bool) -> None:
    about = Cited(author, "https://discord.com/channels/1/2/3")
    first = COUNTERPOINTS_FIRST if counters else FIRST_REPLY
    view = render_reply(reply, about=about, note=author, first=first)
    assert_inert(view)
    assert_fits(view)


@settings(max_examples=25, deadline=None)
@given(replies)
def test_the_pages_of_a_reply_show_each_quote_once_whole_and_in_order(reply: Reply) -> None:
    views = [render_reply(reply)]
    while more := [one for one in presses(views[-1]) if one.action is Action.MORE]:
        views.append(render_more(reply, Seen.parse(more[0].detail)))
        assert_inert(views[-1])
        assert_fits(views[-1])
    contexts = [
        press for view in views for press in presses(view) if press.action is Action.CONTEXT
    ]
    assert len(contexts) == len(reply.quotes) + len(reply.counterpoints)
    found = [find((*reply.quotes, *reply.counterpoints), one.detail) for one in contexts]
    named = [one.quote.text for one in found if one is not None]
    every = [one.quote.text for one in (*reply.quotes, *reply.counterpoints)]
    assert sorted(named) == sorted(every)
    written = [quote for view in views for quote in quotes_in(view)]
    whole = {printable(readable(one.quote.text)) for one in (*reply.quotes, *reply.counterpoints)}
    assert set(written) <= whole


@settings(max_examples=20, deadline=None)
@given(evidences, nasty_texts, nasty_texts)
def test_context_fits_and_shows_the_quote_in_its_place(one: Any, before: str, after: str) -> None:
    view = render_context(one, before, after)
    assert_inert(view)
    quote = printable(readable(one.quote.text))
    text = shown(view).text
    if texts.TOO_LONG_TO_SHOW not in text:
        assert quote in text
    assert_fits(view)


@settings(max_examples=20, deadline=None)
@given(replies)
def test_why_fits_whatever_was_found(reply: Reply) -> None:
    view = why(reply)
    assert_inert(view)
    assert_fits(view)


def test_a_quote_has_its_speaker_document_date_place_and_link_under_it() -> None:
    view = render_reply(claim_reply(quotes=1, counterpoints=0))
    told = shown(view).text
    for part in ("Trams carry people. 0", "Ida Rail", "On trams", "2024-05-01", "paragraph 2"):
        assert part in told
    assert shown(view).values("link") == ["https://read.example/q/trams-0-24-0123abcd"]


def test_reported_speech_is_marked() -> None:
    reply = Reply("r", True, "One", (evidence(reported=True),))
    assert texts.REPORTED in shown(render_reply(reply)).values("bold")


def test_what_is_not_known_is_said() -> None:
    reply = Reply("r", True, "One", (evidence(speaker=None),))
    assert texts.UNKNOWN_AUTHOR in shown(render_reply(reply)).text


def test_counterpoints_stand_apart_and_say_what_they_argue_against() -> None:
    boxes = [
        one for one in render_reply(claim_reply()).children if isinstance(one, discord.ui.Container)
    ]
    for_it, against = ("\n".join(texts_in_box(box)) for box in boxes)
    assert texts.COUNTERPOINTS not in for_it
    assert texts.against("Trams are good") in read(against).text
    assert "Not 0" in against


def texts_in_box(box: discord.ui.Container[Any]) -> list[str]:
    return [one.content for one in box.walk_children() if isinstance(one, discord.ui.TextDisplay)]


def test_disputed_answers_are_said_to_be_so() -> None:
    query = Query("What do trams cost?", QueryKind.QUESTION)
    reply = Reply("r", True, "One", (), (evidence(stance=Stance.OPPOSES),), query=query)
    assert texts.AGAINST_ANSWERS in shown(render_reply(reply)).text


def test_the_first_page_shows_three_and_two_and_counts_the_rest() -> None:
    view = render_reply(claim_reply(quotes=5, counterpoints=3))
    assert len(quotes_in(view)) == 5
    assert labels(view)[-5:] == [
        texts.show_more(3), texts.COUNTERPOINTS, texts.HELPFUL, texts.NOT_HELPFUL, texts.WHY,
    ]  # fmt: skip


def test_a_quote_has_one_number_on_every_page_and_under_why() -> None:
    reply = claim_reply(quotes=5, counterpoints=3)
    whys = read("\n".join(texts_in(why(reply))))
    every = (*reply.quotes, *reply.counterpoints)
    expected = {one.quote.text: str(number) for number, one in enumerate(every, start=1)}
    assert [value for value in whys.values("bold") if value.isdecimal()] == list(expected.values())
    first = render_reply(reply)
    [more] = [one for one in presses(first) if one.action is Action.MORE]
    pages = [
        first,
        render_reply(reply, first=COUNTERPOINTS_FIRST),
        render_more(reply, Seen.parse(more.detail)),
        render_counterpoints(reply),
    ]
    for page in pages:
        shown_numbers = numbers(page)
        assert shown_numbers.items() <= expected.items()
        contexts = [one for one in labels(page) if one.startswith(texts.CONTEXT)]
        assert contexts == [f"{texts.CONTEXT} {number}" for number in shown_numbers.values()]
    assert expected.keys() == numbers(pages[0]).keys() | numbers(pages[2]).keys()


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:8080"])
def test_a_link_that_only_the_bots_machine_can_open_is_left_out(host: str) -> None:
    one = evidence(permalink=f"http://{host}/q/trams-0-24-0123abcd", url="https://e.org/trams")
    assert shown(render_reply(Reply("r", True, "One", (one,)))).values("link") == [
        "https://e.org/trams"
    ]


def test_whoever_asked_for_counterpoints_sees_them_first() -> None:
    view = render_reply(claim_reply(quotes=3, counterpoints=3), first=COUNTERPOINTS_FIRST)
    assert sum("Not" in quote for quote in quotes_in(view)) == 3
    assert len(quotes_in(view)) == 4


def test_a_quote_that_fits_nowhere_is_pointed_to_and_not_cut() -> None:
    reply = Reply("r", True, "One", (evidence("word " * 2000), evidence("Short.")))
    told = shown(render_reply(reply)).text
    assert texts.TOO_LONG_TO_SHOW in told
    assert "word word" not in told
    assert "Short." in told


def test_long_quotes_of_one_side_do_not_crowd_out_the_other() -> None:
    reply = claim_reply(quotes=3, counterpoints=2, text="long " * 250)
    shown_quotes = quotes_in(render_reply(reply))
    assert any("Not" in quote for quote in shown_quotes)
    assert any("Not" not in quote for quote in shown_quotes)


def test_counterpoints_alone_and_what_is_gone() -> None:
    view = render_counterpoints(claim_reply(), gone=1)
    assert all("Not" in quote for quote in quotes_in(view))
    assert texts.quotes_gone(1) in shown(view).text
    nothing = render_more(claim_reply(), Seen(3, 2), gone=2)
    assert texts.NO_MORE in shown(nothing).text


def test_an_answer_of_which_nothing_is_kept_has_nothing_to_press() -> None:
    kept = claim_reply(quotes=5, counterpoints=3)
    view = render_reply(replace(kept, is_kept=False))
    assert presses(view) == []
    assert quotes_in(view) == quotes_in(render_reply(kept))


def test_suggestions_are_buttons_that_ask_the_topic() -> None:
    reply = Reply("r", False, texts.NOTHING_FOUND, suggestions=("trams", "x" * 200))
    view = render_reply(reply, [Topic("trams", "Trams", (), "", "")])
    assert labels(view) == ["Trams"]
    assert presses(view) == [Press(Action.TOPIC, detail="trams")]
    assert texts.NEAR_TOPICS in shown(view).text


def test_the_message_that_is_answered_is_named_with_its_address() -> None:
    url = "https://discord.com/channels/1/2/3"
    seen = shown(render_reply(claim_reply(), about=Cited("Ann *", url)))
    assert seen.text.startswith(texts.answers_message("Ann *"))
    assert seen.values("url") == [url]


def test_the_statement_that_sides_are_taken_on_is_told_when_it_was_not_asked() -> None:
    asked = Query("Are trams good?", QueryKind.QUESTION, "Trams are good")
    reply = Reply("r", True, "One", (evidence(),), query=asked)
    assert texts.sides_on("Trams are good") in shown(render_reply(reply)).text
    same = texts.sides_on("Trams are good")
    assert same not in shown(render_reply(claim_reply())).text


def test_an_address_that_is_none_is_left_out() -> None:
    reply = Reply("r", True, "One", (evidence(url="javascript:alert(1)"),))
    assert len(shown(render_reply(reply)).values("link")) == 1
    shown_url = Reply("r", True, "One", (evidence(url="https://e.org/a (b)"),))
    assert "https://e.org/a%20%28b%29" in shown(render_reply(shown_url)).values("link")


def test_why_tells_query_place_figures_and_version() -> None:
    told = shown(why(claim_reply(quotes=1, counterpoints=1))).text
    for part in (
        "Trams are good",
        "On trams",
        "80 % to the point",
        "90 % sure",
        "f00d",
        "0a1b2c3d4e5f",
    ):
        assert part in told
