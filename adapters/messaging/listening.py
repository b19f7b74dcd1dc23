"""Listen for requests: say where, and answer briefly to what is none.

aiohttp answers what it cannot read with a page of its own, which names its version and what was
sent, and logs an error with a traceback each time: strangers could fill the log. Called by the
adapters that are reached by HTTP.
"""

import asyncio
import ipaddress
import logging
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot import admin_texts, page_texts
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.settings import Settings

_log = logging.getLogger(__name__)

SERVER = "counterpoint"
"""What answers call the server: no version."""

_HEADERS = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Server": SERVER,
    }
)


class Runner(web.AppRunner):
    """Runs an application, and answers to what is no request.

    Args:
        app: What answers the others.
        **options: How connections are kept; see aiohttp's `web.AppRunner`.
    """

    def __init__(self, app: web.Application, **options: Any) -> None:
        super().__init__(app, access_log=None, **options)
        # A runner's own option is no connection's.
        kept = {name: one for name, one in options.items() if name != "shutdown_timeout"}
        self._options = {"access_log": None, **kept}

    async def _make_server(self) -> web.Server:
        # aiohttp has no other way to another protocol.
        return _Server(await super()._make_server(), self._options)


class _Server(web.Server):
    """Makes the protocol below for each connection."""

    def __init__(self, made: web.Server, options: Mapping[str, Any]) -> None:
        super().__init__(made.request_handler, request_factory=made.request_factory)
        self._options = options

    def __call__(self) -> web.RequestHandler:
        return _Protocol(self, loop=asyncio.get_running_loop(), **self._options)


class _Protocol(web.RequestHandler):
    """A connection; what cannot be read from it is the client's fault, and no error."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if isinstance(exc, HttpProcessingError):
            _log.info("no_request", extra={"reason": type(exc).__name__})
            heading, told = page_texts.FAILURES[400]
            answer: web.StreamResponse = web.Response(status=400, text=f"{heading}. {told}\n")
            answer.force_close()
        else:
            answer = super().handle_error(request, status, exc, message)
        answer.headers.update(_HEADERS)
        return answer


async def listen(runner: web.AppRunner, settings: "Settings") -> None:
    """Begin to listen where the settings say; raises ConfigError when that is not possible."""
    await runner.setup()
    host, port = settings.web_host, settings.web_port
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise ConfigError(
            f"WEB_HOST={host} and WEB_PORT={port} cannot be listened on: {error}."
        ) from error
    _log.info("listening", extra={"addresses": runner.addresses})


def say_where(runner: web.AppRunner) -> None:
    """Say on the terminal which address to open on this machine."""
    host, port = runner.addresses[0][:2]
    sys.stderr.write(f"{admin_texts.listening(address_of(host, port))}\n")
    sys.stderr.flush()


def address_of(host: str, port: int) -> str:
    """Return the address of what listens: where it does so everywhere, this machine's own."""
    address = ipaddress.ip_address(host.partition("%")[0])
    if address.is_unspecified:
        host = "127.0.0.1" if address.version == 4 else "::1"
    return f"http://[{host}]:{port}" if address.version == 6 else f"http://{host}:{port}"
