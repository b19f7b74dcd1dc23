"""Serve the pages until the process is told to stop. Called by ``counterpoint serve web``."""

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.messaging.listening import Runner, listen, say_where
from adapters.messaging.stopping import until_stopped
from adapters.web.app import make_app
from adapters.web.keys import WORK
from adapters.web.security import HEADERS_WITHIN_S

if TYPE_CHECKING:
    from bot.bootstrap import Application
    from bot.settings import Settings

_LINGERING_S = 5.0
_CLOSED_WITHIN_S = 2.0


def serve(application: "Application") -> None:
    """Serve the pages until they are stopped.

    Raises:
        ConfigError: The address cannot be listened on; the message names it.
    """
    asyncio.run(serve_until_stopped(application))


async def serve_until_stopped(application: "Application") -> None:
    """Serve the pages in the running loop until SIGTERM or SIGINT; raises as `serve` does."""
    settings = application.settings
    async with application.open() as core:
        app = make_app(core, application)
        listener = Listener(app, settings)
        await until_stopped(
            listener.run(), listener.close, app[WORK], core.administration, settings.stop_timeout_s
        )


class Listener:
    """Listens for readers until it is closed.

    Args:
        app: What answers them.
        settings: Where it listens.
        headers_within_s: Seconds that a connection may be open without a whole request.
    """

    def __init__(
        self,
        app: web.Application,
        settings: "Settings",
        headers_within_s: float = HEADERS_WITHIN_S,
    ) -> None:
        self._settings = settings
        self._runner = Runner(
            app,
            keepalive_timeout=headers_within_s,
            lingering_time=_LINGERING_S,
            shutdown_timeout=_CLOSED_WITHIN_S,
        )
        self._closed = asyncio.Event()

    @property
    def addresses(self) -> list[object]:
        """Where it listens."""
        return list(self._runner.addresses)

    async def run(self) -> None:
        """Listen until closed."""
        await self.open()
        say_where(self._runner)
        await self._closed.wait()

    async def open(self) -> None:
        """Begin to listen; raises ConfigError when that is not possible."""
        await listen(self._runner, self._settings)

    async def close(self) -> None:
        """End it; safe to call before it began."""
        self._closed.set()
        await self._runner.cleanup()
