"""What was asked in vain, in groups of similar words."""

from bot.administration.overseeing import grouped
from bot.ports.figures import Missed


def texts_of(*missed: Missed) -> list[tuple[str, ...]]:
    return [want.texts for want in grouped(missed)]


def test_the_same_words_in_another_order_are_one_want() -> None:
    found = grouped(
        [
            Missed("What is the price of rye?", 3, 10.0),
            Missed("rye price?", 2, 30.0),
            Missed("How do hares sleep?", 4, 20.0),
        ]
    )
    assert [(want.texts, want.times, want.last_at) for want in found] == [
        (("What is the price of rye?", "rye price?"), 5, 30.0),
        (("How do hares sleep?",), 4, 20.0),
    ]


def test_what_shares_only_small_words_stays_apart() -> None:
    assert (
        len(texts_of(Missed("the age of the moon", 2, 1.0), Missed("the end of rye", 1, 1.0))) == 2
    )


def test_markup_and_punctuation_do_not_count() -> None:
    assert (
        len(texts_of(Missed("**Rye** prices!", 2, 1.0), Missed("<@123> rye prices", 1, 1.0))) == 1
    )


def test_what_has_no_words_is_kept() -> None:
    assert texts_of(Missed("???", 1, 1.0)) == [("???",)]
