"""The data sets are read as their documentation says."""

import json
from pathlib import Path

from bot.bootstrap import Application
from bot.settings import Settings
from tests.benchmarks.datasets import arguana, index_of, perspectrum_opposing


def write(folder: Path, rows: dict[str, list[dict[str, str]]], qrels: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, lines in rows.items():
        (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    for name, judged in qrels.items():
        (folder / name).write_text(f"query-id\tcorpus-id\tscore\n{judged}", "utf-8")


def test_only_dev_claims_that_somebody_opposes_are_measured(tmp_path: Path) -> None:
    folder = tmp_path / "counter" / "perspectrum"
    queries = [{"_id": name, "text": f"claim {name}"} for name in ("1", "2", "3")]
    qrels = {
        "qrels-any.tsv": "1\ta\t1\n1\tb\t1\n2\tc\t1\n3\td\t1\n",
        "qrels-opposing.tsv": "1\tb\t1\n3\td\t1\n",
    }
    write(folder, {"queries.jsonl": queries}, qrels)
    (folder / "dev_claims.txt").write_text("1\n2\n")
    found = perspectrum_opposing(tmp_path)
    assert [query.id for query in found.queries] == ["1"]
    assert found.qrels["1"] == {"b": 1}
    assert found.on_topic is not None
    assert found.on_topic["1"] == {"a": 1, "b": 1}


def test_arguana_is_indexed_without_its_titles(tmp_path: Path) -> None:
    corpus = [{"_id": "1b", "title": "Tea calms nobody.", "text": "It wakes."}]
    queries = [{"_id": "1a", "text": "Tea calms"}]
    lines = {"corpus.jsonl": corpus, "queries.jsonl": queries}
    write(tmp_path / "counter" / "arguana", lines, {"qrels.tsv": "1a\t1b\t1\n"})
    index = index_of(arguana(tmp_path), Application(Settings()), tmp_path / "index", as_is=False)
    document = index.document("1b")
    assert (document.title, document.text) == ("", "Tea calms nobody. It wakes.")


def test_a_sample_of_queries_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    queries = [{"_id": str(name), "text": "claim"} for name in range(20)]
    qrels = {"qrels.tsv": "".join(f"{name}\ta\t1\n" for name in range(20))}
    write(tmp_path / "counter" / "arguana", {"queries.jsonl": queries}, qrels)
    found = arguana(tmp_path)
    assert found.sample(5, 7) == found.sample(5, 7)
    assert len({query.id for query in found.sample(5, 7).queries}) == 5
