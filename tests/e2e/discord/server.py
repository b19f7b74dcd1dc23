"""Discord's REST API on loopback, over simcord's routes and state.

Every request is recorded. What simcord cannot do is answered 501 and told by `problems`, as
are requests that Discord's OpenAPI document does not allow.
"""

import asyncio
import io
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from aiohttp import web
from simcord._clock import Clock
from simcord.backend import Backend
from simcord.backend.cdn import CdnStore
from simcord.backend.errors import BackendError
from simcord.http import router
from simcord.http import routes as _routes  # noqa: F401  importing it registers the routes

from tests.e2e.discord.contract import Contract
from tests.e2e.discord.faults import Fault, Faults, Loss
from tests.e2e.discord.gateway import Gateway

TOKEN = "loopback-token"  # noqa: S105  it opens nothing
NONCE_LIFE_S = 180.0
"""How long an enforced nonce is remembered ("the past few minutes")."""

T = TypeVar("T")

_API = "/api/v10"
_TOKENLESS = ("/interactions/", "/webhooks/")


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the bot and how it was answered (0: the connection was closed)."""

    method: str
    path: str
    params: dict[str, str]
    body: Any
    files: tuple[str, ...]
    status: int
    at: float


@dataclass(slots=True)
class _Upload:
    """A file of a multipart body, as simcord's routes take it."""

    filename: str
    fp: io.BytesIO
    description: str | None = None


