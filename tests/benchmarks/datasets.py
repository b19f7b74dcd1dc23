"""The retrieval data sets, and their indexes as ``counterpoint bench index`` makes them."""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.backends.embedded import EmbeddedStore
from bot.bootstrap import Application
from bot.evaluation import BenchmarkQuery, read_queries, read_rows
from bot.ports import Index
from tests.benchmarks.measuring import Qrels, default_cache, read_qrels


@dataclass(frozen=True, slots=True)
class DataSet:
    """A BEIR corpus, the queries that are measured, and their judgements.

    ``on_topic`` also judges what is on a query's subject whatever its side, where ``qrels``
    want one side. A ``flat`` corpus is indexed with each title as the start of its text.
    """

    name: str
    corpus: Path
    queries: tuple[BenchmarkQuery, ...]
    qrels: Qrels
    on_topic: Qrels | None = None
    flat: bool = False

    def sample(self, size: int, seed: int) -> "DataSet":
        """Return the same data set with up to ``size`` of its queries, drawn by chance."""
        drawn = np.random.default_rng(seed).permutation(len(self.queries))[:size]
        return replace(self, queries=tuple(self.queries[place] for place in drawn))

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


def perspectrum_opposing(data: Path) -> DataSet:
    """Return Perspectrum's dev claims that somebody opposes, and the perspectives that do."""
    either = perspectrum(data)
    opposing = _data_set(
        either.name, either.corpus.parent, "qrels-opposing.tsv", {one.id for one in either.queries}
    )
    return replace(opposing, on_topic=either.qrels)


def arguana(data: Path) -> DataSet:
    """Return ArguAna: arguments, and the best counterargument of each.

    It is flat, as a counterargument's title is its opening sentences while an argument's is a
    heading: a system that looks at titles would learn the side from their form.
    """
    found = _data_set("arguana", data / "counter" / "arguana", "qrels.tsv", None)
    return replace(found, flat=True)


def _data_set(name: str, folder: Path, qrels: str, wanted: set[str] | None) -> DataSet:
    judged = read_qrels(folder / qrels)
    queries = tuple(
        query
        for query in read_queries(folder / "queries.jsonl")
        if query.id in judged and (wanted is None or query.id in wanted)
    )
    return DataSet(name, folder / "corpus.jsonl", queries, judged)


def add_index_options(
    parser: argparse.ArgumentParser, names: Sequence[str] = ("scifact", "perspectrum")
) -> None:
    """Add the options of benchmarks that need the indexes of the named data sets."""
    parser.add_argument("--cache", type=Path, default=default_cache(), help="where indexes are")
    parser.add_argument("--as-is", action="store_true", help="take the indexes there as they are")
    parser.add_argument("--only", choices=names, help="one data set")


def index_of(data_set: DataSet, application: Application, folder: Path, as_is: bool) -> Index:
    """Return the data set's index, brought up to date first unless it is taken as it is."""
    if not as_is:
        print(f"indexing {data_set.name} into {folder} (minutes, the first time)", flush=True)
        with tempfile.TemporaryDirectory() as place:
            corpus = _flattened(data_set.corpus, Path(place)) if data_set.flat else data_set.corpus
            application.evaluation().index(corpus, folder)
    encoder = application.encoder
    index = EmbeddedStore(folder, encoder.name, encoder.dimension).current()
    if index is None:
        raise SystemExit(f"{folder} holds no index; leave out --as-is to build it.")
    return index


def _flattened(corpus: Path, folder: Path) -> Path:
    """Copy a corpus under its own name with the titles joined to the texts."""
    copy = folder / corpus.name
    with copy.open("w", encoding="utf-8") as lines:
        for _, row in read_rows(corpus):
            text = f"{row.get('title') or ''} {row['text']}".strip()
            lines.write(json.dumps({"_id": row["_id"], "title": "", "text": text}) + "\n")
    return copy
