"""How the socket to Slack is, as it is noted: open, greeted, and how fast."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import WSMsgType, web
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from adapters.slack.sockets import Socket
from bot.ports import GatewayState

PING_S = 0.1


class Server:
    """A Slack that greets and answers pings, each as a test says."""

    def __init__(self) -> None:
        self.greets = True
        self.answer = b""
        """What follows what it was pinged with."""
        self.delay_s = 0.0
        self.url = ""

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if self.greets:
            await socket.send_json({"type": "hello"})
        async for message in socket:
            if message.type is WSMsgType.PING:
                await asyncio.sleep(self.delay_s)
                await socket.pong(message.data + self.answer)
        return socket


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.router.add_get("/socket", server.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"ws://127.0.0.1:{runner.addresses[0][1]}/socket"
    yield server
    await runner.cleanup()


@asynccontextmanager
async def opened(server: Server) -> AsyncIterator[Socket]:
    """Open a socket as the bot does."""
    client = SocketModeClient("xapp-1", ping_interval=PING_S, auto_reconnect_enabled=False)
    socket = Socket(PING_S)
    await socket.watch(client)
    client.wss_uri = server.url
    await client.connect()  # type: ignore[no-untyped-call]  # SDK
    try:
        yield socket
    finally:
        await client.close()  # type: ignore[no-untyped-call]  # SDK


async def once_up(socket: Socket) -> GatewayState:
    """Return how the socket is as soon as it is up and its speed known."""
    end = time.monotonic() + 5
    while (state := await socket.gateway()).latency_ms is None:
        assert time.monotonic() < end, f"not within 5 s: {state}"
        await asyncio.sleep(0.01)
    return state


def test_a_socket_that_was_never_opened_has_no_age() -> None:
    assert Socket(10.0).socket_age_s() is None


async def test_a_socket_that_is_not_open_is_down() -> None:
    assert await Socket(10.0).gateway() == GatewayState(is_up=False, latency_ms=None, connects=0)


async def test_a_socket_that_was_greeted_is_up(server: Server) -> None:
    async with opened(server) as socket:
        state = await once_up(socket)
    assert (state.is_up, state.connects) == (True, 1)


async def test_a_socket_that_nobody_greets_is_down(server: Server) -> None:
    server.greets = False
    async with opened(server) as socket:
        await asyncio.sleep(3 * PING_S)
        assert await socket.gateway() == GatewayState(is_up=False, latency_ms=None, connects=0)


async def test_its_speed_is_the_time_that_a_ping_takes(server: Server) -> None:
    server.delay_s = 0.03
    async with opened(server) as socket:
        state = await once_up(socket)
    assert state.latency_ms is not None
    assert 30.0 <= state.latency_ms < 1000.0


async def test_an_answer_to_nothing_that_was_asked_tells_no_speed_and_does_no_harm(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer = b" or not"
    async with opened(server) as socket:
        await asyncio.sleep(1.5 * PING_S)
        assert await socket.gateway() == GatewayState(is_up=True, latency_ms=None, connects=1)
    assert "Failed to receive" not in caplog.text


async def test_a_socket_that_ended_is_down(server: Server) -> None:
    async with opened(server) as socket:
        await once_up(socket)
    assert await socket.gateway() == GatewayState(is_up=False, latency_ms=None, connects=1)
