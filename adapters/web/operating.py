"""What whoever runs Counterpoint looks at: whether it lives, whether it can answer, and figures.

The process that serves the pages tells of itself, and of the bots on other platforms what they
noted in the journal that all of them share; they have no port of their own.
"""

import asyncio
import ipaddress
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.typedefs import Middleware
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from adapters.web.figures import Figures, JournalFigures
from adapters.web.keys import APPLICATION, CORE
from adapters.web.security import Handler
from bot.errors import BotError, JournalError
from bot.ports import Gateway

if TYPE_CHECKING:
    from bot.bootstrap import Core

HELD_S = 15.0
"""How old figures may be."""
READY_S = 2.0
"""How old what `/readyz` says may be."""

_FRESH = {"Cache-Control": "no-store"}
_OUTSIDE = "other"
_PROXIED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")
"""What a proxy adds: a request with one of these comes from somewhere else than its peer."""
_STEPS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether questions can be answered; ``journal`` is None where none is kept."""

    index: bool
    journal: bool | None
    is_journal_required: bool

    @property
    def is_ready(self) -> bool:
        """Whether an answer can be given now."""
        return self.index and (bool(self.journal) or not self.is_journal_required)


def metered(registry: CollectorRegistry) -> Middleware:
    """Return what times every answer, by the route that gave it; the rest is one."""
    times = Histogram(
        "counterpoint_http_request_duration_seconds",
        "Time until an answer was ready, by route and status.",
        ("route", "status"),
        registry=registry,
        buckets=_STEPS_S,
    )

    @web.middleware
    async def meter(request: web.Request, handler: Handler) -> web.StreamResponse:
        began = time.perf_counter()
        status = 500
        try:
            response = await handler(request)
            status = response.status
            return response
        except web.HTTPException as answered:
            status = answered.status
            raise
        finally:
            resource = request.match_info.route.resource
            route = resource.canonical if resource is not None else _OUTSIDE
            times.labels(route, str(status)).observe(time.perf_counter() - began)

    return meter


def add_routes(app: web.Application, registry: CollectorRegistry) -> None:
    """Add what operators look at to the application.

    Args:
        app: The application; its middleware notes times in ``registry``.
        registry: Holds the figures of this process.
    """
    settings = app[APPLICATION].settings
    operating = Operating(app[CORE], registry, settings.web_metrics, settings.log_required)
    app.router.add_get("/healthz", operating.health)
    app.router.add_get("/readyz", operating.readiness)
    if settings.web_metrics != "off":
        app.router.add_get("/metrics", operating.metrics)


class Operating:
    """Answers operators.

    Args:
        core: What is watched.
        registry: Holds the figures of this process.
        readers: Who may read figures: "local" or "public".
        is_journal_required: Whether nothing is answered that cannot be noted.
        clock: Seconds, from any beginning.
    """

    def __init__(
        self,
        core: "Core",
        registry: CollectorRegistry,
        readers: str,
        is_journal_required: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._core = core
        self._registry = registry
        self._readers = readers
        self._is_journal_required = is_journal_required
        self._clock = clock
        self._figures = JournalFigures()
        registry.register(self._figures)
        ProcessCollector(registry=registry)
        self._figures_at = self._readiness_at = float("-inf")
        self._readiness = Readiness(False, None, is_journal_required)
        # Not one for both: readiness is not to wait for a first count, which takes a while.
        self._looking, self._trying = asyncio.Lock(), asyncio.Lock()

    async def health(self, _: web.Request) -> web.Response:
        """Answer while the process lives."""
        return web.Response(text="alive\n", headers=_FRESH)

    async def readiness(self, _: web.Request) -> web.Response:
        """Answer whether questions can be answered: an index serves, and the journal is kept."""
        async with self._trying:
            if self._clock() - self._readiness_at >= READY_S:
                self._readiness = Readiness(
                    await self._serves(), await self._is_written(), self._is_journal_required
                )
                self._readiness_at = self._clock()
        told = self._readiness
        return web.json_response(
            {"ready": told.is_ready, "index": told.index, "journal": told.journal},
            status=200 if told.is_ready else 503,
            headers=_FRESH,
        )

    async def metrics(self, request: web.Request) -> web.Response:
        """Answer with figures, as Prometheus reads them."""
        if self._readers == "local" and not is_local(request):
            raise web.HTTPNotFound
        async with self._looking:
            if self._clock() - self._figures_at >= HELD_S:
                self._figures.latest = await self._looked_up()
                self._figures_at = self._clock()
            body = generate_latest(self._registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST, **_FRESH})

    async def _looked_up(self) -> Figures:
        tally = shelf = None
        gateways: Sequence[Gateway] = ()
        if self._core.vitals is not None:
            try:
                gateways = await self._core.vitals.gateways.known()
                tally = await self._core.vitals.tally()
            except JournalError:
                tally = None  # a figure of its own says so
        try:
            shelf = await self._core.reading.shelf()
        except BotError:
            shelf = None
        return Figures(tally, shelf, self._core.bot.waiting, gateways)

    async def _serves(self) -> bool:
        try:
            await self._core.reading.version()
        except BotError:
            return False
        return True

    async def _is_written(self) -> bool | None:
        if self._core.vitals is None:
            return None
        try:
            await self._core.vitals.probe()
        except JournalError:
            return False
        return True


def is_local(request: web.Request) -> bool:
    """Tell whether a request comes from this machine, and through no proxy on it."""
    if any(name in request.headers for name in _PROXIED):
        return False
    try:
        address = ipaddress.ip_address(request.remote or "")
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
