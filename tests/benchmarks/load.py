"""What the load benchmarks share: asking in several ways, and what is said of the answers.

`discord_load` and `slack_load` bring the platform: how a question is asked, and what the bot's
requests mean. Figures are from the moment that the platform has a question to the moment that it
has the whole answer.
"""

import argparse
import asyncio
import itertools
import os
import shutil
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from bot.bootstrap import Application
from bot.settings import Settings
from tests.benchmarks.measuring import ROOT, SEEDS, print_header

MEMBERS, CHANNELS = 50, 10
READY_S = 120.0
_ANSWERED_S = 60.0


class Timed(Protocol):
    """A request of the bot."""

    @property
    def at(self) -> float:
        """When it came, in seconds of the monotonic clock."""


R = TypeVar("R", bound=Timed)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a request of the bot means to somebody who asked.

    Args:
        asked_id: The question that it is about.
        is_message: Whether it is a new message, not a change of one.
        is_answer: Whether it is the whole answer, not a note that one will come.
    """

    asked_id: str
    is_message: bool
    is_answer: bool


@dataclass(slots=True)
class Asked:
    """A question: when it was asked, first heard back about, and answered, in seconds."""

    at: float
    heard_at: float | None = None
    answered_at: float | None = None
    messages: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Askers(ABC, Generic[R]):
    """People who call the bot, and the clock beside them.

    Args:
        questions: What they ask, in order, each once.
        requests: What the bot sends; grows.
    """

    def __init__(self, questions: Iterator[str], requests: Sequence[R]) -> None:
        self.asked: dict[str, Asked] = {}
        self._questions = questions
        self._requests = requests
        self._turns = itertools.count()
        self._seen = 0

    @abstractmethod
    def say(self, turn: int, question: str) -> str:
        """Ask something, as another member and in another channel each turn; returns its id."""

    @abstractmethod
    def meaning(self, request: R) -> Heard | None:
        """Return what a request of the bot means; None when it is about no question."""

    @abstractmethod
    def reindex(self) -> None:
        """Let an admin order a reindex."""

    def ask(self) -> Asked:
        """Ask the next question."""
        one = Asked(time.monotonic())
        self.asked[self.say(next(self._turns), next(self._questions))] = one
        return one

    async def listen(self) -> None:
        """Note what the bot answers, until cancelled."""
        while True:
            self.hear()
            await asyncio.sleep(0.002)

    def hear(self) -> None:
        """Note what the bot has sent since the last time."""
        new = self._requests[self._seen :]
        self._seen += len(new)
        for request in new:
            heard = self.meaning(request)
            one = self.asked.get(heard.asked_id) if heard is not None else None
            if heard is None or one is None:
                continue
            one.messages += heard.is_message
            one.heard_at = one.heard_at or request.at
            if heard.is_answer:
                one.answered_at = one.answered_at or request.at
                one.done.set()

    async def answered(self, within_s: float) -> None:
        """Wait until every question has its answer, or the time is up."""
        waits = [one.done.wait() for one in self.asked.values()]
        try:
            await asyncio.wait_for(asyncio.gather(*waits), within_s)
        except TimeoutError:
            return


# --- the loads ------------------------------------------------------------------


Load = Callable[[Askers[R]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Case(Generic[R]):
    """One load on one bot: `place` holds Counterpoint's folders, None is the bot that echoes."""

    name: str
    load: Load[R]
    place: Path | None


def cases(place: Path, seconds: float) -> list[Case[R]]:
    """Return the loads, in the order in which they are put on.

    Args:
        place: The folder with Counterpoint's ``corpus`` and ``data``.
        seconds: How long a load is put on.
    """
    waiting = 16
    corpus = place / "corpus"
    return [
        Case("echo, 8/s", lambda on: at_rate(on, 8, seconds), None),
        Case("echo, as fast as it can", lambda on: at_capacity(on, waiting, seconds), None),
        Case("Counterpoint, 8/s", lambda on: at_rate(on, 8, seconds), place),
        Case(
            "Counterpoint, as fast as it can", lambda on: at_capacity(on, waiting, seconds), place
        ),
        Case("Counterpoint, 200 in a second", lambda on: at_rate(on, 200, 1), place),
        Case(
            "Counterpoint, 8/s, a reindex",
            lambda on: while_reindexing(on, corpus, 8, seconds),
            place,
        ),
    ]


async def at_rate(askers: Askers[R], per_second: float, seconds: float) -> None:
    """Ask at a steady rate, whatever is answered."""
    started = time.monotonic()
    for number in range(int(per_second * seconds)):
        await asyncio.sleep(max(0.0, started + number / per_second - time.monotonic()))
        askers.ask()
    await askers.answered(_ANSWERED_S)


