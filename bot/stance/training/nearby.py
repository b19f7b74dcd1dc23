"""Pair claims with the texts nearest to them, whatever set these come from.

The public sets hold little of what the model reads at run time: texts that search finds for a
claim, of which some support it, some oppose it, and most merely touch its topic. Nobody has said
which; a teacher does. Called by `__main__`.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from bot.stance.training.sets import UNKNOWN, Pair, normalise

_TEXTS = 24_000
_LONGEST_TEXT = 420  # characters; a quote is no longer
_NEAREST = 24  # texts of each claim
_LEAST_COSINE = 0.35
_ENCODED_AT_ONCE = 256

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""Give the unit vectors of texts, ``(n, d)``."""


def nearby_pairs(
    stance: Mapping[str, Sequence[Pair]], encode: Encode, *, count: int, random: Random
) -> list[Pair]:
    """Draw claims with texts that are near to them and were not written for them.

    Args:
        stance: What `sets.stance_rows` gave, without the small set.
        encode: The encoder that finds quotes.
        count: How many pairs to draw, if there are as many.
        random: The source of every choice.

    Returns:
        Pairs whose label is UNKNOWN, in random order.
    """
    everything = [pair for pairs in stance.values() for pair in pairs]
    written = {(pair.claim, pair.text) for pair in everything}
    claims = sorted({pair.claim for pair in everything})
    texts = sorted({pair.text for pair in everything if len(pair.text) <= _LONGEST_TEXT})
    texts = random.sample(texts, min(len(texts), _TEXTS))
    if not texts:
        return []
    vectors = _encoded(encode, texts)
    found: list[Pair] = []
    for claim, vector in zip(claims, _encoded(encode, claims), strict=True):
        cosines = vectors @ vector
        nearest = np.argsort(-cosines, kind="stable")[:_NEAREST]
        found += [
            Pair(claim, texts[at], UNKNOWN)
            for at in nearest[cosines[nearest] >= _LEAST_COSINE]
            if (claim, texts[at]) not in written and normalise(texts[at]) != normalise(claim)
        ]
    return random.sample(found, min(len(found), count))


def _encoded(encode: Encode, texts: Sequence[str]) -> NDArray[np.float32]:
    parts = range(0, len(texts), _ENCODED_AT_ONCE)
    return np.concatenate([encode(texts[at : at + _ENCODED_AT_ONCE]) for at in parts])
