"""What every request and every answer has to keep to, whichever page it is.

The headers that keep a browser from doing more than show, the lengths and times that bound what a
client may cost, and the stop of the process.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from adapters.messaging.listening import SERVER
from adapters.web.keys import WORK
from bot.administration import ENTER_PATH

_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LONGEST_TARGET = 7_000
"""Characters of a path with its query; a question of 500 letters fits, percent-encoded."""
LONGEST_BODY = 64 * 1024
"""Bytes; the forms are short."""
HEADERS_WITHIN_S = 15
"""Seconds that a connection may be open without a whole request."""
HANDLED_WITHIN_S = 60.0
"""Seconds until an answer is ready, the body of the request included."""
SENT_WITHIN_S = 60.0
"""Seconds in which a client takes the answer."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": ("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": SERVER,
}


_LETS_IN = re.compile(f"({ENTER_PATH}/).+", re.DOTALL)
"""A path that logs in whoever has it."""


def told_path(request: web.Request) -> str:
    """Return a path as a log may hold it: without what would let somebody in."""
    return _LETS_IN.sub(r"\1...", request.path)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Set the headers on an answer; a signal for `on_response_prepare`."""
    if _LETS_IN.search(request.path):
        response.headers["Referrer-Policy"] = "no-referrer"
    for name, value in HEADERS.items():
        if name == "Server" or name not in response.headers:
            response.headers[name] = value


def sent_within(seconds: float = SENT_WITHIN_S) -> Middleware:
    """Return what sends an answer in time, or drops the connection."""

    @web.middleware
    async def send(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        try:
            async with asyncio.timeout(seconds):
                await response.prepare(request)
                await response.write_eof()
        except TimeoutError:
            _log.info("client_too_slow", extra={"path": told_path(request)})
            if request.transport is not None:
                request.transport.abort()
        except ConnectionError:
            _log.debug("client_left", extra={"path": told_path(request)})
        return response

    return send


def handled_within(seconds: float = HANDLED_WITHIN_S) -> Middleware:
    """Return what refuses what is too long, also in time, and all once the process is stopping."""

    @web.middleware
    async def bound(request: web.Request, handler: Handler) -> web.StreamResponse:
        if len(request.raw_path) > LONGEST_TARGET:
            raise web.HTTPRequestURITooLong
        work = request.app[WORK]
        if work.is_stopping:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "10", "Connection": "close"})
        with work.held():
            async with asyncio.timeout(seconds):
                return await handler(request)

    return bound
