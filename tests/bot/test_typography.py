"""Display changes typography, never words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.typography import readable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The\n\nfrost   came\tlate.", "The frost came late."),
        ("See [[https://example.org/a b ][the orchard]].", "See the orchard."),
        ("See [[https://example.org/a]].", "See https://example.org/a."),
        ("See [[Orchard|the orchard]] and [[Orchard]].", "See the orchard and Orchard."),
        ("See [the orchard](https://example.org/a_(b)).", "See the orchard."),
        ('See [the orchard](/a "Title") and ![a pear](./pear.png).', "See the orchard and a pear."),
        ("it froze\n0:03\n[00:00:04]\nand hailed at\n10:30", "it froze and hailed at 10:30"),
        ("See [](https://example.org).", "See https://example.org."),
    ],
)
def test_links_show_their_label_and_white_space_folds(text: str, shown: str) -> None:
    assert readable(text) == shown


@pytest.mark.parametrize(
    "text",
    ["An array[0](x) of [sic] pears.", "She said [laughs] (quietly) no.", "f[[1]] = [2](3)"],
)
def test_brackets_that_are_no_links_stay(text: str) -> None:
    assert "[" in readable(text)


@given(st.text(alphabet=st.characters(exclude_characters="[]():")))
def test_text_without_links_keeps_every_character_that_is_not_white_space(text: str) -> None:
    assert re.sub(r"\s", "", readable(text)) == re.sub(r"\s", "", text)
