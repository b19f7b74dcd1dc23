import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import limits
from adapters.discord.layout import report
from adapters.messaging.presses import Action, Press
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
from bot import texts
from tests.adapters.discord.reader import read
from tests.adapters.discord.test_render import labels, texts_in
from tests.adapters.messaging.evidence import long_texts, nasty_texts

any_text = st.one_of(nasty_texts, long_texts)
parts = st.one_of(any_text, any_text.map(Strong), any_text.map(Address), st.just(Moment(1.0)))
lines = st.builds(
    Line.of, parts, parts, shape=st.sampled_from((Shape.PLAIN, Shape.ITEM, Shape.SMALL))
)


def told(report_: Report) -> str:
    return read("\n".join(texts_in(report(report_)))).text


@settings(max_examples=20)
@given(st.lists(lines, max_size=60))
def test_a_report_of_any_size_fits(found: list[Line]) -> None:
    view = report(Report("Title", tuple(found)))
    assert sum(limits.length(text) for text in texts_in(view)) <= limits.TEXT


@pytest.mark.parametrize("count", [80, 400])
def test_what_there_was_no_room_for_is_counted(count: int) -> None:
    found = tuple(Line.of(f"Trams {n}, {'x' * 40}") for n in range(count))
    shown = told(Report("Title", found)).split("\n")
    fitted = sum("Trams" in line for line in shown)
    assert 0 < fitted < count
    assert shown[-1] == texts.left_out(count - fitted)


def test_a_list_that_fits_leaves_nothing_out() -> None:
    assert told(Report("Title", (Line.of("Trams"),))).split("\n")[-1] == "Trams"


def test_times_and_channels_are_told_as_discord_does() -> None:
    [shown] = texts_in(
        report(Report(None, (Line.of("Read ", Moment(17.0), " in ", Channel("5")),)))
    )
    assert shown == "Read <t:17:R> in <#5>"


@pytest.mark.parametrize("token", ["a_b-c_", "__a__", "-_-~"])
def test_an_address_leads_where_it_says_whatever_is_in_it(token: str) -> None:
    url = f"https://quotes.example.org/dashboard/enter/{token}"
    [shown] = texts_in(report(Report(None, (Line.of(Address(url)),))))
    assert read(shown).acting == [("angle", f"<{url}>")]


def test_what_is_no_address_is_shown_and_leads_nowhere() -> None:
    [shown] = texts_in(report(Report(None, (Line.of(Address("javascript:*a*> <@1>")),))))
    assert (read(shown).text, read(shown).acting) == ("javascript:*a*> <@1>", [])


def test_what_is_typed_acts_as_no_markup() -> None:
    view = report(Report("*T*", (Line.of("**a** <@1>", Strong("_b_ @everyone")),)))
    assert read("\n".join(texts_in(view))).text == "*T*\n**a** <@1>_b_ @everyone"


def test_choices_become_buttons_and_menus() -> None:
    choices = (
        Choice(Press(Action.PUBLISH, "a"), "Publish"),
        Choice(Press(Action.DISCARD, "a"), "Discard", is_grave=True),
    )
    assert labels(report(Report("Title", (), choices))) == ["Publish", "Discard"]
