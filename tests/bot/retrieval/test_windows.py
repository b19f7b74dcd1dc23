"""The sentences of a long passage."""

from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.windows import windows

SENTENCE = "The baker wakes long before the sun and lights the oven."


def test_short_text_has_no_windows() -> None:
    assert windows(SENTENCE) == []
    assert windows("") == []


def test_long_text_is_cut_into_its_sentences() -> None:
    sentences = [f"{SENTENCE[:-1]} number {n}." for n in range(10)]
    assert windows(" ".join(sentences)) == sentences


def test_fragments_are_no_windows() -> None:
    text = " ".join([SENTENCE] * 8 + ["Really quite so!"])
    assert windows(text) == [SENTENCE] * 8


def test_endless_text_has_a_bounded_number() -> None:
    assert len(windows(" ".join([SENTENCE] * 300))) == 64


@given(st.lists(st.text(st.characters(exclude_categories=())), max_size=40))
def test_windows_are_slices_in_order(parts: list[str]) -> None:
    text = ". ".join([*parts, SENTENCE * 5])
    at = 0
    for window in windows(text):
        at = text.index(window, at)
