from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from adapters.messaging.paging import (
    COUNTERPOINTS_FIRST,
    Seen,
    detail_of,
    find,
    limits_for,
    page_of,
)
from bot.conversation.composing import FIRST_REPLY, ReplyLimits
from bot.types import Evidence, Trigger
from tests.adapters.messaging.evidence import claim_reply, evidence

MOST = ReplyLimits(quotes=3, counterpoints=3)


def size(one: Evidence) -> int:
    return len(one.quote.text)


def shown(room: int, quotes: list[int], counterpoints: list[int]) -> tuple[list[int], list[int]]:
    """Return the numbers on a page of quotes that have these lengths."""
    for_it = tuple(evidence("x" * one) for one in quotes)
    against = tuple(evidence("x" * one) for one in counterpoints)
    reply = replace(claim_reply(), quotes=for_it, counterpoints=against)
    page = page_of(reply, MOST, room, size)
    return [number for number, _ in page.quotes], [number for number, _ in page.counterpoints]


def test_numbers_of_counterpoints_go_on_from_all_the_quotes() -> None:
    assert shown(100, [1, 1, 1, 1], [1, 1]) == ([1, 2, 3], [5, 6])


def test_sides_take_turns_and_what_does_not_fit_ends_its_side() -> None:
    assert shown(10, [4, 4, 1], [4, 1, 1]) == ([1], [4, 5, 6])
    assert shown(10, [9, 2], [9, 1]) == ([1], [])
    assert shown(10, [9, 1], [9, 1]) == ([1, 2], [])


def test_the_first_quote_is_always_taken() -> None:
    assert shown(10, [11, 1], [1]) == ([1], [])


@given(
    st.integers(0, 12),
    st.integers(0, 12),
    st.integers(1, 400),
    st.integers(0, 4),
    st.integers(1, 4),
)
def test_pages_show_everything_once_and_count_what_is_left(
    quotes: int, counterpoints: int, room: int, of_each: int, against: int
) -> None:
    reply, seen = claim_reply(quotes, counterpoints), Seen()
    most = ReplyLimits(quotes=max(1, of_each), counterpoints=against)
    numbers: list[int] = []
    for _ in range(quotes + counterpoints):
        page = page_of(reply, most, room, size, seen)
        numbers += [number for number, _ in (*page.quotes, *page.counterpoints)]
        seen = Seen.parse(str(page.seen))
        assert page.left == quotes + counterpoints - len(numbers)
    assert sorted(numbers) == list(range(1, quotes + counterpoints + 1))


def test_what_says_nothing_is_nothing_seen() -> None:
    assert [Seen.parse(text) for text in ("", "3", "3-", "a-b", "-1-2")] == [Seen()] * 5


def test_a_quote_is_found_by_what_it_says_wherever_it_stands_now() -> None:
    every = claim_reply(3, 2)
    wanted = every.quotes[2]
    assert find((*every.counterpoints, *reversed(every.quotes)), detail_of(wanted, 3)) is wanted
    assert find(every.counterpoints, detail_of(wanted, 3)) is None


def test_whoever_asks_for_counterpoints_sees_them_first() -> None:
    assert limits_for(Trigger.MENU_COUNTERPOINTS) == COUNTERPOINTS_FIRST
    assert limits_for(Trigger.MENTION) == FIRST_REPLY
