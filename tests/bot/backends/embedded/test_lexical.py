"""BM25 on tantivy: odd terms, ties and what is carried over."""

from pathlib import Path

import pytest
import tantivy
from hypothesis import given
from hypothesis import strategies as st

from bot.backends.embedded import lexical
from bot.backends.embedded.lexical import LexicalPassage, LexicalReader


def passage(key: int, *terms: str, context: tuple[str, ...] = ()) -> LexicalPassage:
    """Return a passage that is a document of its own."""
    return LexicalPassage(key, key, terms, context)


def made(folder: Path, *passages: LexicalPassage, boost: float = 0.3) -> LexicalReader:
    """Return a reader of an index of these passages."""
    folder.mkdir(exist_ok=True)
    lexical.write(folder, passages)
    return LexicalReader(folder, boost)


@pytest.mark.parametrize("term", ["a b", "\t", "a\x0bb", '"+-(c:*~^', "\ud800x", "\x00", "AND"])
def test_odd_terms_are_terms_like_others(tmp_path: Path, term: str) -> None:
    reader = made(tmp_path / "index", passage(1, term, "tea"), passage(2, "tea"))
    assert reader.search({term: 1.0}, 5)[0].tolist() == [1]


def test_empty_and_endless_terms_and_weights_of_nothing_find_nothing(tmp_path: Path) -> None:
    reader = made(tmp_path / "index", passage(1, "", "x" * 70_000, "tea"))
    for weights in ({"": 1.0}, {"x" * 70_000: 1.0}, {"tea": 0.0}, {"tea": -1.0}):
        assert len(reader.search(weights, 5)[0]) == 0


def test_a_whole_tie_is_returned_up_to_sixteen_times_the_limit(tmp_path: Path) -> None:
    reader = made(tmp_path / "index", *(passage(key, "tea") for key in range(100)))
    assert len(reader.search({"tea": 1.0}, 10)[0]) == 100
    assert 16 <= len(reader.search({"tea": 1.0}, 1)[0]) < 100
    assert len(reader.search({"tea": 1.0}, 1000)[0]) == 100


def test_weights_multiply_scores(tmp_path: Path) -> None:
    reader = made(tmp_path / "index", passage(1, "tea", context=("milk",)), passage(2, "rye"))
    _, (once,) = reader.search({"tea": 1.0}, 5)
    _, (thrice,) = reader.search({"tea": 3.0}, 5)
    assert thrice == pytest.approx(3 * once)


def test_without_a_boost_the_context_does_not_count(tmp_path: Path) -> None:
    reader = made(tmp_path / "index", passage(1, "tea", context=("milk",)), boost=0.0)
    assert len(reader.search({"milk": 1.0}, 5)[0]) == 0


def test_an_index_grows_from_another_that_stays_as_it_is(tmp_path: Path) -> None:
    base = made(tmp_path / "base", *(passage(key, "tea", f"n{key}") for key in range(10)))
    (tmp_path / "next").mkdir()
    lexical.write(tmp_path / "next", [passage(10, "tea")], tmp_path / "base", removed=[3, 4])
    grown = LexicalReader(tmp_path / "next", 0.3)
    assert (base.size, grown.size) == (10, 9)
    assert len(LexicalReader(tmp_path / "base", 0.3).search({"n3": 1.0}, 5)[0]) == 1
    assert len(grown.search({"n3": 1.0}, 5)[0]) == 0
    assert lexical.count_dead(tmp_path / "base") == 0
    assert lexical.count_dead(tmp_path / "next") == 2


def test_small_or_mostly_dead_indexes_are_written_anew() -> None:
    assert lexical.rebuild_is_due(alive=5_000, dead=0)
    assert not lexical.rebuild_is_due(alive=6_000, dead=3_000)
    assert lexical.rebuild_is_due(alive=6_000, dead=3_001)


@given(st.text(min_size=1, max_size=100))
def test_every_term_is_one_token(term: str) -> None:
    split = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    assert len(split.analyze(lexical._token(term))) == 1
