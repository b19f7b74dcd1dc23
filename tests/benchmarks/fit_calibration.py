"""Fit on public dev data when the bot has nothing to say, and write it into the package.

    python -m tests.benchmarks.fit_calibration [--data DIR] [--cache DIR] [--as-is] [--write]

Queries on the corpus as it is (answerable), with their gold documents hidden, and those of
the other data set (not answerable), each group weighing the same. Figures are by five-fold
cross-validation over queries; the weights that are written come from all of them. Needs no
library for the regression: a few Newton steps do (iteratively reweighted least squares).

The regression of single passages is not fitted here: on these sets one text in a hundred is
to the point, in a corpus of a few documents one in three. See docs/decisions/retrieval.md.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.bootstrap import Application
from bot.ports import Index
from bot.retrieval.analysis import Analyzer
from bot.retrieval.calibration import QUERY_SIGNALS, SHIPPED_CALIBRATION, Signals
from bot.settings import Settings
from tests.benchmarks.datasets import DataSet, index_of, perspectrum, scifact
from tests.benchmarks.hidden import HiddenIndex
from tests.benchmarks.measuring import arguments_for, auroc, default_cache, find_data

_DEPTH = 32
_RIDGE = 1.0
_FOLDS = 5
# Both corpora have thousands of passages. Chosen so that one threshold answers 95 % and more
# of what is answerable there and in four labelled corpora of about 160 passages.
SIZE_WEIGHT = -0.27


Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Samples:
    """Rows to learn from: ``values (n, d)``, ``wanted``, ``weights`` and ``groups (n,)``."""

    values: Floats
    wanted: Floats
    weights: Floats
    groups: NDArray[np.int64]
    kinds: NDArray[np.str_]


def logistic(samples: Samples, rows: NDArray[np.bool_]) -> tuple[float, Floats]:
    """Return bias and weights of a ridge-regularised logistic regression."""
    values, wanted, weights = samples.values[rows], samples.wanted[rows], samples.weights[rows]
    mean, scale = values.mean(axis=0), values.std(axis=0) + 1e-9
    inputs = np.column_stack([np.ones(len(values)), (values - mean) / scale])
    solution = np.zeros(inputs.shape[1])
    ridge = _RIDGE * np.eye(len(solution))
    ridge[0, 0] = 0.0
    for _ in range(50):
        predicted = 1 / (1 + np.exp(-inputs @ solution))
        gradient = inputs.T @ (weights * (predicted - wanted)) + ridge @ solution
        curvature = (inputs.T * (weights * predicted * (1 - predicted))) @ inputs + ridge
        step = np.linalg.solve(curvature, gradient)
        solution -= step
        if np.abs(step).max() < 1e-8:
            break
    slopes = solution[1:] / scale
    return float(solution[0] - slopes @ mean), slopes


def cross_validated(samples: Samples) -> Floats:
    """Return each row's logit from a model that did not see its query."""
    logits = np.zeros(len(samples.wanted))
    for fold in range(_FOLDS):
        held = samples.groups % _FOLDS == fold
        bias, slopes = logistic(samples, ~held)
        logits[held] = bias + samples.values[held] @ slopes
    return logits


class Collector:
    """Runs the real search and keeps what it signals."""

    def __init__(self, application: Application) -> None:
        self._search = application.search
        self._analyzer = Analyzer()
        self.queries: list[tuple[Signals, str, int]] = []

    def take(self, data_set: DataSet, index: Index, other: DataSet, offset: int) -> None:
        """Rank the queries of both sets on one corpus."""
        for number, query in enumerate(data_set.queries):
            ranking = self._search.rank(index, query.text, _DEPTH)
            gold = data_set.qrels[query.id]
            self.queries.append((ranking.signals, f"{data_set.name} answered", offset + number))
            rows = [row for document_id in gold for row in index.rows_of(document_id)]
            without = HiddenIndex(index, rows, self._analyzer)
            signals = self._search.rank(without, query.text, _DEPTH).signals
            self.queries.append((signals, f"{data_set.name} hidden", offset + number))
        for number, query in enumerate(other.queries):
            signals = self._search.rank(index, query.text, _DEPTH).signals
            self.queries.append((signals, f"{data_set.name} foreign", offset + 500 + number))

    def query_samples(self, names: Sequence[str]) -> Samples:
        """Return the queries as rows of the named signals, each kind weighing the same."""
        kinds = np.array([kind for _, kind, _ in self.queries])
        wanted = np.array([float(kind.endswith("answered")) for kind in kinds])
        share = {kind: float((kinds == kind).sum()) for kind in set(kinds)}
        # Two groups of unanswerable ones stand against one of answerable ones.
        weights = np.array(
            [100 * (2 if y else 1) / share[k] for k, y in zip(kinds, wanted, strict=True)]
        )
        values = np.array(
            [[signals.query[name] for name in names] for signals, _, _ in self.queries]
        )
        groups = np.array([group for _, _, group in self.queries])
        return Samples(values, wanted, weights, groups, kinds)


def report(samples: Samples, logits: Floats) -> None:
    """Print how well the groups are told apart."""
    for name in ("scifact", "perspectrum"):
        answered = logits[samples.kinds == f"{name} answered"].tolist()
        for kind in ("foreign", "hidden"):
            against = logits[samples.kinds == f"{name} {kind}"].tolist()
            print(f"{name:12} {kind:8} AUROC {auroc(answered, against):.3f}")


def main() -> None:
    """Collect, fit, report and, when asked, write."""
    parser = arguments_for(__doc__)
    parser.add_argument(
        "--cache", type=Path, default=default_cache(), help="where indexes are kept"
    )
    parser.add_argument("--as-is", action="store_true", help="take the indexes there as they are")
    parser.add_argument("--write", action="store_true", help="put the weights into the package")
    arguments = parser.parse_args()
    data = find_data(arguments.data)
    application = Application(Settings())
    collector = Collector(application)
    pair = (scifact(data), perspectrum(data))
    for number, (data_set, other) in enumerate((pair, pair[::-1])):
        index = index_of(data_set, application, arguments.cache / data_set.name, arguments.as_is)
        collector.take(data_set, index, other, 1000 * number)
    names = sorted(QUERY_SIGNALS - {"log_size"})
    queries = collector.query_samples(names)
    report(queries, cross_validated(queries))
    bias, slopes = logistic(queries, np.ones(len(queries.wanted), bool))
    weights = {s: round(float(w), 4) for s, w in zip(names, slopes, strict=True)}
    # Exact for a corpus of the mean size of these two, and shifted for others.
    bias -= SIZE_WEIGHT * float(np.mean([s.query["log_size"] for s, _, _ in collector.queries]))
    weights["log_size"] = SIZE_WEIGHT
    stored = json.loads(SHIPPED_CALIBRATION.read_text("utf-8"))
    stored["query"] = {"bias": round(bias, 4), "weights": weights}
    text = json.dumps(stored, indent=2) + "\n"
    print(text)
    if arguments.write:
        SHIPPED_CALIBRATION.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
