"""What the stance model is measured beside, and the pairs that all of it is measured on.

`Majority` looks at nothing, `CosineAndCues` at two plain signs, `FrozenRegression` at the bot's own
sentence vectors. Each learns from a sample of judged pairs. Called by `stance`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.ports import Vectors
from tests.benchmarks.measuring import Floats, Marks, macro_f1

Pair = tuple[str, str]
"""A claim and a text."""

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs whose side is known: ``supports`` is ``(n,)``, False where the text opposes."""

    name: str
    pairs: tuple[Pair, ...]
    supports: Marks

    def take(self, rows: Sequence[int]) -> "Judged":
        """Return the same set with these rows alone."""
        return replace(
            self, pairs=tuple(self.pairs[row] for row in rows), supports=self.supports[list(rows)]
        )

    def sample(self, size: int | None, seed: int) -> "Judged":
        """Return up to ``size`` rows drawn by chance; all of them for None."""
        if size is None or size >= len(self.pairs):
            return self
        drawn = np.random.default_rng(seed).permutation(len(self.pairs))[:size]
        return self.take(drawn.tolist())


class System(Protocol):
    """Tells sides."""

    def sides(self, pairs: Sequence[Pair]) -> Floats:
        """Return P(supports) and P(opposes), ``(n, 2)``; a row sums to 1 at most."""


class Memory:
    """Encodes each text once, as several systems look at the same pairs."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._known: dict[str, Vectors] = {}

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text, ``(len(texts), d) float32``."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(missing, self._encode(missing), strict=True))
        return np.stack([self._known[text] for text in texts])

    def forget(self) -> None:
        """Make the next call encode everything anew."""
        self._known.clear()


@dataclass(frozen=True, slots=True)
class Majority:
    """Says of every text what most texts do."""

    share: float

    def sides(self, pairs: Sequence[Pair]) -> Floats:
        """Return the share of supporting texts, whatever the pair."""
        return _both_sides(np.full(len(pairs), self.share))


_CUES = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|hardly)\b"
    "|n['\N{RIGHT SINGLE QUOTATION MARK}]t\\b",
    re.I,
)
"""Negations. Adding verbs such as "ban" and "abolish" made it no better on train rows held out."""


@dataclass(frozen=True, slots=True)
class CosineAndCues:
    """Looks at two things: how near a text is to its claim, and which of both says no.

    Pairs fall into six cells: an even or an odd number of cues in claim and text, and a cosine
    below ``far``, below ``near``, or above both. Each cell has a P(supports).
    """

    encode: Encode
    far: float
    near: float
    cells: Floats

    @classmethod
    def fit(cls, encode: Encode, judged: Judged) -> "CosineAndCues":
        """Choose the thresholds, among the deciles, that give the best macro-F1 on a sample."""
        cosines, turned = _cosines(encode, judged.pairs), _turned(judged.pairs)
        deciles = np.quantile(cosines, np.arange(1, 10) / 10)
        best, fitted = -1.0, cls(encode, 0.0, 0.0, np.full(6, 0.5))
        for at, far in enumerate(deciles.tolist()):
            for near in deciles[at:].tolist():
                rule = cls(encode, far, near, np.full(6, 0.5))
                cell = rule._cell(cosines, turned)
                count = np.bincount(cell, minlength=6)
                share = (np.bincount(cell, judged.supports, 6) + 1) / (count + 2)
                score = macro_f1(share[cell] > 0.5, judged.supports)
                if score > best:
                    best, fitted = score, replace(rule, cells=share)
        return fitted

    def sides(self, pairs: Sequence[Pair]) -> Floats:
        """Return what the sample says of each pair's cell."""
        return _both_sides(self.cells[self._cell(_cosines(self.encode, pairs), _turned(pairs))])

    def _cell(self, cosines: Floats, turned: Marks) -> NDArray[np.int64]:
        bands = np.searchsorted([self.far, self.near], cosines, "right")
        return np.asarray(bands + 3 * turned, np.int64)


_RIDGES = (10.0, 100.0, 1_000.0, 10_000.0)
_HELD_OUT = 5  # one claim in so many chooses the ridge


@dataclass(frozen=True, slots=True)
class FrozenRegression:
    """Logistic regression on [u, v, |u - v|, u v] of the encoder's vectors of claim and text."""

    encode: Encode
    bias: float
    weights: Floats

    @classmethod
    def fit(cls, encode: Encode, judged: Judged) -> "FrozenRegression":
        """Fit a ridge regression; how strong the ridge is, claims that are held out decide."""
        values = _features(encode, judged.pairs)
        number = {name: at for at, name in enumerate(sorted({c for c, _ in judged.pairs}))}
        held = np.array([number[claim] % _HELD_OUT == 0 for claim, _ in judged.pairs])
        inside, outside = values[~held], values[held]
        scored = {}
        for ridge in _RIDGES:
            bias, weights = _logistic(inside, judged.supports[~held], ridge)
            scored[ridge] = macro_f1(outside @ weights + bias > 0, judged.supports[held])
        best = max(scored, key=lambda ridge: scored[ridge])
        return cls(encode, *_logistic(values, judged.supports, best))

    def sides(self, pairs: Sequence[Pair]) -> Floats:
        """Return the regression's probabilities."""
        return _both_sides(_sigmoid(_features(self.encode, pairs) @ self.weights + self.bias))


def _both_sides(supports: Floats) -> Floats:
    return np.column_stack([supports, 1 - supports])


def _turned(pairs: Sequence[Pair]) -> Marks:
    """Tell whether claim and text hold an odd number of cues between them, ``(n,)``."""
    counts = [len(_CUES.findall(claim)) + len(_CUES.findall(text)) for claim, text in pairs]
    return np.array(counts, np.int64) % 2 > 0


def _vectors(encode: Encode, pairs: Sequence[Pair]) -> tuple[Vectors, Vectors]:
    """Encode each different claim and text once; returns a row a pair of each."""
    places = {text: at for at, text in enumerate(dict.fromkeys(t for pair in pairs for t in pair))}
    found = encode(list(places))
    claims, texts = ([places[pair[side]] for pair in pairs] for side in (0, 1))
    return found[claims], found[texts]


def _cosines(encode: Encode, pairs: Sequence[Pair]) -> Floats:
    claims, texts = _vectors(encode, pairs)
    return np.asarray(np.einsum("ij,ij->i", claims, texts), np.float64)


def _features(encode: Encode, pairs: Sequence[Pair]) -> Floats:
    claims, texts = _vectors(encode, pairs)
    parts = [claims, texts, np.abs(claims - texts), claims * texts]
    return np.concatenate(parts, axis=1).astype(np.float64)


def _logistic(values: Floats, wanted: Marks, ridge: float) -> tuple[float, Floats]:
    """Return bias and weights of a ridge-regularised logistic regression, by Newton's steps."""
    mean, scale = values.mean(axis=0), values.std(axis=0) + 1e-9
    inputs = np.column_stack([np.ones(len(values)), (values - mean) / scale])
    solution = np.zeros(inputs.shape[1])
    penalty = np.full(len(solution), ridge)
    penalty[0] = 0.0
    for _ in range(25):
        predicted = _sigmoid(inputs @ solution)
        gradient = inputs.T @ (predicted - wanted) + penalty * solution
        curvature = (inputs.T * (predicted * (1 - predicted))) @ inputs + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        solution -= step
        if np.abs(step).max() < 1e-6:
            break
    slopes = solution[1:] / scale
    return float(solution[0] - slopes @ mean), slopes


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray((1 + np.tanh(logits / 2)) / 2, np.float64)  # does not overflow
