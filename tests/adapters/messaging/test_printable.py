import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.messaging.printable import printable


@given(st.text())
def test_characters_that_act_on_the_eye_are_replaced_and_the_rest_stays(text: str) -> None:
    shown = printable(text)
    acting = {one for one in shown if unicodedata.category(one) in ("Cc", "Cs")}
    assert acting <= {"\n", "\t"}
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert printable(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\u202ec\ud800", "a\ufffdb\ufffdc\ufffd"),
        ("a\r\nb\u2028c\x85d", "a\nb\nc\nd"),
        ("\n", ""),
        ("a\n", "a"),
        ("a\r\x85", "a"),
        ("tab\there", "tab\there"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
    ],
)
def test_line_breaks_of_every_sort_become_one(text: str, shown: str) -> None:
    assert printable(text) == shown
