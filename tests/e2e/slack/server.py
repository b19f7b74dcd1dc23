"""A Slack on loopback: one server for the Web API, Socket Mode, response URLs and files.

Every request is recorded. `LoopbackSlack.problems` tells what the bot sent that Slack's document,
Block Kit or our own rules do not allow.
"""

import asyncio
import json
import time
from base64 import b64decode
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from aiohttp import web

from tests.e2e.slack import methods, uploads
from tests.e2e.slack.calls import Refusal
from tests.e2e.slack.contract import Contract
from tests.e2e.slack.delivery import COMMAND, EVENT, Ack, Attempt, Delivery
from tests.e2e.slack.faults import Fault, Faults, Loss
from tests.e2e.slack.feed import Feed
from tests.e2e.slack.grants import BOT_TOKEN, SIGNING_SECRET, Grants
from tests.e2e.slack.people import Workspace
from tests.e2e.slack.posting import Posting
from tests.e2e.slack.responses import Responses
from tests.e2e.slack.signing import Flaw
from tests.e2e.slack.socketmode import SocketMode
from tests.e2e.slack.surfaces import submitted
from tests.e2e.slack.workspace import Team

T = TypeVar("T")

RESPONSE_URL, FILE, UPLOAD = "response_url", "file", "upload"
"""What requests count as that are no method's."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the bot and how it was answered (status 0: the connection was closed)."""

    method: str
    body: dict[str, Any]
    token: str
    team_id: str
    at: float
    status: int
    error: str


@dataclass(slots=True)
class _Trigger:
    """What lets a bot open one view, for as long as somebody remembers having asked."""

    team: Team
    user_id: str
    issued_at: float
    is_used: bool = False


