"""The server as a process: listens where it is told, says what is wrong, and stops."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from adapters.messaging.listening import address_of
from adapters.web.serving import Listener
from bot.bootstrap import Application
from bot.errors import ConfigError
from bot.settings import Settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def answer_of(address: str) -> int:
    """Ask until somebody answers; returns the status."""
    async with aiohttp.ClientSession() as client, asyncio.timeout(60):
        while True:
            try:
                async with client.get(address) as response:
                    return response.status
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)


async def test_a_process_serves_until_it_is_told_to_stop(
    application: Application, tmp_path: Path
) -> None:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from adapters.cli import main; main()",
        "serve",
        "web",
        cwd=tmp_path,
        env={
            **os.environ,
            "CORPUS_DIR": str(application.settings.corpus_dir),
            "DATA_DIR": str(application.settings.data_dir),
            "WEB_PORT": str(port),
        },
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert await answer_of(f"http://127.0.0.1:{port}/d/essay") == 200
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, errors.decode()) == (0, f"Listening on http://127.0.0.1:{port}\n")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("192.0.2.7", "http://192.0.2.7:8080"),
        ("0.0.0.0", "http://127.0.0.1:8080"),  # noqa: S104 (not listened on)
        ("::", "http://[::1]:8080"),
        ("fe80::1%eth0", "http://[fe80::1%eth0]:8080"),
    ],
)
def test_the_address_that_is_told_can_be_opened(host: str, address: str) -> None:
    assert address_of(host, 8080) == address


async def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        listener = Listener(web.Application(), Settings(web_port=port))
        with pytest.raises(ConfigError, match=f"WEB_PORT={port} cannot be listened on"):
            await listener.open()
        await listener.close()
