"""Frames around statements: their words stay, and they read as part of a sentence."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stance.training import framing

FRAMING = (framing.reject, framing.endorse, framing.report)
FRAMES = 60  # more than any of them has
T = TypeVar("T")


class Nth(Random):
    """Chooses what stands at one place, so that every frame can be asked for."""

    def __init__(self, number: int) -> None:
        super().__init__(0)
        self.number = number

    def choice(self, seq: "Sequence[T]") -> T:  # type: ignore[override]  # typeshed's is wider
        return seq[self.number % len(seq)]


def frames(frame: Callable[[str, Random], str], statement: str) -> list[str]:
    """Return all that a function can make of a statement."""
    return sorted({frame(statement, Nth(number)) for number in range(FRAMES)})


def inner(statement: str) -> tuple[str, str]:
    """Return the two ways in which a statement may stand in the middle of a sentence."""
    text = statement.strip().rstrip(" .!?")
    return text, text[:1].lower() + text[1:]


@pytest.mark.parametrize("frame", FRAMING)
def test_statement_keeps_its_words(frame: Callable[[str, Random], str]) -> None:
    made = frames(frame, "Bees like warm walls.")
    assert len(made) > 10
    assert all("bees like warm walls" in text for text in made)


@pytest.mark.parametrize("frame", FRAMING)
def test_frame_adds_words(frame: Callable[[str, Random], str]) -> None:
    assert not {text.casefold() for text in frames(frame, "Bees sleep")} & {"bees sleep", ""}


def test_no_frame_serves_two_ends() -> None:
    made = [set(frames(frame, "Bees sleep")) for frame in FRAMING]
    assert len(set.union(*made)) == sum(map(len, made))


@pytest.mark.parametrize(
    "statement", ["NASA flew first", "McEnroe won", "I was there", "iPods sell"]
)
def test_name_keeps_its_capital(statement: str) -> None:
    assert all(statement in text for text in frames(framing.reject, statement))


def test_capital_of_a_sentence_is_dropped() -> None:
    assert all("a hive hums" in text for text in frames(framing.reject, "A hive hums"))


@pytest.mark.parametrize("end", [".", "!", "?", "...", " .", ". "])
def test_final_stop_is_dropped(end: str) -> None:
    framed = frames(framing.endorse, f"Bees sleep{end}")
    assert framed == frames(framing.endorse, "Bees sleep")


def test_concession_grants_first_and_holds_last(random: Random) -> None:
    for number in range(FRAMES):
        text = framing.concede("Honey is sweet.", "Bees can sting.", Nth(number))
        assert 0 < text.index("oney is sweet") < text.index("ees can sting")
        assert text.endswith("ees can sting")


@pytest.mark.parametrize("frame", FRAMING)
def test_same_seed_gives_the_same_frame(frame: Callable[[str, Random], str]) -> None:
    first, second = (
        [frame("Bees sleep", random) for _ in range(20)]
        for random in (Random(3), Random(3))  # noqa: S311 - reproducible, not secret
    )
    assert first == second
    assert len(set(first)) > 1


@given(st.text(), st.sampled_from(FRAMING), st.integers(0, FRAMES))
def test_any_statement_stands_in_any_frame(
    statement: str, frame: Callable[[str, Random], str], number: int
) -> None:
    text = frame(statement, Nth(number))
    assert any(form in text for form in inner(statement))


@given(st.text(), st.text(), st.integers(0, FRAMES))
def test_any_two_statements_stand_in_a_concession(granted: str, held: str, number: int) -> None:
    text = framing.concede(granted, held, Nth(number))
    assert any(text.endswith(form) for form in inner(held))
    assert any(form in text for form in inner(granted))
