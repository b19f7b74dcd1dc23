"""Turn a ranking's scores into probabilities, so that the bot knows when to say nothing.

Two logistic regressions over a few absolute signals: whether one passage is to the point,
and whether the corpus answers a query at all. Their weights lie in
`model/calibration.json`: the second's fitted on public data by
`tests/benchmarks/fit_calibration.py`, the first's round numbers that a regression on four
small labelled corpora confirms (docs/decisions/retrieval.md).
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.errors import ConfigError

Floats = NDArray[np.float32]

LEXICAL_WEIGHT = 0.25
"""What a share of the best BM25 score counts beside a cosine."""

PASSAGE_SIGNALS = frozenset({"cosine", "lexical", "coverage"})
QUERY_SIGNALS = frozenset({"best_cosine", "coverage", "lead", "log_size"})

SHIPPED_CALIBRATION = Path(__file__).parent / "model" / "calibration.json"


@dataclass(frozen=True, slots=True)
class Signals:
    """What a ranking shows of its own worth.

    ``passages`` maps a signal's name to its value for each match, ``(n,)``; ``query`` to
    its value for the whole ranking.
    """

    passages: Mapping[str, Floats]
    query: Mapping[str, float]

    @classmethod
    def of(cls, cosine: Floats, lexical: Floats, coverage: Floats, size: int) -> Self:
        """Gather the signals of a ranking.

        Args:
            cosine: Cosines of the matches, best match first, ``(n,)``.
            lexical: Their shares of the best BM25 score, ``(n,)``.
            coverage: Share of the query's idf in each of the first few matches, ``(m,)``.
            size: Number of passages searched: the best of many is good by chance.
        """
        covered = np.zeros(len(cosine), np.float32)
        covered[: len(coverage)] = coverage
        if 0 < len(coverage) < len(cosine):
            covered[len(coverage) :] = float(np.median(coverage))
        passages = {"cosine": cosine, "lexical": lexical, "coverage": covered}
        if not len(cosine):
            return cls(passages, {})
        score = cosine + LEXICAL_WEIGHT * lexical
        query = {
            "best_cosine": float(cosine[:10].max()),
            "coverage": float(coverage[0]),
            "log_size": math.log(size),
            "lead": float(score[0] - score[1:10].mean()) if len(score) > 1 else 0.0,
        }
        return cls(passages, query)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: ``1 / (1 + exp(-(bias + sum of weight * signal)))``."""

    bias: float
    weights: Mapping[str, float]

    def __call__(self, signals: Mapping[str, Floats]) -> Floats:
        """Return the probabilities for signals of equal shape."""
        shape = next(iter(signals.values())).shape
        logit = np.full(shape, self.bias, np.float64)
        for name, weight in self.weights.items():
            logit += weight * signals[name]
        return np.asarray(1 / (1 + np.exp(-logit)), np.float32)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The two regressions; immutable, shared by all searches."""

    passage: Logistic
    query: Logistic

    @classmethod
    def load(cls, path: Path = SHIPPED_CALIBRATION) -> Self:
        """Read the weights; raises ConfigError when the file is missing or malformed."""
        try:
            stored = json.loads(path.read_text("utf-8"))
            passage, query = stored["passage"], stored["query"]
            if set(passage["weights"]) - PASSAGE_SIGNALS or set(query["weights"]) - QUERY_SIGNALS:
                raise ValueError("it weighs a signal that no ranking has")
            return cls(
                Logistic(float(passage["bias"]), passage["weights"]),
                Logistic(float(query["bias"]), query["weights"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{path} holds no calibration: {error!r}") from error

    def relevance(self, signals: Signals) -> Floats:
        """Return the probability that each match is to the point, ``(n,)``, in [0, 1]."""
        return self.passage(signals.passages)

    def answerable(self, signals: Signals) -> float:
        """Return the probability, in [0, 1], that the ranking answers its query."""
        if not signals.query:
            return 0.0
        values = {name: np.array([value], np.float32) for name, value in signals.query.items()}
        return float(self.query(values)[0])
