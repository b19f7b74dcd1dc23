"""From a query to the evidence on both sides, with models that a test dictates."""

import logging
from dataclasses import replace
from itertools import pairwise

import pytest

from bot.conversation.gathering import Gathered
from bot.types import Document, Query, QueryKind, Stance
from tests.bot.conversation.bench import (
    AGAINST,
    CLAIM,
    ELSEWHERE,
    FOR,
    LIMITS,
    NEITHER,
    QUESTION,
    SIDES,
    TEXTS,
    Bench,
    said,
)
from tests.fakes.index import MemoryIndex

# --- claims and topics ------------------------------------------------------------


def test_claim_gets_both_sides() -> None:
    found = Bench(TEXTS, SIDES).gather(CLAIM)
    assert said(found.counterpoints) == [AGAINST]
    assert FOR in said(found.quotes)
    assert AGAINST not in said(found.quotes)


def test_evidence_says_which_side_and_how_surely() -> None:
    found = Bench(TEXTS, SIDES).gather(CLAIM)
    support = next(one for one in found.quotes if one.quote.text == FOR)
    assert support.stance is Stance.SUPPORTS
    assert support.probability == pytest.approx(0.9)
    assert found.counterpoints[0].stance is Stance.OPPOSES


def test_evidence_names_its_source() -> None:
    (evidence,) = Bench({"rivers": FOR}).gather(CLAIM).quotes
    assert (evidence.source.document_id, evidence.source.title) == ("rivers", "Rivers")
    assert evidence.quote.permalink.startswith("https://quotes.example.org/q/rivers-0-")
    assert 0 < evidence.score <= 1


def test_one_side_only_has_no_counterpoints() -> None:
    found = Bench({"rivers": FOR, "reviews": NEITHER}, SIDES).gather(CLAIM)
    assert found.counterpoints == ()
    assert set(said(found.quotes)) == {FOR, NEITHER}


def test_opposition_that_is_not_sure_is_no_counterpoint() -> None:
    found = Bench(TEXTS, {AGAINST: (Stance.OPPOSES, 0.5)}).gather(CLAIM)
    assert found.counterpoints == ()
    assert AGAINST in said(found.quotes)


def test_stance_is_taken_on_the_claim_and_not_on_the_wording() -> None:
    bench = Bench(TEXTS, SIDES)
    bench.gather(CLAIM)
    assert {claim for claim, _ in bench.stance.asked} == {"Beaver dams help."}


def test_stance_is_taken_on_the_text_as_it_is_read() -> None:
    bench = Bench({"rivers": "Beaver [dams](https://example.org/dams)\nlower floods."})
    (evidence,) = bench.gather(CLAIM).quotes
    assert bench.stance.asked == [("Beaver dams help.", "Beaver dams lower floods.")]
    assert "\n" in evidence.quote.text


def test_what_is_not_to_the_point_is_left_out() -> None:
    found = Bench(TEXTS, SIDES).gather(CLAIM)
    assert ELSEWHERE not in said(found.quotes + found.counterpoints)


def test_topic_gets_both_sides_of_its_proposition() -> None:
    topic = Query("Beaver dams", QueryKind.TOPIC, "Dams lower the risk of floods.", "dams")
    found = Bench(TEXTS, SIDES).gather(topic)
    assert said(found.counterpoints) == [AGAINST]
    assert FOR in said(found.quotes)


def test_known_topic_is_answered_even_if_the_words_are_others() -> None:
    topic = Query("Castor", QueryKind.TOPIC, "Reintroduction helps.", "castor")
    assert Bench({"rivers": FOR}, SIDES).gather(topic).quotes
    assert not Bench({"rivers": FOR}, SIDES).gather(replace(topic, topic=None)).quotes


def test_topic_that_nobody_described_gets_what_bears_on_it() -> None:
    found = Bench(TEXTS, SIDES).gather(Query("risk of floods from beaver dams", QueryKind.TOPIC))
    assert set(said(found.quotes)) == {FOR, AGAINST, NEITHER}
    assert found.counterpoints == ()


# --- questions --------------------------------------------------------------------


def test_question_without_a_claim_is_disputed_from_its_best_answer() -> None:
    bench = Bench(TEXTS, {AGAINST: (Stance.OPPOSES, 0.95)})
    found = bench.gather(QUESTION)
    best = found.quotes[0].quote.text
    assert (best, AGAINST) in bench.stance.asked
    assert said(found.counterpoints) == [AGAINST]


