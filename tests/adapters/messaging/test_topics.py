import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.messaging.topics import TopicFinder
from bot.types import Topic

TOPICS = (
    Topic("congestion-pricing", "Congestion pricing", ("road toll",), "", ""),
    Topic("car-free-centre", "A centre without cars", ("car ban",), "", ""),
    Topic("night-trams", "Trams at night", (), "", ""),
)


LONGEST = 100


def found(typed: str, most: int = 25) -> list[str]:
    return [topic.slug for topic in TopicFinder(lambda: TOPICS, LONGEST).find(typed, most)]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("cong", "congestion-pricing"),
        ("congestoin pricng", "congestion-pricing"),
        ("toll", "congestion-pricing"),
        ("car b", "car-free-centre"),
        ("TRAM", "night-trams"),
        ("nigth trams", "night-trams"),
        ("night-trams", "night-trams"),
    ],
)
def test_topics_are_found_by_name_alias_and_beginning_mistakes_forgiven(
    typed: str, slug: str
) -> None:
    assert found(typed)[0] == slug


def test_all_are_offered_before_anything_is_typed() -> None:
    assert found("") == found("  ?") == [topic.slug for topic in TOPICS]


def test_nothing_is_offered_that_is_not_alike() -> None:
    assert found("quantum chromodynamics") == []


@given(st.text(max_size=200), st.integers(1, 30))
def test_any_text_finds_at_most_what_is_wanted_and_each_once(typed: str, most: int) -> None:
    slugs = found(typed, most)
    assert len(slugs) <= most
    assert len(set(slugs)) == len(slugs)


def test_topics_that_a_platform_cannot_carry_are_left_out() -> None:
    long = Topic("x" * (LONGEST + 1), "Long", (), "", "")
    assert TopicFinder(lambda: (long, *TOPICS), LONGEST).find("", 25) == list(TOPICS)


def test_topics_of_a_later_reindex_are_found() -> None:
    topics: list[tuple[Topic, ...]] = [TOPICS[:1]]
    finder = TopicFinder(lambda: topics[0], LONGEST)
    finder.find("", 25)
    topics[0] = TOPICS[1:]
    assert finder.find("", 25) == list(TOPICS[1:])
