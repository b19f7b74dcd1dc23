"""Give a sentence's vector the context that its words leave out.

"This assumes they will not catch up" is about what the sentence before speaks of, and the
title says whom the whole text is about. A second vector mixes the sentence's own with
those of its neighbours, its heading and its title; nothing more has to be encoded but the
headings. Measured in docs/decisions/retrieval.md; called by `bot.indexing`.
"""

import numpy as np

from bot.ports import Vectors

CONTEXT_VERSION = "context-1"

# What each sentence on either side counts, nearest first, beside 1 for the sentence itself.
_NEIGHBOURS = (0.5, 0.25)
_HEADING = 0.3


def in_context(own: Vectors, headings: Vectors) -> Vectors:
    """Return the vectors of a document's sentences with their context mixed in.

    Args:
        own: Unit vectors of its sentences in order, ``(n, d) float32``.
        headings: Sum of the unit vectors of each sentence's title and section, ``(n, d)``.

    Returns:
        Unit vectors, ``(n, d) float32``.
    """
    mixed = own + _HEADING * headings
    for distance, weight in enumerate(_NEIGHBOURS, start=1):
        mixed[distance:] += weight * own[:-distance]
        mixed[:-distance] += weight * own[distance:]
    length = np.linalg.norm(mixed, axis=1, keepdims=True)
    return np.asarray(mixed / np.maximum(length, 1e-9), np.float32)
