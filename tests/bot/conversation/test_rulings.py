"""A verdict holds for what shares its words, in whichever lines and under whichever id."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.conversation.correcting import Correcting
from bot.conversation.rulings import concerns, places, shared
from bot.ports import Ruling, Verdict
from bot.retrieval.analysis import Analyzer
from bot.types import Evidence, Query, QueryKind, Quote, Source, Stance
from tests.fakes.corpus import index_of
from tests.fakes.corrections import CorrectionsInMemory
from tests.fakes.index import MemoryIndex
from tests.fakes.models import HashingEncoder

FIRST = "Nobody doubts that rye bread keeps for weeks."
SECOND = "It goes stale in the end like any other bread."
THIRD = "Mine was good for a month in a cold cellar."
AGAIN = "Ask the baker whether that is so and she will laugh."
TEXT = f"{FIRST} {SECOND} {THIRD}\n\n{AGAIN} {SECOND}"
CLAIM = "Rye bread keeps longer."
QUERY = Query(CLAIM, QueryKind.CLAIM, CLAIM)


def made(texts: Mapping[str, str]) -> MemoryIndex:
    """Return an index of these documents."""
    return index_of(texts, HashingEncoder(), Analyzer())


class Shelf:
    """Verdicts over documents that can be put in the place of others."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.held = CorrectionsInMemory()
        self.index: MemoryIndex | None = made(texts)
        self.correcting = Correcting(self.held, lambda: self.index)

    def rule(self, verdict: Verdict, text: str, document: str = "rye", **more: object) -> int:
        """Rule on words."""
        ruling = Ruling(verdict, "r1", document, text)
        return self.held.note(replace(ruling, **more))  # type: ignore[arg-type]  # its fields

    def quote(self, text: str, document: str = "rye", after: int = 0) -> Evidence:
        """Quote words where they stand behind a place of a document."""
        assert self.index is not None
        start = self.index.document(document).text.index(text, after)
        quote = Quote(text, document, start, start + len(text), None, False, None, "https://q/x")
        return Evidence(
            quote, Source(document, "On rye", "Ann", None, None), Stance.SUPPORTS, 0.8, 0.7
        )

    def shown(self, evidence: Evidence, query: Query = QUERY) -> Evidence | None:
        """Return a quote as it is shown; None where it is hidden."""
        quotes, counterpoints = self.correcting.corrected(query, [evidence], [])
        found = [*quotes, *counterpoints]
        assert self.correcting.hides(evidence.quote) is not bool(found)
        return found[0] if found else None

    def said_by(self, document: str = "rye") -> list[tuple[str | None, bool]]:
        """Return speaker and report of each sentence where the document is read."""
        assert self.index is not None
        passages = self.index.passages(self.index.rows_of(document))
        found = self.correcting.passages(self.index.document(document), passages)
        return [(one.speaker, one.reported) for one in found]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf({"rye": TEXT, "oats": "Oats are a grass that horses like to eat."})


# --- which quotes share the words


@pytest.mark.parametrize("ruled", [FIRST, f"{FIRST} {SECOND}", f"{FIRST} {SECOND} {THIRD}"])
@pytest.mark.parametrize("quoted", [FIRST, f"{FIRST} {SECOND}", f"{FIRST} {SECOND} {THIRD}"])
def test_a_speaker_and_a_report_hold_for_what_shares_a_sentence(
    shelf: Shelf, ruled: str, quoted: str
) -> None:
    shelf.rule(Verdict.SPEAKER, ruled, speaker="Bea")
    shelf.rule(Verdict.REPORTED, ruled)
    found = shelf.shown(shelf.quote(quoted))
    assert found is not None
    assert (found.quote.speaker, found.quote.reported) == ("Bea", True)
    assert shelf.said_by()[0] == ("Bea", True)


def test_a_speaker_holds_for_quotes_that_meet_in_a_sentence(shelf: Shelf) -> None:
    shelf.rule(Verdict.SPEAKER, f"{FIRST} {SECOND}", speaker="Bea")
    found = shelf.shown(shelf.quote(f"{SECOND} {THIRD}"))
    assert found is not None
    assert found.quote.speaker == "Bea"
    assert shelf.said_by() == [
        ("Bea", False), ("Bea", False), (None, False), (None, False), (None, False),
    ]  # fmt: skip


def test_the_same_sentence_elsewhere_in_a_document_stays_who_said_it(shelf: Shelf) -> None:
    shelf.rule(Verdict.SPEAKER, f"{FIRST} {SECOND}", speaker="Bea")
    later = shelf.quote(SECOND, after=TEXT.index(AGAIN))
    assert shelf.shown(later) == later
    assert shelf.shown(shelf.quote(THIRD)) == shelf.quote(THIRD)


