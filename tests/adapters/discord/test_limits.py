from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import limits


@given(st.text(), st.integers(1, 50))
def test_a_clipped_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    clipped = limits.clipped(text, limit)
    assert limits.length(clipped) <= limit
    assert text.startswith(clipped.removesuffix("…"))


@given(st.text())
def test_length_counts_units_of_utf_16(text: str) -> None:
    assert limits.length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


def test_what_fits_is_left_alone() -> None:
    assert limits.clipped("four", 4) == "four"
