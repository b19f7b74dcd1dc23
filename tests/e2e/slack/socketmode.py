"""Socket Mode: events, commands and interactions in envelopes over the bot's websockets.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from tests.e2e.slack.delivery import EVENT, MOST_RETRIES, Ack, Attempt, Delivery
from tests.e2e.slack.workspace import APP_ID

Heard = Callable[[Delivery, Attempt], None]


class Connection:
    """One websocket; what is put is sent in order."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self._socket = socket
        self._request = request
        self._frames: asyncio.Queue[str] = asyncio.Queue()
        self.is_leaving = False
        self.waiting: dict[str, Delivery] = {}
        """What was sent here and not acknowledged, by envelope."""

    def put(self, frame: str) -> None:
        """Send a frame soon."""
        self._frames.put_nowait(frame)

    async def write(self) -> None:
        """Send what is put, until cancelled or the socket is gone."""
        with suppress(ConnectionError):
            while True:
                await self._socket.send_str(await self._frames.get())

    def drop(self) -> None:
        """Cut the wire without a goodbye."""
        self.is_leaving = True
        if self._request.transport is not None:
            self._request.transport.abort()


class SocketMode:
    """Serves the websockets; ``url`` is told by the server once it knows its port.

    An envelope that is not acknowledged in time, or whose socket is gone, is sent again with the
    same payload, up to three times. What happens while no socket is open waits for the next one,
    unless there never was one: then nobody listens.
    """

    def __init__(self, heard: Heard) -> None:
        self.url = ""
        self.ack_timeout_s = 3.0
        self.lost_acks = 0
        """How many attempts of everything are acknowledged in vain."""
        self.acks: dict[str, Ack] = {}
        self.connections: list[Connection] = []
        self.connected = 0
        """How many connections there were in all."""
        self._heard = heard
        self._tickets: set[str] = set()
        self._spoilt = 0
        self._unsent: list[tuple[Delivery, str]] = []
        self._sent: dict[str, tuple[Delivery, Attempt]] = {}
        self._turn = count()

    @property
    def is_connected(self) -> bool:
        """Whether an event would be sent now."""
        return bool(self._open())

    # --- what tests do to it ------------------------------------------------------

    def drop(self) -> None:
        """Cut every connection."""
        for connection in self.connections:
            connection.drop()

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every client to connect again.

        Args:
            reason: ``warning`` is ten seconds ahead of time, so that events still come, while
                ``refresh_requested`` is the end and ``link_disabled`` means Socket Mode is off.
        """
        for connection in self.connections:
            told = {"type": "disconnect", "reason": reason, "debug_info": {"host": "loopback"}}
            connection.put(json.dumps(told))
            connection.is_leaving = reason != "warning"

    def spoil_tickets(self, count: int) -> None:
        """Refuse the next addresses that are asked for, as those that waited too long."""
        self._spoilt = count

    def forget(self) -> None:
        """Forget what waits for a connection, as Slack does in the end."""
        for delivery, _ in self._unsent:
            delivery.is_lost = True
        self._unsent.clear()

    # --- sending ------------------------------------------------------------------

    def ticket(self) -> str:
        """Return the address for one connection."""
        ticket = uuid4().hex
        if self._spoilt:
            self._spoilt -= 1
        else:
            self._tickets.add(ticket)
        return f"{self.url}?ticket={ticket}&app_id={APP_ID}"

    def send(self, delivery: Delivery) -> None:
        """Send something to one of the connections."""
        if self.connected:
            self._put(delivery, "")
        else:
            delivery.is_lost = True

    def replay(self, delivery: Delivery) -> Attempt:
        """Send the last envelope again, byte for byte."""
        last = delivery.attempts[-1]
        attempt = delivery.begin("replay")
        attempt.envelope_id, attempt.raw = last.envelope_id, last.raw
        self._sent[attempt.envelope_id] = delivery, attempt
        self._open()[0].put(attempt.raw.decode())
        return attempt

    def _open(self) -> list[Connection]:
        return [one for one in self.connections if not one.is_leaving]

    def _put(self, delivery: Delivery, reason: str) -> None:
        open_ones = self._open()
        if not open_ones:
            self._unsent.append((delivery, reason))
            return
        connection = open_ones[next(self._turn) % len(open_ones)]
        attempt = delivery.begin(reason)
        attempt.envelope_id = str(uuid4())
        self._sent[attempt.envelope_id] = delivery, attempt
        connection.waiting[attempt.envelope_id] = delivery
        attempt.raw = json.dumps(_envelope(delivery, attempt)).encode()
        connection.put(attempt.raw.decode())
        loop = asyncio.get_running_loop()
        loop.call_later(self.ack_timeout_s, self._late, connection, attempt.envelope_id)

    def _late(self, connection: Connection, envelope_id: str) -> None:
        delivery = connection.waiting.pop(envelope_id, None)
        if delivery is not None:
            self._again(delivery, "timeout")

    def _again(self, delivery: Delivery, reason: str) -> None:
        if delivery.is_acked:
            return
        if len(delivery.attempts) > MOST_RETRIES:
            delivery.is_lost = True
        else:
            self._put(delivery, reason)

    # --- the wire -----------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Handle one connection from ``hello`` to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=408, text="Token expired")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections.append(connection)
        writer = asyncio.create_task(connection.write())
        connection.put(json.dumps(self._hello()))
        self.connected += 1
        unsent, self._unsent = self._unsent, []
        for delivery, reason in unsent:
            self._put(delivery, reason)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._received(connection, json.loads(message.data))
        finally:
            writer.cancel()
            self.connections.remove(connection)
            waiting, connection.waiting = connection.waiting, {}
            for delivery in waiting.values():
                self._again(delivery, "connection_failed")
        return socket

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {
                "host": "loopback",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": APP_ID},
        }

    def _received(self, connection: Connection, frame: dict[str, Any]) -> None:
        envelope_id = str(frame.get("envelope_id", ""))
        if envelope_id not in self._sent:
            return
        delivery, attempt = self._sent[envelope_id]
        if attempt.number < self.lost_acks:
            return
        connection.waiting.pop(envelope_id, None)
        was_acked = delivery.is_acked
        if attempt.status is None:
            attempt.answer(200, frame.get("payload"))
            at = attempt.answered_at or time.monotonic()
            ack = Ack(envelope_id, at, attempt.latency_s, frame.get("payload"), delivery)
            self.acks[envelope_id] = ack
        if not was_acked:
            self._heard(delivery, attempt)


def _envelope(delivery: Delivery, attempt: Attempt) -> dict[str, Any]:
    envelope: dict[str, Any] = {
        "envelope_id": attempt.envelope_id,
        "payload": delivery.payload,
        "type": delivery.kind,
        "accepts_response_payload": delivery.kind != EVENT,
    }
    if delivery.kind == EVENT or attempt.number:
        envelope |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason}
    return envelope
