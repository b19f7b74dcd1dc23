"""Measure the embedded index at scale, beside bm25s in the same run.

    python -m tests.benchmarks.index_scale --passages 100000

Texts are synthetic: words drawn by Zipf's law, 20 a passage, 50 passages a document;
vectors are groups of alike unit vectors. Trust the ratios more than the figures: they
come with the machine and what else runs on it.
"""

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import bm25s  # type: ignore[import-untyped] # it ships no types
import numpy as np
from numpy.typing import NDArray

from bot.backends.embedded import EmbeddedStore
from bot.ports import PreparedDocument
from bot.types import Document, Passage, ReadDocument

DIMENSION, ENCODER = 384, "synthetic"
WORDS, PASSAGE_WORDS, DOCUMENT_PASSAGES = 100_000, 20, 50
QUERY_WORDS, LIMIT = 8, 1_000


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one operation."""

    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Result:
    """One run; ``match_ratio`` is our p50 over that of bm25s."""

    commit: str
    machine: str
    seed: int
    passages: int
    build_s: float
    change_s: float
    open_s: float
    disk_mb: float
    resident_mb: float
    match: Timing
    bm25s: Timing
    match_ratio: float
    nearest: Timing
    nearest_recall_at_10: float
    similar_terms: Timing


class Corpus:
    """Documents made on demand from a seed, so that memory holds none of them."""

    def __init__(self, passages: int, seed: int) -> None:
        self.passages = passages
        self._draw = np.random.default_rng(seed)
        letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
        lengths = self._draw.integers(3, 12, WORDS)
        self.words = ["".join(self._draw.choice(letters, length)) for length in lengths]
        weights = 1 / np.arange(1, WORDS + 1)
        self._reach = np.cumsum(weights / weights.sum())
        self._centres = self._draw.standard_normal((max(1, passages // 100), DIMENSION))

    def documents(self, revision: int, first: int, last: int) -> Iterator[PreparedDocument]:
        """Yield documents first to last, as they are in a revision."""
        for number in range(first, last):
            size = min(DOCUMENT_PASSAGES, self.passages - number * DOCUMENT_PASSAGES)
            draw = np.random.default_rng((revision, number))
            terms = tuple(tuple(self.text(draw)) for _ in range(size))
            yield self._prepared(f"d{number:06d}", str(revision), terms, self.vectors(draw, size))

    def text(self, draw: np.random.Generator) -> list[str]:
        """Return the words of a passage."""
        ranks = np.searchsorted(self._reach, draw.random(PASSAGE_WORDS))
        return [self.words[min(rank, WORDS - 1)] for rank in ranks]

    def vectors(self, draw: np.random.Generator, count: int) -> NDArray[np.float32]:
        """Return unit vectors near one centre each."""
        centres = self._centres[draw.integers(0, len(self._centres), count)]
        vectors = centres + draw.standard_normal((count, DIMENSION))
        return np.asarray(
            vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32
        )

    def _prepared(
        self,
        name: str,
        fingerprint: str,
        terms: tuple[tuple[str, ...], ...],
        vectors: NDArray[np.float32],
    ) -> PreparedDocument:
        passages: list[Passage] = []
        start = 0
        for place, words in enumerate(terms):
            end = start + len(" ".join(words))
            passages.append(Passage(f"{name}#{place}", name, start, end, position=place))
            start = end + 1
        text = " ".join(" ".join(words) for words in terms)
        document = Document(name, name, None, None, None, "essay", None, text, "")
        around = ((), *terms, ())
        context = tuple((*around[place], *around[place + 2]) for place in range(len(terms)))
        read = ReadDocument(document, tuple(passages))
        return PreparedDocument(read, fingerprint, terms, context, tuple(vectors[:, None, :]))


def measure(passages: int, seed: int, queries: int) -> Result:
    """Build, change and search an index of so many passages in a temporary folder."""
    corpus = Corpus(passages, seed)
    documents = -(-passages // DOCUMENT_PASSAGES)
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder), ENCODER, DIMENSION)
        build_s = _publish(store, corpus, put=(0, documents), revision=0)
        changed = max(1, documents // 100)
        change_s = _publish(store, corpus, put=(0, changed), revision=1, total=documents)
        started = time.perf_counter()
        index = EmbeddedStore(Path(folder), ENCODER, DIMENSION).current()
        open_s = time.perf_counter() - started
        if index is None:
            raise RuntimeError("nothing was published")
        draw = np.random.default_rng(seed + 1)
        asked = [_query(corpus, draw) for _ in range(queries)]
        match = _time(lambda n: index.match(dict.fromkeys(asked[n], 1.0), LIMIT), queries)
        vectors = corpus.vectors(draw, queries)
        nearest = _time(lambda n: index.nearest(vectors[n], LIMIT), queries)
        exact = index.vectors(range(index.size)) if passages <= 200_000 else None
        recall = float("nan")
        if exact is not None:
            found = [
                len(set(np.argsort(-(exact @ v))[:10]) & set(index.nearest(v, LIMIT)[0][:10])) / 10
                for v in vectors[:50]
            ]
            recall = float(np.mean(found))
        index.similar_terms("warm", 1)
        typos = [_typo(corpus.words[int(draw.integers(WORDS))], draw) for _ in range(queries)]
        similar = _time(lambda n: index.similar_terms(typos[n], 5), queries)
        resident_mb = _resident_mb()
        disk = sum(p.stat().st_size for p in index.folder.rglob("*") if p.is_file()) / 2**20
    rival = _rival(corpus, documents, asked)
    return Result(
        commit=_commit(),
        machine=f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}",
        seed=seed,
        passages=passages,
        build_s=build_s,
        change_s=change_s,
        open_s=open_s,
        disk_mb=disk,
        resident_mb=resident_mb,
        match=match,
        bm25s=rival,
        match_ratio=match.p50_ms / rival.p50_ms,
        nearest=nearest,
        nearest_recall_at_10=recall,
        similar_terms=similar,
    )


def _publish(
    store: EmbeddedStore, corpus: Corpus, put: tuple[int, int], revision: int, total: int = 0
) -> float:
    """Return how long a generation took, without the time to make its documents."""
    made_s = 0.0
    started = time.perf_counter()
    writer = store.begin()
    try:
        for number in range(put[1], total):
            writer.keep(f"d{number:06d}")
        making = time.perf_counter()
        for document in corpus.documents(revision, *put):
            made_s += time.perf_counter() - making
            writer.put(document)
            making = time.perf_counter()
        writer.build()
        writer.publish()
    finally:
        writer.close()
    return time.perf_counter() - started - made_s


def _query(corpus: Corpus, draw: np.random.Generator) -> list[str]:
    """Return content words: none of the fifty most frequent, all likely to occur."""
    return [corpus.words[int(rank)] for rank in draw.integers(50, 5_000, QUERY_WORDS)]


def _typo(word: str, draw: np.random.Generator) -> str:
    place = int(draw.integers(len(word) - 1))
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _rival(corpus: Corpus, documents: int, asked: Sequence[Sequence[str]]) -> Timing:
    """Time bm25s on the bodies of the same passages."""
    tokens = [
        list(terms) for document in corpus.documents(0, 0, documents) for terms in document.terms
    ]
    rival = bm25s.BM25()
    rival.index(tokens, show_progress=False)
    known = set(rival.vocab_dict)
    limit = min(LIMIT, len(tokens))

    def search(number: int) -> object:
        words = [word for word in asked[number] if word in known]
        return rival.retrieve([words], k=limit, show_progress=False)

    return _time(search, len(asked))


def _time(run: Callable[[int], object], count: int) -> Timing:
    for number in range(min(5, count)):
        run(number)
    took = []
    for number in range(count):
        started = time.perf_counter()
        run(number)
        took.append((time.perf_counter() - started) * 1e3)
    return Timing(float(np.median(took)), float(np.percentile(took, 95)))


def _resident_mb() -> float:
    """Return the greatest resident size of this process so far, the synthetic corpus in it."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    result = measure(arguments.passages, arguments.seed, arguments.queries)
    print(json.dumps(asdict(result), indent=2))
