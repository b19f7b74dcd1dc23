"""What the Slack adapter carries, on a loopback Slack, beside a bot that only echoes.

    python -m tests.benchmarks.slack_load

By Socket Mode and by signed HTTP. Slack and the askers are this process, the bot is another, on
the same cores. Every question is another sentence of the seeds, so that nothing can be answered
from a cache. As on Slack, the bot is told of each mention twice, and of what it says itself.
Figures are from the moment that Slack has a question to the moment that it has the whole answer;
acknowledgements are of everything that Slack tells, from its sending.
"""

import asyncio
import json
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from tests.benchmarks import load
from tests.benchmarks.load import CHANNELS, MEMBERS, Askers, Case, Heard
from tests.e2e.slack.delivery import Delivery
from tests.e2e.slack.grants import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.e2e.slack.server import LoopbackSlack, Request
from tests.e2e.slack.stage import free_port

_ACKED_S = 5.0


class Members(Askers[Request]):
    """Members of a workspace who mention the bot.

    Args:
        server: The Slack that they are on.
        questions: What they ask, in order, each once.
        is_echo: Whether all that the bot says is its answer.
    """

    def __init__(self, server: LoopbackSlack, questions: Iterator[str], *, is_echo: bool) -> None:
        super().__init__(questions, server.requests)
        self._is_echo = is_echo
        self._workspace = server.workspace()
        self._members = [self._workspace.member(f"Member {n}") for n in range(MEMBERS)]
        self._channels = [self._workspace.channel(f"channel-{n}") for n in range(CHANNELS)]

    def say(self, turn: int, question: str) -> str:
        """Mention the bot; the time stamp is an id within a workspace of the loopback."""
        return self._members[turn % MEMBERS].ask(self._channels[turn % CHANNELS], question).ts

    def meaning(self, request: Request) -> Heard | None:
        """Look at what is posted and edited; of Counterpoint only answers have buttons."""
        is_message = request.method == "chat.postMessage"
        if request.error or request.status != 200:
            return None
        if is_message:
            thread_ts = request.body.get("thread_ts")
        elif request.method == "chat.update":
            channel = self._workspace.team.channels[request.body["channel"]]
            thread_ts = channel.messages[request.body["ts"]].thread_ts
        else:
            return None
        is_answer = self._is_echo or '"actions"' in json.dumps(request.body.get("blocks"))
        return Heard(str(thread_ts), is_message, is_answer)

    def reindex(self) -> None:
        """Let an admin of the workspace run the command."""
        keeper = self._workspace.member("Keeper", is_admin=True)
        keeper.command(self._workspace.general, "/source-admin", "reindex")


def counterpoint(
    server: LoopbackSlack, place: Path, port: int | None
) -> tuple[list[str], dict[str, str]]:
    """Return how Counterpoint is started on a server: behind a port, or with a socket."""
    settings = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_BASE_URL": server.api_base,
        "SLACK_MODE": "http" if port else "socket",
        "WEB_PORT": str(port or 0),
    }
    return load.serve_command("slack"), settings | load.unlimited(place)


def echo(server: LoopbackSlack, port: int | None) -> tuple[list[str], dict[str, str]]:
    """Return how the bot that only echoes is started."""
    proof = [SIGNING_SECRET, str(port)] if port else [APP_TOKEN]
    module = "tests.benchmarks.slack_echo_bot"
    return [sys.executable, "-m", module, server.api_base, BOT_TOKEN, *proof], {}


def is_open(port: int) -> bool:
    """Whether somebody listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def report_acks(told: Sequence[Delivery]) -> str:
    """Return how long acknowledgements took, and how much had to be told again."""
    took = [one.attempts[0].latency_s for one in told]
    p50, p99, longest = load.percentiles_ms(took, 50, 99, 100)
    again = sum(len(one.attempts) > 1 for one in told)
    return f"acks p50 {p50:4.0f}, p99 {p99:4.0f}, max {longest:4.0f} ms   told again {again}"


async def measure(case: Case[Request], questions: Iterator[str], port: int | None) -> None:
    """Put one load on a fresh server and a fresh bot, and print its figures."""
    async with LoopbackSlack().serve() as server:
        askers = Members(server, questions, is_echo=case.place is None)

        def is_ready() -> bool:
            return is_open(port) if port else server.socket.is_connected

        if port:
            server.events_url = f"http://127.0.0.1:{port}/slack/events"
        started = counterpoint(server, case.place, port) if case.place else echo(server, port)
        async with load.running(*started, is_ready):
            listening = asyncio.create_task(askers.listen())
            await case.load(askers)
            with suppress(AssertionError):  # what the last answers set off is told too
                await server.until(lambda: all(one.is_acked for one in server.deliveries), _ACKED_S)
            listening.cancel()
        told = load.report(case.name, list(askers.asked.values()))
        mode = "http" if port else "socket"
        print(f"{mode:7}{told}   {report_acks(server.deliveries)}", flush=True)


async def over_socket(case: Case[Request], questions: Iterator[str]) -> None:
    """Measure with Socket Mode."""
    await measure(case, questions, None)


async def over_http(case: Case[Request], questions: Iterator[str]) -> None:
    """Measure with signed HTTP."""
    await measure(case, questions, free_port())


if __name__ == "__main__":
    load.run(__doc__ or "", over_socket, over_http)
