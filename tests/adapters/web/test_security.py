"""What documents, readers and clients try, and what comes of it."""

import asyncio
import logging
import re
from contextlib import suppress

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.messaging.working import Work
from adapters.web.assets import Assets
from adapters.web.failing import show_failures
from adapters.web.keys import PAGES as PAGES_KEY
from adapters.web.keys import WORK
from adapters.web.pages import Pages
from adapters.web.security import LONGEST_TARGET, handled_within, sent_within
from bot import page_texts
from bot.bootstrap import Application
from bot.errors import JournalError
from tests.adapters.web.site import Page, Site, serving

HOSTILE = '"><script>alert(1)</script>'
PAGES = [
    "/",
    "/d/essay",
    "/d/hostile",
    "/d/trap",
    "/t/allotments",
    "/search?q=beans",
    "/search",
    "/nothing",
]


def acts(page: Page) -> list[str]:
    """Return whatever in a page would run, or lead to what does."""
    inline = page.values("//script[not(@src)]") + page.values("//style") + page.values("//*/@style")
    handlers = page.values("//@*[starts-with(name(), 'on')]")
    links = [
        one
        for one in page.values("//@href | //@src | //@action")
        if not re.match(r"/|#|https?://", one)
    ]
    foreign = [one for one in page.values("//script/@src") if not one.startswith("/static/")]
    return [*inline, *handlers, *links, *foreign]


@pytest.mark.parametrize(
    "path",
    [
        *PAGES,
        "/d/hostile?mark=0-60",
        "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/search?q=%22%20onfocus%3D%22alert(1)%22%20autofocus%3D%22",
        "/search?q=gardeners%20write%20on%20their%20sheds",
        "/d/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/t/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/q/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E-1-2-0123abcd",
        "/d/essay?mark=%3Cscript%3E&page=1&moved=%3Cscript%3E",
    ],
)
async def test_nothing_that_anybody_wrote_acts(site: Site, path: str) -> None:
    page = await site.get(path)
    assert acts(page) == []


async def test_what_a_document_holds_is_shown_to_the_letter(site: Site) -> None:
    page = await site.get("/d/hostile")
    (text,) = page.texts("//div[@id='text']")
    assert '<script>alert("beans")</script>' in text
    assert '<img src=x onerror=alert(1)> to the fence, "quoted" & all.' in text
    assert page.texts("//h1") == ["</title><script>alert(3)</script>"]


async def test_an_address_that_is_none_is_not_linked(site: Site) -> None:
    page = await site.get("/d/trap")
    assert page.status == 200
    assert "javascript" not in page.body


