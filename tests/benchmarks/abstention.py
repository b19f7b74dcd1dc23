"""How well the bot knows that a corpus does not answer, beside single scores.

    python -m tests.benchmarks.abstention [--data DIR] [--cache DIR]

Queries that a corpus answers against the same queries with their gold documents hidden,
and against queries of the other data set. AUROC: .5 is chance, 1 perfect. The rivals are
the best cosine of the bare encoder, and the best BM25 score as a share of the highest that
the query could get. The shipped calibration was fitted on data of this kind (see
docs/reference/benchmarks.md), so that its figures here are those of its own ground.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from bot.bootstrap import Application
from bot.conversation.gathering import GatheringLimits
from bot.ports import Index
from bot.retrieval.analysis import Analyzer
from bot.retrieval.calibration import Calibration
from bot.retrieval.search import Search
from bot.settings import Settings
from tests.benchmarks.datasets import (
    DataSet,
    add_index_options,
    index_of,
    perspectrum,
    scifact,
)
from tests.benchmarks.hidden import HiddenIndex
from tests.benchmarks.measuring import (
    arguments_for,
    auroc,
    find_data,
    print_header,
    print_load,
)
from tests.benchmarks.rivals import BareEncoder

_DEPTH = 32  # as many matches as the bot looks at for a reply


@dataclass(frozen=True, slots=True)
class Signs:
    """What each system says of one query, higher where it takes it for answerable."""

    counterpoint: float
    top_cosine: float
    top_bm25_share: float


class Judge:
    """Asks the systems about queries on one data set."""

    def __init__(self, application: Application, data_set: DataSet, index: Index) -> None:
        encoder = application.encoder
        self._analyzer = Analyzer()
        # As `counterpoint bench search` has it: without the aliases of any corpus.
        self._search = Search(encoder, self._analyzer, Calibration.load(), encoder.is_word)
        self._data_set = data_set
        self._index = index
        self._bare = BareEncoder(encoder, index.vectors(range(index.size)))

    def signs(self, text: str) -> Signs:
        """Return what the systems say of a query on the whole corpus."""
        return self._signs(self._index, text, ())

    def signs_without_gold(self, query_id: str, text: str) -> Signs:
        """Return what they say when the documents that answer the query are hidden."""
        rows = [
            row
            for document_id in self._data_set.qrels[query_id]
            for row in self._index.rows_of(document_id)
        ]
        return self._signs(HiddenIndex(self._index, rows, self._analyzer), text, rows)

    def _signs(self, index: Index, text: str, hidden: Sequence[int]) -> Signs:
        ranking = self._search.rank(index, text, _DEPTH)
        cosines = self._bare.cosines(text)
        cosines[list(hidden)] = -1.0
        highest = sum(ranking.query.idf.values())
        matched = index.match(ranking.query.weights, 1)[1]
        share = float(matched[0]) / highest if len(matched) and highest else 0.0
        return Signs(ranking.answerable, float(cosines.max()), share)


def compare(judge: Judge, data_set: DataSet, other: DataSet) -> None:
    """Print how well each system tells what the corpus answers from what it does not."""
    answered = [judge.signs(query.text) for query in data_set.queries]
    removed = [judge.signs_without_gold(query.id, query.text) for query in data_set.queries]
    foreign = [judge.signs(query.text) for query in other.queries]

    def column(of: list[Signs], place: int) -> list[float]:
        return [astuple(signs)[place] for signs in of]

    print(f"\n{data_set.name}: {len(answered)} queries, off-domain {len(foreign)} of {other.name}")
    print(f"{'system':18} {'off-domain':>10} {'gold hidden':>12}   (AUROC)")
    for place, system in enumerate(("counterpoint", "top cosine", "top BM25 share")):
        off = auroc(column(answered, place), column(foreign, place))
        hidden = auroc(column(answered, place), column(removed, place))
        print(f"{system:18} {off:10.3f} {hidden:12.3f}")
    threshold = GatheringLimits().answerable
    shares = (np.mean(np.array(column(of, 0)) >= threshold) for of in (answered, removed, foreign))
    gold, hidden_gold, off_domain = (f"{share:.2f}" for share in shares)
    print(
        f"answered at the bot's threshold of {threshold:.2f}: {gold} with gold, "
        f"{hidden_gold} with it hidden, {off_domain} off-domain"
    )


def main() -> None:
    """Measure both data sets, each with the other's queries as off-domain ones."""
    parser = arguments_for(__doc__)
    add_index_options(parser)
    arguments = parser.parse_args()
    data = find_data(arguments.data)
    pair = (scifact(data), perspectrum(data))
    print_header(arguments.seed, [one.corpus for one in pair])
    application = Application(Settings())
    for data_set, other in (pair, pair[::-1]):
        if arguments.only in (None, data_set.name):
            folder = arguments.cache / data_set.name
            index = index_of(data_set, application, folder, arguments.as_is)
            compare(Judge(application, data_set, index), data_set, other)
    print()
    print_load()


if __name__ == "__main__":
    main()
