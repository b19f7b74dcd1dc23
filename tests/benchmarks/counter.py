"""How well texts of the other side are found, beside plain hybrid search, bm25s and the encoder.

    python -m tests.benchmarks.counter [--data DIR] [--cache DIR] [--as-is]
        [--only perspectrum|arguana] [--rows N]

On Perspectrum's dev claims, where the perspectives that undermine a claim count: nDCG@10, P@1,
and which share of the first three texts on the claim opposes it. On ArguAna, where one text is
the best counterargument: nDCG@10 and P@1. The run is the one that ``counterpoint bench counter``
writes; "hybrid" is that of ``counterpoint bench search``, which looks at no side. The first run
builds the indexes, which takes minutes; ArguAna's texts are long, so that its 706 queries take
minutes as well. Only the sample of ``--rows`` is drawn by chance.
"""

from pathlib import Path

import numpy as np

from bot.bootstrap import Application
from bot.settings import Settings
from tests.benchmarks.datasets import (
    DataSet,
    add_index_options,
    arguana,
    index_of,
    perspectrum_opposing,
)
from tests.benchmarks.measuring import (
    add_rows_option,
    arguments_for,
    find_data,
    ndcg,
    opposing_share,
    print_header,
    print_load,
)
from tests.benchmarks.rivals import rivals_on
from tests.benchmarks.runs import Run, own_run, rival_run

_K, _SHOWN = 10, 3
_DEPTH = 100  # as `counterpoint bench counter` ranks by default


def compare(data_set: DataSet, application: Application, folder: Path, as_is: bool) -> None:
    """Print a line a system."""
    index = index_of(data_set, application, folder, as_is)
    bm25, bare = rivals_on(index, application.encoder)
    names = [passage.document_id for passage in index.passages(range(index.size))]
    evaluation = application.evaluation()
    runs = {
        "counterpoint": own_run(data_set, evaluation.counter, folder, _DEPTH),
        "hybrid": own_run(data_set, evaluation.rank, folder, _DEPTH),
        "bm25s": rival_run(data_set, bm25, names, _DEPTH),
        "bare encoder": rival_run(data_set, bare, names, _DEPTH),
    }
    print(f"\n{data_set.name}: {len(data_set.queries)} queries, {index.size} texts")
    opposing = f"opposing@{_SHOWN}"
    print(f"{'system':14} {'nDCG@10':>8} {'P@1':>8} {opposing:>12}   ours / it (nDCG@10)")
    ours = _mean_ndcg(runs["counterpoint"], data_set)
    for system, run in runs.items():
        gain, first = _mean_ndcg(run, data_set), _first_right(run, data_set)
        ratio = f"{ours / gain:.2f}" if gain else "-"
        share = _mean_opposing_share(run, data_set)
        print(f"{system:14} {gain:8.3f} {first:8.3f} {share:>12}   {ratio}")


def _mean_ndcg(run: Run, data_set: DataSet) -> float:
    queries = data_set.queries
    return float(np.mean([ndcg(run[one.id], data_set.qrels[one.id], _K) for one in queries]))


def _first_right(run: Run, data_set: DataSet) -> float:
    """Return how often the first document is one that is wanted (P@1), in [0, 1]."""
    queries = data_set.queries
    return float(np.mean([any(d in data_set.qrels[q.id] for d in run[q.id][:1]) for q in queries]))


def _mean_opposing_share(run: Run, data_set: DataSet) -> str:
    """Return the mean over the queries that got anything on their topic, to be printed."""
    if data_set.on_topic is None:
        return "-"
    shares = [
        opposing_share(run[one.id], data_set.on_topic[one.id], data_set.qrels[one.id], _SHOWN)
        for one in data_set.queries
    ]
    found = [share for share in shares if share is not None]
    return f"{np.mean(found):.3f}" if found else "-"


def main() -> None:
    """Measure both data sets."""
    parser = arguments_for(__doc__)
    add_index_options(parser, ("perspectrum", "arguana"))
    add_rows_option(parser, "queries")
    arguments = parser.parse_args()
    data = find_data(arguments.data)
    both = (perspectrum_opposing(data), arguana(data))
    data_sets = [one for one in both if arguments.only in (None, one.name)]
    print_header(arguments.seed, [one.corpus for one in data_sets])
    application = Application(Settings())
    for found in data_sets:
        data_set = found.sample(arguments.rows, arguments.seed) if arguments.rows else found
        compare(data_set, application, arguments.cache / data_set.name, arguments.as_is)
    print()
    print_load()


if __name__ == "__main__":
    main()
