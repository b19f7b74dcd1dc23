import pytest

from bot import texts
from bot.conversation.composing import FIRST_REPLY, compose, first_page
from bot.types import Evidence, Query, QueryKind, Quote, Reply, Source, Stance, Visibility

CLAIM = Query("Tea is good.", QueryKind.CLAIM, "Tea is good.")
QUESTION = Query("Is tea good?", QueryKind.QUESTION, "Tea is good.")
TOPIC = Query("Tea", QueryKind.TOPIC, "Tea is good.", "tea")

S, O, N = Stance.SUPPORTS, Stance.OPPOSES, Stance.NEUTRAL  # noqa: E741 - as in the tables below


def evidence(*stances: Stance) -> list[Evidence]:
    return [
        Evidence(
            Quote(
                f"Tea {place}.", "tea-book", place, place + 6, None, False, "page 1", "tea-book#1"
            ),
            Source("tea-book", "The Tea Book", None, None, None),
            stance,
            0.9,
            0.8,
        )
        for place, stance in enumerate(stances)
    ]


def headline(query: Query, quotes: list[Stance], counterpoints: list[Stance]) -> str:
    return compose("id", query, evidence(*quotes), evidence(*counterpoints)).headline


@pytest.mark.parametrize(
    ("query", "quotes", "counterpoints", "expected"),
    [
        (CLAIM, [S, S, S], [O, O], "3 passages support this, 2 oppose it."),
        (CLAIM, [S], [O], "1 passage supports this, 1 opposes it."),
        (CLAIM, [S, N], [O], "1 passage supports this, 1 opposes it, 1 bears on it."),
        (CLAIM, [S, S], [], "2 passages support this; no passage clearly argues against it."),
        (CLAIM, [S, N, N], [],
         "1 passage supports this, 2 bear on it; no passage clearly argues against it."),
        (CLAIM, [], [O, O], "2 passages oppose this; no passage clearly supports it."),
        (CLAIM, [N], [O], "1 passage opposes this, 1 bears on it; no passage clearly supports it."),
        (CLAIM, [N, N], [], "2 passages bear on this; none takes a side."),
        (CLAIM, [N], [], "1 passage bears on this; it takes no side."),
        (QUESTION, [S, N, N], [O], "3 passages answer this, 1 disputes it."),
        (QUESTION, [N], [], "1 passage answers this."),
        (QUESTION, [], [O, O], "2 passages dispute the premise of this."),
        (TOPIC, [S, S, S], [O, O], "Tea: 3 passages for, 2 against."),
        (TOPIC, [S, N], [O], "Tea: 1 passage for, 1 against, 1 on neither side."),
        (TOPIC, [S], [], "Tea: 1 passage for; no passage clearly argues against it."),
        (TOPIC, [], [O], "Tea: 1 passage against; nothing here argues for it."),
        (TOPIC, [N, N], [], "Tea: 2 passages bear on it."),
    ],
)  # fmt: skip
def test_headline_counts_both_sides(
    query: Query, quotes: list[Stance], counterpoints: list[Stance], expected: str
) -> None:
    assert headline(query, quotes, counterpoints) == expected


def test_reply_without_evidence_is_not_answered_and_suggests() -> None:
    reply = compose("id", CLAIM, [], [], ["tea", "coffee"])
    assert reply == Reply(
        "id", False, texts.NOTHING_FOUND, suggestions=("tea", "coffee"), query=CLAIM
    )


def test_reply_to_nothing_says_how_to_ask() -> None:
    reply = compose("id", None, evidence(S), [])
    assert (reply.answered, reply.headline, reply.quotes) == (False, texts.HOW_TO_ASK, ())


def test_answered_reply_suggests_nothing() -> None:
    assert compose("id", CLAIM, evidence(S), [], ["coffee"]).suggestions == ()


def test_reply_carries_what_it_was_made_from() -> None:
    reply = compose("id", CLAIM, evidence(S), [], (), Visibility.ASKER, "v1", 12.5, {"search": 3.0})
    assert (reply.visibility, reply.corpus_version, reply.took_ms, reply.stage_ms) == (
        Visibility.ASKER, "v1", 12.5, {"search": 3.0},
    )  # fmt: skip


def test_first_page_keeps_the_best_and_the_count_of_all() -> None:
    reply = compose("id", CLAIM, evidence(S, S, S, S, N), evidence(O, O, O))
    page = first_page(reply)
    assert len(reply.quotes) == 5
    assert page.quotes == reply.quotes[: FIRST_REPLY.quotes]
    assert page.counterpoints == reply.counterpoints[: FIRST_REPLY.counterpoints]
    assert page.headline == "4 passages support this, 3 oppose it, 1 bears on it."
