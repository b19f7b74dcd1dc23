"""Claims with texts near to them: on the topic, of no known side, written for another claim."""

from collections.abc import Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from bot.stance.training.nearby import nearby_pairs
from bot.stance.training.sets import OPPOSES, SUPPORTS, UNKNOWN, Pair

WORDS = ("whales", "sharks", "taxes", "hunting", "rich", "fins")

WHALING = Pair("Whales must not be hunted", "Whales suffer", SUPPORTS)
FINNING = Pair("Sharks must not be hunted", "Hunting sharks for fins is cruel", SUPPORTS)
TAXES = Pair("Taxes should rise", "The rich pay too few taxes", SUPPORTS)
AGAINST = Pair("Taxes should rise", "Taxes make the rich leave", OPPOSES)
SETS = {"one": [WHALING, TAXES], "two": [FINNING, AGAINST]}


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Count words, so that texts are near which share some."""
    held = np.array([[word in text.lower() for word in WORDS] for text in texts], np.float32)
    lengths = np.maximum(np.linalg.norm(held, axis=1, keepdims=True), 1)
    return np.asarray(held / lengths, np.float32)


def drawn(sets: dict[str, list[Pair]], count: int = 100) -> list[Pair]:
    return nearby_pairs(sets, encode, count=count, random=Random(0))  # noqa: S311


def test_claim_gets_what_is_near_to_it_in_other_sets() -> None:
    whaling = Pair("Hunting whales is cruel", "They suffer", SUPPORTS)

    pairs = drawn({"one": [whaling], "two": [FINNING, TAXES]})

    assert pairs == [Pair(whaling.claim, FINNING.text, UNKNOWN)]


def test_what_was_written_for_a_claim_is_not_drawn_again() -> None:
    assert not [pair for pair in drawn(SETS) if pair.claim == TAXES.claim]


def test_claim_is_not_paired_with_itself() -> None:
    rows = [WHALING, Pair("Whaling is a trade", "WHALES must not be hunted!", OPPOSES)]

    assert WHALING.claim not in {pair.claim for pair in drawn({"one": rows})}


def test_text_longer_than_a_quote_is_left_out() -> None:
    long = Pair("Sharks are fish", "Whales " * 100, SUPPORTS)

    assert drawn({"one": [WHALING, long]}) == []


def test_no_more_pairs_than_asked_for() -> None:
    rows = [Pair(f"Claim {number} on whales", f"Whales {number}", SUPPORTS) for number in range(9)]

    assert len(drawn({"one": rows}, count=5)) == 5


def test_draw_depends_on_the_seed_alone() -> None:
    rows = [Pair(f"Claim {number} on whales", f"Whales {number}", SUPPORTS) for number in range(9)]

    assert drawn({"one": rows}) == drawn({"one": rows})


def test_no_text_gives_no_pair() -> None:
    assert drawn({"one": []}) == []


def test_nearest_come_before_those_that_are_only_near() -> None:
    near = [Pair("Unrelated", f"Whales pay taxes {number}", SUPPORTS) for number in range(30)]
    nearest = [Pair("Unrelated", f"Whales swim {number}", SUPPORTS) for number in range(5)]
    claim = Pair("Whales dive", "They hold their breath", SUPPORTS)

    texts = {pair.text for pair in drawn({"one": [*near, *nearest, claim]})}

    assert {pair.text for pair in nearest} < texts
