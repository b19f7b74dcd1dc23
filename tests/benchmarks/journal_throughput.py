"""How many interactions a second the journal acknowledges, and what 20 kills lose of them.

    python -m tests.benchmarks.journal_throughput [--seconds S] [--producers N] [--folder DIR]

Each producer begins a request, notes its reply (two quotes, a counterpoint) and its
delivery, waiting for each to be on disk, over and over. The rival is the same journal
with one write in each transaction, run in turns with it so that noise strikes both. Then the
same once more while another process answers questions from the seeds. In the end a
process that writes is killed, time after time, and what it had acknowledged is looked for.
"""

import argparse
import asyncio
import itertools
import multiprocessing
import platform
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from bot.backends.sqlite import SqliteJournal
from bot.bootstrap import Application
from bot.ports import TextPolicy
from bot.settings import Settings
from tests.bot.backends.sqlite.killing import Toll, kill_and_count
from tests.fakes.journal import a_reply, an_interaction

_ROUNDS = 3
_GROUPED, _ALONE = 512, 1
_SEEDS = Path(__file__).parents[2] / "seeds"
_QUESTIONS = (
    "Should models be released with open weights?",
    "Open weights make misuse easier.",
    "Who pays for the safety of artificial intelligence?",
)

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Figures:
    """Interactions acknowledged a second; how long one call and one interaction took, in ms."""

    per_second: float
    call_p50_ms: float
    call_p99_ms: float
    whole_p50_ms: float
    whole_p99_ms: float


async def measure(
    folder: Path, max_batch: int, producers: int, seconds: float, whole: bool
) -> Figures:
    """Let producers write for some seconds.

    Args:
        folder: Where the journal lies.
        max_batch: The most writes in one transaction.
        producers: How many callers write at once.
        seconds: For how long.
        whole: Whether to write whole interactions (three calls), or only their beginnings.
    """
    ids = (f"r{number}" for number in itertools.count())
    calls: list[float] = []
    wholes: list[float] = []

    async def timed(call: Awaitable[ResultT]) -> ResultT:
        before = time.perf_counter()
        answer = await call
        calls.append(1000 * (time.perf_counter() - before))
        return answer

    async with await SqliteJournal.open(
        folder / "journal.db",
        clock=time.time,
        new_id=lambda: next(ids),
        text_policy=TextPolicy.FULL,
        max_batch=max_batch,
    ) as journal:
        started = time.perf_counter()
        end = started + seconds
        asked, reply = an_interaction(), a_reply()

        async def produce(name: int) -> None:
            for number in itertools.count():
                before = time.perf_counter()
                if before >= end:
                    return
                request = replace(asked, id=f"{name}-{number}", asker_id=str(name))
                receipt = await timed(journal.begin(request))
                if whole:
                    await timed(journal.finish(receipt.request_id, reply))
                    await timed(journal.delivered(receipt.request_id, ["m1"]))
                wholes.append(1000 * (time.perf_counter() - before))

        await asyncio.gather(*(produce(name) for name in range(producers)))
        elapsed = time.perf_counter() - started
    return Figures(len(wholes) / elapsed, *_percentiles(calls), *_percentiles(wholes))


