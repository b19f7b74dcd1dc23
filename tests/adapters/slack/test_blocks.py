"""Messages that are no replies: whatever they say, Slack takes them and nothing in them acts."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.messaging.presses import Action, Press
from adapters.messaging.printable import printable
from adapters.messaging.reports import (
    Address,
    Channel,
    Choice,
    Line,
    Moment,
    Report,
    Shape,
    Strong,
)
from adapters.slack import blocks, escaping, limits
from adapters.slack.blocks import Message
from adapters.slack.responding import with_share
from bot import texts
from tests.adapters.messaging.evidence import NASTY, long_texts, nasty_texts
from tests.adapters.slack.looking import labels, of_kind, presses, problems_of, told

any_text = st.one_of(
    nasty_texts, long_texts, st.sampled_from(("", " ", "\n", "\u2003", "&" * 4000))
)
parts = st.one_of(
    any_text,
    any_text.map(Strong),
    any_text.map(Address),
    st.just(Address("https://quotes.example.org/dashboard/enter/a_b-c_")),
    st.just(Moment(1_700_000_000.0)),
    st.just(Channel("C024BE7LH")),
)
lines = st.builds(Line, st.lists(parts, max_size=3).map(tuple), shape=st.sampled_from(tuple(Shape)))
choices = st.lists(
    st.builds(
        Choice,
        st.builds(Press, st.sampled_from(Action), st.just("0a1b2c3d")),
        any_text.filter(str.strip),
        st.sampled_from(((), (("One", "1"), ("Two" * 40, "2")))),
        st.booleans(),
    ),
    max_size=len(Action),
    unique_by=lambda one: one.press.action,
).map(tuple)
reports = st.builds(
    Report,
    st.one_of(st.none(), any_text),
    st.lists(lines, max_size=60).map(lambda found: (Line.of("Trams"), *found)),
    choices,
)
LINES = 2_000
SENTENCE = "A sentence that had to be added. " * 100


def grown(message: Message) -> Message:
    """Return a message with all that posts may add to it."""
    return with_share(blocks.with_sentence(message, SENTENCE), "0a1b2c3d4e5f")


def repeated(*shapes: Shape, words: str = "x") -> Report:
    """Return a report of many lines whose shapes take turns."""
    kinds = [shapes[number % len(shapes)] for number in range(LINES)]
    return Report("Title", tuple(Line.of(words, shape=shape) for shape in kinds))


FULL = Report(
    "Title " * 200,
    tuple(Line.of("y" * 99) for _ in range(200)),
    tuple(Choice(Press(one), "z" * 90, (("z" * 90, "1"),) * 3) for one in Action),
)


# --- whatever is said


@settings(max_examples=30)
@given(reports)
@example(repeated(Shape.SMALL))
@example(repeated(Shape.SMALL, Shape.ITEM))
@example(repeated(Shape.QUOTE, Shape.SMALL, words="&" * 50))
@example(Report("Title", (Line.of(""), Line(()), Line.of(" ", shape=Shape.ITEM))))
@example(Report("", (Line.of(*["x" * 400] * 100),)))
@example(FULL)
def test_a_report_of_any_size_fits_and_nothing_in_it_acts(report: Report) -> None:
    assert problems_of(grown(blocks.report(report))) == []


@settings(max_examples=30)
@given(any_text.filter(str.strip))
@example(NASTY)
@example("&" * 40_000)
@example("\U0001f600" * 20_000)
def test_a_notice_fits_and_nothing_in_it_acts(sentence: str) -> None:
    assert problems_of(grown(blocks.notice(sentence))) == []
    assert problems_of(grown(blocks.refusal(sentence, "T1:C1:1700000000.000001"))) == []


@given(nasty_texts)
def test_a_notice_is_shown_to_the_letter(sentence: str) -> None:
    assert told(blocks.notice(sentence)) == escaping.literal(sentence)


@pytest.mark.parametrize("word", NASTY.split(" "))
def test_each_sort_of_markup_is_shown(word: str) -> None:
    report = Report(word, (Line.of(word, Strong(word)), Line.of(word, shape=Shape.SMALL)))
    shown = printable(word).replace("\n", " "), printable(word)
    assert told(blocks.report(report)) == f"{shown[0]}\n{shown[1] * 2}\n{shown[1]}"


# --- room


@pytest.mark.parametrize(
    "shapes",
    [(Shape.PLAIN,), (Shape.SMALL,), (Shape.SMALL, Shape.ITEM), (Shape.QUOTE, Shape.ITEM)],
)
@pytest.mark.parametrize("words", ["Trams", "Trams " + "x" * 390])
def test_what_there_was_no_room_for_is_counted(shapes: tuple[Shape, ...], words: str) -> None:
    shown = told(blocks.report(repeated(*shapes, words=words))).split("\n")
    fitted = sum("Trams" in line for line in shown)
    assert 0 < fitted < LINES
    assert shown[-1] == texts.left_out(LINES - fitted)


def test_a_list_that_fits_leaves_nothing_out() -> None:
    assert told(blocks.report(Report("Title", (Line.of("Trams"),)))) == "Title\nTrams"


def test_a_line_in_which_nothing_shows_takes_no_place() -> None:
    report = Report(None, (Line.of("One"), Line.of(" ", ""), Line(()), Line.of("Two")))
    assert told(blocks.report(report)) == "One\nTwo"


def test_neighbours_share_a_block_and_items_a_list() -> None:
    item = Line.of("item", shape=Shape.ITEM)
    report = Report(None, (Line.of("plain"), item, item, Line.of("quote", shape=Shape.QUOTE)))
    [block] = blocks.report(report).blocks
    assert [one["type"] for one in block["elements"]] == [
        "rich_text_section", "rich_text_list", "rich_text_quote",
    ]  # fmt: skip
    assert len(block["elements"][1]["elements"]) == 2


def test_a_title_is_a_heading_as_long_as_slack_takes_it_for_one() -> None:
    assert len(of_kind(blocks.report(Report("x" * limits.HEADER)), "header")) == 1
    long = blocks.report(Report("x" * (limits.HEADER + 1)))
    assert of_kind(long, "header") == []
    assert told(long) == "x" * (limits.HEADER + 1)


# --- parts of lines


def test_an_address_is_a_link_to_itself_in_blocks_and_in_text() -> None:
    url = "https://quotes.example.org/dashboard/enter/a_b-c_"
    message = blocks.report(Report(None, (Line.of("Here:"), Line.of(Address(url)))))
    [link] = of_kind(message, "link")
    assert (link["url"], link["text"]) == (url, url)
    assert message.text == f"Here:\n{url}"


def test_what_is_no_address_is_no_link() -> None:
    message = blocks.report(Report(None, (Line.of(Address("javascript:*a* <@U1>")),)))
    assert of_kind(message, "link") == []
    assert told(message) == "javascript:*a* <@U1>"


def test_times_and_channels_are_told_as_slack_does() -> None:
    line = Line.of("Read ", Moment(17.0), " in ", Channel("C024BE7LH"))
    message = blocks.report(Report(None, (line,)))
    [at], [channel] = of_kind(message, "date"), of_kind(message, "channel")
    assert (at["timestamp"], at["fallback"]) == (17, texts.moment(17.0))
    assert channel["channel_id"] == "C024BE7LH"
    assert message.text == f"Read {texts.moment(17.0)} in {texts.A_CHANNEL}"


def test_times_in_small_print_are_told_in_words() -> None:
    line = Line.of("Read ", Moment(17.0), shape=Shape.SMALL)
    message = blocks.report(Report(None, (line,)))
    assert told(message) == f"Read {texts.moment(17.0)}"


# --- buttons and menus


def test_choices_become_buttons_and_menus() -> None:
    grave = Choice(Press(Action.FORGET, "U1"), "Remove", is_grave=True)
    menu = Choice(Press(Action.REASON, "0a1b"), "Which?", (("One", "1"),))
    message = blocks.report(Report("Title", (), (grave, menu)))
    assert labels(message) == ["Remove", "Which?"]
    assert presses(message) == [grave.press, menu.press]
    assert of_kind(message, "button")[0]["style"] == "danger"
    [select] = of_kind(message, "static_select")
    assert [one["value"] for one in select["options"]] == ["1"]


@pytest.mark.parametrize("limit", [limits.BUTTON_LABEL, limits.OPTION_LABEL])
@given(text=st.one_of(long_texts, st.text()))
def test_a_label_is_cut_to_what_slack_takes(limit: int, text: str) -> None:
    shown = blocks.plain(text, limit)["text"]
    assert 1 <= limits.length(shown) <= limit
    assert escaping.literal(text).startswith(shown.removesuffix(limits.CUT))


def test_a_menu_has_as_many_entries_as_slack_takes() -> None:
    entries = tuple((f"Entry {number} {'x' * 80}", str(number)) for number in range(120))
    menu = blocks.choice(Choice(Press(Action.TOPIC), "Which?", entries))
    assert len(menu["options"]) == limits.OPTIONS
    assert problems_of(Message("Which?", tuple(blocks.row([menu])))) == []


def test_buttons_that_are_too_many_for_a_row_go_into_another() -> None:
    buttons = [blocks.button(f"b{number}", str(number)) for number in range(limits.ACTIONS + 1)]
    rows = blocks.row(buttons)
    assert [len(one["elements"]) for one in rows] == [limits.ACTIONS, 1]
    assert blocks.row([]) == []


# --- what is said before, and with it


def test_a_sentence_stands_before_the_rest_and_is_read_first() -> None:
    message = blocks.with_sentence(Message("a &amp; b", blocks.notice("a & b").blocks, "r"), "<Hi>")
    assert told(message) == "<Hi>\na & b"
    assert message.text == "&lt;Hi&gt;\na &amp; b"
    assert message.shares == "r"


def test_a_refusal_names_the_request_once() -> None:
    assert told(blocks.refusal("No.", "id7")) == f"No.\n{texts.named('id7')}"
    assert blocks.refusal("No.", "id7").text == f"No. {texts.named('id7')}"
    assert told(blocks.refusal("No, id7.", "id7")) == "No, id7."


# --- where Slack is older


def test_a_plainer_form_has_links_for_citations_and_buttons_for_thumbs() -> None:
    side: dict[str, Any] = {"text": blocks.plain("Good", 75), "value": "cp1:helpful:r:"}
    thumbs = {"type": "feedback_buttons", "positive_button": side, "negative_button": side}
    cited = blocks.citation("https://e.org", "Open", 1, "Title")
    before = (
        blocks.rich(blocks.section(cited)),
        {"type": "context_actions", "elements": [thumbs]},
    )
    after = blocks.plainer(before)
    assert after[0] == blocks.rich(blocks.section(blocks.link("https://e.org", "Open")))
    assert after[1]["type"] == "actions"
    assert [one["action_id"] for one in after[1]["elements"]] == ["cp1:helpful:r:"] * 2


def test_weight_counts_what_is_shown_and_where_it_leads() -> None:
    told_of = blocks.rich(blocks.section(blocks.text("four"), blocks.link("https://e.org", "Open")))
    assert blocks.weight([told_of]) == len("four") + len("https://e.org") + len("Open")
