"""`counterpoint serve slack` as an operator runs it: a process, its environment, its signals."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
import lxml.html
import pytest

from adapters.cli.exits import ExitCode, code_of
from adapters.slack import serving
from bot.errors import ConfigError
from bot.settings import read_settings
from tests.e2e.corpus import CLAIM, QUESTION
from tests.e2e.slack.grants import APP_TOKEN, BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET
from tests.e2e.slack.reading import links_of, quotes_of, words_of
from tests.e2e.slack.stage import Stage, free_port

PROGRAM = "from adapters.cli import main; main()"
SLOW_S = 60.0
"""A process loads its models itself, on a machine that may be busy."""
by_socket = pytest.mark.parametrize("mode", ["socket"])
by_http = pytest.mark.parametrize("mode", ["http"])


@asynccontextmanager
async def served(stage: Stage, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `counterpoint serve slack`; killed in the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        "serve",
        "slack",
        cwd=stage.folder,
        env={**os.environ, "PYTHONPATH": os.getcwd(), **stage.environment(), **settings},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def is_open(port: int) -> bool:
    """Whether something listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def refused(stage: Stage, **settings: str) -> str:
    """Return what an operator reads when the settings do not do."""
    await stage.stop()
    async with served(stage, **settings) as process:
        _, told = await asyncio.wait_for(process.communicate(), SLOW_S)
    assert process.returncode == ExitCode.SETUP, told.decode()
    assert "Traceback" not in told.decode()
    return told.decode()


# --- runs -----------------------------------------------------------------------------


async def test_sigterm_stops_it_cleanly_and_what_it_held_is_answered(stage: Stage) -> None:
    await stage.stop()
    connected = stage.server.socket.connected

    def listens() -> bool:
        if stage.mode == "socket":
            return stage.server.socket.connected > connected
        return is_open(stage.port)

    async with served(stage) as process:
        await stage.until(listens, SLOW_S)
        fault = stage.server.faults.delay("chat.postMessage", 1.0)
        stage.server.posting.retry_pauses_s = (2.0, 2.0, 2.0)
        asked = stage.ada.ask(stage.general, QUESTION)
        await stage.until(lambda: fault.hits)
        process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.3)  # until it has heard of that
        left = stage.ada.ask(stage.general, CLAIM)
        _, told = await asyncio.wait_for(process.communicate(), 15)
        assert process.returncode == 0, told.decode()
    [answer] = stage.workspace.answers_to(asked)
    assert CLAIM in words_of(answer)
    assert stage.workspace.answers_to(left) == []
    await stage.start()
    assert words_of(await stage.answer(left))  # late, and not lost
    await stage.settled()
    assert len(stage.server.sent("chat.postMessage")) == 2


@by_http
async def test_it_says_where_it_listens(stage: Stage) -> None:
    await stage.stop()
    async with served(stage) as process:
        await stage.until(lambda: is_open(stage.port), SLOW_S)
        process.send_signal(signal.SIGTERM)
        _, told = await asyncio.wait_for(process.communicate(), 15)
    assert f"Listening on http://127.0.0.1:{stage.port}\n" in told.decode()


@by_http
async def test_the_readers_pages_are_served_beside_what_slack_sends(stage: Stage) -> None:
    await stage.stop()
    async with served(stage), aiohttp.ClientSession() as browser:
        await stage.until(lambda: is_open(stage.port), SLOW_S)
        answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
        address = stage.base_url + urlsplit(links_of(answer)[0]).path
        async with browser.get(address) as page:
            marked = lxml.html.fromstring(await page.text()).iter("mark")
        assert page.status == 200
        told = "".join(str(text) for one in marked for text in one.itertext())
        assert told == quotes_of(answer)[0]
        async with browser.post(f"{stage.base_url}/slack/events", data=b"x" * 200_000) as refusal:
            assert refusal.status == 401


async def test_a_log_of_everything_holds_no_secret_and_nothing_that_was_typed(
    stage: Stage,
) -> None:
    await stage.stop()
    async with served(stage, LOG_LEVEL="DEBUG") as process:
        listens = (
            (lambda: stage.server.socket.is_connected)
            if stage.mode == "socket"
            else (lambda: is_open(stage.port))
        )
        await stage.until(listens, SLOW_S)
        await stage.answer(stage.ada.ask(stage.general, QUESTION))
        asked = stage.ada.command(stage.general, "/source", CLAIM)
        await stage.shown(asked)
        process.send_signal(signal.SIGTERM)
        _, told = await asyncio.wait_for(process.communicate(), 15)
    logged = told.decode()
    secrets = (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, QUESTION, CLAIM, "/response/", "ticket=")
    assert logged
    assert [one for one in secrets if one in logged] == []


