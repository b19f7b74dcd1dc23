"""What admins found wrong holds in a reply: hidden, renamed, marked, on the right side."""

from dataclasses import replace

import pytest

from bot import texts
from bot.conversation.correcting import Correcting
from bot.ports import Ruling, Verdict
from bot.types import (
    Document,
    Evidence,
    Passage,
    Query,
    QueryKind,
    Quote,
    Recalled,
    Reply,
    Source,
    Stance,
)
from tests.fakes.corrections import CorrectionsInMemory

CLAIM = "Rye bread keeps longer."
QUERY = Query(CLAIM, QueryKind.CLAIM, CLAIM)
YES_NO = Query("Does rye bread keep longer?", QueryKind.QUESTION, CLAIM)
OPEN = Query("How long does rye bread keep?", QueryKind.QUESTION)


@pytest.fixture
def held() -> CorrectionsInMemory:
    return CorrectionsInMemory()


@pytest.fixture
def correcting(held: CorrectionsInMemory) -> Correcting:
    return Correcting(held)


def evidence(text: str, stance: Stance = Stance.SUPPORTS, document: str = "rye") -> Evidence:
    quote = Quote(text, document, 0, len(text), None, False, None, "https://example.org/q/x")
    source = Source(document, "On rye", "Ann", None, None)
    return Evidence(quote, source, stance, 0.8, 0.7)


FOR = evidence("It keeps for weeks.")
ALSO = evidence("Mine kept for a month.")
AGAINST = evidence("It goes stale like any other.", Stance.OPPOSES)
ASIDE = evidence("Rye is a grass.", Stance.NEUTRAL)


def ruling(verdict: Verdict, about: Evidence, **more: object) -> Ruling:
    made = Ruling(verdict, "r1", about.quote.document_id, about.quote.text)
    return replace(made, **more)  # type: ignore[arg-type]  # fields of a ruling


def texts_of(sides: tuple[tuple[Evidence, ...], tuple[Evidence, ...]]) -> list[list[str]]:
    return [[one.quote.text for one in side] for side in sides]


def test_without_corrections_nothing_changes(correcting: Correcting) -> None:
    assert correcting.corrected(QUERY, [FOR], [AGAINST]) == ((FOR,), (AGAINST,))
    assert not correcting.hides(FOR.quote)


def test_hidden_words_are_hidden_in_their_document_alone(
    held: CorrectionsInMemory, correcting: Correcting
) -> None:
    held.note(ruling(Verdict.HIDE, FOR))
    elsewhere = evidence(FOR.quote.text, document="oats")
    moved = replace(FOR, quote=replace(FOR.quote, start=40, end=40 + len(FOR.quote.text)))
    assert correcting.hides(FOR.quote)
    assert correcting.hides(moved.quote)
    assert not correcting.hides(elsewhere.quote)
    assert correcting.corrected(QUERY, [FOR, elsewhere], [AGAINST]) == ((elsewhere,), (AGAINST,))


@pytest.mark.parametrize(
    ("hidden", "text", "is_hidden"),
    [
        ("It keeps.", "Ask anybody. It keeps.\nWhy not?", True),
        ("日持ちする。", "ライ麦は強い。日持ちする。本当だ。", True),
        ("a rye loaf", "Rye is a rye loaf", True),
        ("a rye loaf", "a rye loafer", False),
        ("a rye loaf", "pizza rye loaf", False),
        ("It keeps. Why not?", "It keeps.", True),
    ],
)
def test_what_holds_hidden_words_or_some_of_them_is_hidden_too(
    held: CorrectionsInMemory, correcting: Correcting, hidden: str, text: str, is_hidden: bool
) -> None:
    held.note(ruling(Verdict.HIDE, evidence(hidden)))
    longer = evidence(text)
    assert correcting.hides(longer.quote) is is_hidden
    assert correcting.corrected(QUERY, [longer], []) == (() if is_hidden else (longer,), ())


def test_a_later_speaker_stands_in_for_an_earlier_one(
    held: CorrectionsInMemory, correcting: Correcting
) -> None:
    held.note(ruling(Verdict.SPEAKER, FOR, speaker="Bea"))
    number = held.note(ruling(Verdict.SPEAKER, FOR, speaker="Cy"))
    ((first,), _) = correcting.corrected(QUERY, [FOR], [])
    assert first.quote.speaker == "Cy"
    held.undo(number)
    ((first,), _) = correcting.corrected(QUERY, [FOR], [])
    assert first.quote.speaker == "Bea"


def test_a_report_is_marked(held: CorrectionsInMemory, correcting: Correcting) -> None:
    held.note(ruling(Verdict.REPORTED, FOR))
    ((first,), _) = correcting.corrected(QUERY, [FOR], [])
    assert first.quote.reported


