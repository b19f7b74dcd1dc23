"""Score a stance model on the dev sets and fit its calibration.

Plain functions over arrays of logits or probabilities, ``(n, 3)``, columns supports, opposes,
neutral. `__main__` gets the arrays from the float32 and the int8 model and reports both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray

from bot.stance.training.mixing import off_topic
from bot.stance.training.sets import NEUTRAL, OPPOSES, SUPPORTS, Pair, normalise

Array = NDArray[np.float64]
Labels = NDArray[np.int64]

_BINS = 15
_THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Probabilities are softmax(logits / temperature + bias)."""

    temperature: float
    bias: tuple[float, float, float]

    def apply(self, logits: Array) -> Array:
        """Give calibrated probabilities, ``(n, 3)``, rows sum to 1."""
        return softmax(logits / self.temperature + np.array(self.bias))


@dataclass(frozen=True, slots=True)
class Scores:
    """How well a model does on one set; all in [0, 1], higher is better.

    ``side_accuracy`` and ``side_macro_f1`` choose between supports and opposes only (for sets
    without neutral rows); ``accuracy`` and ``macro_f1`` choose among all three.
    """

    n: int
    side_accuracy: float
    side_macro_f1: float
    accuracy: float
    macro_f1: float


def softmax(logits: Array) -> Array:
    """Turn logits into probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities: Array = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities


def labels_of(pairs: Sequence[Pair]) -> Labels:
    """Give the labels of pairs, ``(n,)``."""
    return np.array([pair.label for pair in pairs], dtype=np.int64)


def off_topic_dev(sets: dict[str, list[Pair]], count: int, seed: int) -> list[Pair]:
    """Make neutral pairs of dev claims and dev texts on other topics."""
    pairs = [pair for name, rows in sets.items() if name.endswith("_dev") for pair in rows]
    return off_topic(pairs, count, Random(seed))  # noqa: S311 - sampling, to be repeated


def score(probabilities: Array, labels: Labels) -> Scores:
    """Score the probabilities of one set."""
    sided = labels != NEUTRAL
    sides = probabilities[sided, :2].argmax(axis=1)
    chosen = probabilities.argmax(axis=1)
    return Scores(
        n=len(labels),
        side_accuracy=_share(sides == labels[sided]),
        side_macro_f1=_macro_f1(sides, labels[sided], (SUPPORTS, OPPOSES)),
        accuracy=_share(chosen == labels),
        macro_f1=_macro_f1(chosen, labels, sorted(set(labels.tolist()))),
    )


def fit_calibration(logits: Array, labels: Labels, weights: Array) -> Calibration:
    """Fit the temperature and the per-class bias that minimise the weighted log loss.

    The temperature is Guo et al. (2017), "On Calibration of Modern Neural Networks"; the bias
    moves the balance of the three classes. Only differences of the bias matter: it sums to 0.
    """
    scaled = torch.tensor(logits)
    target, weight = torch.tensor(labels), torch.tensor(weights / weights.sum())
    log_temperature = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [log_temperature, bias], max_iter=200, line_search_fn="strong_wolfe"
    )

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        adjusted = scaled / log_temperature.exp() + bias
        losses = torch.nn.functional.cross_entropy(adjusted, target, reduction="none")
        loss = (losses * weight).sum() + 1e-4 * bias.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    found = bias.detach().numpy()
    centred = found - found.mean()
    return Calibration(
        temperature=log_temperature.detach().exp().item(),
        bias=(float(centred[0]), float(centred[1]), float(centred[2])),
    )


def calibration_error(probabilities: Array, labels: Labels, weights: Array) -> float:
    """Give the expected calibration error of the likeliest class over 15 equal-width bins."""
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    total = 0.0
    for number in range(_BINS):
        here = bins == number
        if weights[here].sum() > 0:
            gap = np.average(confidence[here], weights=weights[here]) - np.average(
                correct[here], weights=weights[here]
            )
            total += abs(gap) * weights[here].sum()
    return float(total / weights.sum())


def crossfit_error(
    logits: Array, labels: Labels, weights: Array, claims: Sequence[str]
) -> tuple[float, float]:
    """Give the calibration error before and after, each half of the claims fitted on the other."""
    names = sorted({normalise(claim) for claim in claims})
    half = {name: number % 2 for number, name in enumerate(names)}
    fold = np.array([half[normalise(claim)] for claim in claims])
    after = np.zeros_like(logits)
    for number in (0, 1):
        other = fold != number
        after[~other] = fit_calibration(logits[other], labels[other], weights[other]).apply(
            logits[~other]
        )
    before = calibration_error(softmax(logits), labels, weights)
    return before, calibration_error(after, labels, weights)


def opposing_precision(
    probabilities: Array, labels: Labels, weights: Array
) -> dict[str, tuple[float, float]]:
    """Give (precision, recall) of "opposes" at thresholds on its probability."""
    table: dict[str, tuple[float, float]] = {}
    opposes = labels == OPPOSES
    for threshold in _THRESHOLDS:
        shown = probabilities[:, OPPOSES] >= threshold
        hit = weights[shown & opposes].sum()
        precision = hit / max(weights[shown].sum(), 1e-12)
        table[str(threshold)] = (float(precision), float(hit / weights[opposes].sum()))
    return table


def as_fields(scores: Scores) -> dict[str, float]:
    """Give scores as rounded numbers for a report."""
    return {name: round(float(value), 4) for name, value in asdict(scores).items()}


def _share(hits: NDArray[np.bool_]) -> float:
    return float(hits.mean()) if len(hits) else float("nan")


def _macro_f1(chosen: Labels, labels: Labels, classes: Sequence[int]) -> float:
    """Give the unweighted mean of the F1 of the classes."""
    values: list[float] = []
    for number in classes:
        hit = float(((chosen == number) & (labels == number)).sum())
        total = float((chosen == number).sum() + (labels == number).sum())
        values.append(2 * hit / total if total else 0.0)
    return float(np.mean(values))
