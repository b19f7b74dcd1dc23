"""How long an answer takes, what memory it needs, and how fast texts are indexed.

    python -m tests.benchmarks.speed [--data DIR] [--passages 100000]

On the seeds: `handle` in a warm process with and without the stance model and the journal,
and the program's first answer in a cold one. Then the rate of a real reindex, and `handle`
over a large made corpus. Requests follow one another. The rivals answer the search alone.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import cached_property, partial
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.bootstrap import Application
from bot.ports import Index, StanceModel
from bot.settings import Settings
from bot.types import Interaction, Reply, Trigger
from tests.benchmarks.measuring import (
    SEEDS,
    Timing,
    arguments_for,
    find_data,
    print_header,
    print_load,
    timed_ms,
)
from tests.benchmarks.rivals import Rival, rivals_on
from tests.benchmarks.synthetic import StandInEncoder, read_sentences, write_documents

_QUERIES, _WARM_UP, _COLD_RUNS = 150, 10, 3
_RATE_SENTENCES = 2_000

# Started in a small process of its own: the peak of a child counts what its parent held.
_LAUNCHER = """
import json, resource, subprocess, sys, time
started = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
took = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"code": code, "took": took, "peak": peak}))
"""


class NoStance:
    """Takes every text for neutral at once; implements `bot.ports.StanceModel`."""

    def classify(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        sides = np.zeros((len(pairs), 3), np.float32)
        sides[:, 2] = 1.0
        return sides


class WithoutStance(Application):
    """The application with everything but the stance model."""

    @cached_property
    def stance(self) -> StanceModel:
        return NoStance()


# --- warm -----------------------------------------------------------------------


def queries_from(index: Index, number: int, draw: np.random.Generator) -> list[str]:
    """Return statements, questions and short names drawn from a corpus; a fifth misspelt."""
    passages = index.passages(sorted(draw.integers(index.size, size=number).tolist()))
    made = []
    for place, passage in enumerate(passages):
        words = index.document(passage.document_id).text[passage.start : passage.end].split()[:18]
        if place % 5 == 1:
            words = ["Is", "it", "true", "that", *words[:9]]
        elif place % 5 == 2:
            words = words[len(words) // 2 :][:3]
        elif place % 5 == 3:
            longest = max(range(len(words)), key=lambda at: len(words[at]))
            words[longest] = _misspelt(words[longest], draw)
        made.append(" ".join(words).rstrip(".") + ("?" if place % 5 == 1 else ""))
    return made


def _misspelt(word: str, draw: np.random.Generator) -> str:
    if len(word) < 3:
        return word
    at = int(draw.integers(1, len(word) - 1))
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


async def replies_to(
    application: Application, queries: Sequence[str], keep_log: bool, run: str
) -> tuple[Timing, float, list[Reply]]:
    """Ask one query after the other in a warm process.

    Returns:
        The time that passed, the processor's mean time in milliseconds (which other
        programs disturb less), and the replies.
    """
    numbers = count()
    took: list[float] = []
    replies: list[Reply] = []
    async with application.bot(keep_log) as bot:
        for query in queries[:_WARM_UP]:
            await bot.handle(_interaction(f"{run}-{next(numbers)}", query))
        busy = time.process_time()
        for query in queries:
            started = time.perf_counter()
            reply = await bot.handle(_interaction(f"{run}-{next(numbers)}", query))
            took.append((time.perf_counter() - started) * 1000)
            if reply is not None:
                replies.append(reply)
        busy = time.process_time() - busy
    return Timing.of(took), 1000 * busy / len(queries), replies


def _interaction(name: str, query: str) -> Interaction:
    return Interaction(
        id=name,
        platform="benchmark",
        community_id="c",
        channel_id="c",
        asker_id="a",
        text=query,
        trigger=Trigger.COMMAND,
        created_at=0.0,
    )


def measure_warm(settings: Settings, queries: Sequence[str]) -> None:
    """Print `handle` in its four forms, where the time goes, and the rivals' search."""
    p50s: list[float] = []
    for stance, kind in (("without stance", WithoutStance), ("with stance", Application)):
        for log, keep_log in (("no journal", False), ("journal", True)):
            application = kind(settings)
            measured = asyncio.run(replies_to(application, queries, keep_log, stance))
            timing, processor_ms, replies = measured
            p50s.append(timing.p50_ms)
            print(f"handle, {stance + ', ' + log:26} {timing}   cpu {processor_ms:.1f} ms")
            if keep_log:
                _print_stages(replies)
    _measure_rivals(Application(settings), queries, p50s[0])


def _measure_rivals(application: Application, queries: Sequence[str], ours_ms: float) -> None:
    bm25, bare = rivals_on(serving(application), application.encoder)
    rivals: dict[str, tuple[Rival, ...]] = {
        "bm25s search": (bm25,),
        "bare encoder search": (bare,),
        "both": (bm25, bare),
    }

    def search(systems: tuple[Rival, ...], query: str) -> None:
        for system in systems:
            system.rank(query, 100)

    for name, systems in rivals.items():
        asked = (*queries[:_WARM_UP], *queries)
        took = [timed_ms(partial(search, systems, query)) for query in asked]
        timing = Timing.of(took[_WARM_UP:])
        ratio = ours_ms / timing.p50_ms
        print(f"rival:  {name:26} {timing}   handle without stance / it {ratio:.2f}")


def serving(application: Application) -> Index:
    """Return the index that an application answers from."""
    index = application.store.current()
    if index is None:
        raise SystemExit("nothing was indexed")
    return index


