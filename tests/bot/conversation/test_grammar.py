import pytest

from bot.conversation.grammar import is_verb, states_something, words_of


@pytest.mark.parametrize(
    "text",
    ["tea helps", "cups fall", "tea costs money", "tea harms nobody", "the kettle broke",
     "China invented tea", "the queen drank tea", "prices fell", "brewers organize", "tea > coffee",
     "let tea steep", "stop boiling tea", "cut the cake", "never boil tea", "tea totally overrated",
     "more tea, less coffee", "best tea ever", "no such thing as bad tea", "kills the flavour",
     "kids drink tea", "tea usually calms people", "the shop closed because nobody came",
     "tea is so good", "we drink", "tea studied hard", "merchants carried chests", "it works",
     "drinkers who sip live longer", "they stopped exports",
     "brewers stopped exports", "the crown taxed because it could"],
)  # fmt: skip
def test_clauses_and_orders_state_something(text: str) -> None:
    assert states_something(text)


@pytest.mark.parametrize(
    "text",
    ["tea", "tea prices", "the cost of tea", "tea grown in japan", "stop signs", "cut flowers",
     "people who drink tea", "free will", "the might of rome", "sports clubs",
     "state funded schools",
     "how to have tea", "art works", "tea and its effects", "means testing",
     "goods sold and bought"],
)  # fmt: skip
def test_phrases_state_nothing(text: str) -> None:
    assert not states_something(text)


def test_words_keep_hyphens_and_apostrophes() -> None:
    assert words_of("It\u2019s a well-known U.S. tea!") == ["it's", "a", "well-known", "u.s", "tea"]


def test_american_and_british_spellings_are_one() -> None:
    assert is_verb("organize")
    assert is_verb("organise")
