"""What the Discord adapter carries, on a loopback Discord, beside a bot that only echoes.

    python -m tests.benchmarks.discord_load

Discord and the askers are this process, the bot is another, on the same cores. Every question
is another sentence of the seeds, so that nothing can be answered from a cache. Figures are from
the moment that Discord has a question to the moment that it has the whole answer.
"""

import argparse
import asyncio
import itertools
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bot.bootstrap import Application
from bot.settings import Settings
from tests.benchmarks.measuring import ROOT, SEEDS, print_header
from tests.e2e.discord.people import Community
from tests.e2e.discord.server import TOKEN, LoopbackDiscord, Request

HEARTBEAT_MS = 1000
_READY_S = 120.0
_MEMBERS, _CHANNELS = 50, 10
_POSTED = re.compile(r"/channels/\d+/messages")
_EDITED = re.compile(r"/channels/(\d+)/messages/(\d+)")


Load = Callable[["Askers"], Awaitable[None]]


@dataclass(slots=True)
class Asked:
    """A question: when it was asked, first heard back about, and answered, in seconds."""

    at: float
    heard_at: float | None = None
    answered_at: float | None = None
    messages: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Askers:
    """People who mention the bot, and the clock beside them.

    Args:
        server: The Discord that they are on.
        questions: What they ask, in order, each once.
        is_answer: Says whether what the bot sent is the answer, not a note that it will come.
    """

    def __init__(
        self,
        server: LoopbackDiscord,
        questions: Iterator[str],
        is_answer: Callable[[Request], bool],
    ) -> None:
        self.server = server
        self.asked: dict[str, Asked] = {}
        self.community = Community(server)
        self._is_answer = is_answer
        self._members = [self.community.member(f"member {n}") for n in range(_MEMBERS)]
        self._channels = [self.community.channel(f"channel-{n}") for n in range(_CHANNELS)]
        self._questions = questions
        self._turns = itertools.count()
        self._seen = 0

    def ask(self) -> Asked:
        """Ask the next question, as the next member in the next channel."""
        turn = next(self._turns)
        member, channel = self._members[turn % _MEMBERS], self._channels[turn % _CHANNELS]
        text = f"<@{self.server.backend.bot_user.id}> {next(self._questions)}"
        one = Asked(time.monotonic())
        message = member.say(channel, text)
        self.asked[str(message.id)] = one
        return one

    async def listen(self) -> None:
        """Note what the bot answers, until cancelled."""
        while True:
            for request in self.server.requests[self._seen :]:
                self._note(request)
            self._seen = len(self.server.requests)
            await asyncio.sleep(0.002)

    async def answered(self, within_s: float) -> None:
        """Wait until every question has its answer, or the time is up."""
        waits = [one.done.wait() for one in self.asked.values()]
        try:
            await asyncio.wait_for(asyncio.gather(*waits), within_s)
        except TimeoutError:
            return

    def _note(self, request: Request) -> None:
        asked_id: str | None = None
        if request.method == "POST" and _POSTED.fullmatch(request.path):
            asked_id = str((request.body.get("message_reference") or {}).get("message_id"))
        elif request.method == "PATCH" and (place := _EDITED.fullmatch(request.path)):
            edited = self.server.backend.messages[int(place[1])][int(place[2])]
            asked_id = str((edited.reference or {}).get("message_id"))
        one = self.asked.get(asked_id or "")
        if one is None:
            return
        one.messages += request.method == "POST"
        one.heard_at = one.heard_at or request.at
        if self._is_answer(request):
            one.answered_at = request.at
            one.done.set()


# --- the bots -------------------------------------------------------------------


def is_whole(request: Request) -> bool:
    """Say whether a message of Counterpoint is an answer: only those have buttons."""
    return '"custom_id"' in json.dumps(request.body)


@asynccontextmanager
async def running(
    server: LoopbackDiscord, command: Sequence[str], environment: dict[str, str]
) -> AsyncIterator[None]:
    """Run a bot in a process of its own until left."""
    process = await asyncio.create_subprocess_exec(*command, env=os.environ | environment, cwd=ROOT)
    try:
        await server.until(lambda: server.gateway.identified, _READY_S)
        await asyncio.sleep(1.0)
        yield
    finally:
        process.terminate()
        await process.wait()


def counterpoint(server: LoopbackDiscord, place: Path) -> tuple[list[str], dict[str, str]]:
    """Return how Counterpoint is started on a server, without limits on how much is asked."""
    settings = {
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_BASE": server.api_base,
        "DISCORD_GATEWAY_URL": server.gateway.url,
        "DISCORD_GUILD_READY_TIMEOUT": "0",
        "CORPUS_DIR": str(place / "corpus"),
        "DATA_DIR": str(place / "data"),
        "RATE_PER_USER": "100000",
        "RATE_PER_CHANNEL": "100000",
        "REINDEX_COOLDOWN_S": "0",
    }
    program = "from adapters.cli import main; main()"
    return [sys.executable, "-c", program, "serve", "discord"], settings