def _percentiles(took: list[float]) -> tuple[float, float]:
    took.sort()
    return took[len(took) // 2], took[min(int(0.99 * len(took)), len(took) - 1)]


async def compare(
    folder: Path | None,
    producers: int,
    seconds: float,
    say: Callable[[str], None] = print,
    rounds: int = _ROUNDS,
) -> float:
    """Run both in turns and say the figures; returns grouped over alone, whole interactions."""
    ratio = 0.0
    for what, whole in (("begin only", False), ("whole interactions", True)):
        runs: dict[int, list[Figures]] = {_GROUPED: [], _ALONE: []}
        for _ in range(rounds):
            for max_batch, figures in runs.items():
                with tempfile.TemporaryDirectory(dir=folder) as place:
                    figures.append(
                        await measure(Path(place), max_batch, producers, seconds / rounds, whole)
                    )
        best = {size: max(found, key=lambda f: f.per_second) for size, found in runs.items()}
        ratio = best[_GROUPED].per_second / best[_ALONE].per_second
        for name, size in (("grouped commits", _GROUPED), ("one transaction each", _ALONE)):
            say(_line(what, name, best[size]))
        say(f"{what:20} ratio {ratio:.1f}")
    return ratio


async def beside_searches(
    folder: Path | None,
    producers: int,
    seconds: float,
    searches: float,
    say: Callable[[str], None] = print,
    rounds: int = _ROUNDS,
) -> Figures:
    """Write whole interactions while another process answers so many questions a second."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        async with _answering(Path(place) / "data", searches) as stop:
            found = []
            for number in range(rounds):
                folder = Path(place) / str(number)
                found.append(
                    await measure(folder, _GROUPED, producers, seconds / rounds, whole=True)
                )
            answered = await stop()
    figures = max(found, key=lambda one: one.per_second)
    rate = f"beside {answered / seconds:.1f} answers/s"
    say(_line("whole interactions", rate, figures))
    return figures


@asynccontextmanager
async def _answering(data: Path, searches: float) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_answer, args=(data, searches, there), daemon=True)
    process.start()

    async def stop() -> int:
        here.send(None)
        answered: int = await asyncio.to_thread(here.recv)
        return answered

    try:
        await asyncio.to_thread(here.recv)  # the index is there and the models are loaded
        yield stop
    finally:
        process.terminate()
        await asyncio.to_thread(process.join)


def _answer(data: Path, searches: float, there: Connection) -> None:
    """Answer questions from the seeds in a process of its own until something comes."""

    async def work() -> None:
        application = Application(Settings(corpus_dir=_SEEDS, data_dir=data))
        application.reindex()
        async with application.bot(keep_log=False) as bot:
            started = time.perf_counter()
            for number in itertools.count(-1):
                question = _QUESTIONS[number % len(_QUESTIONS)]
                reply = await bot.handle(an_interaction(id=str(number), text=question))
                assert reply is not None
                assert reply.error is None
                if number == -1:
                    there.send(None)
                    started = time.perf_counter()
                wait_s = (number + 1) / searches - (time.perf_counter() - started)
                if await asyncio.to_thread(there.poll, max(wait_s, 0.0)):
                    there.send(number + 1)
                    return

    asyncio.run(work())


async def lose_nothing(folder: Path | None, kills: int, say: Callable[[str], None] = print) -> Toll:
    """Kill a writer time after time and say what was lost."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        toll = await kill_and_count(Path(place) / "journal.db", kills)
    check = "ok" if not toll.problems else "; ".join(toll.problems)
    say(
        f"{toll.kills} kills: lost {toll.lost} of {toll.acknowledged:,} acknowledged writes, "
        f"integrity_check {check}"
    )
    return toll


def _line(what: str, name: str, figures: Figures) -> str:
    return (
        f"{what:20} {name:22} {figures.per_second:9,.0f}/s   "
        f"a call p50 {figures.call_p50_ms:6.1f} ms, p99 {figures.call_p99_ms:6.1f} ms   "
        f"all p50 {figures.whole_p50_ms:6.1f} ms, p99 {figures.whole_p99_ms:6.1f} ms"
    )


def main() -> None:
    """Read the arguments and print where and what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=6.0, help="for each of the runs")
    parser.add_argument("--producers", type=int, default=128)
    parser.add_argument("--searches", type=float, default=10.0, help="answers a second beside it")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to measure")
    arguments = parser.parse_args()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    print(
        f"commit {commit or 'unknown'}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {platform.system()} {platform.machine()}, "
        f"{arguments.producers} producers, synchronous=FULL, best of {_ROUNDS} rounds in turns"
    )
    asyncio.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> None:
    folder, producers, seconds = arguments.folder, arguments.producers, arguments.seconds
    await compare(folder, producers, seconds)
    await beside_searches(folder, producers, seconds, arguments.searches)
    await lose_nothing(folder, arguments.kills)


if __name__ == "__main__":
    main()
