"""Rank texts as counterpoints: on the same aspect, on the other side.

The score is Wachsmuth, Syed & Stein's (2018) idea in its simplest form: how much a text
is about the claim, plus how surely it opposes rather than supports it. Used for replies
and benchmarks alike.
"""

import re

import numpy as np
from numpy.typing import NDArray

SIDE_WEIGHT = 0.75
"""What a sure opposition counts beside a relevance that spans about 1."""


def opposing_scores(
    relevance: NDArray[np.float32], probabilities: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return how well texts serve as counterpoints, ``(n,)``, higher better.

    Args:
        relevance: Scores of the texts for the claim, ``(n,)``, higher better.
        probabilities: ``(n, 3)``, columns supports, opposes, neutral.
    """
    sides = probabilities[:, 1] - probabilities[:, 0]
    return np.asarray(relevance + SIDE_WEIGHT * sides, np.float32)


_WORD = re.compile(r"\w+")


def repeats(claim: str, text: str) -> bool:
    """Tell whether a text says the claim again, word for word, and so cannot dispute it."""
    return _WORD.findall(claim.casefold()) == _WORD.findall(text.casefold()) != []
