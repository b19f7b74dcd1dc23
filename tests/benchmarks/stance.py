"""How well the side of a text is told, beside four simpler ways, and what it costs.

    python -m tests.benchmarks.stance [--data DIR] [--rows N] [--model NAME=DIR ...]

Macro-F1 and accuracy of choosing between supports and opposes, on three public dev sets and on
real quotes that answer questions; macro-F1 of the half that a system is surest of; the
calibration error of its P(supports); and the time for 12 pairs of about 48 tokens on one thread.
A folder given by ``--model`` is laid out as the one in the package; where it also holds
``stance.fp32.onnx``, the float32 graph is measured with the same calibration.

The baselines learn from 6,000 rows of the train files drawn by the seed, none of whose claims or
texts stands in a measured set. They only know two sides, so that all is asked about two: a
cross-encoder's P(neutral) is left out, and counts as being unsure.
"""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from bot.evaluation import read_rows
from bot.ports import StanceModel
from bot.retrieval.encoder import SHIPPED_MODEL, OnnxEncoder
from bot.stance.comparisons import as_comparison
from bot.stance.model import LABELS, MODEL_FOLDER, OnnxStanceModel
from bot.stance.propositions import as_proposition
from bot.stance.training.sets import STANCE_DEV, normalise
from bot.wordpiece import WordPieceTokenizer
from tests.benchmarks.baselines import (
    CosineAndCues,
    FrozenRegression,
    Judged,
    Majority,
    Memory,
    Pair,
    System,
)
from tests.benchmarks.measuring import (
    Floats,
    accuracy,
    add_rows_option,
    arguments_for,
    calibration_error,
    find_data,
    macro_f1,
    print_header,
    print_load,
    surest_half,
    timed_wall_and_cpu_ms,
)

_REAL_QUOTES = Path(__file__).with_name("data") / "real_quotes.jsonl"
_TRAIN_ROWS = 6_000
_TIMED_PAIRS, _TIMED_TOKENS, _TIMED_RUNS = 12, 48, 20
_FLOAT32 = "stance.fp32.onnx"


@dataclass(frozen=True, slots=True)
class CrossEncoder:
    """A stance model of a folder, as the bot runs it."""

    model: StanceModel

    def sides(self, pairs: Sequence[Pair]) -> Floats:
        """Return its first two columns."""
        return np.asarray(self.model.classify(pairs)[:, :2], np.float64)

    @classmethod
    def of(cls, folder: Path) -> "CrossEncoder":
        """Load the int8 graph."""
        return cls(OnnxStanceModel(folder))

    @classmethod
    def float32_of(cls, folder: Path) -> "CrossEncoder":
        """Load the float32 graph in the place of the int8 one."""
        with tempfile.TemporaryDirectory() as place:
            for file in folder.iterdir():
                if file.name not in (_FLOAT32, "stance.int8.onnx"):
                    (Path(place) / file.name).symlink_to(file.resolve())
            (Path(place) / "stance.int8.onnx").symlink_to((folder / _FLOAT32).resolve())
            return cls(OnnxStanceModel(Path(place)))


# --- the data -------------------------------------------------------------------


def read_judged(path: Path) -> Judged:
    """Read ``{"claim", "text", "stance"}`` lines; neutral rows are left out.

    A row with a ``question`` is judged as the bot would: on the claim that it asks about, or on
    the question itself where the rules find no claim.
    """
    pairs, supports = [], []
    for line, row in read_rows(path):
        question = row.get("question")
        asked = as_proposition(question) or as_comparison(question) if question else None
        claim = asked or question or row.get("claim")
        if not (claim and row.get("text") and row.get("stance") in LABELS):
            raise SystemExit(
                f"{path}, line {line}: needs a claim or question, a text, and a stance that is "
                f"one of {', '.join(LABELS)}."
            )
        if row["stance"] != "neutral":
            pairs.append((claim, row["text"]))
            supports.append(row["stance"] == "supports")
    return Judged(path.stem, tuple(pairs), np.array(supports, np.bool_))


def read_train(data: Path, measured: Sequence[Judged]) -> tuple[dict[str, Judged], int]:
    """Read the train files by name, without rows whose claim or text is measured; count those."""
    taken = {normalise(part) for judged in measured for pair in judged.pairs for part in pair}
    files, left_out = {}, 0
    for path in sorted((data / "stance").glob("*_train.jsonl")):
        judged = read_judged(path)
        free = [
            row
            for row, pair in enumerate(judged.pairs)
            if taken.isdisjoint(normalise(part) for part in pair)
        ]
        left_out += len(judged.pairs) - len(free)
        if free:
            files[path.stem] = judged.take(free)
    return files, left_out


def joined(parts: Sequence[Judged]) -> Judged:
    """Return the rows of several sets as one."""
    pairs = tuple(pair for part in parts for pair in part.pairs)
    return Judged("train", pairs, np.concatenate([part.supports for part in parts]))


def pairs_to_time(measured: Sequence[Judged]) -> list[Pair]:
    """Return the pairs whose length, as the shipped model reads them, is nearest to 48 tokens."""
    tokenizer = WordPieceTokenizer.load(MODEL_FOLDER / "tokenizer.json")

    def distance(pair: Pair) -> int:
        return abs(3 + sum(len(tokenizer.ids(part)) for part in pair) - _TIMED_TOKENS)

    pairs = dict.fromkeys(pair for judged in measured for pair in judged.pairs)
    return sorted(pairs, key=distance)[:_TIMED_PAIRS]