class LoopbackSlack:
    """A Slack to run against; open it with `serve`.

    Args:
        contract: What requests are held against; None checks nothing, blocks included.

    Attributes:
        page_size: The most messages of a page, whatever the bot asks for.
        repeats_parent: Whether each page of a thread begins with its first message.
        knows_citations: Whether citation elements are taken.
        trigger_life_s: How long a trigger_id can be used.
    """

    def __init__(self, *, contract: Contract | None = None) -> None:
        self.contract = contract
        self.requests: list[Request] = []
        self.deliveries: list[Delivery] = []
        self.teams: dict[str, Team] = {}
        self.faults = Faults()
        self.grants = Grants()
        self.feed = Feed(self)
        self.responses = Responses(self)
        self.socket = SocketMode(self._heard)
        self.posting = Posting(SIGNING_SECRET, self._heard)
        self.page_size = 50
        self.repeats_parent = True
        self.knows_citations = True
        self.trigger_life_s = 3.0
        self.url = ""
        self.api_base = ""
        self._gaps: list[str] = []
        self._triggers: dict[str, _Trigger] = {}
        self._numbers = count(1)
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def serve(self) -> AsyncIterator["LoopbackSlack"]:
        """Listen on a free port of 127.0.0.1 until left."""
        app = web.Application(client_max_size=8 * 1024**2)
        app.router.add_route("*", "/api/{method}", self._answer)
        app.router.add_post("/response/{name}", self._respond)
        app.router.add_get("/files/{team}/{file}/{name}", self._download)
        app.router.add_post("/upload/{team}/{file}", self._upload)
        app.router.add_get("/socket", self.socket.serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        self.api_base = f"{self.url}/api/"
        self.socket.url = f"ws://{host}:{port}/socket"
        try:
            yield self
        finally:
            await self.posting.close()
            self.socket.drop()
            await runner.cleanup()

    # --- setting up ---------------------------------------------------------------

    def workspace(self, name: str = "Motorists", *, installs: bool = True) -> Workspace:
        """Found a workspace, with the bot in it unless it is to be installed later."""
        number = len(self.teams) + 1
        token = BOT_TOKEN if number == 1 else f"{BOT_TOKEN}-{number}"
        team = Team(number, name, token if installs else "")
        self.teams[team.id] = team
        if installs:
            self.grants.adopt(team)
        return Workspace(self, team)

    @property
    def events_url(self) -> str:
        """Where the bot listens to signed requests; empty in Socket Mode."""
        return self.posting.url

    @events_url.setter
    def events_url(self, url: str) -> None:
        self.posting.url = url

    @property
    def ack_timeout_s(self) -> float:
        """How long the bot has to acknowledge, either way."""
        return self.posting.ack_timeout_s

    @ack_timeout_s.setter
    def ack_timeout_s(self, seconds: float) -> None:
        self.posting.ack_timeout_s = self.socket.ack_timeout_s = seconds

    def lose_acks(self, count: int, *, ack_timeout_s: float = 0.2) -> None:
        """Let so many acknowledgements of everything be lost, and wait less long for them."""
        self.posting.lost_acks = self.socket.lost_acks = count
        self.ack_timeout_s = ack_timeout_s

    # --- looking ------------------------------------------------------------------

    @property
    def acks(self) -> dict[str, Ack]:
        """What was acknowledged over sockets, by envelope."""
        return self.socket.acks

    def sent(self, method: str) -> list[Request]:
        """Return the requests so far for a method, ``response_url``, ``file`` or ``upload``."""
        return [one for one in self.requests if one.method == method]

    async def until(self, found: Callable[[], T | None], within_s: float = 8.0) -> T:
        """Wait until something is so.

        Args:
            found: Asked after each request of the bot; anything true ends the waiting.
            within_s: When to give up, with an AssertionError that lists what was sent.
        """
        end = time.monotonic() + within_s
        while not (value := found()):
            self._changed.clear()
            left = end - time.monotonic()
            if left <= 0:
                told = Counter(f"{one.method} {one.error or one.status}" for one in self.requests)
                raise AssertionError(f"Not within {within_s} s. The bot sent {dict(told)}")
            try:
                await asyncio.wait_for(self._changed.wait(), min(left, 0.02))
            except TimeoutError:
                continue
        return value

    def problems(self) -> list[str]:
        """Return what the bot sent that Slack or we do not allow."""
        problems = list(self._gaps)
        if self.contract is not None:
            for one in self.requests:
                if one.method not in (FILE, UPLOAD):
                    problems += self.contract.problems(one.method, one.body)
        return problems

    def note(self, problem: str) -> None:
        """Keep something for `problems`."""
        self._gaps.append(problem)

    # --- telling the bot ----------------------------------------------------------

    def deliver(self, kind: str, payload: dict[str, Any]) -> Delivery:
        """Tell the bot something, by signed HTTP if it has a URL and over its sockets if not."""
        delivery = Delivery(kind, payload)
        self.deliveries.append(delivery)
        if self.events_url:
            self.posting.send(delivery)
        else:
            self.socket.send(delivery)
        return delivery

    async def replay(self, delivery: Delivery, within_s: float = 8.0) -> Attempt:
        """Tell it again, byte for byte, and wait for the answer."""
        if self.events_url:
            await self.posting.replay(delivery)
            return delivery.attempts[-1]
        attempt = self.socket.replay(delivery)
        await self.until(lambda: attempt.is_acked, within_s)
        return attempt

    async def forge(self, kind: str, payload: dict[str, Any], flaw: Flaw | None) -> int:
        """Post something that is signed badly, and return the status of the answer."""
        return await self.posting.forge(kind, payload, flaw)

    def trigger(self, team: Team, user_id: str) -> str:
        """Return a trigger_id for what somebody does now."""
        trigger_id = f"{next(self._numbers)}.{team.id}.loopback"
        self._triggers[trigger_id] = _Trigger(team, user_id, time.monotonic())
        return trigger_id

    def use_trigger(self, team: Team, trigger_id: str) -> str:
        """Use up a trigger_id, and return who is shown a view by it.

        Raises:
            Refusal: If it is unknown, used or too old.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None or trigger.team is not team:
            raise Refusal("invalid_trigger_id")
        if time.monotonic() - trigger.issued_at > self.trigger_life_s:
            raise Refusal("expired_trigger_id")
        if trigger.is_used:
            raise Refusal("exchanged_trigger_id")
        trigger.is_used = True
        return trigger.user_id

    def uninstall(self, team: Team) -> list[Delivery]:
        """Take the bot out of a team, which it is told twice over; its tokens are worth nothing."""
        tokens = {"oauth": [], "bot": [team.bot.id]}
        told = [
            self.feed.tell(team, {"type": "app_uninstalled"}),
            self.feed.tell(team, {"type": "tokens_revoked", "tokens": tokens}),
        ]
        self.grants.revoke(team)
        return [one for one in told if one is not None]

    def _heard(self, delivery: Delivery, attempt: Attempt) -> None:
        """Do what the bot asked for in its first acknowledgement."""
        self._changed.set()
        body, payload = attempt.body, delivery.payload
        if self.contract is not None and body and delivery.kind != EVENT:
            self._gaps += self.contract.problems_of_answer(str(payload.get("type", "")), body)
        if delivery.kind == COMMAND and body:
            response = self.responses.find(str(payload["response_url"]).rpartition("/")[2])
            told = body if isinstance(body, dict) else {"text": body}
            try:
                if response is not None:
                    self.responses.show(response, told)
            except Refusal as refusal:
                self.note(f"an acknowledgement was refused: {refusal.code}")
        elif payload.get("type") == "view_submission":
            team = self.teams[payload["team"]["id"]]
            submitted(team, team.views[payload["view"]["id"]], body)

    # --- answering ----------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body, token = await _read(request)

        def work() -> tuple[int, Any]:
            return 200, {"ok": True, **methods.work(self, method, body, token)}

        return await self._handle(request, method, body, token, work)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        body, _ = await _read(request)
        response = self.responses.find(name)

        def work() -> tuple[int, Any]:
            self.responses.work(name, body)
            return 200, "ok"

        token = response.team.token if response is not None else ""
        return await self._handle(request, RESPONSE_URL, body, token, work)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        _, token = await _read(request)
        known = self.grants.tokens.get(token)
        team = known.team if known is not None and not known.error() else None
        info = request.match_info
        file = team.files.get(info["file"]) if team is not None else None

        def work() -> tuple[int, Any]:
            if team is None or team.id != info["team"] or "files:read" not in team.scopes:
                return 200, "<!DOCTYPE html><html><title>Sign in | Slack</title></html>"
            return (200, file.content) if file is not None else (404, "")

        return await self._handle(request, FILE, {"file": info["file"]}, token, work)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content, info = await request.read(), request.match_info

        def work() -> tuple[int, Any]:
            return uploads.take(self, info["team"], info["file"], content)

        return await self._handle(request, UPLOAD, {"file": info["file"]}, "", work)

    async def _handle(
        self,
        request: web.Request,
        method: str,
        body: dict[str, Any],
        token: str,
        work: Callable[[], tuple[int, Any]],
    ) -> web.StreamResponse:
        """Do the work, unless a fault is due, and record what came of it."""
        fault = self.faults.take(method, body)
        if fault is not None and fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault is not None and (fault.status or fault.loss is Loss.REQUEST):
            status, answer = fault.status or 0, fault.body
        else:
            try:
                status, answer = work()
            except Refusal as refusal:
                status, answer = refusal.http_status, refusal.answer()
            if fault is not None and fault.loss is Loss.RESPONSE:
                status = 0
        known = self.grants.tokens.get(token)
        team_id = known.team.id if known is not None else ""
        error = str(answer.get("error", "")) if isinstance(answer, dict) else ""
        self.requests.append(Request(method, body, token, team_id, time.monotonic(), status, error))
        self._changed.set()
        if status == 0:
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        headers = self._headers(fault, known.team if known is not None else None)
        return _response(status, answer, headers)

    def _headers(self, fault: Fault | None, team: Team | None) -> dict[str, str]:
        headers = {"X-Slack-Req-Id": f"loopback-{len(self.requests)}"}
        if team is not None:
            headers["X-OAuth-Scopes"] = ",".join(sorted(team.scopes))
        return headers if fault is None else headers | fault.headers


async def _read(request: web.Request) -> tuple[dict[str, Any], str]:
    """Return the arguments of a request, however they were sent, and the token."""
    args: dict[str, Any] = dict(request.query)
    raw = await request.text()
    if request.content_type == "application/json":
        args |= json.loads(raw) if raw else {}
    else:
        args |= dict(parse_qsl(raw, keep_blank_values=True))
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        args["client_id"], _, args["client_secret"] = b64decode(given).decode().partition(":")
    token = str(args.pop("token", "") or "")
    return args, given if kind == "Bearer" else token


def _response(status: int, answer: Any, headers: dict[str, str]) -> web.Response:
    if isinstance(answer, bytes):
        return web.Response(status=status, body=answer, headers=headers)
    if isinstance(answer, str):
        kind = "text/html"
        return web.Response(status=status, text=answer, content_type=kind, headers=headers)
    return web.json_response(answer, status=status, headers=headers)
