"""What is said of the answers under load, and how the loads ask."""

import asyncio
import itertools
import math
from dataclasses import dataclass

import pytest

from tests.benchmarks.load import (
    Asked,
    Askers,
    Heard,
    at_capacity,
    at_rate,
    percentiles_ms,
    report,
)


@dataclass(frozen=True, slots=True)
class Said:
    """Something that the bot said of a question."""

    asked_id: str
    at: float = 0.0
    is_message: bool = True
    is_answer: bool = True


class People(Askers[Said]):
    """Askers of numbered questions; ``most_open`` is how many waited at a time."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.most_open = 0
        super().__init__(map(str, itertools.count()), self.said)

    def say(self, turn: int, question: str) -> str:
        return question

    def meaning(self, request: Said) -> Heard | None:
        return Heard(request.asked_id, request.is_message, request.is_answer)

    def reindex(self) -> None:
        raise NotImplementedError

    async def answer_all(self) -> None:
        """Answer whatever is open, again and again, until cancelled."""
        while True:
            waiting = [name for name, one in self.asked.items() if not one.done.is_set()]
            self.most_open = max(self.most_open, len(waiting))
            self.said += [Said(name) for name in waiting]
            self.hear()
            await asyncio.sleep(0.001)


def heard(*said: Said) -> Asked:
    """Return the first question after the bot has said something of it."""
    people = People()
    asked = people.ask()
    people.said += said
    people.hear()
    return asked


def test_a_notice_is_the_first_word_and_not_the_answer() -> None:
    asked = heard(Said("0", 1.0, is_answer=False))
    assert (asked.heard_at, asked.answered_at) == (1.0, None)


def test_a_notice_that_becomes_the_answer_is_one_message() -> None:
    asked = heard(Said("0", 1.0, is_answer=False), Said("0", 2.0, is_message=False))
    assert (asked.heard_at, asked.answered_at, asked.messages) == (1.0, 2.0, 1)


def test_an_answer_that_is_given_twice_counts_when_it_first_came() -> None:
    asked = heard(Said("0", 1.0), Said("0", 2.0))
    assert (asked.answered_at, asked.messages) == (1.0, 2)


def test_what_is_about_no_question_counts_for_none() -> None:
    assert heard(Said("elsewhere", 1.0)).messages == 0


def test_what_was_heard_is_not_heard_again() -> None:
    people = People()
    asked = people.ask()
    people.said.append(Said("0"))
    people.hear()
    people.hear()
    assert asked.messages == 1


def test_a_percentile_is_a_duration_that_was_measured() -> None:
    assert percentiles_ms([0.001, 0.002, 0.003, 0.1], 50, 95) == pytest.approx([3, 100])


def test_what_never_ends_is_the_longest() -> None:
    assert percentiles_ms([0.001, math.inf], 99) == [math.inf]


def test_a_line_tells_of_what_was_not_answered_and_what_was_told_twice() -> None:
    asked = [Asked(0.0, 1.0, 2.0, 1), Asked(1.0, 2.0, 4.0, 2), Asked(3.0)]
    line = report("a load", asked)
    assert "2 of     3 answered,    0.5/s" in line  # the last answer came after 4 s
    assert "p50   3000 ms   p95    inf ms" in line
    assert line.endswith("more than one message 1")


async def test_a_rate_asks_on_whatever_is_answered() -> None:
    people = People()
    with pytest.raises(TimeoutError):  # it waits for the answers, which do not come
        await asyncio.wait_for(at_rate(people, 100, 0.05), 0.2)
    assert len(people.asked) == 5


async def test_a_capacity_keeps_so_many_open() -> None:
    people = People()
    answering = asyncio.create_task(people.answer_all())
    await at_capacity(people, 3, 0.05)
    answering.cancel()
    assert people.most_open == 3
