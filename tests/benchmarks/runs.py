"""Runs of one data set, by our own ranking and by a rival's: query id to document ids."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bot.evaluation import RankedDocument
from tests.benchmarks.datasets import DataSet
from tests.benchmarks.rivals import Rival

Run = Mapping[str, Sequence[str]]
"""Query id to document ids, best first."""

RankFile = Callable[[Path, Path, int], Iterator[RankedDocument]]
"""A ranking of `bot.evaluation.Evaluation`: a file of queries, an index's folder, a depth."""


def own_run(data_set: DataSet, rank: RankFile, folder: Path, depth: int) -> Run:
    """Rank by the code behind ``counterpoint bench``."""
    with tempfile.TemporaryDirectory() as place:
        queries = Path(place) / "queries.jsonl"
        data_set.write_queries(queries)
        run: dict[str, list[str]] = {query.id: [] for query in data_set.queries}
        for line in rank(queries, folder, depth):
            run[line.query_id].append(line.document_id)
    return run


def rival_run(data_set: DataSet, rival: Rival, names: Sequence[str], depth: int) -> Run:
    """Rank by a rival; ``names`` are the documents' ids by row."""
    run = {}
    for query in data_set.queries:
        rows, _ = rival.rank(query.text, depth + 1)
        ranked = [names[row] for row in rows]
        # As in ours, a query is no answer to itself.
        run[query.id] = [name for name in ranked if name != query.id][:depth]
    return run