@pytest.mark.parametrize("quoted", [FIRST, SECOND, f"{FIRST} {SECOND}", f"{SECOND} {THIRD}"])
def test_whatever_shares_a_sentence_with_a_hidden_quote_is_hidden(
    shelf: Shelf, quoted: str
) -> None:
    number = shelf.rule(Verdict.HIDE, f"{FIRST} {SECOND}")
    evidence = shelf.quote(quoted)
    assert shelf.shown(evidence) is None
    assert shelf.shown(shelf.quote(THIRD)) is not None
    shelf.held.undo(number)
    assert shelf.shown(evidence) == evidence


@pytest.mark.parametrize("ruled", [FIRST, f"{FIRST} {SECOND}", f"{FIRST} {SECOND} {THIRD}"])
def test_a_side_holds_for_what_holds_the_quote_or_is_held_by_it(shelf: Shelf, ruled: str) -> None:
    shelf.rule(Verdict.SIDE, ruled, claim=CLAIM, stance=Stance.OPPOSES)
    for quoted in (FIRST, f"{FIRST} {SECOND}"):
        found = shelf.shown(shelf.quote(quoted))
        assert found is not None
        assert (found.stance, found.probability) == (Stance.OPPOSES, 1.0)
        other = shelf.shown(shelf.quote(quoted), replace(QUERY, claim="Rye is heavy."))
        assert other == shelf.quote(quoted)


def test_a_side_does_not_hold_for_a_neighbour(shelf: Shelf) -> None:
    shelf.rule(Verdict.SIDE, f"{FIRST} {SECOND}", claim=CLAIM, stance=Stance.OPPOSES)
    neighbour = shelf.quote(f"{SECOND} {THIRD}")
    assert shelf.shown(neighbour) == neighbour


# --- words of a link, that may begin and end anywhere


@pytest.mark.parametrize(
    "text",
    [
        SECOND,
        SECOND[:-1],
        SECOND[1:],
        SECOND[3:20],
        f"{SECOND[9:]} {THIRD}",
        f"{FIRST[5:]} {SECOND[:15]}",
        f"{FIRST} {SECOND} {THIRD}",
        f"{FIRST}\n  {SECOND}\n{THIRD}",
    ],
)
def test_words_that_overlap_hidden_ones_are_withdrawn(shelf: Shelf, text: str) -> None:
    assert not shelf.correcting.is_hidden("rye", text)
    shelf.rule(Verdict.HIDE, SECOND)
    assert shelf.correcting.is_hidden("rye", text)
    assert not shelf.correcting.is_hidden("oats", text)


@pytest.mark.parametrize("text", ["bread", "It goes", THIRD, f"{THIRD}\n\n{AGAIN}", "", " "])
def test_a_word_or_two_are_not_withdrawn(shelf: Shelf, text: str) -> None:
    shelf.rule(Verdict.HIDE, SECOND)
    assert not shelf.correcting.is_hidden("rye", text)


@pytest.mark.parametrize("text", ["It keeps", "t keeps.", "日持ちする", "日持ちする。本当だ。"])
def test_most_of_a_short_hidden_quote_is_withdrawn(shelf: Shelf, text: str) -> None:
    shelf.rule(Verdict.HIDE, "It keeps.")
    shelf.rule(Verdict.HIDE, "日持ちする。")
    assert shelf.correcting.is_hidden("rye", text)


# --- other lines, other ids


def test_a_verdict_outlives_other_white_space(shelf: Shelf) -> None:
    shelf.rule(Verdict.HIDE, FIRST)
    shelf.rule(Verdict.SPEAKER, THIRD, speaker="Bea")
    shelf.index = made({"rye": TEXT.replace("rye bread", "rye\nbread").replace("in a", "in\n  a")})
    assert shelf.shown(shelf.quote(FIRST.replace("rye bread", "rye\nbread"))) is None
    found = shelf.shown(shelf.quote(THIRD.replace("in a", "in\n  a")))
    assert found is not None
    assert found.quote.speaker == "Bea"
    assert ("Bea", False) in shelf.said_by()


def test_a_verdict_outlives_a_line_that_ends_behind_a_hyphen() -> None:
    text = "A well-known baker swears by a half-baked loaf of rye."
    shelf = Shelf({"rye": text})
    shelf.rule(Verdict.HIDE, text)
    wrapped = text.replace("half-", "half-\n").replace("A well-", "A well-\n")
    shelf.index = made({"rye": wrapped})
    assert shelf.shown(shelf.quote(wrapped)) is None
    assert shelf.correcting.is_hidden("rye", wrapped[:-1])