def with_claim(best: Stance, others: Stance) -> Gathered:
    """Ask a yes-or-no question whose best answer, and the others, take these sides."""
    query = Query(FOR, QueryKind.QUESTION, "Beaver dams help.")
    sides = {FOR: (best, 0.95), AGAINST: (others, 0.95), NEITHER: (Stance.NEUTRAL, 0.9)}
    found = Bench(TEXTS, sides).gather(query)
    assert found.quotes[0].quote.text == FOR
    return found


@pytest.mark.parametrize(
    ("best", "others", "disputes"),
    [
        (Stance.SUPPORTS, Stance.OPPOSES, True),
        (Stance.OPPOSES, Stance.SUPPORTS, True),
        (Stance.SUPPORTS, Stance.SUPPORTS, False),
        (Stance.OPPOSES, Stance.OPPOSES, False),
        (Stance.NEUTRAL, Stance.OPPOSES, False),
        (Stance.NEUTRAL, Stance.SUPPORTS, False),
    ],
)
def test_other_side_of_an_answer_is_the_other_side_of_the_best_one(
    best: Stance, others: Stance, disputes: bool
) -> None:
    found = with_claim(best, others)
    assert (AGAINST in said(found.counterpoints)) is disputes
    assert (AGAINST in said(found.quotes)) is not disputes


def test_dispute_that_is_not_sure_is_an_answer() -> None:
    found = Bench(TEXTS, {AGAINST: (Stance.OPPOSES, 0.7)}).gather(QUESTION)
    assert AGAINST in said(found.quotes)


def test_side_too_unsure_to_dispute_an_answer_is_not_told() -> None:
    asked = replace(QUESTION, claim="Beaver dams lower the risk of floods.")
    sides = {FOR: (Stance.SUPPORTS, 0.9), AGAINST: (Stance.OPPOSES, 0.7)}
    found = Bench(TEXTS, sides).gather(asked)
    told = {one.quote.text: one.stance for one in found.quotes}
    assert (told[FOR], told[AGAINST]) == (Stance.SUPPORTS, Stance.NEUTRAL)
    assert found.counterpoints == ()


# --- what is shown ----------------------------------------------------------------


def test_what_the_corpus_does_not_answer_gets_nothing() -> None:
    bench = Bench(TEXTS, SIDES)
    found = bench.gather(Query("Who won the chess championship?", QueryKind.QUESTION))
    assert (found.quotes, found.counterpoints) == ((), ())
    assert found.answerable < LIMITS.answerable
    assert bench.stance.asked == []


def test_answer_says_how_sure_it_is() -> None:
    assert Bench(TEXTS).gather(CLAIM).answerable >= LIMITS.answerable


def test_near_duplicates_fold_into_one() -> None:
    found = Bench({"rivers": FOR, "copy": f"{FOR[:-1]} too."}).gather(CLAIM)
    assert len(found.quotes) == 1


def test_copies_leave_room_for_others() -> None:
    copies = {f"copy{n}": FOR for n in range(5)}
    found = Bench(copies | {"reviews": NEITHER}, limits=replace(LIMITS, candidates=2)).gather(CLAIM)
    assert said(found.quotes).count(FOR) == 1
    assert NEITHER in said(found.quotes)


def test_near_duplicate_counterpoints_fold_into_one() -> None:
    copy = f"{AGAINST[:-1]} too."
    sides = {AGAINST: (Stance.OPPOSES, 0.9), copy: (Stance.OPPOSES, 0.9)}
    found = Bench({"farms": AGAINST, "copy": copy}, sides).gather(CLAIM)
    assert len(found.counterpoints) == 1


@pytest.mark.parametrize("query", [CLAIM, QUESTION], ids=["claim", "question"])
def test_denial_is_no_duplicate_of_what_it_denies(query: Query) -> None:
    # To an encoder the two are nearly the same.
    denial = FOR.replace("lower", "never lower")
    sides = {FOR: (Stance.SUPPORTS, 0.95), denial: (Stance.OPPOSES, 0.95)}
    found = Bench({"rivers": FOR, "farms": denial}, sides).gather(query)
    assert (said(found.quotes), said(found.counterpoints)) == ([FOR], [denial])


def test_reported_view_stays_marked() -> None:
    text = f"Critics claim that {FOR[0].lower()}{FOR[1:]}"
    (evidence,) = Bench({"rivers": text}).gather(CLAIM).quotes
    assert evidence.quote.reported
    assert not Bench({"rivers": FOR}).gather(CLAIM).quotes[0].quote.reported


LEANING = "They therefore lower the risk of floods from beaver dams."
OPENING = "Ponds store the spring melt for weeks."


