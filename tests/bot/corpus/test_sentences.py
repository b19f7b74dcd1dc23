"""Sentences have exact offsets, in any script, and sensible bounds."""

import time

import pytest
from hypothesis import given

from bot.corpus.sentences import LONGEST_SENTENCE, SPLIT_LENGTH, ends_sentence, sentence_spans
from tests.bot.corpus.texts import ANY_TEXT


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "marked",
    [
        "Dr. Lee met Mr. Ray at 5 p.m. on Friday.¦They talked for hours.",
        "The firm moved to the U.S. in 1998.¦It never went back again.",
        "Some fruits, e.g. apples and pears, keep well.¦Others, i.e. berries, do not.",
        "See fig. 3 and pp. 12-14 of Vol. 2 for details.¦The rest is in No. 7.",
        "J. R. Hartley wrote a book on fishing.¦Nobody could find it.",
        '"Stop that!" she said.¦He did not hear her.',
        "She said, “I left. I never came back.” and smiled.",
        "The road was closed…¦Then it opened again.",
        "It rained all day.¦(It always does.)¦We stayed in the barn.",
        "Really, again?!¦That was the third time.",
        "1. Wash the beans well.¦2. Soak them overnight.",
        "I use Node.js and ASP.NET daily.¦Both of them are fine.",
        "See [[https://example.org/a ][Who? Why? The orchard]] for more.¦It is a long story.",
        "Growth was .5 percent last year.¦That is rather low.",
    ],
)
def test_english_boundaries(marked: str) -> None:
    assert sentences(marked.replace("¦", " ")) == marked.split("¦")


@pytest.mark.parametrize(
    "marked",
    [
        "今天天气很好。¦我们去公园吧！¦你觉得怎么样？",  # noqa: RUF001
        "今日は雨です。¦明日は晴れるでしょう。",
        "هل هذا صحيح يا صديقي؟ ¦نعم، هذا صحيح تماما.",
        "यह बहुत अच्छा है। ¦वह कल नहीं आया।",
        "¿Qué hora es ahora? ¦Son las tres de la tarde.",
    ],
)
def test_boundaries_in_other_scripts(marked: str) -> None:
    assert sentences(marked.replace("¦", "")) == [part.strip() for part in marked.split("¦")]


def test_a_sentence_runs_over_line_breaks() -> None:
    text = "The pears are better than those of the U.S.\n\ngrowers, as we saw.\nApples are not."
    assert sentences(text) == [text[:-16], "Apples are not."]


def test_fragments_join_their_neighbour() -> None:
    assert sentences("And three. The big one. Pears keep until Easter.") == [
        "And three. The big one.",
        "Pears keep until Easter.",
    ]
    assert sentences("Pears keep until Easter. Or not.") == ["Pears keep until Easter. Or not."]


def test_a_stretch_without_full_stops_is_split_at_clauses() -> None:
    clause = "so we went down to the orchard and looked at every single tree there, "
    pieces = sentences(clause * 20)
    assert all(len(piece) <= SPLIT_LENGTH for piece in pieces)
    assert all(piece.endswith("there,") for piece in pieces)


def test_a_stretch_without_punctuation_is_split_between_words() -> None:
    words = ["pear"] * 500
    pieces = sentences(" ".join(words))
    assert " ".join(pieces).split() == words
    assert max(map(len, pieces)) <= LONGEST_SENTENCE


def test_a_stretch_without_spaces_is_not_split_inside_a_character() -> None:
    pieces = sentences("e\u0301" * 400)
    assert len(pieces) > 1
    assert all(piece.startswith("e") for piece in pieces)


def test_a_long_sentence_below_the_bound_stays_whole() -> None:
    sentence = "The orchard lies" + ", beyond the wall and the ditch" * 14 + "."
    assert SPLIT_LENGTH < len(sentence) <= LONGEST_SENTENCE
    assert sentences(sentence) == [sentence]


@given(ANY_TEXT)
def test_spans_are_ordered_tight_and_leave_only_white_space(text: str) -> None:
    position = 0
    for start, end in sentence_spans(text.replace("\ud800", "\ufffd")):
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        assert end - start <= LONGEST_SENTENCE
        position = end
    assert not text[position:].strip()


@pytest.mark.parametrize("unit", [".", "! ", "[[", '"a. ', "a.b", "1. ", " ", "e\u0301", "…"])
def test_time_grows_with_the_length_of_hostile_text(unit: str) -> None:
    started = time.perf_counter()
    sentence_spans(unit * 100_000)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("It froze.", True),
        ("It froze.”", True),
        ("Did it freeze? ", True),
        ("霜が降りた。", True),
        ("It froze in the U.S.", False),
        ("It froze", False),
        ("apples, pears etc.", False),
    ],
)
def test_ends_sentence(text: str, ends: bool) -> None:
    assert ends_sentence(text) is ends