def test_a_hidden_sentence_stays_hidden_when_its_neighbour_changes(shelf: Shelf) -> None:
    shelf.rule(Verdict.HIDE, f"{FIRST} {SECOND}")
    shelf.index = made({"rye": TEXT.replace("like any other bread", "as all bread does")})
    assert shelf.shown(shelf.quote(FIRST)) is None


def test_a_verdict_goes_with_its_words_when_their_document_is_gone(shelf: Shelf) -> None:
    shelf.rule(Verdict.HIDE, FIRST)
    shelf.rule(Verdict.SPEAKER, THIRD, speaker="Bea")
    shelf.rule(Verdict.REPORTED, THIRD)
    shelf.index = made({"bread": TEXT.replace("keeps for", "keeps\nfor"), "oats": AGAIN})
    hidden = FIRST.replace("keeps for", "keeps\nfor")
    assert shelf.shown(shelf.quote(hidden, "bread")) is None
    assert shelf.correcting.is_hidden("bread", hidden[:-1])
    found = shelf.shown(shelf.quote(THIRD, "bread"))
    assert found is not None
    assert (found.quote.speaker, found.quote.reported) == ("Bea", True)
    assert ("Bea", True) in shelf.said_by("bread")
    assert shelf.shown(shelf.quote(AGAIN, "oats")) == shelf.quote(AGAIN, "oats")
    # What is remembered of the old document is still known by its old id.
    assert shelf.correcting.is_hidden("rye", FIRST)
    shelf.index = made({"rye": TEXT, "bread": TEXT})
    assert shelf.shown(shelf.quote(FIRST, "bread")) is not None
    assert shelf.shown(shelf.quote(FIRST, "rye")) is None


def test_few_words_elsewhere_may_be_somebody_elses(shelf: Shelf) -> None:
    short = "Rye keeps well, I find."
    shelf.rule(Verdict.SPEAKER, short, "gone", speaker="Bea")
    shelf.index = made({"rye": f"{short} {AGAIN}"})
    assert shelf.shown(shelf.quote(short)) == shelf.quote(short)
    shelf.rule(Verdict.HIDE, short, "gone")
    assert shelf.shown(shelf.quote(short)) is None


def test_without_an_index_verdicts_hold_by_their_words(shelf: Shelf) -> None:
    evidence = shelf.quote(f"{FIRST} {SECOND}")
    shelf.index = None
    shelf.rule(Verdict.SPEAKER, FIRST, speaker="Bea")
    found = shelf.shown(evidence)
    assert found is not None
    assert found.quote.speaker == "Bea"


# --- what texts have in common


@pytest.mark.parametrize(
    ("ruled", "words", "part"),
    [
        ("a b c", "a b c", "a b c"),
        ("b", "a b c", "b"),
        ("a b c", "b", "b"),
        ("a b c", "b c d", "b c"),
        ("b c d", "a b c", "b c"),
        ("aba", "bab", "ba"),
        ("a b", "c d", ""),
        ("", "a", ""),
        ("a", "", ""),
    ],
)
def test_what_two_texts_share(ruled: str, words: str, part: str) -> None:
    assert shared(ruled, words) == part


def test_words_stand_wherever_the_lines_break() -> None:
    assert places("It\n keeps. It keeps", "It keeps") == [(0, 9), (11, 19)]
    assert places("It keeps (a*)", "(a*)") == [(9, 13)]
    assert places("a loafer", "a loaf") == []
    assert places("a", "") == []


def test_the_verdicts_on_a_quote_are_told_by_its_words(shelf: Shelf) -> None:
    shelf.rule(Verdict.HIDE, f"{FIRST} {SECOND}")
    shelf.rule(Verdict.SIDE, f"{FIRST} {SECOND}", claim=CLAIM, stance=Stance.OPPOSES)
    shelf.rule(Verdict.DISMISS, "")
    hide, side, dismiss = shelf.held.current().corrections
    assert concerns(hide, "rye", SECOND)
    assert concerns(hide, "rye", f"{SECOND} {THIRD}")
    assert not concerns(hide, "rye", THIRD)
    assert not concerns(hide, "oats", SECOND)
    assert concerns(side, "rye", SECOND)
    assert not concerns(side, "rye", f"{SECOND} {THIRD}")
    assert not concerns(dismiss, "", "")