@pytest.mark.parametrize(
    ("about", "stance", "expected"),
    [
        (FOR, Stance.OPPOSES, [[ALSO, ASIDE], [AGAINST, FOR]]),
        (AGAINST, Stance.SUPPORTS, [[FOR, ALSO, ASIDE, AGAINST], []]),
        (AGAINST, Stance.NEUTRAL, [[FOR, ALSO, ASIDE, AGAINST], []]),
        (ASIDE, Stance.OPPOSES, [[FOR, ALSO], [AGAINST, ASIDE]]),
        (ASIDE, Stance.SUPPORTS, [[FOR, ALSO, ASIDE], [AGAINST]]),
    ],
)
@pytest.mark.parametrize("query", [QUERY, replace(QUERY, kind=QueryKind.TOPIC), YES_NO])
def test_a_quote_stands_where_its_right_side_is_shown(
    held: CorrectionsInMemory,
    correcting: Correcting,
    about: Evidence,
    stance: Stance,
    expected: list[list[Evidence]],
    query: Query,
) -> None:
    held.note(ruling(Verdict.SIDE, about, claim=CLAIM, stance=stance))
    if query is YES_NO and about is FOR:
        # The first answer still sided says which side answers.
        expected = [[ALSO, ASIDE], [AGAINST, FOR]]
        quotes = [ALSO, FOR, ASIDE]
    else:
        quotes = [FOR, ALSO, ASIDE]
    sides = correcting.corrected(query, quotes, [AGAINST])
    assert [sorted(side) for side in texts_of(sides)] == [
        sorted(one.quote.text for one in side) for side in expected
    ]
    (changed,) = [one for side in sides for one in side if one.quote.text == about.quote.text]
    assert (changed.stance, changed.probability) == (stance, 1.0)


def test_an_answer_that_turns_around_takes_the_question_with_it(
    held: CorrectionsInMemory, correcting: Correcting
) -> None:
    held.note(ruling(Verdict.SIDE, FOR, claim=CLAIM, stance=Stance.OPPOSES))
    sides = correcting.corrected(YES_NO, [FOR, ALSO], [AGAINST])
    assert texts_of(sides) == [
        [FOR.quote.text, AGAINST.quote.text],
        [ALSO.quote.text],
    ]


def test_a_side_is_corrected_for_its_claim_alone(
    held: CorrectionsInMemory, correcting: Correcting
) -> None:
    held.note(ruling(Verdict.SIDE, FOR, claim=CLAIM, stance=Stance.OPPOSES))
    other = replace(QUERY, claim="Rye bread is heavy.")
    for query in (other, OPEN):
        assert correcting.corrected(query, [FOR], []) == ((FOR,), ())
    same = replace(QUERY, claim="  rye bread KEEPS longer")
    assert texts_of(correcting.corrected(same, [FOR], [])) == [[], [FOR.quote.text]]


def recalled(*quotes: Evidence, query: Query | None = QUERY) -> Recalled:
    return Recalled(Reply("r1", True, "Headline", quotes, query=query), gone=1)


def test_a_reply_made_again_counts_what_is_left(
    held: CorrectionsInMemory, correcting: Correcting
) -> None:
    before = recalled(FOR, ALSO)
    assert correcting.recalled(before) is before
    held.note(ruling(Verdict.HIDE, FOR))
    after = correcting.recalled(before)
    assert after.reply.quotes == (ALSO,)
    assert after.reply.headline == texts.claim_headline(1, 0, 0)
    assert after.gone == 1


def test_a_reply_of_which_nothing_is_left_says_why(
    held: CorrectionsInMemory, correcting: Correcting
) -> None:
    held.note(ruling(Verdict.HIDE, FOR))
    reply = correcting.recalled(recalled(FOR)).reply
    assert (reply.answered, reply.headline) == (False, texts.WITHDRAWN)
    kept = correcting.recalled(recalled(FOR, ALSO, query=None)).reply
    assert (kept.answered, kept.quotes) == (True, (ALSO,))


def test_sentences_carry_what_was_found_where_they_are_read(
    held: CorrectionsInMemory, correcting: Correcting
) -> None:
    text = "It keeps. It keeps for weeks. Who knows."
    document = Document("rye", "On rye", None, None, None, "essay", None, text, "0")
    passages = [Passage("1", "rye", 0, 9), Passage("2", "rye", 10, 29), Passage("3", "rye", 30, 40)]
    assert correcting.passages(document, passages) == passages
    held.note(ruling(Verdict.SPEAKER, FOR, speaker="Bea"))
    held.note(ruling(Verdict.REPORTED, FOR))
    found = correcting.passages(document, passages)
    assert [(one.speaker, one.reported) for one in found] == [
        (None, False),
        ("Bea", True),
        (None, False),
    ]


def test_a_dismissal_changes_nothing(held: CorrectionsInMemory, correcting: Correcting) -> None:
    held.note(Ruling(Verdict.DISMISS, "r1"))
    assert correcting.corrected(QUERY, [FOR], [AGAINST]) == ((FOR,), (AGAINST,))
    assert correcting.version == "1.0"
