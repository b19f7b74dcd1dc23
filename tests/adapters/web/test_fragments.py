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
        ("Bees\n  dance.", "text=Bees,dance."),
        ("A heading\n\nBees dance when they are glad.",
         "text=Bees%20dance%20when%20they%20are%20glad."),
        ("What some bees will do\n\nBees dance.",
         "text=What%20some%20bees%20will%20do,Bees%20dance."),
        ("Bees dance\n00:12\nfor joy.", "text=Bees%20dance,for%20joy."),
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
        ("https://youtu.be/x#t=5", "1:02", "https://youtu.be/x?t=62s"),
        ("https://www.youtube.com/embed/x?start=9&rel=0", "11:40",
         "https://www.youtube.com/embed/x?rel=0&start=700"),
        ("https://www.youtube-nocookie.com/embed/x", "11:40",
         "https://www.youtube-nocookie.com/embed/x?start=700"),
        ("https://vimeo.com/123#t=5s", "11:40", "https://vimeo.com/123#t=700s"),
        ("https://player.vimeo.com/video/123?h=a", "11:40",
         "https://player.vimeo.com/video/123?h=a#t=700s"),
        ("https://notvimeo.com/123", "11:40", "https://notvimeo.com/123#:~:text=Bees%20dance."),
        *((f"https://example.org/talk.{kind}?a=b#c", "1:11:40",
           f"https://example.org/talk.{kind}?a=b#t=4300")
          for kind in ("mp3", "MP4", "m4a", "ogg", "webm", "wav")),
        ("https://example.org/talk.mp3", "comment 2",
         "https://example.org/talk.mp3#:~:text=Bees%20dance."),
        ("https://example.org/talk.mp3.html", "1:02",
         "https://example.org/talk.mp3.html#:~:text=Bees%20dance."),
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
