"""Which terms of a query count, how much, and what misspelt words are taken for."""

import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.analysis import Analyzer, bigram
from bot.retrieval.lexical import WeighedQuery, inverse_document_frequency, weigh
from tests.fakes.corpus import index_of
from tests.fakes.index import MemoryIndex
from tests.fakes.models import HashingEncoder

ANALYZER = Analyzer()
INDEX = index_of(
    {
        "bread": "Sourdough bread needs a starter. Bread rises because yeast ferments. "
        "An open oven loses heat. The source of the flour matters.",
        "trains": "Freight trains run overnight. The timetable of the railway changed.",
        "tools": "A stopwatch measures the fermentation. Bakers weigh salt with a scale.",
    },
    HashingEncoder(),
    ANALYZER,
)
ORDINARY = frozenset(
    ["penguin", "broad", "scare", "bread", "rise", "price", "of", "open", "source"]
)


def weighed(text: str, index: MemoryIndex = INDEX) -> WeighedQuery:
    return weigh(text, index, ANALYZER, ORDINARY.__contains__)


def stem(word: str) -> str:
    return ANALYZER.stem(word)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("soudough", "sourdough"), ("sourdouhg", "sourdough"), ("overnigth", "overnight")],
)
def test_misspelt_word_is_corrected(typed: str, meant: str) -> None:
    query = weighed(f"my {typed} fails")
    assert query.corrections == {typed: stem(meant)}
    assert query.weights[stem(meant)] > 0
    assert stem(meant) in query.text
    assert typed not in query.text


def test_corrected_word_counts_less_than_one_spelt_right() -> None:
    assert (
        weighed("soudough").weights[stem("sourdough")]
        < weighed("sourdough").weights[stem("sourdough")]
    )


def test_ordinary_word_that_the_corpus_lacks_is_left_alone() -> None:
    # One letter from "bread" and "scale", but neither was meant.
    query = weighed("broad of scare")
    assert query.corrections == {}
    assert query.weights == {}
    assert not query.weights


@pytest.mark.parametrize("word", ["zq", "x7raffic", "xylophonic"])
def test_word_without_a_likeness_is_missing(word: str) -> None:
    query = weighed(f"bread {word}")
    assert query.corrections == {}
    assert stem("bread") in query.weights
    assert 0 < len(query.weights) < len(query.idf)


def test_text_without_a_mistake_stays_as_it_is() -> None:
    assert weighed("  Sourdough,\n bread! ").text == "  Sourdough,\n bread! "


@pytest.mark.parametrize("typed", ["stop watch", "Stop-Watch"])
def test_compound_written_apart_is_joined(typed: str) -> None:
    assert weighed(typed).weights[stem("stopwatch")] == 1


def test_compound_written_together_is_split() -> None:
    query = weighed("openoven")
    assert query.corrections == {}
    assert {stem("open"), stem("oven")} <= set(query.weights)


def test_neighbours_count_as_a_pair_but_less() -> None:
    weights = weighed("sourdough bread").weights
    assert 0 < weights[bigram(stem("sourdough"), stem("bread"))] < weights[stem("bread")]


def test_pair_with_a_word_that_the_corpus_lacks_does_not_count() -> None:
    assert set(weighed("sourdough penguin bread").weights) == {stem("sourdough"), stem("bread")}


def test_repeated_word_counts_more() -> None:
    assert weighed("bread bread").weights[stem("bread")] > weighed("bread").weights[stem("bread")]


def test_rarity_is_that_of_lucene() -> None:
    idf = inverse_document_frequency(INDEX, [stem("bread"), stem("penguin")])
    assert idf[stem("bread")] == pytest.approx(math.log(1 + (8 - 2 + 0.5) / 2.5))
    assert idf[stem("penguin")] == pytest.approx(math.log(1 + 8.5 / 0.5))


def test_everything_found_means_nothing_missing() -> None:
    assert set(weighed("sourdough bread").idf) <= set(weighed("sourdough bread").weights)


@pytest.mark.parametrize("text", ["", "?!", "what is it about"])
def test_query_without_a_telling_word_has_no_weights(text: str) -> None:
    query = weighed(text)
    assert (query.weights, query.idf, query.focus) == ({}, {}, None)


def test_long_post_keeps_its_rarest_terms() -> None:
    rare = [first + second * 6 for first in string.ascii_lowercase for second in "bdfg"]
    texts = {word: f"The {word} word stands here with bread." for word in rare}
    index = index_of(texts, HashingEncoder(), ANALYZER)
    query = weighed(" ".join(["bread", *rare]), index)
    assert stem("bread") not in query.weights
    assert len(query.idf) == 32


def everywhere(word: str, times: int) -> MemoryIndex:
    return index_of(
        {f"d{n}": f"A sentence on {word} and number{n}." for n in range(times)},
        HashingEncoder(),
        ANALYZER,
    )


def test_what_the_whole_corpus_is_about_is_out_of_focus() -> None:
    query = weighed("bread with number7", everywhere("bread", 20))
    assert query.focus is not None
    assert "bread" not in query.focus
    assert "number7" in query.focus
    assert query.text == "bread with number7"


def test_query_about_nothing_else_keeps_its_focus() -> None:
    assert weighed("the bread", everywhere("bread", 20)).focus is None


def test_small_corpus_is_about_nothing_in_particular() -> None:
    assert weighed("bread number1", everywhere("bread", 3)).focus is None


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("\ud83d \0bread-")))
def test_any_query_is_weighed(text: str) -> None:
    query = weighed(text)
    assert all(weight > 0 for weight in query.weights.values())
    assert all(math.isfinite(idf) and idf > 0 for idf in query.idf.values())
    assert all(idf >= 0 for idf in query.idf.values())
