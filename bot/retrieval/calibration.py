"""Turn a ranking's scores into probabilities, so that the bot knows when to say nothing.

Two logistic regressions over a few absolute signals: whether one passage is to the point,
and whether the corpus answers a query at all. Their weights were fitted on public dev
data by `tests/benchmarks/fit_calibration.py` and lie in `model/calibration.json`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.errors import ConfigError

Floats = NDArray[np.float32]

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
    def of(cls, cosine: Floats, lexical: Floats, coverage: Floats, missing: float) -> Self:
        """Gather the signals of a ranking.

        Args:
            cosine: Cosines of the matches, best match first, ``(n,)``.
            lexical: Their shares of the best BM25 score, ``(n,)``.
            coverage: Share of the query's idf in each of the first few matches, ``(m,)``.
            missing: Share of the query's idf that no passage holds.
        """
        covered = np.zeros(len(cosine), np.float32)
        covered[: len(coverage)] = coverage
        if 0 < len(coverage) < len(cosine):
            covered[len(coverage) :] = float(np.median(coverage))
        passages = {"cosine": cosine, "lexical": lexical, "coverage": covered}
        if not len(cosine):
            return cls(passages, {})
        score = cosine + 0.2 * lexical
        query = {
            "cosine": float(cosine[0]),
            "lexical": float(lexical[0]),
            "coverage": float(coverage[0]),
            "best_cosine": float(cosine[:10].max()),
            "best_lexical": float(lexical[:10].max()),
            "best_coverage": float(coverage.max()),
            "mean_cosine": float(cosine[:10].mean()),
            "lead": float(score[0] - score[1:10].mean()) if len(score) > 1 else 0.0,
            "lexical_lead": float(lexical[0] - lexical[1:10].mean()) if len(score) > 1 else 0.0,
            "coverage_lead": float(coverage[0] - coverage[1:].mean()) if len(coverage) > 1 else 0.0,
            "missing": missing,
        }
        return cls(passages, query)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: ``1 / (1 + exp(-(bias + sum of weight * signal)))``."""

    bias: float
    weights: Mapping[str, float]

    def __call__(self, signals: Mapping[str, Floats]) -> Floats:
        """Return the probabilities for signals of equal shape."""
        logit = self.bias + sum(weight * signals[name] for name, weight in self.weights.items())
        return np.asarray(1 / (1 + np.exp(-np.asarray(logit, np.float64))), np.float32)


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
            return cls(
                Logistic(stored["passage"]["bias"], stored["passage"]["weights"]),
                Logistic(stored["query"]["bias"], stored["query"]["weights"]),
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