# --- measuring ------------------------------------------------------------------


def median_times(
    systems: Mapping[str, System], pairs: Sequence[Pair], memory: Memory
) -> dict[str, tuple[float, float]]:
    """Return each system's median wall and CPU milliseconds; they take turns, after one unmeasured.

    Taking turns spreads what else the machine does over all of them.
    """
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in systems}
    for _ in range(_TIMED_RUNS + 1):
        for name, system in systems.items():
            memory.forget()
            took[name].append(timed_wall_and_cpu_ms(partial(system.sides, pairs)))
    medians = {name: np.median(runs[1:], axis=0) for name, runs in took.items()}
    return {name: (float(wall), float(cpu)) for name, (wall, cpu) in medians.items()}


def two_way(sides: Floats) -> Floats:
    """Return P(supports) where the text is known to take a side, ``(n,)``."""
    total = sides.sum(axis=1)
    known = total > 0
    return np.where(known, sides[:, 0] / np.where(known, total, 1.0), 0.5)


def compare(
    judged: Judged, systems: Mapping[str, System], times: Mapping[str, tuple[float, float]]
) -> None:
    """Print a line a system."""
    support = judged.supports.mean()
    print(f"\n{judged.name}: {len(judged.pairs)} pairs, {support:.0%} support")
    print(f"{'system':26} {'macro-F1':>8} {'accuracy':>8} {'surest 1/2':>10} {'ECE':>6}", end="")
    print(f" {'ms':>7} {'cpu ms':>7}")
    scores: dict[str, tuple[float, float]] = {}
    for name, system in systems.items():
        sides = system.sides(judged.pairs)
        chosen = sides[:, 0] > sides[:, 1]
        surest = surest_half(np.abs(sides[:, 0] - sides[:, 1]))
        error = calibration_error(two_way(sides), judged.supports)
        scores[name] = macro_f1(chosen, judged.supports), accuracy(chosen, judged.supports)
        half = macro_f1(chosen, judged.supports, surest)
        wall, cpu = times[name]
        print(f"{name:26} {scores[name][0]:8.3f} {scores[name][1]:8.3f}", end="")
        print(f" {half:10.3f} {error:6.3f} {wall:7.1f} {cpu:7.1f}", flush=True)
    for name in systems:
        if (full := scores.get(f"{name} float32")) is not None:
            f1, right = (100 * (own - other) for own, other in zip(scores[name], full, strict=True))
            print(f"{name}: int8 - float32 {f1:+.1f} points of macro-F1, {right:+.1f} of accuracy")


def cross_encoders(folders: Mapping[str, Path]) -> dict[str, System]:
    """Load the models, each followed by its float32 graph where there is one."""
    found: dict[str, System] = {}
    for name, folder in folders.items():
        found[name] = CrossEncoder.of(folder)
        size = (folder / "stance.int8.onnx").stat().st_size / 1e6
        print(f"model    {name}: {size:.1f} MB as int8")
        if (folder / _FLOAT32).is_file():
            found[f"{name} float32"] = CrossEncoder.float32_of(folder)
    return found


def _named_folder(text: str) -> tuple[str, Path]:
    name, _, folder = text.partition("=")
    if not (name and Path(folder).is_dir() and folder):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=DIR with a folder that exists")
    return name, Path(folder)


def main() -> None:
    """Measure every set that is there."""
    parser = arguments_for(__doc__)
    add_rows_option(parser, "rows of each set, and of the train files")
    parser.add_argument("--model", type=_named_folder, action="append", default=[], help="NAME=DIR")
    arguments = parser.parse_args()
    folders = {"shipped": MODEL_FOLDER, **dict(arguments.model)}
    if len(folders) <= len(arguments.model):
        parser.error("each --model needs a name of its own, other than 'shipped'")
    data = find_data(arguments.data)
    files = [data / "stance" / f"{name}.jsonl" for name in STANCE_DEV] + [_REAL_QUOTES]
    print_header(arguments.seed, [file for file in files if file.is_file()])
    measured = [read_judged(file) for file in files if file.is_file()]
    for file in files:
        if not file.is_file():
            print(f"Skipped: {file.stem}, as {file} is not there.")
    train, left_out = read_train(data, measured)
    if not measured or not train:
        raise SystemExit(f"{data / 'stance'} lacks *_dev.jsonl or *_train.jsonl; see --data.")
    rows = joined(list(train.values()))
    sample = rows.sample(min(arguments.rows or _TRAIN_ROWS, _TRAIN_ROWS), arguments.seed)
    kept, usable = len(sample.pairs), len(rows.pairs)
    print(f"train    {kept} of {usable} rows; {left_out} more share a claim or text with a set")

    memory = Memory(OnnxEncoder(SHIPPED_MODEL).encode)
    systems: dict[str, System] = {
        "majority": Majority(float(rows.supports.mean())),
        "cosine + negation cues": CosineAndCues.fit(memory, sample),
        "regression on embeddings": FrozenRegression.fit(memory, sample),
        **cross_encoders(folders),
    }
    pairs = pairs_to_time(measured)
    times = median_times(systems, pairs, memory)
    print(f"times    {len(pairs)} pairs, one thread, median of {_TIMED_RUNS}")
    for judged in measured:
        own = train.get(judged.name.replace("_dev", "_train"), rows)
        systems["majority"] = Majority(float(own.supports.mean()))
        compare(judged.sample(arguments.rows, arguments.seed), systems, times)
    print()
    print_load()


if __name__ == "__main__":
    main()
