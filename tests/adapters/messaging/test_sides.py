import pytest

from adapters.messaging.sides import argued_against, judges_other_words
from bot import texts
from bot.types import Query, QueryKind


@pytest.mark.parametrize("text", ["Cars are loud.", "cars  are LOUD", "Cars are loud!"])
def test_the_same_words_in_another_dress_are_no_other_words(text: str) -> None:
    assert not judges_other_words(Query(text, QueryKind.CLAIM, claim="Cars are loud."))


def test_another_sentence_is_told() -> None:
    assert judges_other_words(Query("cars", QueryKind.TOPIC, claim="Cars are loud."))


def test_where_no_sides_are_taken_there_are_no_other_words() -> None:
    assert not judges_other_words(Query("Are cars loud?", QueryKind.QUESTION))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (Query("cars", QueryKind.TOPIC, claim="Cars are loud."), texts.against("Cars are loud.")),
        (Query("Are cars loud?", QueryKind.QUESTION), texts.AGAINST_ANSWERS),
        (Query("cars", QueryKind.TOPIC), ""),
        (None, ""),
    ],
)
def test_what_counterpoints_argue_against_is_said(query: Query | None, told: str) -> None:
    assert argued_against(query) == told