async def at_capacity(askers: Askers[R], waiting: int, seconds: float) -> None:
    """Keep so many questions open at a time."""
    end = time.monotonic() + seconds

    async def go_on() -> None:
        while time.monotonic() < end:
            await askers.ask().done.wait()

    everybody = asyncio.gather(*(go_on() for _ in range(waiting)))
    try:
        await asyncio.wait_for(everybody, seconds + _ANSWERED_S)
    except TimeoutError:
        return


async def while_reindexing(
    askers: Askers[R], corpus: Path, per_second: float, seconds: float
) -> None:
    """Ask at a steady rate while every document is read and encoded again."""
    for file in (corpus / "documents").iterdir():
        with file.open("a", encoding="utf-8") as text:
            text.write("\nThis sentence was added.\n")
    askers.reindex()
    await at_rate(askers, per_second, seconds)


# --- the bots -------------------------------------------------------------------


def serve_command(platform: str) -> list[str]:
    """Return the command that serves a platform."""
    return [sys.executable, "-c", "from adapters.cli import main; main()", "serve", platform]


def unlimited(place: Path) -> dict[str, str]:
    """Return Counterpoint's settings for a folder, without limits on how much is asked."""
    return {
        "CORPUS_DIR": str(place / "corpus"),
        "DATA_DIR": str(place / "data"),
        "RATE_PER_USER": "100000",
        "RATE_PER_CHANNEL": "100000",
        "REINDEX_COOLDOWN_S": "0",
    }


@asynccontextmanager
async def running(
    command: Sequence[str], environment: dict[str, str], is_ready: Callable[[], bool]
) -> AsyncIterator[None]:
    """Run a bot in a process of its own until left.

    Raises:
        RuntimeError: It ended, or did not get ready.
    """
    process = await asyncio.create_subprocess_exec(*command, env=os.environ | environment, cwd=ROOT)
    try:
        end = time.monotonic() + READY_S
        while not is_ready():
            if process.returncode is not None or time.monotonic() > end:
                raise RuntimeError(f"{' '.join(command)} does not serve.")
            await asyncio.sleep(0.05)
        await asyncio.sleep(1.0)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


# --- the figures ----------------------------------------------------------------


def percentiles_ms(took_s: Sequence[float], *wanted: float) -> list[float]:
    """Return percentiles of durations in milliseconds; infinite ones count as the longest.

    Each is one of the durations, as nothing lies between a long one and one without end.
    """
    if not took_s:
        return [float("nan")] * len(wanted)
    found = np.percentile(np.asarray(took_s, np.float64), wanted, method="higher")
    return [1000 * float(one) for one in found]


def report(name: str, asked: Sequence[Asked]) -> str:
    """Return a line about one load; one that was not answered counts as one without end."""
    ends = [one.answered_at for one in asked if one.answered_at is not None]
    span = max(ends) - min(one.at for one in asked) if ends else float("inf")
    endless = float("inf")
    took = [endless if one.answered_at is None else one.answered_at - one.at for one in asked]
    first = [endless if one.heard_at is None else one.heard_at - one.at for one in asked]
    p50, p95 = percentiles_ms(took, 50, 95)
    return (
        f"{name:34} {len(ends):5} of {len(asked):5} answered, {len(ends) / span:6.1f}/s   "
        f"p50 {p50:6.0f} ms   p95 {p95:6.0f} ms   "
        f"first word p95 {percentiles_ms(first, 95)[0]:6.0f} ms   "
        f"more than one message {sum(one.messages > 1 for one in asked)}"
    )


# --- running --------------------------------------------------------------------


def sentences() -> list[str]:
    """Return the sentences of the seeds, each once."""
    corpus = Application(Settings(corpus_dir=SEEDS)).read_corpus()
    found = {
        read.document.text[passage.start : passage.end].replace("\n", " ")
        for read in corpus.documents
        for passage in read.passages
    }
    return sorted(one for one in found if 30 <= len(one) <= 250)


Measure = Callable[[Case[R], Iterator[str]], Coroutine[Any, Any, None]]


def run(about: str, *measures: Measure[R]) -> None:
    """Read the arguments, put on one load after the other, and print the figures.

    Args:
        about: What the program does.
        measures: Each puts a load on a fresh server and a fresh bot, and prints its figures.
    """
    parser = argparse.ArgumentParser(description=about.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="for each load")
    seconds: float = parser.parse_args().seconds
    print_header(0, [SEEDS])
    questions = sentences()
    # More are asked than the seeds have sentences: the same again as questions.
    questions += [f"Is it true that {one}" for one in questions]
    for measure in measures:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            shutil.copytree(SEEDS, place / "corpus")
            loads: list[Case[R]] = cases(place, seconds)
            for case in loads:
                asyncio.run(measure(case, itertools.cycle(questions)))
