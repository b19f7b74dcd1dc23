"""Benchmark files in, runs and sides out, by the very parts that answer people."""

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import Application
from bot.errors import ConfigError, CorpusError, IndexUnavailable
from bot.evaluation import (
    BeirCorpus,
    BenchmarkQuery,
    Evaluation,
    RankedDocument,
    read_queries,
    read_rows,
)
from bot.settings import Settings

CORPUS = [
    {"_id": "d1", "title": "Bread", "text": "Sourdough rises slowly. Salt tightens the dough."},
    {"_id": "d2", "title": "", "text": "Night trains replace short flights."},
    {"_id": "d3", "text": "Bees pollinate apple trees. Compost feeds the soil."},
    {"_id": "d4", "text": "   "},
    {"_id": 5, "text": "School uniforms should be compulsory."},
    {"_id": "d6", "text": "School uniforms should not be compulsory."},
]
QUERIES = [
    {"_id": "q1", "text": "Why does sourdough rise slowly?"},
    {"_id": "5", "text": "School uniforms should be compulsory."},
]


def write(path: Path, rows: Iterable[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    folder = tmp_path_factory.mktemp("none")
    return Application(Settings(corpus_dir=folder, data_dir=folder)).evaluation()


@pytest.fixture(scope="module")
def folder(evaluation: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an index of the corpus."""
    folder = tmp_path_factory.mktemp("index")
    evaluation.index(write(folder / "corpus.jsonl", CORPUS), folder / "index")
    return folder / "index"


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    return write(tmp_path / "queries.jsonl", QUERIES)


def by_query(ranked: Iterable[RankedDocument]) -> dict[str, list[RankedDocument]]:
    return {name: list(lines) for name, lines in groupby(ranked, lambda one: one.query_id)}


# --- indexing ---------------------------------------------------------------------


def test_every_text_is_one_passage(evaluation: Evaluation, tmp_path: Path) -> None:
    report = evaluation.index(write(tmp_path / "corpus.jsonl", CORPUS), tmp_path / "index")
    assert (report.documents, report.passages, report.failures) == (5, 5, ())


def test_texts_are_split_if_asked(evaluation: Evaluation, tmp_path: Path) -> None:
    corpus = write(tmp_path / "corpus.jsonl", CORPUS)
    report = evaluation.index(corpus, tmp_path / "index", sentences=True)
    assert (report.documents, report.passages) == (5, 7)


def test_title_opens_the_text(tmp_path: Path) -> None:
    (first, second, *_) = BeirCorpus(write(tmp_path / "corpus.jsonl", CORPUS)).read()
    assert first.document.text == "Bread Sourdough rises slowly. Salt tightens the dough."
    assert second.document.text == "Night trains replace short flights."


def test_passages_are_slices(tmp_path: Path) -> None:
    corpus = write(tmp_path / "corpus.jsonl", CORPUS)
    (first, *_) = BeirCorpus(corpus, sentences=True).read()
    text = first.document.text
    assert [text[one.start : one.end] for one in first.passages] == [
        "Bread Sourdough rises slowly.",
        "Salt tightens the dough.",
    ]


def test_way_of_splitting_changes_the_fingerprint(tmp_path: Path) -> None:
    corpus = write(tmp_path / "corpus.jsonl", CORPUS)
    assert BeirCorpus(corpus).fingerprint == BeirCorpus(corpus).fingerprint
    assert BeirCorpus(corpus).fingerprint != BeirCorpus(corpus, sentences=True).fingerprint


def test_unchanged_corpus_is_not_indexed_again(evaluation: Evaluation, tmp_path: Path) -> None:
    corpus = write(tmp_path / "corpus.jsonl", CORPUS)
    first = evaluation.index(corpus, tmp_path / "index")
    stages: list[str] = []
    again = evaluation.index(corpus, tmp_path / "index", False, lambda p: stages.append(p.stage))
    assert again.version == first.version
    assert "encoding" not in stages


# --- ranking ----------------------------------------------------------------------


def test_document_to_the_point_comes_first(
    evaluation: Evaluation, folder: Path, queries: Path
) -> None:
    ranked = by_query(evaluation.rank(queries, folder, 3))
    assert list(ranked) == ["q1", "5"]
    assert ranked["q1"][0].document_id == "d1"


def test_first_score_says_how_sure_the_corpus_answers(
    evaluation: Evaluation, folder: Path, tmp_path: Path
) -> None:
    asked = [
        {"_id": "known", "text": "Sourdough rises slowly. Salt tightens the dough."},
        {"_id": "foreign", "text": "Who won the chess championship of 1972 in Reykjavik?"},
    ]
    ranked = by_query(evaluation.rank(write(tmp_path / "asked.jsonl", asked), folder, 3))
    assert 0 <= ranked["foreign"][0].score < ranked["known"][0].score <= 1


@pytest.mark.parametrize("rank", [Evaluation.rank, Evaluation.counter])
def test_run_is_sound(
    evaluation: Evaluation,
    folder: Path,
    queries: Path,
    rank: Callable[[Evaluation, Path, Path, int], Iterable[RankedDocument]],
) -> None:
    for lines in by_query(rank(evaluation, queries, folder, 3)).values():
        assert [line.rank for line in lines] == [1, 2, 3]
        assert len({line.document_id for line in lines}) == 3
        scores = [line.score for line in lines]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("rank", [Evaluation.rank, Evaluation.counter])
def test_querys_own_text_is_left_out(
    evaluation: Evaluation,
    folder: Path,
    queries: Path,
    rank: Callable[[Evaluation, Path, Path, int], Iterable[RankedDocument]],
) -> None:
    ranked = by_query(rank(evaluation, queries, folder, 10))
    assert {line.document_id for line in ranked["5"]} == {"d1", "d2", "d3", "d6"}
    assert "5" in {line.document_id for line in ranked["q1"]}


def test_document_of_several_sentences_is_ranked_once(
    evaluation: Evaluation, queries: Path, tmp_path: Path
) -> None:
    evaluation.index(write(tmp_path / "corpus.jsonl", CORPUS), tmp_path / "index", sentences=True)
    ranked = by_query(evaluation.rank(queries, tmp_path / "index", 10))["q1"]
    assert ranked[0].document_id == "d1"
    assert sorted(line.document_id for line in ranked) == ["5", "d1", "d2", "d3", "d6"]


def test_counterpoint_comes_before_agreement(evaluation: Evaluation, tmp_path: Path) -> None:
    corpus = [
        {"_id": "agrees", "text": "Yes, school uniforms should be compulsory everywhere."},
        {"_id": "opposes", "text": "School uniforms should not be compulsory."},
        {"_id": "other", "text": "Compost feeds the soil."},
    ]
    evaluation.index(write(tmp_path / "corpus.jsonl", corpus), tmp_path / "index")
    asked = write(tmp_path / "q.jsonl", [{"_id": "q", "text": QUERIES[1]["text"]}])
    ranked = list(evaluation.counter(asked, tmp_path / "index", 3))
    assert ranked[0].document_id == "opposes"


def test_missing_index_is_told(evaluation: Evaluation, queries: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="bench index"):
        list(evaluation.rank(queries, tmp_path / "nothing", 3))


# --- sides ------------------------------------------------------------------------

PAIRS: list[Mapping[str, Any]] = [
    {"id": "p1", "claim": "Cats are good pets.", "text": "Cats are wonderful pets."},
    {"id": 2, "claim": "Zoos should be banned.", "text": "Zoos should not be banned."},
    {"claim": "Tea is healthy.", "text": "The train leaves at nine."},
]


def test_sides_are_probabilities_that_sum_to_one(evaluation: Evaluation, tmp_path: Path) -> None:
    judged = list(evaluation.sides(write(tmp_path / "pairs.jsonl", PAIRS)))
    assert [one["id"] for one in judged] == ["p1", 2, None]
    for one in judged:
        probabilities = {side: one[side] for side in ("supports", "opposes", "neutral")}
        assert sum(probabilities.values()) == pytest.approx(1, abs=1e-5)
        assert one["stance"] == max(probabilities, key=lambda side: probabilities[side])
    assert json.loads(json.dumps(judged)) == judged


def test_sides_are_told_apart(evaluation: Evaluation, tmp_path: Path) -> None:
    judged = list(evaluation.sides(write(tmp_path / "pairs.jsonl", PAIRS)))
    assert [one["stance"] for one in judged] == ["supports", "opposes", "neutral"]


# --- files ------------------------------------------------------------------------


def test_blank_lines_are_no_rows_but_count(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": 1}\n\n  \n{"a": 2}', "utf-8")
    assert list(read_rows(path)) == [(1, {"a": 1}), (4, {"a": 2})]


def test_numbers_are_ids_too(tmp_path: Path) -> None:
    path = write(tmp_path / "queries.jsonl", [{"_id": 7, "text": "Bread?"}])
    assert read_queries(path) == [BenchmarkQuery("7", "Bread?")]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{not json", "line 2: this is not JSON"),
        ("[1]", "line 2: this is no JSON object"),
        pytest.param("[" * 100_000, "line 2: this is not JSON", id="brackets"),
        ('{"_id": "q2"}', "line 2: 'text'"),
        ('{"_id": null, "text": "x"}', "line 2: '_id'"),
        ('{"_id": "q2", "text": ["x"]}', "line 2: 'text'"),
    ],
)
def test_bad_line_is_named_with_its_file(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text(f'{{"_id": "q1", "text": "Bread?"}}\n{line}\n', "utf-8")
    with pytest.raises(CorpusError, match=rf"queries\.jsonl, {complaint}"):
        read_queries(path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xff"])
def test_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "queries.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CorpusError, match=r"queries\.jsonl cannot be read"):
        read_queries(path)


def test_corpus_with_a_bad_line_is_not_indexed(evaluation: Evaluation, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text('{"_id": "d1", "text": "Bread."}\n{"_id": "d2"}\n', "utf-8")
    with pytest.raises(IndexUnavailable, match=r"corpus\.jsonl, line 2: 'text'"):
        evaluation.index(corpus, tmp_path / "index")


def test_corpus_that_is_not_there_is_named(evaluation: Evaluation, tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match=r"corpus\.jsonl"):
        evaluation.index(tmp_path / "corpus.jsonl", tmp_path / "index")
