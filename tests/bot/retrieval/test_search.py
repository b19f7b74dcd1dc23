"""Hybrid search with the shipped encoder over an index in memory."""

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.backends.embedded import EmbeddedStore
from bot.retrieval.analysis import Analyzer
from bot.retrieval.calibration import Calibration
from bot.retrieval.encoder import OnnxEncoder
from bot.retrieval.search import Match, Ranking, Search
from tests.fakes.corpus import fill, index_of, text_file
from tests.fakes.index import MemoryIndex

TEXTS = {
    "baking": "Sourdough rises slowly because wild yeast works slowly. Salt tightens the dough. "
    "A hot oven gives the loaf its crust. Rye flour holds more water than wheat flour.",
    "trains": "Night trains replace short flights. A sleeper needs no hotel. "
    "Railways lost passengers to motorways. Freight belongs on rails.",
    "gardens": "Bees pollinate apple trees in spring. Compost feeds the soil. "
    "Hedges shelter birds from the wind. Tomatoes want a sunny wall.",
    "sailing": "A keel keeps the boat upright. Sails turn wind into speed. "
    "Knots have to hold and to open. Old sailors read the clouds.",
}


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer({"levain": "sourdough"})


@pytest.fixture(scope="module")
def search(encoder: OnnxEncoder, analyzer: Analyzer) -> Search:
    return Search(encoder, analyzer, Calibration.load(), encoder.is_word)


@pytest.fixture(scope="module")
def index(encoder: OnnxEncoder, analyzer: Analyzer) -> MemoryIndex:
    return index_of(TEXTS, encoder, analyzer)


def said(index: MemoryIndex, match: Match) -> str:
    (passage,) = index.passages([match.row])
    return index.document(passage.document_id).text[passage.start : passage.end]


def assert_sound(ranking: Ranking, limit: int) -> None:
    assert len(ranking.matches) <= limit
    assert len({match.row for match in ranking.matches}) == len(ranking.matches)
    scores = [match.score for match in ranking.matches]
    assert scores == sorted(scores, reverse=True)
    for match in ranking.matches:
        assert all(map(math.isfinite, (match.score, match.cosine, match.lexical)))
        assert 0 <= match.relevance <= 1
        assert match.lexical >= 0
    assert 0 <= ranking.answerable <= 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Why does sourdough rise slowly?", "Sourdough rises"),
        ("Which insects help fruit to grow?", "Bees pollinate"),
        ("Is there an alternative to flying?", "Night trains"),
        ("What keeps a ship from falling over?", "A keel"),
        ("hot oven crust", "A hot oven"),
        ("levain", "Sourdough rises"),
    ],
)
def test_passage_to_the_point_comes_first(
    search: Search, index: MemoryIndex, query: str, expected: str
) -> None:
    ranking = search.rank(index, query, 5)
    assert said(index, ranking.matches[0]).startswith(expected)
    assert_sound(ranking, 5)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("soudough riseing", "Sourdough rises"),
        ("polinate aple trees", "Bees pollinate"),
        ("COMPOSST", "Compost feeds"),
    ],
)
def test_typos_do_not_matter(search: Search, index: MemoryIndex, query: str, expected: str) -> None:
    assert said(index, search.rank(index, query, 3).matches[0]).startswith(expected)


def test_what_is_answered_is_likelier_to_be(search: Search, index: MemoryIndex) -> None:
    answered = search.rank(index, "Does salt tighten the dough?", 5)
    not_answered = search.rank(index, "Who won the chess championship of 1972?", 5)
    assert answered.answerable > not_answered.answerable
    assert answered.matches[0].relevance > not_answered.matches[0].relevance


def test_ranking_tells_how_the_words_were_taken(search: Search, index: MemoryIndex) -> None:
    assert search.rank(index, "soudough", 1).query.corrections == {"soudough": "sourdough"}


def test_query_without_a_known_word_is_ranked_by_meaning_alone(
    search: Search, index: MemoryIndex
) -> None:
    ranking = search.rank(index, "pastry", 3)
    assert {match.lexical for match in ranking.matches} == {0.0}
    assert_sound(ranking, 3)


@pytest.mark.parametrize("limit", [1, 4, 16, 500])
def test_limit_is_kept(search: Search, index: MemoryIndex, limit: int) -> None:
    ranking = search.rank(index, "dough", limit)
    assert len(ranking.matches) == min(limit, index.size)
    assert_sound(ranking, limit)


def test_shorter_ranking_begins_the_longer_one(search: Search, index: MemoryIndex) -> None:
    rows = [match.row for match in search.rank(index, "wind and sails", 12).matches]
    assert [match.row for match in search.rank(index, "wind and sails", 3).matches] == rows[:3]


def test_single_passage_is_found(search: Search, encoder: OnnxEncoder, analyzer: Analyzer) -> None:
    index = index_of({"one": "Compost feeds the soil."}, encoder, analyzer)
    assert_sound(search.rank(index, "compost", 5), 5)
    assert len(search.rank(index, "compost", 5).matches) == 1


@pytest.mark.parametrize("query", ["", " ", "?!", "\0", "\ud83d", "\u202ebread", "🥖" * 2000])
def test_odd_query_is_ranked(search: Search, index: MemoryIndex, query: str) -> None:
    assert_sound(search.rank(index, query, 5), 5)


@settings(max_examples=25)
@given(query=st.text(st.characters(exclude_categories=()) | st.sampled_from("bread \ud83d\0")))
def test_any_query_is_ranked(search: Search, index: MemoryIndex, query: str) -> None:
    assert_sound(search.rank(index, query, 5), 5)


def test_empty_index_answers_nothing(search: Search, encoder: OnnxEncoder, tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path, encoder.name, encoder.dimension)
    writer = store.begin()
    try:
        empty = writer.build()
        ranking = search.rank(empty, "sourdough bread", 5)
    finally:
        writer.close()
    assert (ranking.matches, ranking.answerable) == ((), 0.0)


def test_embedded_index_ranks_as_the_one_in_memory_does(
    search: Search, index: MemoryIndex, encoder: OnnxEncoder, analyzer: Analyzer, tmp_path: Path
) -> None:
    store = EmbeddedStore(tmp_path, encoder.name, encoder.dimension)
    fill(store, [text_file(name, text) for name, text in TEXTS.items()], encoder, analyzer)
    embedded = store.current()
    assert embedded is not None
    for query in ("Why does sourdough rise slowly?", "soudough", "boats in the wind"):
        ours = search.rank(index, query, 3).matches
        theirs = search.rank(embedded, query, 3).matches
        (best,) = embedded.passages([theirs[0].row])
        assert index.passages([ours[0].row]) == [best]
        assert theirs[0].score == pytest.approx(ours[0].score, abs=0.02)
