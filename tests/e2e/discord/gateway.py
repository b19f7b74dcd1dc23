"""Discord's gateway over a real websocket: sessions, sequence numbers, resuming and sharding.

What a session may see (intents, message content) is simcord's; this module adds the wire.
https://discord.com/developers/docs/events/gateway
"""

import asyncio
import json
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from typing import Any

import discord
from aiohttp import WSMsgType, web
from simcord.backend import Backend, serializers
from simcord.backend.models import Guild
from simcord.gateway import FakeGateway

DISPATCH, HEARTBEAT, IDENTIFY, RESUME = 0, 1, 2, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, ACK = 7, 8, 9, 10, 11
AUTHENTICATION_FAILED, DISALLOWED_INTENTS = 4004, 4014

_GOODBYES = (1000, 1001)  # with these a client ends its session; any other leaves it to resume
_ABOUT_A_GUILD = {"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"}

Frame = Mapping[str, Any]


class Connection:
    """One websocket; what is put is sent in order, compressed if the client asked for it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self._socket = socket
        self._request = request
        self._frames: asyncio.Queue[Frame] = asyncio.Queue()
        wanted = request.query.get("compress") == "zlib-stream"
        self._deflate = zlib.compressobj() if wanted else None

    def put(self, frame: Frame) -> None:
        """Send a frame soon."""
        self._frames.put_nowait(frame)

    async def write(self) -> None:
        """Send what is put, until cancelled or the socket is gone."""
        with suppress(ConnectionError):
            while True:
                text = json.dumps(await self._frames.get())
                if self._deflate is None:
                    await self._socket.send_str(text)
                else:
                    sent = self._deflate.compress(text.encode())
                    await self._socket.send_bytes(sent + self._deflate.flush(zlib.Z_SYNC_FLUSH))

    async def close(self, code: int) -> None:
        """Say goodbye with a close code."""
        await self._socket.close(code=code)

    def drop(self) -> None:
        """Cut the wire without a goodbye."""
        if self._request.transport is not None:
            self._request.transport.abort()


class _Parsers(dict[str, Any]):
    """Stands where simcord looks for discord.py's parsers, and sends each event instead."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    def __missing__(self, event: str) -> Any:
        return lambda payload: self._session.send(event, payload)


