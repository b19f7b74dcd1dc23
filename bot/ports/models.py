"""What computes: vectors of texts, and the side that a text takes.

`bot.retrieval` and `bot.stance` implement these. Plain functions, which the service runs off
the event loop.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Unit vectors, one a row: ``(n, d) float32``."""


class Encoder(Protocol):
    """Turns texts into unit vectors whose dot product is their similarity."""

    @property
    def name(self) -> str:
        """What made the vectors; an index built by another name is rebuilt."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, ``(len(texts), dimension) float32``."""


class StanceModel(Protocol):
    """Says which side a text takes on a claim."""

    def classify(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return calibrated probabilities for (claim, text) pairs.

        Returns:
            ``(len(pairs), 3) float32``; columns supports, opposes, neutral; rows sum to 1.
        """
