"""How well the right documents are found, beside bm25s and the bare encoder.

    python -m tests.benchmarks.retrieval [--data DIR] [--cache DIR]

nDCG@10 and R@100 on SciFact and on Perspectrum's dev claims, of the ranking that
``counterpoint bench search`` writes. The first run builds the indexes, which takes minutes.
Nothing is drawn by chance, so that the seed changes nothing here.
"""

from pathlib import Path

import numpy as np

from bot.bootstrap import Application
from bot.settings import Settings
from tests.benchmarks.datasets import (
    DataSet,
    add_index_options,
    index_of,
    perspectrum,
    scifact,
)
from tests.benchmarks.measuring import (
    arguments_for,
    find_data,
    ndcg,
    print_header,
    print_load,
    recall,
)
from tests.benchmarks.rivals import rivals_on
from tests.benchmarks.runs import Run, own_run, rival_run

_K, _DEPTH = 10, 100


def compare(data_set: DataSet, application: Application, folder: Path, as_is: bool) -> None:
    """Print a line a system."""
    index = index_of(data_set, application, folder, as_is)
    bm25, bare = rivals_on(index, application.encoder)
    names = [passage.document_id for passage in index.passages(range(index.size))]
    runs: dict[str, Run] = {
        "counterpoint": own_run(data_set, application.evaluation().rank, folder, _DEPTH),
        "bm25s": rival_run(data_set, bm25, names, _DEPTH),
        "bare encoder": rival_run(data_set, bare, names, _DEPTH),
    }
    print(f"\n{data_set.name}: {len(data_set.queries)} queries, {index.size} texts")
    print(f"{'system':14} {'nDCG@10':>8} {'R@100':>8}   ours / it (nDCG@10)")
    ours = _scores(runs["counterpoint"], data_set)[0]
    for system, run in runs.items():
        gain, found = _scores(run, data_set)
        print(f"{system:14} {gain:8.3f} {found:8.3f}   {ours / gain:.2f}")


def _scores(run: Run, data_set: DataSet) -> tuple[float, float]:
    judged = [(run[query.id], data_set.qrels[query.id]) for query in data_set.queries]
    return (
        float(np.mean([ndcg(ranked, relevant, _K) for ranked, relevant in judged])),
        float(np.mean([recall(ranked, relevant, _DEPTH) for ranked, relevant in judged])),
    )


def main() -> None:
    """Measure both data sets."""
    parser = arguments_for(__doc__)
    add_index_options(parser)
    arguments = parser.parse_args()
    data = find_data(arguments.data)
    both = (scifact(data), perspectrum(data))
    data_sets = [one for one in both if arguments.only in (None, one.name)]
    print_header(arguments.seed, [one.corpus for one in data_sets])
    application = Application(Settings())
    for data_set in data_sets:
        compare(data_set, application, arguments.cache / data_set.name, arguments.as_is)
    print()
    print_load()


if __name__ == "__main__":
    main()
