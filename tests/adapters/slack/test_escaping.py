"""Texts on Slack: shown to the letter, cut where there is no more room, never half an entity."""

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.messaging.lengths import CUT, length
from adapters.messaging.printable import printable
from adapters.slack.escaping import escaped, line, literal, unescaped
from tests.adapters.messaging.evidence import NASTY, long_texts, nasty_texts
from tests.e2e.slack.blockkit import pings_in

any_text = st.one_of(nasty_texts, long_texts, st.text(alphabet="&<>;amplgt# \U0001f600"))


@given(any_text)
@example(NASTY)
@example("<!channel> <!here> <@U024BE7LH> <#C024BE7LH> <https://e.org|label> &lt;!everyone&gt;")
def test_a_text_is_shown_to_the_letter_and_nothing_in_it_acts(text: str) -> None:
    sent = escaped(text)
    assert not set("<>") & set(sent)
    assert pings_in(sent) == []
    assert re.findall(r"&(?!amp;|lt;|gt;)", sent) == []
    assert unescaped(sent) == printable(text)


@given(any_text, st.integers(1, 60))
def test_a_cut_text_keeps_to_its_limit_and_to_whole_entities(text: str, limit: int) -> None:
    sent = escaped(text, limit)
    assert length(sent) <= limit
    assert re.findall(r"&(?!amp;|lt;|gt;)", sent) == []
    kept = unescaped(sent)
    assert kept == printable(text) or printable(text).startswith(kept.removesuffix(CUT).rstrip())


@pytest.mark.parametrize(
    ("limit", "sent"),
    [(20, "a &amp; b"), (9, "a &amp; b"), (8, f"a &amp;{CUT}"), (7, f"a{CUT}"), (4, f"a{CUT}")],
)
def test_what_is_cut_in_an_entity_loses_all_of_it(limit: int, sent: str) -> None:
    assert escaped("a & b", limit) == sent


@given(st.text())
def test_what_slack_tells_is_read_as_it_was_typed(text: str) -> None:
    sent = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert unescaped(sent) == text


def test_an_entity_that_somebody_typed_stays_one() -> None:
    assert unescaped("&amp;lt;") == "&lt;"
    assert html.unescape(escaped("&lt;")) == "&lt;"


@given(any_text)
def test_blocks_carry_a_text_as_it_is_and_never_none(text: str) -> None:
    assert literal(text) == (printable(text) or " ")


@given(any_text, st.integers(1, 200))
def test_a_line_is_one_and_keeps_to_its_limit(text: str, limit: int) -> None:
    shown = line(text, limit)
    assert length(shown) <= limit
    assert shown.split() == shown.strip().split(" ") or not shown
    whole = line(text)
    assert shown == whole or whole.startswith(shown.removesuffix(CUT))


def test_a_line_in_which_nothing_shows_is_empty() -> None:
    assert line(" \n\t ") == ""
