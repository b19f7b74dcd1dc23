"""Hybrid search with the shipped encoder over an index in memory."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.backends.embedded import EmbeddedStore
from bot.ports import Hits
from bot.retrieval.analysis import Analyzer
from bot.retrieval.calibration import Calibration
from bot.retrieval.encoder import OnnxEncoder
from bot.retrieval.search import Floats, Match, Ranking, Search
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
    assert_ordered(ranking.matches, limit)
    assert 0 <= ranking.answerable <= 1


def assert_ordered(matches: Sequence[Match], limit: int) -> None:
    assert len(matches) <= limit
    assert len({match.row for match in matches}) == len(matches)
    scores = [match.score for match in matches]
    assert scores == sorted(scores, reverse=True)
    for match in matches:
        assert all(map(math.isfinite, (match.score, match.cosine, match.lexical)))
        assert 0 <= match.relevance <= 1
        assert match.lexical >= 0


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


FLYING = "Trains should replace short flights."
BRAKES = "Railways lost passengers to motorways."
TOMATOES = "Tomatoes want a sunny wall."


class TurnsTo:
    """A map of opposites that sends every vector to one text's."""

    def __init__(self, text: str, encoder: OnnxEncoder) -> None:
        self.vector: Floats = encoder.encode([text])[0]
        self.asked: list[Floats] = []

    def __call__(self, vector: Floats) -> Floats:
        self.asked.append(vector)
        return self.vector


class NearSighted(MemoryIndex):
    """Sees only the passage that is nearest to a vector, as a large index sees but some."""

    def nearest(self, vector: Floats, limit: int) -> Hits:
        return super().nearest(vector, 1)


@pytest.fixture(scope="module")
def opposing(encoder: OnnxEncoder, analyzer: Analyzer) -> Search:
    opposite = TurnsTo(BRAKES, encoder)
    return Search(encoder, analyzer, Calibration.load(), encoder.is_word, opposite)


@pytest.fixture(scope="module")
def astray(encoder: OnnxEncoder, analyzer: Analyzer) -> Search:
    """Turn to where nothing speaks of the query."""
    opposite = TurnsTo(TOMATOES, encoder)
    return Search(encoder, analyzer, Calibration.load(), encoder.is_word, opposite)


def test_without_a_map_the_best_matches_may_oppose(search: Search, index: MemoryIndex) -> None:
    ranking = search.rank(index, FLYING, 8)
    assert search.oppose(index, ranking, 3) == ranking.matches[:3]


def test_what_the_map_turns_to_moves_up(astray: Search, index: MemoryIndex) -> None:
    ranking = astray.rank(index, FLYING, 100)
    plain = [said(index, match) for match in ranking.matches]
    turned = [said(index, match) for match in astray.oppose(index, ranking, 100)]
    assert turned.index(TOMATOES) < plain.index(TOMATOES)


def test_map_proposes_what_the_query_would_not_have_found(
    astray: Search, index: MemoryIndex
) -> None:
    near = NearSighted(index.prepared)
    ranking = astray.rank(near, FLYING, 500)
    assert TOMATOES not in {said(near, match) for match in ranking.matches}
    assert TOMATOES in {said(near, match) for match in astray.oppose(near, ranking, 500)}


def test_what_opposes_is_still_near_to_the_query(astray: Search, index: MemoryIndex) -> None:
    found = astray.oppose(index, astray.rank(index, FLYING, 2), 2)
    assert "Night trains replace short flights." in {said(index, match) for match in found}


def test_what_opposes_is_measured_as_any_match_is(opposing: Search, index: MemoryIndex) -> None:
    ranking = opposing.rank(index, FLYING, 500)
    ranked = {match.row: match for match in ranking.matches}
    for match in opposing.oppose(index, ranking, 500):
        same = ranked[match.row]
        assert (match.cosine, match.lexical) == pytest.approx((same.cosine, same.lexical))


def test_map_is_asked_for_the_query_and_its_focus(
    encoder: OnnxEncoder, analyzer: Analyzer, index: MemoryIndex
) -> None:
    opposite = TurnsTo(BRAKES, encoder)
    search = Search(encoder, analyzer, Calibration.load(), encoder.is_word, opposite)
    ranking = search.rank(index, FLYING, 5)
    assert opposite.asked == []
    search.oppose(index, ranking, 5)
    np.testing.assert_array_equal(opposite.asked, ranking.vectors)


@pytest.mark.parametrize("limit", [0, 1, 4, 500])
def test_limit_is_kept_for_what_opposes(opposing: Search, index: MemoryIndex, limit: int) -> None:
    found = opposing.oppose(index, opposing.rank(index, FLYING, 4), limit)
    assert len(found) == min(limit, index.size)
    assert_ordered(found, limit)


@settings(max_examples=25)
@given(query=st.text(st.characters(exclude_categories=()) | st.sampled_from("bread \ud83d\0")))
def test_any_query_may_be_opposed(opposing: Search, index: MemoryIndex, query: str) -> None:
    assert_ordered(opposing.oppose(index, opposing.rank(index, query, 5), 5), 5)


def test_nothing_opposes_where_nothing_was_found(opposing: Search, index: MemoryIndex) -> None:
    assert opposing.oppose(index, opposing.rank(index, FLYING, 0), 5) == ()
