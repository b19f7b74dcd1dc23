"""The pages as a process of their own serves them, and the browser that looks at them."""

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    async_playwright,
)

from tests.adapters.web.dashboard.desk import HASH
from tests.architecture.checkout import ROOT

SEEDS = ROOT / "seeds"
CHROMIUM = shutil.which("chromium")
MISSING = "Chromium is not installed; `apt-get install chromium` brings it"

_COMMAND = (sys.executable, "-c", "from adapters.cli import main; main()")
_READY_S = 180.0
_STOPPED_S = 30.0
# Nothing is looked up outside of this machine, by the browser itself either.
_ARGUMENTS = (
    "--no-sandbox",  # which root may not have; the pages are ours
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
)


@dataclass(frozen=True, slots=True)
class House:
    """Pages that are served, and where what they are made of lies."""

    address: str
    environment: dict[str, str] = field(repr=False)

    async def run(self, *arguments: str) -> str:
        """Run ``counterpoint`` beside the server; returns what it prints."""
        process = await asyncio.create_subprocess_exec(
            *_COMMAND, *arguments, env=self.environment, stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await process.communicate()
        assert process.returncode == 0
        return printed.decode()


@asynccontextmanager
async def served(folder: Path, corpus: Path = SEEDS) -> AsyncIterator[House]:
    """Serve a corpus by ``counterpoint serve web``.

    Args:
        folder: An empty folder for the index and the journal.
        corpus: What is served.
    """
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "CORPUS_DIR": str(corpus),
        "DATA_DIR": str(folder / "data"),
        "PUBLIC_URL": address,
        "WEB_PORT": str(port),
        "RATE_PER_USER": "0",
        "RATE_PER_CHANNEL": "0",
        "WEB_ADMIN_PASSWORD_HASH": HASH,
    }
    process = await asyncio.create_subprocess_exec(
        *_COMMAND, "serve", "web", cwd=folder, env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(_READY_S):
            while not await _is_listening(port):
                assert process.returncode is None, "The server ended before it listened."
                await asyncio.sleep(0.1)
        yield House(address, environment)
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), _STOPPED_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _is_listening(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Start Chromium without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody's browser on the pages."""

    house: House
    context: BrowserContext
    page: Page

    async def go(self, path: str) -> Page:
        """Open a page of the house."""
        await self.page.goto(f"{self.house.address}{path}", wait_until="load")
        return self.page


@asynccontextmanager
async def visiting(browser: Browser, house: House, **options: object) -> AsyncIterator[Visit]:
    """Open a browser of its own for somebody; in the end, it may have nothing to complain about.

    Args:
        browser: The browser.
        house: What is visited; nothing may be asked of anywhere else.
        **options: Those of a browser's context.
    """
    context = await browser.new_context(**options)  # type: ignore[arg-type]  # passed on as given
    complaints: list[str] = []
    try:
        page = await context.new_page()

        def listen(told: ConsoleMessage) -> None:
            # That a page itself is a 404 or 410 is no complaint.
            if told.location.get("url") != page.url or "status of 4" not in told.text:
                complaints.append(f"{told.type}: {told.text}")

        def watch(request: Request) -> None:
            if not request.url.startswith(house.address):
                complaints.append(f"elsewhere: {request.url}")

        def fail(request: Request) -> None:
            # The icon comes last of all; whoever is gone to the next page by then lets it be.
            is_left = request.failure == "net::ERR_ABORTED" and "/static/mark.svg" in request.url
            if not is_left:
                complaints.append(f"failed: {request.url}: {request.failure}")

        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("requestfailed", fail)
        page.on("request", watch)
        yield Visit(house, context, page)
        assert complaints == [], complaints
    finally:
        await context.close()
