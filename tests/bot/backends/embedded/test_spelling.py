"""Finding the term that was meant."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.backends.embedded.spelling import Vocabulary

WORDS = {"planet": 5, "planes": 2, "plant": 9, "tea": 3, "gpt5": 8, "on": 50, "ten": 3}


def vocabulary(words: dict[str, int]) -> Vocabulary:
    """Return a vocabulary of words with their frequencies."""
    return Vocabulary(list(words), list(words.values()))


def test_nearest_first_then_most_frequent_then_the_alphabet() -> None:
    assert vocabulary(WORDS).similar("plane", 5) == ["plant", "planet", "planes"]
    assert vocabulary(WORDS).similar("tex", 5) == ["tea", "ten"]


def test_short_terms_may_have_one_mistake_and_longer_ones_two() -> None:
    assert vocabulary(WORDS).similar("plxxt", 5) == []
    assert vocabulary(WORDS).similar("plnaett", 5) == ["planet"]


def test_tiny_terms_numbers_and_no_room_find_nothing() -> None:
    for term in ("te", "", "gpt4", "x" * 50):
        assert vocabulary(WORDS).similar(term, 5) == []
    assert vocabulary(WORDS).similar("planez", 0) == []
    assert vocabulary({}).similar("planet", 5) == []


@given(
    st.dictionaries(st.text("abcé\u0416", min_size=1, max_size=8), st.integers(1, 9), max_size=40),
    st.text("abcé\u0416", min_size=3, max_size=8),
)
def test_the_filter_loses_nothing(words: dict[str, int], term: str) -> None:
    mistakes = 1 if len(term) <= 5 else 2
    near = Counter(
        {
            word: OSA.distance(term, word)
            for word in words
            if len(word) > 1 and 0 < OSA.distance(term, word) <= mistakes
        }
    )
    expected = sorted(near, key=lambda word: (near[word], -words[word], word))
    assert vocabulary(words).similar(term, 100) == expected