def echo(server: LoopbackDiscord) -> tuple[list[str], dict[str, str]]:
    """Return how the bot that only echoes is started."""
    module = "tests.benchmarks.echo_bot"
    return [sys.executable, "-m", module, server.api_base, server.gateway.url, TOKEN], {}


# --- the loads ------------------------------------------------------------------


async def at_rate(askers: Askers, per_second: float, seconds: float) -> None:
    """Ask at a steady rate, whatever is answered."""
    started = time.monotonic()
    for number in range(int(per_second * seconds)):
        await asyncio.sleep(max(0.0, started + number / per_second - time.monotonic()))
        askers.ask()
    await askers.answered(60.0)


async def at_capacity(askers: Askers, waiting: int, seconds: float) -> None:
    """Keep so many questions open at a time."""
    end = time.monotonic() + seconds

    async def go_on() -> None:
        while time.monotonic() < end:
            await askers.ask().done.wait()

    await asyncio.wait_for(asyncio.gather(*(go_on() for _ in range(waiting))), seconds + 60)


async def while_reindexing(askers: Askers, corpus: Path, per_second: float, seconds: float) -> None:
    """Ask at a steady rate while every document is read and encoded again."""
    for file in (corpus / "documents").iterdir():
        with file.open("a", encoding="utf-8") as text:
            text.write("\nThis sentence was added.\n")
    keeper = askers.community.member("keeper", manages=True)
    keeper.slash(askers.community.general, "source-admin reindex")
    await at_rate(askers, per_second, seconds)


# --- the figures ----------------------------------------------------------------


def report(name: str, askers: Askers, beats: Sequence[tuple[int, float]]) -> str:
    """Return a line about one load."""
    asked = list(askers.asked.values())
    took = [1000 * (one.answered_at - one.at) for one in asked if one.answered_at is not None]
    first = [1000 * (one.heard_at - one.at) for one in asked if one.heard_at is not None]
    posts = Counter(one.messages for one in asked)
    ends = [one.answered_at for one in asked if one.answered_at is not None]
    span = max(ends) - min(one.at for one in asked)
    p50, p95 = np.percentile(took, [50, 95])
    return (
        f"{name:34} {len(took):4} of {len(asked):4} answered, {len(took) / span:6.1f}/s   "
        f"p50 {p50:6.0f} ms   p95 {p95:6.0f} ms   "
        f"first word p95 {np.percentile(first, 95):6.0f} ms   "
        f"more than one message {sum(n for k, n in posts.items() if k > 1)}   "
        f"latest heartbeat {_lateness_ms(beats):5.0f} ms late"
    )


def _lateness_ms(beats: Sequence[tuple[int, float]]) -> float:
    times = [at for _, at in beats]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    return max([1000 * gap - HEARTBEAT_MS for gap in gaps], default=0.0)


async def measure(
    name: str,
    questions: Iterator[str],
    load: Load,
    place: Path | None,
) -> None:
    """Put one load on a fresh server and a fresh bot, and print its figures.

    Args:
        name: What the load is called.
        questions: What is asked, in order.
        load: Asks, and returns when all is answered.
        place: Where Counterpoint's corpus and data lie; None has the bot that echoes.
    """
    async with LoopbackDiscord().serve() as server:
        server.gateway.heartbeat_ms = HEARTBEAT_MS
        askers = Askers(server, questions, is_whole if place else lambda _: True)
        command, environment = counterpoint(server, place) if place else echo(server)
        async with running(server, command, environment):
            listening = asyncio.create_task(askers.listen())
            server.gateway.heartbeats.clear()
            await load(askers)
            listening.cancel()
            print(report(name, askers, server.gateway.heartbeats), flush=True)


def sentences() -> list[str]:
    """Return the sentences of the seeds, each once."""
    corpus = Application(Settings(corpus_dir=SEEDS)).read_corpus()
    found = {
        read.document.text[passage.start : passage.end].replace("\n", " ")
        for read in corpus.documents
        for passage in read.passages
    }
    return sorted(one for one in found if 30 <= len(one) <= 250)


def main() -> None:
    """Read the arguments and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="for each load")
    arguments = parser.parse_args()
    seconds: float = arguments.seconds
    print_header(0, [SEEDS])
    questions = sentences()
    # More are asked than the seeds have sentences: the same again as questions.
    questions += [f"Is it true that {one}" for one in questions]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        corpus = Path(shutil.copytree(SEEDS, place / "corpus"))
        loads: list[tuple[str, Load, Path | None]] = [
            ("echo, 8/s", lambda on: at_rate(on, 8, seconds), None),
            ("echo, as fast as it can", lambda on: at_capacity(on, 16, seconds), None),
            ("Counterpoint, 8/s", lambda on: at_rate(on, 8, seconds), place),
            ("Counterpoint, as fast as it can", lambda on: at_capacity(on, 16, seconds), place),
            ("Counterpoint, 200 in a second", lambda on: at_rate(on, 200, 1), place),
            (
                "Counterpoint, 8/s, a reindex",
                lambda on: while_reindexing(on, corpus, 8, seconds),
                place,
            ),
        ]
        for name, load, where in loads:
            asyncio.run(measure(name, itertools.cycle(questions), load, where))


if __name__ == "__main__":
    main()