class _WallClock(Clock):
    """Real time, plus what a test adds: ids carry times that clients compare with their own."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.elapsed)


class _LoopbackCdn(CdnStore):
    """Serves attachments from this server."""

    base = ""

    def store_attachment(
        self,
        attachment_id: int,
        channel_id: int,
        filename: str,
        data: bytes,
        description: str | None,
    ) -> dict[str, Any]:
        stored = super().store_attachment(attachment_id, channel_id, filename, data, description)
        url = f"{self.base}/cdn/{attachment_id}/{filename}"
        self._blobs[url] = data
        return {**stored, "url": url, "proxy_url": url}


class LoopbackDiscord:
    """A Discord to run against; open it with `serve`.

    Args:
        message_content: Whether the application was granted the privileged intent.
        shards: How many shards a bot is told to start.
        contract: What requests are held against; None checks nothing.
    """

    def __init__(
        self, *, message_content: bool = False, shards: int = 1, contract: Contract | None = None
    ) -> None:
        self.backend = Backend(clock=_WallClock())
        self.gateway = Gateway(self.backend, TOKEN, message_content=message_content)
        self.faults = Faults()
        self.requests: list[Request] = []
        self.api_base = ""
        self._cdn = _LoopbackCdn()
        self.backend.cdn = self._cdn
        self._contract = contract
        self._shards = shards
        self._gaps: list[str] = []
        self._nonces: dict[tuple[str, str], tuple[float, int]] = {}
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def serve(self) -> AsyncIterator["LoopbackDiscord"]:
        """Listen on a free port of 127.0.0.1 until left."""
        app = web.Application(client_max_size=32 * 1024**2)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/cdn/{path:.*}", self._download)
        app.router.add_route("*", _API + "/{path:.*}", self._answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self._cdn.base = f"http://{host}:{port}"
        self.api_base = f"http://{host}:{port}{_API}"
        self.gateway.url = f"ws://{host}:{port}/gateway"
        try:
            yield self
        finally:
            self.gateway.drop()
            await runner.cleanup()

    # --- looking ------------------------------------------------------------------

    def sent(self, method: str, path: str) -> list[Request]:
        """Return the requests so far that match a method and a path pattern."""
        made = (one for one in self.requests if one.method == method)
        return [one for one in made if fnmatchcase(one.path, path)]

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
                told = Counter(f"{one.method} {one.path} {one.status}" for one in self.requests)
                raise AssertionError(f"Not within {within_s} s. The bot sent {dict(told)}")
            try:
                await asyncio.wait_for(self._changed.wait(), min(left, 0.02))
            except TimeoutError:
                continue
        return value

    def problems(self) -> list[str]:
        """Return what the bot sent that Discord's document or simcord does not know."""
        problems = list(self._gaps)
        if self._contract is not None:
            for one in self.requests:
                problems += self._contract.problems(one.method, one.path, one.body)
        return problems

    def forget_nonces(self) -> None:
        """Let the minutes pass for which nonces are remembered."""
        self._nonces.clear()

    # --- answering ----------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        body, uploads = await _read(request)
        fault = self.faults.take(request.method, path)
        if fault is not None and fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        spoils = fault is not None and (fault.status or fault.loss is Loss.REQUEST)
        if fault is not None and spoils and not fault.is_done:
            status, answer = fault.status or 0, fault.body
        else:
            status, answer = self._work(request, path, body, uploads)
            if fault is not None and fault.loss is Loss.RESPONSE:
                status = 0
            if fault is not None and fault.is_done:
                status, answer = fault.status or 0, fault.body
        names = tuple(upload.filename for upload in uploads)
        params = dict(request.query)
        self.requests.append(
            Request(request.method, path, params, body, names, status, time.monotonic())
        )
        self._changed.set()
        if status == 0:
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        return _response(status, answer, request, fault)

    def _work(
        self, request: web.Request, path: str, body: Any, uploads: list[_Upload]
    ) -> tuple[int, Any]:
        allowed = request.headers.get("Authorization") == f"Bot {TOKEN}"
        if not allowed and not path.startswith(_TOKENLESS):
            return 401, {"code": 0, "message": "401: Unauthorized"}
        if path == "/gateway/bot":
            return 200, self._gateway_bot()
        try:
            known = self._known_message(path, body)
            answer = known or self._dispatch(request, path, body, uploads)
        except BackendError as error:
            if error.status == 501:
                self._gaps.append(error.message)
            return error.status, error.to_json()
        except (KeyError, TypeError, ValueError) as error:  # simcord trips over it
            self._gaps.append(f"{request.method} {path}: {error!r}")
            return 400, {"code": 50035, "message": "Invalid Form Body"}
        if path == "/oauth2/applications/@me":
            answer["flags"] = self.gateway.flags
        if path.endswith("/callback") and request.query.get("with_response") not in ("1", "true"):
            answer = None
        return (204 if answer is None else 200), answer

    def _dispatch(self, request: web.Request, path: str, body: Any, uploads: list[_Upload]) -> Any:
        answer = router.dispatch(
            self.backend,
            request.method,
            path,
            json=body,
            params=self._paged(path, dict(request.query)),
            files=uploads,
            reason=request.headers.get("X-Audit-Log-Reason"),
            message_content_access=self.gateway.message_content,
        )
        if request.method == "POST" and path.endswith("/messages") and body.get("nonce"):
            answer["nonce"] = body["nonce"]
            self._nonces[path, str(body["nonce"])] = (time.monotonic(), int(answer["id"]))
        return answer

    def _require_reference(self, body: Any) -> None:
        """Refuse a reply to a message that is gone, unless the bot allows for that."""
        reference = body.get("message_reference") if isinstance(body, dict) else None
        if reference is None or not reference.get("fail_if_not_exists", True):
            return
        channel_id, message_id = int(reference["channel_id"]), int(reference["message_id"])
        if message_id not in self.backend.messages.get(channel_id, {}):
            told = {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]}
            raise BackendError(400, 50035, "Invalid Form Body", errors={"message_reference": told})

    def _paged(self, path: str, params: dict[str, str]) -> dict[str, str]:
        """Return a history's parameters so that ``after`` gives what follows next.

        That is what Discord does; simcord gives the newest.
        """
        if "after" not in params or not path.endswith("/messages"):
            return params
        limit = int(params.get("limit", 50))
        messages = self.backend.messages.get(int(path.split("/")[2]), {}).values()
        later = [
            one.id for one in messages if one.id > int(params["after"]) and not one.is_ephemeral
        ]
        page = sorted(later)[:limit]
        return {"limit": str(len(page)), "before": str(page[-1] + 1 if page else 1)}

    def _known_message(self, path: str, body: Any) -> Any:
        """Return the message that an enforced nonce names, as Discord does on a repeat."""
        if not isinstance(body, dict) or not body.get("enforce_nonce"):
            return None
        at, message_id = self._nonces.get((path, str(body.get("nonce"))), (0.0, 0))
        if not message_id or time.monotonic() - at > NONCE_LIFE_S:
            return None
        return router.dispatch(self.backend, "GET", f"{path}/{message_id}")

    def _gateway_bot(self) -> dict[str, Any]:
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 16}
        return {"url": self.gateway.url, "shards": self._shards, "session_start_limit": limit}

    async def _download(self, request: web.Request) -> web.Response:
        found = self._cdn.get(f"{self._cdn.base}{request.path}")
        return web.Response(body=found) if found is not None else web.Response(status=404)


async def _read(request: web.Request) -> tuple[Any, list[_Upload]]:
    """Return the JSON of a request and the files beside it."""
    if not request.content_type.startswith("multipart/"):
        raw = await request.read()
        return (json.loads(raw) if raw else None), []
    form = await request.post()
    uploads = []
    for name, part in form.items():
        if isinstance(part, web.FileField):
            uploads.append(_Upload(part.filename, io.BytesIO(part.file.read())))
        elif name != "payload_json":
            raise web.HTTPBadRequest(text=f"unexpected field {name}")
    return json.loads(str(form["payload_json"])), uploads


def _response(status: int, answer: Any, request: web.Request, fault: Fault | None) -> web.Response:
    """Return an answer as Discord words it; discord.py wants the bare content type."""
    headers = {
        "X-RateLimit-Limit": "100",
        "X-RateLimit-Remaining": "99",
        "X-RateLimit-Reset-After": "1",
        "X-RateLimit-Bucket": f"{request.method}-{request.path.count('/')}",
    }
    if fault is not None:
        headers |= fault.headers
    if answer is None:
        return web.Response(status=status, headers=headers)
    if isinstance(answer, str):
        return web.Response(status=status, text=answer, content_type="text/html", headers=headers)
    headers["Content-Type"] = "application/json"
    return web.Response(status=status, body=json.dumps(answer).encode(), headers=headers)
