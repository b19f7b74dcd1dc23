"""What is read of a claim, and how the two sides of a reply are kept even."""

from dataclasses import replace

import numpy as np
import pytest

from bot.types import Query, QueryKind, Stance
from tests.bot.conversation.bench import (
    AGAINST,
    CLAIM,
    ENCODER,
    LIMITS,
    NEITHER,
    SIDES,
    TEXTS,
    Bench,
    said,
)


def test_what_lies_near_the_opposite_of_a_claim_is_read_too() -> None:
    texts = TEXTS | {"between": "Beaver dams lower the risk of floods in a narrow valley."}
    limits = replace(LIMITS, candidates=1, opposing=1)
    claim, raised = ENCODER.encode([CLAIM.text, AGAINST])
    away = (raised - claim) / np.linalg.norm(raised - claim)
    assert Bench(texts, SIDES, limits).gather(CLAIM).counterpoints == ()
    found = Bench(texts, SIDES, limits, opposite=lambda _: away).gather(CLAIM)
    assert said(found.counterpoints) == [AGAINST]


def test_nobody_is_quoted_more_often_than_the_limit() -> None:
    texts = {f"a{n}": f"Beaver dams lower the risk of floods in place {n}{n}." for n in range(4)}
    texts |= {"b0": "Beaver dams lower the risk of floods, as I saw."}
    texts |= {f"c{n}": f"Beaver dams raise the risk of floods near {n}." for n in range(2)}
    authors = {name: "Ann" if name[0] in "ac" else "Bob" for name in texts}
    sides = {text: (Stance.OPPOSES, 0.9) for name, text in texts.items() if name[0] == "c"}
    limits = replace(LIMITS, duplicate=1.1)
    found = Bench(texts, sides, limits, authors=authors).gather(CLAIM)
    shown = [one.source.author for one in found.quotes + found.counterpoints]
    assert shown.count("Ann") == 2
    assert shown.count("Bob") == 1
    assert found.counterpoints


def test_only_speaker_there_is_is_heard_in_full() -> None:
    texts = {f"a{n}": f"Beaver dams lower the risk of floods in place {n}{n}." for n in range(4)}
    limits = replace(LIMITS, duplicate=1.1)
    found = Bench(texts, {}, limits, authors=dict.fromkeys(texts, "Ann")).gather(CLAIM)
    assert len(found.quotes) == 4


def test_topic_shows_as_many_supporters_first_as_it_has_opponents() -> None:
    pro = [f"Beaver dams lower the risk of floods in place {n}{n}." for n in range(3)]
    texts = {f"a{n}": text for n, text in enumerate(pro)} | {"c": AGAINST, "d": NEITHER}
    sides = {**dict.fromkeys(pro, (Stance.SUPPORTS, 0.9)), AGAINST: (Stance.OPPOSES, 0.9)}
    topic = Query("beaver dams floods", QueryKind.TOPIC, "Dams lower the risk of floods.", "dams")
    found = Bench(texts, sides, replace(LIMITS, duplicate=1.1)).gather(topic)
    assert [one.stance for one in found.quotes] == [
        Stance.SUPPORTS, Stance.NEUTRAL, Stance.SUPPORTS, Stance.SUPPORTS,
    ]  # fmt: skip
    assert said(found.counterpoints) == [AGAINST]


def test_reported_view_counts_for_who_tells_it_and_is_marked() -> None:
    told = "The notion that beaver dams lower the risk of floods is a myth."
    (against,) = Bench({"farms": told}, {told: (Stance.OPPOSES, 0.9)}).gather(CLAIM).counterpoints
    assert against.quote.reported


# --- what a counterpoint needs ----------------------------------------------------


FARTHER = "Dams flood the fields upstream."


@pytest.mark.parametrize(
    ("text", "probability", "is_shown"),
    [(AGAINST, 0.6, True), (FARTHER, 0.6, False), (FARTHER, 0.9, True)],
)
def test_what_is_nearer_to_the_claim_may_be_less_sure(
    text: str, probability: float, is_shown: bool
) -> None:
    found = Bench({"farms": text}, {text: (Stance.OPPOSES, probability)}).gather(CLAIM)
    assert said(found.counterpoints) == [text] * is_shown


@pytest.mark.parametrize(("probability", "is_shown"), [(0.6, False), (0.9, True)])
def test_counterpoint_to_a_topic_has_to_be_surer_as_nobody_made_a_claim(
    probability: float, is_shown: bool
) -> None:
    sides = {AGAINST: (Stance.OPPOSES, probability)}
    topic = Query("beaver dams floods", QueryKind.TOPIC, "Dams lower the risk of floods.", "dams")
    assert said(Bench({"farms": AGAINST}, sides).gather(CLAIM).counterpoints) == [AGAINST]
    assert (
        said(Bench({"farms": AGAINST}, sides).gather(topic).counterpoints) == [AGAINST] * is_shown
    )


def test_opposition_that_is_not_shown_as_such_takes_no_side() -> None:
    found = Bench({"farms": AGAINST}, SIDES, replace(LIMITS, opposes=1.9)).gather(CLAIM)
    assert found.counterpoints == ()
    assert [one.stance for one in found.quotes] == [Stance.NEUTRAL]
