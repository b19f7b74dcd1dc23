"""Find the indexed terms that somebody may have meant by a misspelt one.

A letter-set filter in numpy leaves a few hundred of a hundred thousand terms, of which
rapidfuzz takes the distance (optimal string alignment: insertions, deletions, exchanges
and swapped neighbours). Called by `generation`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

_SHORTEST, _LONGEST = 3, 40
_ONE_MISTAKE_UP_TO = 5


class Vocabulary:
    """The terms of an index and the number of passages each occurs in; immutable."""

    def __init__(self, terms: Sequence[str], frequencies: Sequence[int]) -> None:
        words = [
            (term, frequency)
            for term, frequency in zip(terms, frequencies, strict=True)
            if _SHORTEST - 1 <= len(term) <= _LONGEST and _is_word(term)
        ]
        self._terms = [term for term, _ in words]
        self._frequencies = [frequency for _, frequency in words]
        self._letters = _letter_sets(self._terms)
        self._lengths = np.array([len(term) for term in self._terms], dtype=np.int16)

    def similar(self, term: str, limit: int) -> list[str]:
        """Return other terms within one mistake (two above five letters), nearest first.

        Equal distances rank by frequency, then by the alphabet. Terms of fewer than three
        letters and terms with a digit have no neighbours: another number is another thing.
        """
        if not _SHORTEST <= len(term) <= _LONGEST or not _is_word(term) or limit < 1:
            return []
        mistakes = 1 if len(term) <= _ONE_MISTAKE_UP_TO else 2
        # One mistake changes the length by one at most and the set of letters by two.
        unlike = np.bitwise_count(self._letters ^ _letter_sets([term])[0])
        near = (unlike <= 2 * mistakes) & (np.abs(self._lengths - len(term)) <= mistakes)
        found: list[tuple[int, int, str]] = []
        for position in np.flatnonzero(near):
            other = self._terms[position]
            distance = OSA.distance(term, other, score_cutoff=mistakes)
            if 0 < distance <= mistakes:
                found.append((distance, -self._frequencies[position], other))
        return [other for _, _, other in sorted(found)[:limit]]


def _is_word(term: str) -> bool:
    return not any(character.isdigit() for character in term)


def _letter_sets(terms: Sequence[str]) -> NDArray[np.uint64]:
    """Return one bit set a term: bit (code point mod 64) for each of its letters."""
    if not terms:
        return np.empty(0, np.uint64)
    width = max(map(len, terms))
    points = np.array(terms, dtype=f"<U{width}").view(np.uint32).reshape(len(terms), width)
    bits = np.left_shift(np.uint64(1), (points % 64).astype(np.uint64))
    bits[points == 0] = 0
    sets: NDArray[np.uint64] = np.bitwise_or.reduce(bits, axis=1)
    return sets
