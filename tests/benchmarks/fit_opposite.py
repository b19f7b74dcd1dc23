"""Fit the map from a claim's vector to its counterarguments', and write it into the package.

    python -m tests.benchmarks.fit_opposite [--data DIR] [--cache DIR] [--write]

Learns from Perspectrum's train claims (what undermines each) and from ArguAna's points and
counters that are free to train on. The loss is InfoNCE (van den Oord et al. 2018): a claim's
mapped vector has to be nearer to a counterargument than to random texts and to what supports the
claim. A few hundred Adam steps over 384 x 384 weights, held near the identity; no library needed.
Encoding the texts takes minutes the first time; they stay in the cache.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.bootstrap import Application
from bot.ports import Encoder
from bot.retrieval.opposite import SHIPPED_MAP, OppositeMap
from bot.settings import Settings
from tests.benchmarks.measuring import (
    arguments_for,
    default_cache,
    find_data,
    print_header,
    read_qrels,
)

Floats = NDArray[np.float32]

_TEMPERATURE = 0.05
_RIDGE = 1e-3
_RATE = 5e-4
_EPOCHS = 12
_BATCH = 256
_RANDOM = 512  # texts drawn as negatives for each batch


@dataclass(frozen=True, slots=True)
class Task:
    """Claims and texts of one data set, as unit vectors.

    ``pairs (n, 2)`` holds (claim, counterargument) indices; ``friends[i]`` the texts that
    support claim i or are itself; ``targets[i]`` all its counterarguments.
    """

    claims: Floats
    texts: Floats
    pairs: NDArray[np.int64]
    friends: Sequence[frozenset[int]]
    targets: Sequence[frozenset[int]]


class Adam:
    """Kingma & Ba (2015) with their defaults, for one array."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._mean = np.zeros(shape, np.float32)
        self._square = np.zeros(shape, np.float32)
        self._step = 0

    def step(self, values: Floats, gradient: Floats) -> None:
        """Move values in place against a gradient."""
        self._step += 1
        self._mean += 0.1 * (gradient - self._mean)
        self._square += 0.001 * (gradient**2 - self._square)
        mean = self._mean / (1 - 0.9**self._step)
        square = self._square / (1 - 0.999**self._step)
        values -= _RATE * mean / (np.sqrt(square) + 1e-8)


