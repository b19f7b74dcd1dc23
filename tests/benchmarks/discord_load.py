"""What the Discord adapter carries, on a loopback Discord, beside a bot that only echoes.

    python -m tests.benchmarks.discord_load

Discord and the askers are this process, the bot is another, on the same cores. Every question
is another sentence of the seeds, so that nothing can be answered from a cache. Figures are from
the moment that Discord has a question to the moment that it has the whole answer.
"""

import asyncio
import itertools
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks import load
from tests.benchmarks.load import CHANNELS, MEMBERS, Askers, Case, Heard
from tests.e2e.discord.people import Community
from tests.e2e.discord.server import TOKEN, LoopbackDiscord, Request

HEARTBEAT_MS = 1000
_POSTED = re.compile(r"/channels/\d+/messages")
_EDITED = re.compile(r"/channels/(\d+)/messages/(\d+)")


class Members(Askers[Request]):
    """Members of a guild who mention the bot.

    Args:
        server: The Discord that they are on.
        questions: What they ask, in order, each once.
        is_echo: Whether all that the bot says is its answer.
    """

    def __init__(self, server: LoopbackDiscord, questions: Iterator[str], *, is_echo: bool) -> None:
        super().__init__(questions, server.requests)
        self._backend = server.backend
        self._is_echo = is_echo
        self._community = Community(server)
        self._members = [self._community.member(f"member {n}") for n in range(MEMBERS)]
        self._channels = [self._community.channel(f"channel-{n}") for n in range(CHANNELS)]

    def say(self, turn: int, question: str) -> str:
        """Mention the bot."""
        member, channel = self._members[turn % MEMBERS], self._channels[turn % CHANNELS]
        message = member.say(channel, f"<@{self._backend.bot_user.id}> {question}")
        return str(message.id)

    def meaning(self, request: Request) -> Heard | None:
        """Look at what is posted and edited; of Counterpoint only answers have buttons."""
        if request.method == "POST" and _POSTED.fullmatch(request.path):
            reference = request.body.get("message_reference") or {}
        elif request.method == "PATCH" and (place := _EDITED.fullmatch(request.path)):
            reference = self._backend.messages[int(place[1])][int(place[2])].reference or {}
        else:
            return None
        is_answer = self._is_echo or '"custom_id"' in json.dumps(request.body)
        return Heard(str(reference.get("message_id")), request.method == "POST", is_answer)

    def reindex(self) -> None:
        """Let somebody who manages the guild run the command."""
        keeper = self._community.member("keeper", manages=True)
        keeper.slash(self._community.general, "source-admin reindex")


def counterpoint(server: LoopbackDiscord, place: Path) -> tuple[list[str], dict[str, str]]:
    """Return how Counterpoint is started on a server."""
    settings = {
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_BASE": server.api_base,
        "DISCORD_GATEWAY_URL": server.gateway.url,
        "DISCORD_GUILD_READY_TIMEOUT": "0",
    }
    return load.serve_command("discord"), settings | load.unlimited(place)


def echo(server: LoopbackDiscord) -> tuple[list[str], dict[str, str]]:
    """Return how the bot that only echoes is started."""
    module = "tests.benchmarks.echo_bot"
    return [sys.executable, "-m", module, server.api_base, server.gateway.url, TOKEN], {}


def lateness_ms(beats: Sequence[tuple[int, float]]) -> float:
    """Return by how much the latest heartbeat was late."""
    times = [at for _, at in beats]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    return max([1000 * gap - HEARTBEAT_MS for gap in gaps], default=0.0)


async def measure(case: Case[Request], questions: Iterator[str]) -> None:
    """Put one load on a fresh server and a fresh bot, and print its figures."""
    async with LoopbackDiscord().serve() as server:
        server.gateway.heartbeat_ms = HEARTBEAT_MS
        askers = Members(server, questions, is_echo=case.place is None)
        started = counterpoint(server, case.place) if case.place else echo(server)
        async with load.running(*started, lambda: bool(server.gateway.identified)):
            listening = asyncio.create_task(askers.listen())
            server.gateway.heartbeats.clear()
            await case.load(askers)
            listening.cancel()
            late = lateness_ms(server.gateway.heartbeats)
        told = load.report(case.name, list(askers.asked.values()))
        print(f"{told}   latest heartbeat {late:5.0f} ms late", flush=True)


if __name__ == "__main__":
    load.run(__doc__ or "", measure)
