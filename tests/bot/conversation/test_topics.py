import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.topics import find_topic, near_topics
from bot.types import Topic

RENT = Topic("rent-control", "Rent control", ("rent caps",), "Limits on rents.", "Cap rents.")
TRADE = Topic(
    "trade-regulation", "Regulation of trade", (), "Tariffs and quotas on goods.", "Tariffs help."
)
ART = Topic("art", "Art", ("艺术",), "Painting.", "Art matters.")
TOPICS = (RENT, TRADE, ART)


@pytest.mark.parametrize(
    "text",
    ["rent-control", "Rent Control?", "the rent control debate", "RENT CAPS", "rentcontrol",
     "rent contol", "rant control", "control rent", "rent cap"],
)  # fmt: skip
def test_topic_is_found_by_its_names_and_near_spellings(text: str) -> None:
    assert find_topic(text, TOPICS) is RENT


def test_name_in_another_script_is_found() -> None:
    assert find_topic("艺术", TOPICS) is ART


@pytest.mark.parametrize(
    "text",
    ["deregulation of trade", "arts and crafts", "arm", "rent", "rent control raises rents",
     "", "?!",
     "rent control in the big cities of the far north"],
)  # fmt: skip
def test_other_texts_name_no_topic(text: str) -> None:
    assert find_topic(text, TOPICS) is None


def test_exact_name_wins_over_a_near_one() -> None:
    carts = Topic("carts", "Carts", (), "", "")
    cards = Topic("cards", "Cards", (), "", "")
    assert find_topic("cards", [carts, cards]) is cards


def test_near_topics_share_words_by_name_first() -> None:
    assert near_topics("should quotas replace rent control", TOPICS, 5) == [RENT, TRADE]


def test_near_topics_forgive_spelling() -> None:
    assert near_topics("what about tarifs", TOPICS, 5) == [TRADE]


def test_nothing_near_suggests_nothing() -> None:
    assert near_topics("who won the cup", TOPICS, 5) == []


def test_suggestions_are_limited() -> None:
    assert near_topics("rent and trade", TOPICS, 1) == [RENT]
    assert near_topics("rent and trade", TOPICS, 0) == []


@given(st.text(max_size=60))
def test_any_text_is_looked_up(text: str) -> None:
    assert find_topic(text, TOPICS) in (*TOPICS, None)
    assert len(near_topics(text, TOPICS, 2)) <= 2
