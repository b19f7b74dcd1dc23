"""Sentences that tell somebody else's view are found, and held to a figure."""

import json
from pathlib import Path

import pytest

from bot.corpus.reported import is_reported

GOLD = Path(__file__).with_name("reported_gold.jsonl")
LEAST_F1 = 0.80


def f1_of(split: str) -> tuple[float, float, float]:
    """Return precision, recall and F1 on one half of the labelled sentences."""
    rows = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    pairs = [(is_reported(r["text"]), r["reported"]) for r in rows if r["split"] == split]
    hits = sum(found and reported for found, reported in pairs)
    precision = hits / sum(found for found, _ in pairs)
    recall = hits / sum(reported for _, reported in pairs)
    return precision, recall, 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize("split", ["dev", "test"])
def test_f1_on_labelled_sentences(split: str) -> None:
    precision, recall, f1 = f1_of(split)
    print(f"{split}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    assert f1 >= LEAST_F1


@pytest.mark.parametrize(
    "sentence",
    [
        "Critics say that the wall was never warm.",
        "According to my aunt, pears need a wall.",
        "It is often claimed that pears need a wall.",
        "Those who think that pears are easy are mistaken.",
        "The first half of the book reads like an attempt to justify walls.",
        "They claim to have grown it from a stone.",
        "“Pears need a wall and that is that.”",
        "Pears, gardeners insist, need a wall.",
        "The wall was useless, said the gardener.",
        "The claim that pears need a wall is old.",
        "You might say that nobody needs pears.",
        "My neighbours swear by this wall, and they call it a blessing.",
        "She sees the wall as an insult.",
        "As the gardener correctly notes, walls are dear.",
        "The nurseryman assured us that it would fruit.",
    ],
)
def test_views_of_others_are_reported(sentence: str) -> None:
    assert is_reported(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "I think pears need a wall.",
        "We found that pears ripen a week earlier there.",
        "My point is that walls cost money.",
        "I fear that our pears are lost.",
        "The wall is made of clay.",
        "This suggests that the frost came late.",
        "Our results imply a warm spring.",
        "The claims were settled out of court.",
        "If you say so, plant them.",
        "I am convinced that pears need a wall.",
        "I have always believed in walls.",
        "Let us say it was a Tuesday.",
        "As I said before, walls are dear.",
        "Good walls assure good pears.",
        "The frost was held off by straw.",
        "Two states, one of them small, grow pears.",
        "United States reports, in short, are long.",
        "Some gardeners believe in pruning.",
        "It is supposed to fruit in May.",
        "",
    ],
)
def test_the_authors_own_statements_are_not(sentence: str) -> None:
    assert not is_reported(sentence)


def test_a_quotation_goes_on_in_the_next_sentence() -> None:
    assert is_reported("Walls are dear.", before="She wrote: “Pears are easy.")
    assert not is_reported("Walls are dear.", before="She wrote: “Pears are easy.”")


def test_the_authors_view_told_by_name_is_their_own() -> None:
    assert is_reported("Ann Ray argues that walls are dear.")
    assert not is_reported("Ann Ray argues that walls are dear.", author="Ann Ray")


def test_curly_apostrophes_and_links_make_no_difference() -> None:
    assert is_reported("There’s this notion that [[https://example.org][walls]] are dear.")  # noqa: RUF001
