"""Fuse rankings that score on different scales into one.

Scores are standardised over the candidates that any of the rankings proposed and then
summed with weights: the "z-score" or "standard" normalisation of Wu, Crestani & Bi
(2006), which beat reciprocal rank fusion on every set measured here (see
docs/decisions/retrieval.md). Called by `bot.retrieval.search`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


def standardise(scores: Scores) -> Scores:
    """Shift and scale scores to mean 0 and standard deviation 1; constant scores give 0."""
    if not len(scores):
        return scores.astype(np.float32)
    deviation = float(scores.std())
    if deviation < 1e-9:
        return np.zeros(len(scores), np.float32)
    return ((scores - scores.mean()) / deviation).astype(np.float32)


def fuse(rankings: Sequence[Scores], weights: Sequence[float]) -> Scores:
    """Return the weighted sum of standardised scores.

    Args:
        rankings: Scores of the same candidates, each ``(n,)``, higher better.
        weights: One weight a ranking.

    Returns:
        ``(n,) float32``, higher better; 0 is the mean candidate.

    Raises:
        ValueError: The rankings differ in length, or weights and rankings in number.
    """
    if len({len(scores) for scores in rankings}) > 1:
        raise ValueError("Rankings to fuse have to score the same candidates.")
    fused = sum(
        weight * standardise(np.asarray(scores, np.float32))
        for weight, scores in zip(weights, rankings, strict=True)
    )
    return np.asarray(fused, np.float32)