def fit(tasks: Sequence[Task], seed: int, epochs: int = _EPOCHS) -> tuple[Floats, Floats]:
    """Return weights ``(d, d)`` and bias ``(d,)`` of the map."""
    random = np.random.default_rng(seed)
    size = tasks[0].claims.shape[1]
    identity = np.eye(size, dtype=np.float32)
    weights, bias = identity.copy(), np.zeros(size, np.float32)
    of_weights, of_bias = Adam(weights.shape), Adam(bias.shape)
    for _ in range(epochs):
        batches = [
            (task, task.pairs[rows])
            for task in tasks
            for rows in np.array_split(
                random.permutation(len(task.pairs)), -(-len(task.pairs) // _BATCH)
            )
        ]
        for at in random.permutation(len(batches)):
            task, pairs = batches[at]
            change, shift = _gradient(task, pairs, weights, bias, random)
            change += 2 * _RIDGE * (weights - identity)
            of_weights.step(weights, change)
            of_bias.step(bias, shift)
    return weights, bias


def _gradient(
    task: Task,
    pairs: NDArray[np.int64],
    weights: Floats,
    bias: Floats,
    random: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Return the gradient of the mean loss of a batch."""
    asked, wanted = pairs.T
    friends = {text for claim in set(asked.tolist()) for text in task.friends[claim]}
    drawn = random.choice(len(task.texts), min(_RANDOM, len(task.texts)), replace=False)
    pool = np.concatenate([wanted, drawn, np.array(sorted(friends), np.int64)])
    turned = task.claims[asked] @ weights + bias
    length = np.linalg.norm(turned, axis=1, keepdims=True)
    unit = turned / length
    logits = unit @ task.texts[pool].T / _TEMPERATURE
    for row, claim in enumerate(asked):  # other counterarguments of the claim are no negatives
        others = [at for at, text in enumerate(pool) if text in task.targets[claim] and at != row]
        logits[row, others] = -1e9
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    shares[np.arange(len(asked)), np.arange(len(asked))] -= 1
    back = shares @ task.texts[pool] / (_TEMPERATURE * len(asked))
    back = (back - (back * unit).sum(axis=1, keepdims=True) * unit) / length
    return task.claims[asked].T @ back, back.sum(axis=0)


def perspectrum(data: Path, encoder: Encoder, cache: Path) -> Task:
    """Return Perspectrum's train claims and the perspectives on them."""
    folder = data / "counter" / "perspectrum"
    opposing = read_qrels(folder / "qrels-opposing.tsv")
    either = read_qrels(folder / "qrels-any.tsv")
    measured = _measured(data)
    texts = [row for row in _rows(folder / "corpus.jsonl") if _key(row["text"]) not in measured]
    place = {row["_id"]: at for at, row in enumerate(texts)}
    claims = [
        row
        for row in _rows(folder / "queries.jsonl")
        if _key(row["text"]) not in measured
        and any(text in place for text in opposing.get(row["_id"], {}))
    ]
    targets = [frozenset(place[t] for t in opposing[row["_id"]] if t in place) for row in claims]
    friends = [
        frozenset(place[t] for t in either[row["_id"]] if t in place) - target
        for row, target in zip(claims, targets, strict=True)
    ]
    pairs = [(claim, text) for claim, target in enumerate(targets) for text in sorted(target)]
    return Task(
        _encoded(encoder, [row["text"] for row in claims], cache),
        _encoded(encoder, [row["text"] for row in texts], cache),
        np.array(pairs, np.int64),
        friends,
        targets,
    )


def arguana(data: Path, encoder: Encoder, cache: Path) -> Task:
    """Return ArguAna's points and counters that are free to train on."""
    measured = _measured(data)  # the two sets share a source
    rows = [
        row
        for row in _rows(data / "counter" / "arguana" / "corpus.jsonl")
        if row["_id"].startswith(("training-", "validation-"))
        and _key(row["title"]) not in measured
    ]
    place = {row["_id"]: at for at, row in enumerate(rows)}
    texts = _encoded(encoder, [f"{row['title']} {row['text']}" for row in rows], cache)
    points = [name for name in place if name.endswith("a") and f"{name[:-1]}b" in place]
    targets = [frozenset({place[f"{name[:-1]}b"]}) for name in points]
    pairs = [(claim, text) for claim, target in enumerate(targets) for text in target]
    friends = [frozenset({place[name]}) for name in points]
    claims = texts[[place[name] for name in points]]
    return Task(claims, texts, np.array(pairs, np.int64), friends, targets)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _measured(data: Path) -> frozenset[str]:
    """Return Perspectrum's dev claims and the texts on them, which nothing may be fitted on."""
    folder = data / "counter" / "perspectrum"
    dev = set((folder / "dev_claims.txt").read_text("utf-8").split())
    on_dev = {text for claim in dev for text in read_qrels(folder / "qrels-any.tsv").get(claim, {})}
    claims = (row["text"] for row in _rows(folder / "queries.jsonl") if row["_id"] in dev)
    texts = (row["text"] for row in _rows(folder / "corpus.jsonl") if row["_id"] in on_dev)
    return frozenset(_key(text) for text in (*claims, *texts))


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _encoded(encoder: Encoder, texts: Sequence[str], cache: Path) -> Floats:
    """Encode texts, or read their vectors where this encoder has encoded the same before."""
    digest = hashlib.sha256("\0".join([encoder.name, *texts]).encode()).hexdigest()[:16]
    path = cache / f"vectors-{digest}.npy"
    if path.exists():
        kept: Floats = np.load(path)
        return kept
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    vectors = np.zeros((len(texts), encoder.dimension), np.float32)
    vectors[order] = encoder.encode([texts[at] for at in order])
    cache.mkdir(parents=True, exist_ok=True)
    np.save(path, vectors)
    return vectors


def main() -> None:
    """Fit the map and, with --write, put it into the package."""
    parser = arguments_for(__doc__)
    parser.add_argument("--cache", type=Path, default=default_cache(), help="where vectors are")
    parser.add_argument("--write", action="store_true", help=f"write {SHIPPED_MAP.name}")
    arguments = parser.parse_args()
    data = find_data(arguments.data)
    counter = data / "counter"
    print_header(
        arguments.seed, [counter / name / "corpus.jsonl" for name in ("perspectrum", "arguana")]
    )
    encoder = Application(Settings()).encoder
    tasks = [make(data, encoder, arguments.cache) for make in (perspectrum, arguana)]
    weights, bias = fit(tasks, arguments.seed)
    print(f"{[len(task.pairs) for task in tasks]} pairs; moved by {_moved(weights):.2f}")
    if arguments.write:
        OppositeMap(weights, bias, encoder.name).save(SHIPPED_MAP)
        print(f"wrote {SHIPPED_MAP}")


def _moved(weights: Floats) -> float:
    """Return how far the map is from doing nothing (a Frobenius norm)."""
    return float(np.linalg.norm(weights - np.eye(len(weights), dtype=np.float32)))


if __name__ == "__main__":
    main()
