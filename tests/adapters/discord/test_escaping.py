import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import limits
from adapters.discord.escaping import escaped, escaped_line, quoted
from adapters.messaging.printable import printable
from tests.adapters.discord.reader import read
from tests.adapters.messaging.evidence import NASTY, long_texts, nasty_texts


@given(nasty_texts)
def test_a_text_is_shown_to_the_letter_and_nothing_in_it_acts(text: str) -> None:
    seen = read(escaped(text))
    assert seen.acting == []
    assert seen.text == printable(text)


@pytest.mark.parametrize("word", [*NASTY.split(" "), "# head", "- item", "1. one", "  > deep"])
def test_each_sort_of_markup_is_shown(word: str) -> None:
    seen = read(escaped(word))
    assert (seen.text, seen.acting) == (printable(word), [])


@pytest.mark.parametrize(
    "text",
    ["Trams (and buses) cost 3.5 % more - really!", "At 10: we left, e.g. by tram.", "a@b.c"],
)
def test_plain_prose_is_left_alone(text: str) -> None:
    assert escaped(text) == text


@given(nasty_texts)
def test_every_line_of_a_quote_is_marked(text: str) -> None:
    seen = read(quoted(text))
    assert set(seen.acting) == {("block", ">")}
    assert seen.text == printable(text)


@given(st.one_of(nasty_texts, long_texts), st.integers(1, 200))
def test_a_cut_line_keeps_to_its_limit_and_breaks_no_mark(text: str, limit: int) -> None:
    line = escaped_line(text, limit)
    assert limits.length(line) <= limit
    assert "\n" not in line
    seen = read(line)
    assert seen.acting == []
    whole = " ".join(printable(text).split())
    assert seen.text == whole or whole.startswith(seen.text.removesuffix("…").rstrip())


def test_colons_are_escaped_in_a_time_that_grows_with_the_text_alone() -> None:
    def seconds(count: int) -> float:
        text = ":" + "a" * count + " " + ":" * count + "\n"
        return min(timeit.repeat(lambda: escaped(text), number=1, repeat=3))

    assert seconds(40_000) < 40 * seconds(4_000)  # a hundred times, were it quadratic


@pytest.mark.parametrize(
    ("text", "shown"), [(":a:b", r"\:a:b"), (": a:", ": a:"), ("::", r"\::"), ("x://", r"x\://")]
)
def test_only_a_colon_that_another_follows_in_its_word_is_marked(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_a_line_within_its_limit_is_not_cut() -> None:
    assert escaped_line("a *b*\nc", 20) == r"a \*b\* c"
