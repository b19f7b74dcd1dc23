"""Know how the socket to Slack is: whether it is open, since when it is silent, how fast it is.

`serving` opens it and has it noted; the doctor looks at it as well.
"""

import time
from contextlib import suppress
from typing import Any

import aiohttp
from aiohttp import WSMsgType
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.ports import GatewayState

_PING = b"sdk-ping-pong:"
"""Begins what slack_sdk sends with a ping, and gets back; the time it was sent follows."""


class Socket:
    """The socket to Slack.

    Args:
        ping_interval_s: Seconds from one ping to the next.
    """

    def __init__(self, ping_interval_s: float) -> None:
        # After four intervals the client opens another; that takes one more.
        self.silent_s = max(60.0, 5 * ping_interval_s)
        self._client: SocketModeClient | None = None
        self._greeted: object = None
        self._connects = 0

    async def watch(self, client: SocketModeClient) -> None:
        """Watch a client, which has not connected yet."""
        await client.aiohttp_client_session.close()
        client.aiohttp_client_session = aiohttp.ClientSession(ws_response_class=TimedSocket)

        async def hear(_: object, message: dict[str, Any], raw: str | None) -> None:
            if message.get("type") == "hello":
                self._greeted = client.current_session
                self._connects += 1

        client.message_listeners.append(hear)
        self._client = client

    def socket_age_s(self) -> float | None:
        """Return how many seconds ago the socket answered a ping; None before it ever did."""
        answered = self._client.last_ping_pong_time if self._client is not None else None
        return time.time() - answered if answered is not None else None

    async def gateway(self) -> GatewayState:
        """Return how the bot is connected now: greeted by Slack, and not silent."""
        client = self._client
        session = client.current_session if client is not None else None
        if client is None or session is not self._greeted or not await client.is_connected():
            return GatewayState(False, connects=self._connects)
        latency_ms = session.latency_ms if isinstance(session, TimedSocket) else None
        return GatewayState(True, latency_ms, self._connects)


class TimedSocket(aiohttp.ClientWebSocketResponse):
    """A socket that measures how long its pings take; slack_sdk knows only when they were sent."""

    latency_ms: float | None = None

    async def receive(self, timeout: float | None = None) -> aiohttp.WSMessage:  # noqa: ASYNC109  # as its base does
        """Return what comes next; see its base."""
        message: aiohttp.WSMessage = await super().receive(timeout)
        if message.type is WSMsgType.PONG and message.data.startswith(_PING):
            with suppress(ValueError):  # nothing that we sent
                took_s = time.time() - float(message.data.removeprefix(_PING))
                self.latency_ms = max(took_s, 0.0) * 1000  # a clock may be set back
        return message
