"""Mixing an epoch: what is made up is labelled soundly, and a seed gives it again."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from random import Random

import pytest

from bot.stance.training import mixing, rules
from bot.stance.training.sets import NEUTRAL, OPPOSES, SUPPORTS, Pair
from tests.architecture.checkout import ROOT

SET = "argkp_train"
ROWS = 3000  # of that set in a full epoch
TOPICS = ("whaling", "chess", "libraries", "homework", "zoos", "lotteries", "cycling", "sugar")
CLAIMS = tuple(f"We should ban {topic}" for topic in TOPICS)
NLI = tuple(Pair(f"a man number {n}", f"somebody, number {n}", NEUTRAL) for n in range(600))
FLIPPED = {SUPPORTS: OPPOSES, OPPOSES: SUPPORTS}


def texts(topic: str, side: int, ending: str) -> list[str]:
    """Return what is said about a topic on one side."""
    word = ("harms", "helps")[side]
    return [f"the {topic} {word} {n}{ending}" for n in range(60)]


def rows(ending: str = "") -> Mapping[str, Sequence[Pair]]:
    """Return one set that argues about every topic, both ways, equally often."""
    return {
        SET: [
            Pair(f"We should ban {topic}", text, side)
            for topic in TOPICS
            for side in (SUPPORTS, OPPOSES)
            for text in texts(topic, side, ending)
        ]
    }


@pytest.fixture(scope="module")
def epoch() -> list[Pair]:
    return mixing.stance_epoch(rows(), fraction=1.0, random=Random(1))  # noqa: S311


def digest() -> str:
    """Return what tells one epoch from another."""
    random = Random(7)  # noqa: S311 - reproducible, not secret
    epoch = mixing.stance_epoch(rows(), fraction=0.02, random=random)
    epoch += mixing.inference_part(rows(), NLI, fraction=0.02, random=random)
    return hashlib.sha256(repr(epoch).encode()).hexdigest()


def topic_of(text: str) -> str | None:
    """Return the topic that a text names."""
    return next((topic for topic in TOPICS if topic in text), None)


def said(pair: Pair) -> list[int]:
    """Return the sides of the rows that a text is made of, in their order."""
    sides = [(pair.text.find(word), side) for side, word in enumerate((" harms ", " helps "))]
    return [side for at, side in sorted(sides) if at >= 0]


def test_off_topic_pairs_share_no_content_word(random: Random) -> None:
    pairs = [
        Pair("We should ban whaling", "whales feel pain", SUPPORTS),
        Pair("Whaling should end now", "it is a tradition", OPPOSES),
        Pair("We should fund libraries", "books are cheap", OPPOSES),
    ]

    made = mixing.off_topic(pairs, 20, random)

    assert {(pair.claim, pair.text) for pair in made} <= {
        ("We should ban whaling", "books are cheap"),
        ("Whaling should end now", "books are cheap"),
        ("We should fund libraries", "whales feel pain"),
        ("We should fund libraries", "it is a tradition"),
    }


def test_off_topic_pairs_are_neutral(random: Random) -> None:
    pairs = [
        Pair("We should ban whaling", "whales feel pain", SUPPORTS),
        Pair("We should fund libraries", "books are cheap", OPPOSES),
    ]

    assert [pair.label for pair in mixing.off_topic(pairs, 5, random)] == [NEUTRAL] * 5


def test_no_off_topic_pairs_are_made_of_one_topic(random: Random) -> None:
    pairs = [Pair("We should ban whaling", f"text {n}", SUPPORTS) for n in range(5)]

    assert mixing.off_topic(pairs, 5, random) == []


def test_varied_claim_has_its_label(random: Random) -> None:
    given = [Pair("We should ban whaling", "whales feel pain", SUPPORTS)] * 300
    negations = {rules.negate(given[0].claim, random) for _ in range(200)}

    made = {(pair.claim, pair.label) for pair in mixing.varied(given, random)}

    assert {label for claim, label in made if claim in negations} == {OPPOSES}
    assert {label for claim, label in made if claim not in negations} == {SUPPORTS}
    assert len(made) > len(negations) > 1


def test_varied_claim_keeps_its_text_and_place(random: Random) -> None:
    given = rows()[SET]

    assert [pair.text for pair in mixing.varied(given, random)] == [pair.text for pair in given]


def test_neutral_pair_stays_neutral_when_its_claim_is_negated(random: Random) -> None:
    given = [Pair("We should ban whaling", "books are cheap", NEUTRAL)] * 100

    assert {pair.label for pair in mixing.varied(given, random)} == {NEUTRAL}


def test_claim_that_no_rule_fits_stays(random: Random) -> None:
    given = [Pair("All swans are white", "they are", SUPPORTS)] * 100

    assert mixing.varied(given, random) == given


def test_epoch_is_the_same_for_the_same_seed() -> None:
    first, second, other = (
        mixing.stance_epoch(rows(), fraction=0.02, random=Random(seed))  # noqa: S311
        for seed in (7, 7, 8)
    )

    assert first == second
    assert first != other


def test_epoch_is_the_same_in_every_process() -> None:
    # Python orders a set of words differently in each, but for this variable.
    code = f"import {__name__} as tests; print(tests.digest())"
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": number},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for number in ("1", "2")
    }

    assert len(digests) == 1


def test_epoch_holds_the_fraction_asked_for_of_each_set(random: Random) -> None:
    long = rows(ending=", and" + " so on" * 30)  # too long to be framed

    epoch = mixing.stance_epoch(long, fraction=0.1, random=random)

    assert sum(bool(said(pair)) and pair.label != NEUTRAL for pair in epoch) == ROWS // 10


def test_set_that_is_too_small_gives_all_it_has(random: Random) -> None:
    few = {SET: rows()[SET][:40]}

    epoch = mixing.stance_epoch(few, fraction=1.0, random=random)

    assert {pair.text for pair in few[SET]} <= {pair.text for pair in epoch}


def test_smallest_epoch_holds_something(random: Random) -> None:
    assert mixing.stance_epoch(rows(), fraction=1e-9, random=random)


def test_larger_fraction_gives_more(random: Random) -> None:
    small, large = (
        len(mixing.stance_epoch(rows(), fraction=fraction, random=random))
        for fraction in (0.01, 0.1)
    )

    assert large == pytest.approx(10 * small, rel=0.1)


def test_epoch_pairs_claims_with_texts_on_other_topics(epoch: list[Pair]) -> None:
    apart = [
        pair.label
        for pair in epoch
        if said(pair) and topic_of(pair.claim) not in (None, topic_of(pair.text))
    ]

    assert len(apart) > 100
    assert set(apart) == {NEUTRAL}


def test_inference_part_holds_pairs_as_they_are_and_small_talk(random: Random) -> None:
    part = mixing.inference_part(rows(), NLI, fraction=0.1, random=random)

    kept = [pair for pair in part if pair in set(NLI)]
    small_talk = [pair for pair in part if pair.claim in CLAIMS]
    assert (len(kept), len(small_talk), len(part)) == (500, 80, 580)
    assert {pair.text for pair in small_talk} <= {pair.text for pair in NLI}
    assert {pair.label for pair in small_talk} == {NEUTRAL}


def test_inference_part_takes_no_pair_twice(random: Random) -> None:
    part = mixing.inference_part(rows(), NLI, fraction=1.0, random=random)

    assert sorted(pair.claim for pair in part if pair.claim not in CLAIMS) == sorted(
        pair.claim for pair in NLI
    )


def test_inference_part_is_the_same_for_the_same_seed() -> None:
    first, second, other = (
        mixing.inference_part(rows(), NLI, fraction=0.02, random=Random(seed))  # noqa: S311
        for seed in (7, 7, 8)
    )

    assert first == second
    assert first != other


def test_concession_takes_the_side_it_holds(epoch: list[Pair]) -> None:
    conceded = [pair for pair in epoch if len(said(pair)) == 2]

    assert len(conceded) == 1600
    assert all(pair.label == said(pair)[-1] for pair in conceded)
    assert {pair.label for pair in conceded} == {SUPPORTS, OPPOSES}


def test_concession_stays_with_its_claim(epoch: list[Pair]) -> None:
    conceded = [pair for pair in epoch if len(said(pair)) == 2]

    assert all(pair.text.count(topic_of(pair.claim) or "?") == 2 for pair in conceded)


def test_no_concessions_are_made_where_all_agree(random: Random) -> None:
    agreed = {SET: [pair for pair in rows()[SET] if pair.label == SUPPORTS]}

    epoch = mixing.stance_epoch(agreed, fraction=0.1, random=random)

    assert not [pair for pair in epoch if len(said(pair)) == 2]


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ("it is a myth that ", "turned"),
        ("the evidence shows that ", "kept"),
        ("opinions differ on whether ", "none"),
    ],
)
def test_framed_text_is_labelled_by_its_frame(epoch: list[Pair], frame: str, expected: str) -> None:
    framed = [
        pair for pair in epoch if pair.text.lower().startswith(frame) and len(said(pair)) == 1
    ]

    assert framed
    for pair in framed:
        (side,) = said(pair)
        assert pair.label == {"turned": FLIPPED[side], "kept": side, "none": NEUTRAL}[expected]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("It is a myth that we should ban {}", OPPOSES),
        ("The evidence shows that we should ban {}", SUPPORTS),
        ("Opinions differ on whether we should ban {}", NEUTRAL),
        ("We should not ban {}", OPPOSES),
        ("It is time to ban {}", SUPPORTS),
        ("This chapter is about {}", NEUTRAL),
    ],
)
def test_claims_stand_as_texts(epoch: list[Pair], text: str, label: int) -> None:
    random = Random(1)  # noqa: S311 - reproducible, not secret
    same = {
        topic: {claim, *(rules.restate(claim, random) for _ in range(50))}
        for topic, claim in zip(TOPICS, CLAIMS, strict=True)
    }
    topics = {text.format(topic): topic for topic in TOPICS}

    labels = {
        pair.label
        for pair in epoch
        if pair.text in topics and pair.claim in same[topics[pair.text]]
    }

    assert labels == {label}


def test_pairs_made_by_rule_have_labels_of_their_own(random: Random) -> None:
    pairs = mixing.rule_part(rows(), fraction=1.0, random=random)

    assert {pair.label for pair in pairs} == {SUPPORTS, OPPOSES, NEUTRAL}
    assert all(pair.soft is None for pair in pairs)


def test_claim_that_is_merely_asked_takes_no_side(random: Random) -> None:
    pairs = mixing.rule_part(rows(), fraction=1.0, random=random)

    asked = [pair for pair in pairs if pair.text.startswith("Is it true that")]
    assert {pair.label for pair in asked} == {NEUTRAL}


def test_fraction_of_the_pairs_made_by_rule(random: Random) -> None:
    whole = mixing.rule_part(rows(), fraction=1.0, random=random)
    tenth = mixing.rule_part(rows(), fraction=0.1, random=random)

    assert len(whole) > 1500
    assert len(tenth) < len(whole) / 8