@pytest.mark.parametrize("path", [*PAGES, "/static/style.css", "/robots.txt", "/q/x"])
async def test_every_answer_keeps_the_browser_to_showing(site: Site, path: str) -> None:
    headers = (await site.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Server"] == "counterpoint"


@pytest.mark.parametrize("path", ["/", "/search?q=beans", "/d/essay?mark=0-30", "/nothing"])
async def test_the_policy_names_nothing_but_this_site(site: Site, path: str) -> None:
    policy = policy_of(await site.get(path))
    assert policy.pop("img-src") == {"'self'", "data:"}
    assert all(sources <= {"'none'", "'self'"} for sources in policy.values())
    for name in ("default-src", "base-uri", "frame-ancestors"):
        assert policy[name] == {"'none'"}
    assert "form-action" in policy


def policy_of(page: Page) -> dict[str, set[str]]:
    """Return where an answer lets each kind of thing come from."""
    directives = page.headers["Content-Security-Policy"].split(";")
    return {name: set(sources) for name, *sources in map(str.split, directives)}


async def test_a_question_may_be_long_but_not_too_long(site: Site) -> None:
    assert (await site.get(f"/search?q={'b' * 500}")).status == 200
    page = await site.get(f"/search?q={'b' * 501}")
    assert page.status == 400
    assert page.texts("//*[@class='lead']") == [page_texts.QUESTION_TOO_LONG]


async def test_a_target_that_is_too_long_is_refused(site: Site) -> None:
    page = await site.get(f"/search?q={'b' * LONGEST_TARGET}")
    assert page.status == 414
    assert page.texts("//h1") == [page_texts.FAILURES[414][0]]


async def raw(site: Site, request: bytes, within_s: float = 5) -> bytes:
    """Send bytes and return what comes back until the connection is closed."""
    reader, writer = await asyncio.open_connection(site.address.host, site.address.port)
    try:
        writer.write(request)
        async with asyncio.timeout(within_s):
            return await reader.read()
    finally:
        writer.close()


NO_REQUESTS = [
    b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 20_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: a\r\n" * 500 + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: beans\r\n\r\n",
    b"\x00\x01\x02 nonsense\r\n\r\n",
]


@pytest.mark.parametrize("request_text", NO_REQUESTS)
async def test_a_request_that_is_none_is_refused(site: Site, request_text: bytes) -> None:
    assert b" 400 " in (await raw(site, request_text)).partition(b"\r\n")[0]


@pytest.mark.parametrize("request_text", NO_REQUESTS)
async def test_a_refusal_tells_nothing_and_lets_nothing_act(
    site: Site, request_text: bytes
) -> None:
    head, _, body = (await raw(site, request_text)).partition(b"\r\n\r\n")
    headers = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
    assert headers[b"Server"] == b"counterpoint"
    assert headers[b"Content-Security-Policy"].startswith(b"default-src 'none'")
    assert body.decode() == f"{'. '.join(page_texts.FAILURES[400])}\n"


@pytest.mark.parametrize("request_text", NO_REQUESTS)
async def test_strangers_do_not_fill_the_log(
    site: Site, caplog: pytest.LogCaptureFixture, request_text: bytes
) -> None:
    with caplog.at_level(logging.INFO):
        await raw(site, request_text)
    assert [(one.message, one.levelno) for one in caplog.records] == [("no_request", logging.INFO)]


@pytest.mark.parametrize(
    "body", [b"beans\r\n", b"5\r\nbeansbeans\r\n0\r\n\r\n"], ids=["size", "end"]
)
async def test_a_form_that_breaks_off_is_the_clients_fault(
    site: Site, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    head = (
        b"POST /dashboard/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    assert b" 400 " in (await raw(site, head + body)).partition(b"\r\n")[0]
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_a_client_that_never_finishes_its_request_is_let_go(
    application: Application,
) -> None:
    async with serving(application, headers_within_s=0.3) as site:
        assert await raw(site, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ") == b""


async def test_a_client_that_does_not_take_its_answer_is_let_go() -> None:
    async def endless(_: web.Request) -> web.Response:
        return web.Response(body=b"a" * 50_000_000)

    app = web.Application(middlewares=[sent_within(0.3)])
    app.router.add_get("/", endless)
    async with TestServer(app) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1_000)
        try:
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await asyncio.sleep(0.6)
            assert await taken(reader) < 50_000_000
        finally:
            writer.close()


async def test_a_client_that_never_finishes_its_form_is_let_go() -> None:
    async def take(request: web.Request) -> web.Response:
        return web.Response(text=str(await request.post()))

    app = web.Application(middlewares=[show_failures, handled_within(0.3)])
    app[WORK], app[PAGES_KEY] = Work(), Pages(Assets(), "")
    app.router.add_post("/", take)
    async with TestServer(app) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        try:
            writer.write(
                b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\na="
            )
            async with asyncio.timeout(5):
                told = await reader.readuntil(b"\r\n")
        finally:
            writer.close()
    assert b" 504 " in told


async def taken(reader: asyncio.StreamReader) -> int:
    """Read until the connection ends, in whichever way; returns how many bytes it was."""
    count = 0
    with suppress(ConnectionError):
        while part := await reader.read(1_000_000):
            count += len(part)
    return count


async def test_nothing_can_be_posted_to_what_is_read(site: Site) -> None:
    page = await site.get("/d/essay", method="POST")
    assert page.status == 405
    assert page.texts("//h1") == [page_texts.FAILURES[405][0]]


async def broken(request: web.Request) -> web.Response:
    """Fail as a page would, on purpose or not."""
    if request.query.get("why") == "log":
        raise JournalError("disk gone")
    raise ValueError("secret detail")


@pytest.mark.parametrize(
    ("path", "status", "event", "level"),
    [
        ("/broken", 500, "page_failed", logging.ERROR),
        ("/broken?why=log", 503, "page_refused", logging.WARNING),
    ],
)
async def test_a_failure_shows_the_id_that_is_in_the_log(
    application: Application,
    caplog: pytest.LogCaptureFixture,
    path: str,
    status: int,
    event: str,
    level: int,
) -> None:
    async with serving(application, add=lambda app: app.router.add_get("/broken", broken)) as site:
        page = await site.get(path)
    assert page.status == status
    assert "secret" not in page.body
    (record,) = [one for one in caplog.records if one.message == event]
    assert page.texts("//code") == [record.__dict__["request_id"]]
    assert record.levelno == level


async def test_a_process_that_stops_takes_nothing_new(site: Site) -> None:
    site.app[WORK].stop()
    page = await site.get("/d/essay")
    assert page.status == 503
    assert int(page.headers["Retry-After"]) > 0
