"""A site on a socket, asked as a browser asks it, and what its pages say."""

from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

import aiohttp
from aiohttp import web
from lxml import html
from multidict import CIMultiDict
from yarl import URL

from adapters.web.app import make_app
from adapters.web.serving import Listener
from bot.bootstrap import Application, Core
from bot.reading import KeptQuotes, Reading
from bot.retrieval.analysis import Analyzer


@dataclass(frozen=True)
class Page:
    """An answer, read."""

    status: int
    headers: Mapping[str, str]
    body: str
    location: str | None

    @property
    def tree(self) -> Any:
        """What a browser makes of it."""
        return html.fromstring(self.body)

    def texts(self, path: str) -> list[str]:
        """Return what the elements of an XPath say, white space folded."""
        return [" ".join(one.text_content().split()) for one in self.tree.xpath(path)]

    def values(self, path: str) -> list[str]:
        """Return the attributes of an XPath."""
        return [str(value) for value in self.tree.xpath(path)]


class Site:
    """A site that listens on this machine."""

    def __init__(
        self, core: Core, app: web.Application, address: URL, client: aiohttp.ClientSession
    ) -> None:
        self.core = core
        self.app = app
        self.address = address
        self.client = client

    async def get(self, path: str, method: str = "GET", **headers: str) -> Page:
        """Ask for a page as its path is written; redirects are not followed."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        url = URL(f"{self.address}{path}", encoded=True)
        async with self.client.request(
            method, url, headers=sent, allow_redirects=False
        ) as response:
            body = (await response.read()).decode()
            return Page(
                response.status,
                CIMultiDict(response.headers),
                body,
                response.headers.get("Location"),
            )

    async def follow(self, path: str) -> Page:
        """Ask for a page and go where it leads."""
        page = await self.get(path)
        assert page.location is not None
        return await self.get(page.location.partition("#")[0])


@asynccontextmanager
async def serving(
    application: Application,
    headers_within_s: float = 15,
    kept: KeptQuotes | None = None,
    watched: Callable[[Core], Core] = lambda core: core,
    add: Callable[[web.Application], object] = lambda _: None,
    **settings: Any,
) -> AsyncIterator[Site]:
    """Serve an application's pages on a free port, with other settings where told.

    Args:
        application: What is served; its models are shared, its settings are put back.
        headers_within_s: Seconds that a connection may be open without a whole request.
        kept: Remembers the quotes that were shown, in the journal's place.
        watched: Puts something else in the place of a part.
        add: Adds further routes.
        **settings: Fields of `Settings`.
    """
    before = application.settings
    application.settings = replace(before, web_port=0, **settings)
    try:
        async with application.open() as core:
            if kept is not None:
                reading = Reading(
                    application.store,
                    lambda: application.knowledge().topics,
                    Analyzer().stems,
                    kept,
                    ThreadPoolExecutor(1),
                )
                core = replace(core, reading=reading)
            app = make_app(watched(core), application)
            add(app)
            listener = Listener(app, application.settings, headers_within_s)
            await listener.open()
            host, port = cast("tuple[str, int]", listener.addresses[0])
            try:
                async with aiohttp.ClientSession(auto_decompress=True) as client:
                    yield Site(core, app, URL(f"http://{host}:{port}"), client)
            finally:
                await listener.close()
    finally:
        application.settings = before
