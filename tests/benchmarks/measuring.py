"""What the benchmarks share: the metrics, the data, and what a figure has to be read with.

Metrics are those of the field's own tools (trec_eval, BEIR), so that a figure here can be
set beside a published one.
"""

import argparse
import hashlib
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"

Qrels = Mapping[str, Mapping[str, int]]
"""Query id to the ids of its relevant documents and how relevant each is, above 0."""

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one operation took, in milliseconds, over ``count`` runs."""

    p50_ms: float
    p95_ms: float
    count: int

    @classmethod
    def of(cls, took_ms: Sequence[float]) -> "Timing":
        """Summarise durations in milliseconds; percentiles between two runs are interpolated."""
        p50, p95 = np.percentile(took_ms, [50, 95])
        return cls(float(p50), float(p95), len(took_ms))

    def __str__(self) -> str:
        return f"p50 {self.p50_ms:7.1f} ms   p95 {self.p95_ms:7.1f} ms   n {self.count}"


def timed_ms(run: Callable[[], object]) -> float:
    """Return how long ``run`` took, in milliseconds."""
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1000


def timed_wall_and_cpu_ms(run: Callable[[], object]) -> tuple[float, float]:
    """Return how long ``run`` took by the clock and by the processor, in milliseconds."""
    started = time.process_time()
    wall_ms = timed_ms(run)
    return wall_ms, (time.process_time() - started) * 1000


# --- metrics --------------------------------------------------------------------


def ndcg(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Return nDCG@k in [0, 1]: gain = relevance, discount = log2(rank + 1).

    As trec_eval's ``ndcg_cut`` has it (Järvelin & Kekäläinen 2002, with linear gains).
    """
    gains = [relevant.get(document, 0) for document in ranked[:k]]
    ideal = sorted(relevant.values(), reverse=True)[:k]
    best = _discounted(ideal)
    return _discounted(gains) / best if best else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def recall(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Return the share of the relevant documents among the first k, in [0, 1]."""
    return len(set(ranked[:k]) & set(relevant)) / len(relevant) if relevant else 0.0


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return how often a positive scores above a negative, a tie counting one half.

    The area under the ROC curve (Hanley & McNeil 1982): .5 is chance, 1 perfect.
    """
    below = np.sort(np.asarray(negative, np.float64))
    above = np.asarray(positive, np.float64)
    wins = np.searchsorted(below, above, "left") + np.searchsorted(below, above, "right")
    return float(wins.mean() / (2 * len(below)))


def accuracy(chosen: Marks, gold: Marks) -> float:
    """Return how often the choice between two sides is right, in [0, 1]."""
    return float((chosen == gold).mean()) if len(gold) else 0.0


def macro_f1(chosen: Marks, gold: Marks, weights: Floats | None = None) -> float:
    """Return the plain mean of the F1 of both sides, in [0, 1].

    As scikit-learn's ``f1_score(average="macro")`` has it: a side that is neither chosen nor
    gold anywhere is left out of the mean.

    Args:
        chosen: Which of two sides was chosen, ``(n,)``.
        gold: Which is right, ``(n,)``.
        weights: What each row counts, ``(n,)``, not below 0; 1 by default.
    """
    weight = np.ones(len(gold)) if weights is None else weights
    scores = []
    for side in (True, False):
        marked = weight[chosen == side].sum() + weight[gold == side].sum()
        if marked > 0:
            hits = weight[(chosen == side) & (gold == side)].sum()
            scores.append(2 * hits / marked)
    return float(np.mean(scores)) if scores else 0.0


def surest_half(sureness: Floats) -> Floats:
    """Return what each row counts, in [0, 1], when only the surest half does, ``(n,)``.

    The weights sum to n / 2. Rows that tie where the half ends share what is left of it: whoever
    is equally sure of everything gets the figure of the whole, whatever the order of the rows.
    """
    if not len(sureness):
        return np.zeros(0)
    half = len(sureness) / 2
    last = np.sort(sureness)[::-1][math.ceil(half) - 1]
    above, tied = sureness > last, sureness == last
    return np.asarray(above + tied * (half - above.sum()) / tied.sum(), np.float64)


def calibration_error(probability: Floats, happened: Marks, bins: int = 15) -> float:
    """Return the expected calibration error of probabilities of one event, in [0, 1].

    The mean gap, over bins of equal width on [0, 1] and weighted by their rows, between the mean
    probability and how often the event happened (Naeini, Cooper & Hauskrecht 2015). Folding
    both sides into the confidence of the chosen one would let their gaps cancel out.
    """
    if not len(probability):
        return 0.0
    places = np.minimum((probability * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(places, probability - happened, bins)
    return float(np.abs(gaps).sum() / len(probability))


def opposing_share(
    ranked: Sequence[str], on_topic: Container[str], opposing: Container[str], k: int = 3
) -> float | None:
    """Return which share of the first k on-topic documents opposes; None if none is on topic.

    Documents off the topic are passed over, so that the figure is about sides alone. Where fewer
    than k are on topic, it is the share of those.
    """
    first = [document for document in ranked if document in on_topic][:k]
    return sum(document in opposing for document in first) / len(first) if first else None


# --- data -----------------------------------------------------------------------


def read_qrels(path: Path) -> Qrels:
    """Read a BEIR file of judgements (``query-id corpus-id score``, tabs, one header line)."""
    judged: dict[str, dict[str, int]] = {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        if int(score) > 0:
            judged.setdefault(query, {})[document] = int(score)
    return judged


def find_data(chosen: Path | None) -> Path:
    """Return the folder of the public data sets, or end the program, saying why, with code 0.

    Looked for where ``--data`` says, then ``COUNTERPOINT_DATA``, then ``../shared/data``.
    """
    named = os.environ.get("COUNTERPOINT_DATA")
    folder = chosen or (Path(named) if named else ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        print(f"Skipped: {folder} is no folder; --data or COUNTERPOINT_DATA names the data sets.")
        sys.exit(0)
    return folder


def arguments_for(doc: str | None) -> argparse.ArgumentParser:
    """Return a parser with the options that all benchmarks have."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of the public data sets")
    parser.add_argument("--seed", type=int, default=7)
    return parser


def add_rows_option(parser: argparse.ArgumentParser, what: str) -> None:
    """Add ``--rows N``, at least 1 and None by default; ``what`` it counts goes into the help."""

    def counted(text: str) -> int:
        if not text.isdecimal() or int(text) < 1:
            raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
        return int(text)

    parser.add_argument("--rows", type=counted, metavar="N", help=f"a sample of so many {what}")


def default_cache() -> Path:
    """Return where the indexes of the data sets are kept from one run to the next."""
    return Path(tempfile.gettempdir()) / "counterpoint-benchmarks"


# --- what a figure is read with -------------------------------------------------


def print_header(seed: int, corpora: Sequence[Path]) -> None:
    """Print the commit, the machine, the seed and what was measured on."""
    print(f"commit   {_commit()}, seed {seed}")
    print(
        f"machine  {os.cpu_count()} cores, {_processor()}, {platform.system()}, "
        f"Python {platform.python_version()}, numpy {np.__version__}, "
        f"onnxruntime {onnxruntime.__version__}"
    )
    for corpus in corpora:
        name = corpus.name if corpus.is_dir() else f"{corpus.parent.name}/{corpus.name}"
        print(f"corpus   {name} sha256:{corpus_hash(corpus)}")
    print_load()


def print_load() -> None:
    """Print what else the machine does: trust ratios, not figures, when it is not idle."""
    print("load     " + " ".join(f"{load:.1f}" for load in os.getloadavg()) + " (1, 5, 15 min)")


def corpus_hash(path: Path) -> str:
    """Return the first digits of the hash of a file, or of all files of a folder by name."""
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    content = hashlib.sha256()
    for file in files:
        content.update(f"{file.relative_to(path)}\0".encode())
        content.update(hashlib.sha256(file.read_bytes()).digest())
    return content.hexdigest()[:12]


def _commit() -> str:
    name = _git("rev-parse", "--short", "HEAD") or "unknown"
    changed = _git("status", "--porcelain", "--", "bot", "adapters", "seeds")
    return f"{name} with uncommitted changes" if changed else name


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
