import timeit

from hypothesis import given
from hypothesis import strategies as st

from adapters.messaging.lengths import CUT, beginning, clipped, length


@given(st.text())
def test_length_counts_units_of_utf_16(text: str) -> None:
    assert length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(), st.integers(1, 50))
def test_a_clipped_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    shown = clipped(text, limit)
    assert length(shown) <= limit
    assert text.startswith(shown.removesuffix(CUT))


@given(st.text(alphabet="ab\U0001f600"), st.integers(0, 50))
def test_a_beginning_is_as_long_as_it_can_be(text: str, limit: int) -> None:
    kept = beginning(text, limit)
    rest = text.removeprefix(kept)
    assert kept + rest == text
    assert length(kept) <= limit
    assert not rest or length(kept + rest[0]) > limit


def test_what_fits_is_left_alone() -> None:
    assert clipped("four", 4) == "four"
    assert beginning("four", 4) == "four"


def test_cutting_takes_a_time_that_grows_with_the_text_alone() -> None:
    def seconds(limit: int) -> float:
        text = "\U0001f600" * limit
        return min(timeit.repeat(lambda: clipped(text, limit), number=1, repeat=3))

    assert seconds(40_000) < 40 * seconds(4_000)  # a hundred times, were it quadratic