@by_socket
async def test_two_processes_answer_each_call_once(stage: Stage) -> None:
    async with served(stage) as process:
        await stage.until(lambda: len(stage.server.socket.connections) == 2, SLOW_S)
        asked = [stage.workspace.member(f"M{n}").ask(stage.general, QUESTION) for n in range(4)]
        for one in asked:  # its two events went to one process each
            await stage.answer(one)
        await stage.settled(0.6)
        assert len(stage.server.sent("chat.postMessage")) == 4
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 15)
        assert process.returncode == 0


@by_socket
async def test_what_a_killed_process_was_told_is_answered_by_the_next(stage: Stage) -> None:
    await stage.stop()
    connected = stage.server.socket.connected
    stage.server.lose_acks(1, ack_timeout_s=30)
    async with served(stage) as process:
        await stage.until(lambda: stage.server.socket.connected > connected, SLOW_S)
        fault = stage.server.faults.delay("chat.postMessage", 30)
        asked = stage.ada.ask(stage.general, QUESTION)
        await stage.until(lambda: fault.hits)
        process.kill()
        await process.communicate()
    await stage.start()
    assert CLAIM in words_of(await stage.answer(asked))


# --- does not run ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        pytest.param({"SLACK_BOT_TOKEN": ""}, ["SLACK_BOT_TOKEN", "xoxb-"], id="no bot token"),
        pytest.param({"SLACK_APP_TOKEN": ""}, ["SLACK_APP_TOKEN", "xapp-"], id="no app token"),
        pytest.param({"SLACK_MODE": "pigeon"}, ["SLACK_MODE", "socket", "http"], id="mode"),
        pytest.param(
            {"SLACK_MODE": "http", "SLACK_SIGNING_SECRET": ""},
            ["SLACK_SIGNING_SECRET", "Basic Information"],
            id="no signing secret",
        ),
        pytest.param(
            {"SLACK_CLIENT_ID": CLIENT_ID},
            ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"],
            id="no client secret",
        ),
        pytest.param(
            {"SLACK_CLIENT_SECRET": CLIENT_SECRET},
            ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"],
            id="no client id",
        ),
        pytest.param(
            {"SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET},
            ["SLACK_ENCRYPTION_KEY", "Fernet.generate_key()"],
            id="no key",
        ),
        pytest.param(
            {
                "SLACK_CLIENT_ID": CLIENT_ID,
                "SLACK_CLIENT_SECRET": CLIENT_SECRET,
                "SLACK_ENCRYPTION_KEY": "not-a-key",
            },
            ["SLACK_ENCRYPTION_KEY", "key 1", "Fernet.generate_key()"],
            id="bad key",
        ),
    ],
)
def test_a_setting_that_is_missing_or_wrong_is_told_with_the_way_out(
    settings: dict[str, str], names: list[str]
) -> None:
    usual = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
    }
    with pytest.raises(ConfigError) as refusal:
        serving.check(read_settings(usual | settings, env_file=None))
    told = str(refusal.value)
    assert code_of(refusal.value) is ExitCode.SETUP
    assert [one for one in names if one not in told] == []
    for secret in (CLIENT_SECRET, BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, "not-a-key"):
        assert secret not in told


@by_socket
async def test_a_token_that_is_missing_ends_the_process_with_the_way_out(stage: Stage) -> None:
    told = await refused(stage, SLACK_BOT_TOKEN="")
    assert "SLACK_BOT_TOKEN" in told
    assert "docs/how-to/slack.md" in told


@by_socket
async def test_a_bot_token_that_slack_refuses_is_told_with_the_way_out(stage: Stage) -> None:
    told = await refused(stage, SLACK_BOT_TOKEN="xoxb-another")  # noqa: S106  it opens nothing
    assert "SLACK_BOT_TOKEN (invalid_auth)" in told
    assert "xoxb-another" not in told


@by_socket
async def test_an_app_token_that_slack_refuses_is_told_with_the_way_out(stage: Stage) -> None:
    told = await refused(stage, SLACK_APP_TOKEN="xapp-another")  # noqa: S106  it opens nothing
    assert "SLACK_APP_TOKEN (" in told
    assert "connections:write" in told
    assert "xapp-another" not in told


@by_socket
async def test_a_slack_that_cannot_be_reached_is_told(stage: Stage) -> None:
    told = await refused(stage, SLACK_API_BASE_URL=f"http://127.0.0.1:{free_port()}/api/")
    assert "SLACK_API_BASE_URL" in told
    assert "cannot be reached" in told


@by_http
async def test_a_port_that_is_taken_is_told(stage: Stage) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = await refused(stage, WEB_PORT=port)
    assert f"WEB_PORT={port}" in told
