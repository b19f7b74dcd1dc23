"""How many interactions a second the journal acknowledges, grouped or one by one.

    python -m tests.benchmarks.journal_throughput [--seconds S] [--producers N] [--folder DIR]

Each producer begins a request, notes its reply (two quotes, a counterpoint) and its
delivery, waiting for each to be on disk, over and over. The rival is the same journal
with one write in each transaction, run in turns with it so that noise strikes both.
"""

import argparse
import asyncio
import itertools
import platform
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.backends.sqlite import SqliteJournal
from bot.ports import TextPolicy
from tests.fakes.journal import a_reply, an_interaction

_ROUNDS = 3
_GROUPED, _ALONE = 512, 1


@dataclass(frozen=True, slots=True)
class Figures:
    """Calls acknowledged a second, and how long they took in ms."""

    per_second: float
    p50_ms: float
    p99_ms: float


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
    took: list[float] = []
    async with await SqliteJournal.open(
        folder / "journal.db",
        clock=time.time,
        new_id=lambda: next(ids),
        text_policy=TextPolicy.FULL,
        max_batch=max_batch,
    ) as journal:
        started = time.perf_counter()
        end = started + seconds

        async def produce(name: int) -> None:
            for number in itertools.count():
                before = time.perf_counter()
                if before >= end:
                    return
                receipt = await journal.begin(an_interaction(id=f"{name}-{number}"))
                if whole:
                    await journal.finish(receipt.request_id, a_reply())
                    await journal.delivered(receipt.request_id, ["m1"])
                took.append(1000 * (time.perf_counter() - before))

        await asyncio.gather(*(produce(name) for name in range(producers)))
        elapsed = time.perf_counter() - started
    took.sort()
    return Figures(
        len(took) / elapsed, took[len(took) // 2], took[min(int(0.99 * len(took)), len(took) - 1)]
    )


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
            figure = best[size]
            say(
                f"{what:20} {name:22} {figure.per_second:9,.0f}/s   "
                f"p50 {figure.p50_ms:7.1f} ms   p99 {figure.p99_ms:7.1f} ms"
            )
        say(f"{what:20} ratio {ratio:.1f}")
    return ratio


def main() -> None:
    """Read the arguments and print where and what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=6.0, help="for each of the four runs")
    parser.add_argument("--producers", type=int, default=64)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to measure")
    arguments = parser.parse_args()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    print(
        f"commit {commit or 'unknown'}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {platform.system()} {platform.machine()}, "
        f"{arguments.producers} producers, best of {_ROUNDS} rounds in turns"
    )
    asyncio.run(compare(arguments.folder, arguments.producers, arguments.seconds))


if __name__ == "__main__":
    main()
