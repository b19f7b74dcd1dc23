"""The two retrieval data sets, and their indexes as ``counterpoint bench index`` makes them."""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

from bot.backends.embedded import EmbeddedStore
from bot.bootstrap import Application
from bot.evaluation import BenchmarkQuery, read_queries
from bot.ports import Index
from tests.benchmarks.measuring import Qrels, default_cache, read_qrels


@dataclass(frozen=True, slots=True)
class DataSet:
    """A BEIR corpus, the queries that are measured, and their judgements."""

    name: str
    corpus: Path
    queries: tuple[BenchmarkQuery, ...]
    qrels: Qrels

    def write_queries(self, path: Path) -> None:
        """Write the measured queries in the field's format."""
        rows = ({"_id": query.id, "text": query.text} for query in self.queries)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def scifact(data: Path) -> DataSet:
    """Return SciFact: scientific claims, and the abstracts that bear on them."""
    folder = data / "retrieval" / "scifact"
    return _data_set("scifact", folder, "qrels.tsv", None)


def perspectrum(data: Path) -> DataSet:
    """Return Perspectrum's dev claims, and the perspectives on them of either side."""
    folder = data / "counter" / "perspectrum"
    dev = set((folder / "dev_claims.txt").read_text("utf-8").split())
    return _data_set("perspectrum", folder, "qrels-any.tsv", dev)


def _data_set(name: str, folder: Path, qrels: str, wanted: set[str] | None) -> DataSet:
    judged = read_qrels(folder / qrels)
    queries = tuple(
        query
        for query in read_queries(folder / "queries.jsonl")
        if query.id in judged and (wanted is None or query.id in wanted)
    )
    return DataSet(name, folder / "corpus.jsonl", queries, judged)


def add_index_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of benchmarks that need the data sets' indexes."""
    parser.add_argument("--cache", type=Path, default=default_cache(), help="where indexes are")
    parser.add_argument("--as-is", action="store_true", help="take the indexes there as they are")
    parser.add_argument("--only", choices=("scifact", "perspectrum"), help="one data set")


def index_of(data_set: DataSet, application: Application, folder: Path, as_is: bool) -> Index:
    """Return the data set's index, brought up to date first unless it is taken as it is."""
    if not as_is:
        print(f"indexing {data_set.name} into {folder} (minutes, the first time)", flush=True)
        application.evaluation().index(data_set.corpus, folder)
    encoder = application.encoder
    index = EmbeddedStore(folder, encoder.name, encoder.dimension).current()
    if index is None:
        raise SystemExit(f"{folder} holds no index; leave out --as-is to build it.")
    return index