def test_leaning_sentence_takes_the_one_before() -> None:
    found = Bench({"rivers": f"{OPENING} {LEANING}"}).gather(CLAIM)
    assert f"{OPENING} {LEANING}" in said(found.quotes)
    assert LEANING not in said(found.quotes)


def test_sentence_that_stands_by_itself_is_quoted_alone() -> None:
    assert FOR in said(Bench({"rivers": f"{OPENING} {FOR}"}).gather(CLAIM).quotes)


def test_leaning_sentence_that_opens_a_document_is_quoted_alone() -> None:
    texts = {"before": OPENING, "rivers": LEANING}
    assert LEANING in said(Bench(texts).gather(CLAIM).quotes)


def test_leaning_sentence_does_not_reach_over_a_heading() -> None:
    text = f"# Ponds\n\n{OPENING}\n\n# Dams\n\n{LEANING}\n"
    assert LEANING in said(Bench({"rivers": text}).gather(CLAIM).quotes)


def test_leaning_sentence_stays_alone_where_both_would_be_too_long() -> None:
    long = "Ponds store the spring melt for weeks" + " and weeks" * 36 + "."
    assert LEANING in said(Bench({"rivers": f"{long} {LEANING}"}).gather(CLAIM).quotes)


def test_sentence_is_quoted_once() -> None:
    found = Bench({"rivers": f"{FOR} {LEANING} Then the beaver dams lower the risk again."})
    quotes = [one.quote for one in found.gather(CLAIM).quotes]
    spans = sorted((quote.start, quote.end) for quote in quotes)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


SECOND = "Floods have a lower risk where beaver dams stand."
THIRD = "Some say floods and dams go together."


def order(crowding: float) -> list[str]:
    texts = {"rivers": f"{FOR} {SECOND}", "ponds": THIRD}
    found = Bench(texts, limits=replace(LIMITS, relevant=0.0, crowding=crowding)).gather(CLAIM)
    return [one.quote.document_id for one in found.quotes]


def test_crowded_document_makes_room_for_another() -> None:
    assert order(crowding=0.0) == ["rivers", "rivers", "ponds"]
    assert order(crowding=1.0) == ["rivers", "ponds", "rivers"]


def test_no_more_is_shown_than_the_limits_say() -> None:
    many = {f"d{n}": f"Beaver dams lower the risk of floods near {n}{n}." for n in range(6)}
    others = {f"e{n}": f"Beaver dams raise the risk of floods near {n}{n}." for n in range(6)}
    sides = dict.fromkeys(others.values(), (Stance.OPPOSES, 0.9))
    limits = replace(LIMITS, candidates=20, quotes=3, counterpoints=2, duplicate=1.1)
    found = Bench(many | others, sides, limits).gather(CLAIM)
    assert (len(found.quotes), len(found.counterpoints)) == (3, 2)
    few = Bench(many, limits=replace(limits, candidates=2, opposing=0)).gather(CLAIM)
    assert len(few.quotes) == 2


def test_surest_of_equal_counterpoints_goes_first() -> None:
    texts = {"a": f"{AGAINST[:-1]} a.", "b": f"{AGAINST[:-1]} b."}
    sides = {texts["a"]: (Stance.OPPOSES, 0.7), texts["b"]: (Stance.OPPOSES, 0.99)}
    found = Bench(texts, sides, replace(LIMITS, duplicate=1.1)).gather(CLAIM)
    assert said(found.counterpoints) == [texts["b"], texts["a"]]


def test_stages_are_told_in_order() -> None:
    bench = Bench(TEXTS, SIDES)
    bench.gather(CLAIM)
    assert bench.stages == ["search", "quote", "stance"]


class ShortenedIndex(MemoryIndex):
    """An index whose document lost its end after its passages were cut."""

    def document(self, document_id: str) -> Document:
        found = super().document(document_id)
        return replace(found, text=found.text[:20]) if document_id == "rivers" else found


def test_quote_that_is_not_verbatim_is_dropped_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = Bench(TEXTS, SIDES)
    damaged = ShortenedIndex(bench.index.prepared)
    with caplog.at_level(logging.ERROR):
        found = bench.gather(CLAIM, damaged)
    assert {one.quote.document_id for one in found.quotes} == {"reviews"}
    assert said(found.counterpoints) == [AGAINST]
    assert [(r.message, vars(r)["passage"]) for r in caplog.records] == [
        ("quote_not_verbatim", "rivers#0")
    ]


def test_nothing_is_shown_when_no_quote_is_verbatim(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench({"rivers": FOR})
    found = bench.gather(CLAIM, ShortenedIndex(bench.index.prepared))
    assert (found.quotes, found.counterpoints) == ((), ())
    assert "quote_not_verbatim" in caplog.text
