"""Links that lead to the very words in the original."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.fragments import place_in_original, text_directive

LONG = " ".join(f"word{number}" for number in range(40))


@pytest.mark.parametrize(
    ("text", "directive"),
    [
        ("Bees dance.", "text=Bees%20dance."),
        ("well-known, R&D", "text=well%2Dknown%2C%20R%26D"),
        ("Bees\n  dance.", "text=Bees%20dance."),
        ("café", "text=caf%C3%A9"),
        ("[Bees](https://example.org) dance", "text=Bees%20dance"),
        (LONG, "text=word0%20word1%20word2%20word3%20word4,"
               "word35%20word36%20word37%20word38%20word39"),
        (" \n", ""),
    ],
)  # fmt: skip
def test_a_quote_is_named_by_its_words(text: str, directive: str) -> None:
    assert text_directive(text) == directive


@given(st.text(min_size=1, max_size=400))
def test_a_directive_has_two_parts_at_most_and_nothing_that_acts(text: str) -> None:
    directive = text_directive(text)
    assert directive.count(",") <= 1
    assert not set(directive) & set('-& "<>#')


@given(st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=100))
def test_a_short_quote_is_named_whole(text: str) -> None:
    assert unquote(text_directive(text)) == f"text={text}"


@pytest.mark.parametrize(
    ("url", "locator", "address"),
    [
        ("https://example.org/a", None, "https://example.org/a#:~:text=Bees%20dance."),
        ("https://example.org/a#b", None, "https://example.org/a#b:~:text=Bees%20dance."),
        ("https://example.org/a#:~:text=x", None, "https://example.org/a#:~:text=Bees%20dance."),
        ("https://example.org/a", "00:12:05", "https://example.org/a#:~:text=Bees%20dance."),
        ("https://youtu.be/x", "00:12:05", "https://youtu.be/x?t=725s"),
        ("https://www.youtube.com/watch?v=x&t=3", "1:02",
         "https://www.youtube.com/watch?v=x&t=62s"),
        ("https://youtube.com.example.org/x", "1:02",
         "https://youtube.com.example.org/x#:~:text=Bees%20dance."),
        ("https://youtu.be/x", "comment 2", "https://youtu.be/x#:~:text=Bees%20dance."),
        ("javascript:alert(1)", None, None),
        ("data:text/html,x", None, None),
        ("//example.org", None, None),
        ("", None, None),
        (None, None, None),
    ],
)  # fmt: skip
def test_the_place_in_the_original_is_linked(
    url: str | None, locator: str | None, address: str | None
) -> None:
    assert place_in_original(url, "Bees dance.", locator) == address
