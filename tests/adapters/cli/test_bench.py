"""`counterpoint bench`: BEIR files in, TREC runs out."""

import json
from pathlib import Path

import pytest

from adapters.cli.exits import ExitCode
from tests.adapters.conftest import Run

TEXTS = {
    "d1": "Green tea is brewed below the boiling point.",
    "d2": "Coffee should never be brewed with boiling water.",
    "d3": "The ferry to the island leaves twice a day.",
}


@pytest.fixture
def bench(counterpoint: Run, tmp_path: Path) -> Path:
    """A folder with a small indexed benchmark."""
    rows = [{"_id": id, "title": "", "text": text} for id, text in TEXTS.items()]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    queries = [{"_id": "q1", "text": "brewing green tea"}, {"_id": "d2", "text": TEXTS["d2"]}]
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in queries))
    counterpoint("bench", "index", tmp_path / "corpus.jsonl", "--index", tmp_path / "index")
    return tmp_path


@pytest.mark.parametrize("command", ["search", "counter"])
def test_run_has_the_columns_of_trec(counterpoint: Run, bench: Path, command: str) -> None:
    run = bench / "out.trec"
    outcome = counterpoint(
        "bench", command, bench / "queries.jsonl", "--index", bench / "index", "--run", run
    )
    rows = [line.split(" ") for line in run.read_text().splitlines()]

    assert outcome.code is ExitCode.OK
    assert {tuple(row[i] for i in (1, 5)) for row in rows} == {("Q0", "counterpoint")}
    of_first = [row for row in rows if row[0] == "q1"]
    assert [row[3] for row in of_first] == [str(n) for n in range(1, len(of_first) + 1)]
    scores = [float(row[4]) for row in of_first]
    assert scores == sorted(scores, reverse=True)
    assert "d2" not in {row[2] for row in rows if row[0] == "d2"}


def test_search_ranks_the_text_that_answers_first(counterpoint: Run, bench: Path) -> None:
    run = bench / "out.trec"
    args = ("--index", bench / "index", "--k", "1", "--run", run)
    counterpoint("bench", "search", bench / "queries.jsonl", *args)

    assert [line.split()[2] for line in run.read_text().splitlines()] == ["d1", "d1"]


def test_index_reports_as_json(counterpoint: Run, bench: Path) -> None:
    args = ("--index", bench / "sentences", "--sentences", "--json")
    report = counterpoint("bench", "index", bench / "corpus.jsonl", *args).record

    assert (report["documents"], report["passages"]) == (3, 3)


def test_stance_gives_three_probabilities_a_pair(counterpoint: Run, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text('{"id": 1, "claim": "Tea is good.", "text": "Tea is very good."}\n')
    outcome = counterpoint("bench", "stance", pairs, "--out", tmp_path / "out.jsonl")
    side = json.loads((tmp_path / "out.jsonl").read_text())

    assert outcome.code is ExitCode.OK
    assert list(side) == ["id", "stance", "supports", "opposes", "neutral"]
    assert side["supports"] + side["opposes"] + side["neutral"] == pytest.approx(1)


def test_failed_run_leaves_the_old_one(counterpoint: Run, bench: Path) -> None:
    run = bench / "out.trec"
    run.write_text("the old run\n")
    (bench / "bad.jsonl").write_text('{"_id": "q 1", "text": "tea"}\n')
    args = ("--index", bench / "index", "--run", run)
    outcome = counterpoint("bench", "search", bench / "bad.jsonl", *args)

    assert outcome.code is ExitCode.SETUP
    assert "'q 1'" in outcome.err
    assert run.read_text() == "the old run\n"
    assert not list(bench.glob("*.part"))


def test_search_without_an_index_names_the_way_out(counterpoint: Run, tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "tea"}\n')
    args = ("--index", tmp_path / "none", "--run", tmp_path / "out.trec")
    outcome = counterpoint("bench", "search", tmp_path / "queries.jsonl", *args)

    assert outcome.code is ExitCode.SETUP
    assert "bench index" in outcome.err


def test_run_that_cannot_be_written_is_named(counterpoint: Run, bench: Path) -> None:
    run = bench / "no-such-folder" / "out.trec"
    args = ("--index", bench / "index", "--run", run)
    outcome = counterpoint("bench", "search", bench / "queries.jsonl", *args)

    assert outcome.code is ExitCode.PROBLEM
    assert "No such file or directory" in outcome.err