class Session:
    """What a shard has been sent; it outlives its connection, so that it can be resumed."""

    def __init__(
        self,
        name: str,
        backend: Backend,
        intents: int,
        shard: tuple[int, int],
        connection: Connection,
    ) -> None:
        self.name = name
        self.shard_id, self.shard_count = shard
        self.connection: Connection | None = connection
        self.intents = discord.Intents(intents)
        self.parsers = _Parsers(self)
        self._filter = FakeGateway(backend, self)
        self._sent: list[Frame] = []

    def concerns(self, event: str, payload: Mapping[str, Any]) -> bool:
        """Say whether an event belongs to this shard."""
        guild = payload["id"] if event in _ABOUT_A_GUILD else payload.get("guild_id")
        return self.serves(int(guild)) if guild else self.shard_id == 0

    def serves(self, guild_id: int) -> bool:
        """Say whether a server lives on this shard."""
        return (guild_id >> 22) % self.shard_count == self.shard_id

    def feed(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send an event, as far as the intents of this session let it through."""
        self._filter.feed(event, payload)

    def send(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send an event and keep it for a resume."""
        frame = {"op": DISPATCH, "t": event, "s": len(self._sent) + 1, "d": payload}
        self._sent.append(frame)
        if self.connection is not None:
            self.connection.put(frame)

    def resume(self, connection: Connection, sequence: int) -> None:
        """Go on over another connection, after the last frame that the client has seen."""
        self.connection = connection
        for frame in self._sent[sequence:]:
            connection.put(frame)
        self.send("RESUMED", {})


class Gateway:
    """Serves the gateway; ``url`` is told by the server once it knows its port.

    Args:
        backend: The state of this Discord.
        token: The bot's token.
        message_content: Whether the privileged intent is granted in the developer portal.
        heartbeat_ms: How often the client is told to send a heartbeat.
    """

    def __init__(
        self, backend: Backend, token: str, *, message_content: bool, heartbeat_ms: int = 41_250
    ) -> None:
        self.url = ""
        self.message_content = message_content
        self.heartbeat_ms = heartbeat_ms
        self.sessions: dict[str, Session] = {}
        self.heartbeats: list[tuple[int, float]] = []
        self.resumed = 0
        self.identified = 0
        self.muted = False
        self.greets = asyncio.Event()
        """Whether who identifies or resumes is answered; cleared, they wait until it is set."""
        self.greets.set()
        self._backend = backend
        self._token = token
        self._names = count(1)
        backend.subscribers.append(self.feed)

    # --- what tests do to it ------------------------------------------------------

    def feed(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send an event to the sessions that it concerns."""
        if not self.muted:
            for session in self.sessions.values():
                if session.concerns(event, payload):
                    session.feed(event, payload)

    def repeat(self, event: str) -> None:
        """Deliver the last event of a kind once more, as a gateway in trouble does."""
        told = self._backend.transcript
        payload = next(one[2] for one in reversed(told) if one[:2] == ("GATEWAY", event))
        self.feed(event, payload)

    def join(self, guild_id: int) -> None:
        """Tell the bot that it was invited to a server."""
        payload = self._described(self._backend.get_guild(guild_id))
        del payload["unavailable"]  # only a server that was known before has it
        self.feed("GUILD_CREATE", payload)

    def drop(self) -> None:
        """Cut every connection; the sessions can be resumed."""
        for session in self.sessions.values():
            if session.connection is not None:
                session.connection.drop()
                session.connection = None

    def reconnect(self) -> None:
        """Ask every client to connect again (op 7)."""
        for session in self.sessions.values():
            if session.connection is not None:
                session.connection.put({"op": RECONNECT, "d": None})
                session.connection = None

    def forget(self) -> None:
        """Forget every session: what follows is lost, and a resume is refused with op 9."""
        self.drop()
        self.sessions.clear()

    def invalidate(self) -> None:
        """Tell every client that its session is gone (op 9, not to be resumed)."""
        for session in self.sessions.values():
            if session.connection is not None:
                session.connection.put({"op": INVALID_SESSION, "d": False})
        self.sessions.clear()

    # --- the wire -----------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Handle one connection from HELLO to its end."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, request)
        writer = asyncio.create_task(connection.write())
        connection.put({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}})
        session: Session | None = None
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    session = await self._received(connection, session, json.loads(message.data))
        finally:
            writer.cancel()
            if session is not None and session.connection is connection:
                session.connection = None
                if socket.close_code in _GOODBYES:
                    self.sessions.pop(session.name, None)
        return socket

    async def _received(
        self, connection: Connection, session: Session | None, frame: Mapping[str, Any]
    ) -> Session | None:
        operation = frame["op"]
        if operation in (IDENTIFY, RESUME):
            await self.greets.wait()
        if operation == HEARTBEAT:
            shard_id = session.shard_id if session is not None else -1
            self.heartbeats.append((shard_id, time.monotonic()))
            connection.put({"op": ACK})
        elif operation == IDENTIFY:
            return await self._identify(connection, frame["d"])
        elif operation == RESUME:
            return self._resume(connection, frame["d"])
        elif operation == REQUEST_MEMBERS:
            raise NotImplementedError("The bot asked for a list of members; it should need none.")
        return session

    async def _identify(self, connection: Connection, data: Mapping[str, Any]) -> Session | None:
        if data["token"] != self._token:
            await connection.close(AUTHENTICATION_FAILED)
            return None
        intents = discord.Intents(data["intents"])
        if intents.members or intents.presences or intents.message_content > self.message_content:
            await connection.close(DISALLOWED_INTENTS)
            return None
        self.identified += 1
        shard_id, shard_count = data.get("shard", (0, 1))
        name = f"session-{next(self._names)}"
        session = Session(name, self._backend, data["intents"], (shard_id, shard_count), connection)
        mine = [one for one in self._backend.guilds.values() if session.serves(one.id)]
        session.send(
            "READY",
            {
                "v": 10,
                "user": dict(serializers.user_payload(self._backend.bot_user)),
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in mine],
                "session_id": name,
                "resume_gateway_url": self.url,
                "shard": [shard_id, shard_count],
                "application": {"id": str(self._backend.application_id), "flags": self.flags},
            },
        )
        for guild in mine:
            session.feed("GUILD_CREATE", self._described(guild))
        self.sessions[name] = session
        return session

    def _resume(self, connection: Connection, data: Mapping[str, Any]) -> Session | None:
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self._token:
            connection.put({"op": INVALID_SESSION, "d": False})
            return None
        self.resumed += 1
        session.resume(connection, data["seq"])
        return session

    def _described(self, guild: Guild) -> dict[str, Any]:
        """Return a server as the bot is told of it; simcord does not say whose a role is."""
        payload: dict[str, Any] = {**serializers.guild_create_payload(self._backend, guild)}
        bot_id = str(self._backend.bot_user.id)
        payload["roles"] = [
            {**role, "tags": {"bot_id": bot_id}} if role["managed"] else role
            for role in payload["roles"]
        ]
        return payload

    @property
    def flags(self) -> int:
        """The application's flags: whether it was granted message content."""
        flags = discord.ApplicationFlags(gateway_message_content_limited=self.message_content)
        return flags.value