def _print_stages(replies: Sequence[Reply]) -> None:
    answered = sum(reply.answered for reply in replies)
    stages = dict.fromkeys(stage for reply in replies for stage in reply.stage_ms)
    means = {
        stage: np.mean([reply.stage_ms.get(stage, 0.0) for reply in replies]) for stage in stages
    }
    quotes = np.mean([len(reply.quotes) + len(reply.counterpoints) for reply in replies])
    print(
        f"        {answered} of {len(replies)} answered, {quotes:.1f} quotes each; mean ms: "
        + ", ".join(f"{stage} {mean:.1f}" for stage, mean in means.items())
    )


# --- cold -----------------------------------------------------------------------


def measure_cold(settings: Settings, query: str, queries: Sequence[str]) -> None:
    """Print the first answer of a new process, and the peak memory of a short and a long one."""
    program = Path(sys.executable).with_name("counterpoint")
    if not program.exists():
        print(f"cold:   skipped, {program} is not installed")
        return
    environment = {
        **os.environ,
        "CORPUS_DIR": str(settings.corpus_dir),
        "DATA_DIR": str(settings.data_dir),
    }
    runs = [_launched([program, "ask", query, "--json"], environment) for _ in range(_COLD_RUNS)]
    took, peak = (np.median([run[place] for run in runs]) for place in range(2))
    print(f"cold:   first answer {took:.2f} s, peak {peak:.0f} MB (median of {_COLD_RUNS} runs)")
    batch = settings.data_dir / "batch.jsonl"
    rows = ({"id": str(place), "query": query} for place, query in enumerate(queries))
    batch.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    took, peak = _launched([program, "ask", "--batch", batch, "--json"], environment)
    print(f"batch:  {len(queries)} answers {took:.2f} s, peak {peak:.0f} MB")


def _launched(command: Sequence[str | Path], environment: dict[str, str]) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, *map(str, command)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    if told["code"]:
        raise SystemExit(f"{' '.join(map(str, command))} ended with code {told['code']}")
    return told["took"], told["peak"] / (2**20 if sys.platform == "darwin" else 2**10)


# --- indexing -------------------------------------------------------------------


def measure_indexing(folder: Path, sentences: Sequence[str]) -> tuple[list[str], Application]:
    """Print the rate of a real reindex; returns the sentences as they were split."""
    files = write_documents(folder / "corpus", iter(sentences))
    application = Application(Settings(corpus_dir=folder / "corpus", data_dir=folder / "data"))
    encoder = application.encoder  # loaded before the clock starts
    encoder.encode(["warm"])
    report = application.reindex()
    print(
        f"index:  {report.passages} sentences in {files} files, {report.took_s:.1f} s, "
        f"{report.passages / report.took_s:.0f} sentences/s"
    )
    encode_s = timed_ms(lambda: encoder.encode(sentences)) / 1000
    print(
        f"rival:  the bare encoder on the same {encode_s:.1f} s, "
        f"{len(sentences) / encode_s:.0f} sentences/s"
    )
    index = serving(application)
    passages = index.passages(range(index.size))
    texts = [index.document(one.document_id).text[one.start : one.end] for one in passages]
    return texts, application


def index_made(
    folder: Path, base: Sequence[str], source: Application, passages: int, draw: np.random.Generator
) -> Settings:
    """Index a made corpus with stand-in vectors; returns the settings that answer from it."""
    index = serving(source)
    stand_in = StandInEncoder(source.encoder.name, base, index.vectors(range(index.size)), draw)
    files = write_documents(folder / "corpus", (stand_in.make() for _ in range(passages)))
    settings = Settings(
        corpus_dir=folder / "corpus",
        data_dir=folder / "data",
        answer_threshold=0.0,  # so that every query goes all the way
    )

    class Standing(Application):
        @cached_property
        def encoder(self) -> StandInEncoder:  # type: ignore[override] # stands in for it
            return stand_in

    report = Standing(settings).reindex()
    print(
        f"\n{report.passages} passages in {files} files, indexed with stand-in vectors in "
        f"{report.took_s:.0f} s; queries are encoded by the real encoder"
    )
    return settings


def main() -> None:
    """Measure the seeds, then what the data sets allow."""
    parser = arguments_for(__doc__)
    parser.add_argument("--passages", type=int, default=100_000, help="of the made corpus; 0: none")
    parser.add_argument("--queries", type=int, default=_QUERIES)
    parser.add_argument("--sentences", type=int, default=_RATE_SENTENCES, help="to index really")
    arguments = parser.parse_args()
    print_header(arguments.seed, [SEEDS])
    draw = np.random.default_rng(arguments.seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        settings = Settings(corpus_dir=SEEDS, data_dir=folder / "seeds")
        application = Application(settings)
        report = application.reindex()
        print(f"\nseeds: {report.passages} passages of {report.documents} documents")
        queries = queries_from(serving(application), arguments.queries, draw)
        measure_cold(settings, queries[0], queries)
        measure_warm(settings, queries)
        print_load()

        data = find_data(arguments.data)
        stance = sorted((data / "stance").glob("*_train.jsonl"))
        print("\nindexing the sentences of the stance data")
        base, source = measure_indexing(
            folder / "rate", read_sentences(stance, arguments.sentences, draw)
        )
        if arguments.passages:
            large = index_made(folder / "large", base, source, arguments.passages, draw)
            made = serving(Application(large))
            measure_warm(large, queries_from(made, arguments.queries, draw))
        print_load()


if __name__ == "__main__":
    main()
