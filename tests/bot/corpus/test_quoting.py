"""A quote is a slice of its document, or it is not made."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.quoting import LONGEST_QUOTE, joinable, make_quote, verify
from bot.corpus.splitting import read_document
from bot.types import ReadDocument
from tests.bot.corpus.texts import ANY_TEXT, plain

BASE = "https://example.org"


def read(text: str) -> ReadDocument:
    return read_document(plain(text), "pears")


def test_a_quote_is_the_slice_with_its_place() -> None:
    found = read("Pears keep until Easter. Apples hardly ever do.\n\nCritics say that plums do.")
    quote = make_quote(found.document, found.passages[1:], BASE + "/")
    digest = hashlib.sha256(quote.text.encode()).hexdigest()[:8]
    assert quote.text == "Apples hardly ever do.\n\nCritics say that plums do."
    assert (quote.start, quote.end, quote.locator, quote.reported) == (25, 75, "paragraph 1", True)
    assert quote.permalink == f"https://example.org/q/pears-25-75-{digest}"


def test_one_long_sentence_may_be_quoted() -> None:
    found = read("Pears" + " and quinces" * 36 + ".")
    assert len(make_quote(found.document, found.passages, BASE).text) > LONGEST_QUOTE


def test_several_sentences_may_not_be_that_long() -> None:
    found = read(("Pears" + " and quinces" * 20 + ". ") * 2)
    with pytest.raises(ValueError, match="at most 400"):
        make_quote(found.document, found.passages, BASE)


@pytest.mark.parametrize("count", [0, 4])
def test_a_quote_has_one_to_three_sentences(count: int) -> None:
    found = read("Pears keep until Easter. " * 4)
    with pytest.raises(ValueError, match="1 to 3"):
        make_quote(found.document, found.passages[:count], BASE)


def test_passages_of_another_document_are_refused() -> None:
    found = read("Pears keep until Easter.")
    with pytest.raises(ValueError, match="another"):
        make_quote(replace(found.document, id="plums"), found.passages, BASE)


@pytest.mark.parametrize(
    "text",
    [
        "Pears keep until Easter.\nShare\nApples hardly ever do.",
        "Pears keep until Easter.\nOn apples\nApples hardly ever do.",
        "Pears keep until Easter [00:12]. Apples hardly ever do.",
        "ANN: Pears keep until Easter.\nBO: Apples hardly ever do.\nANN: So it is said.",
    ],
)
def test_what_does_not_stand_together_is_not_quoted_together(text: str) -> None:
    found = read(text)
    assert not joinable(found.document, *found.passages[:2])
    with pytest.raises(ValueError, match="next to each other"):
        make_quote(found.document, found.passages[:2], BASE)


def test_sentences_that_are_not_neighbours_are_refused() -> None:
    found = read("Pears keep until Easter. " * 3)
    assert not joinable(found.document, found.passages[0], found.passages[2])


def test_a_changed_quote_fails_the_check() -> None:
    found = read("Pears keep until Easter. Apples hardly ever do.")
    quote = make_quote(found.document, found.passages[:1], BASE)
    assert verify(quote, found.document)
    for changed in (
        replace(quote, text="Pears keep until Easter!"),
        replace(quote, start=1),
        replace(quote, end=9999),
        replace(quote, start=-24, end=0),
        replace(quote, text="", start=3, end=3),
        replace(quote, document_id="plums"),
    ):
        assert not verify(changed, found.document)


@given(ANY_TEXT, st.data())
def test_every_quote_of_any_text_is_verbatim(text: str, data: st.DataObject) -> None:
    found = read(text)
    if not found.passages:
        return
    first = data.draw(st.integers(0, len(found.passages) - 1))
    passages = found.passages[first : first + data.draw(st.integers(1, 3))]
    try:
        quote = make_quote(found.document, passages, BASE)
    except ValueError:
        return
    assert verify(quote, found.document)
    assert quote.text == quote.text.strip()
    lines = text.replace("\ud800", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
    assert quote.text in lines.replace("\f", "\n")
