"""Who gets in by a link that was made in chat, and what may be seen of it."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from adapters.web.dashboard.entering import TRIES_A_MINUTE
from bot import dashboard_texts
from bot.administration import ENTER_PATH, LINK_S, Oversight
from bot.bootstrap import Application, Core
from bot.errors import JournalError
from bot.ports import Accounts
from tests.adapters.web.dashboard.desk import HASH, Browser, forms
from tests.adapters.web.dashboard.test_entering import COOKIE, LOGIN, PAGES
from tests.adapters.web.site import Page, Site, serving
from tests.fakes.accounts import MemoryAccounts


async def link(site: Site) -> str:
    """Make a link as the command in chat does; returns its path."""
    address = await site.core.administration.login_links.make()
    return address.removeprefix(site.core.administration.login_links.public_url)


async def press(browser: Browser, path: str) -> Page:
    """Open a link and press its one button."""
    page = await browser.get(path)
    [form] = page.tree.forms
    assert form.action is None  # to the page's own address
    return await browser.post(path, dict(form.form_values()))


async def test_a_link_lets_in_as_the_password_does(desk: Site) -> None:
    browser = Browser(desk)
    page = await press(browser, await link(desk))
    assert (page.status, page.location) == (303, "/dashboard")
    [cookie] = [one for one in browser.set_cookies if one.startswith(f"{COOKIE}=")]
    assert "samesite=strict" in cookie.lower()
    assert "httponly" in cookie.lower()
    for path in PAGES:
        assert (await browser.get(path)).status == 200


async def test_the_page_of_a_link_says_what_it_does_and_has_one_button(desk: Site) -> None:
    page = await desk.get(await link(desk))
    assert page.status == 200
    assert dashboard_texts.LINK_TOLD in page.texts("//main//p")
    assert page.texts("//main//button") == [dashboard_texts.ENTER]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_look_does_not_use_a_link_up(desk: Site, method: str) -> None:
    path = await link(desk)
    for _ in range(3):
        assert (await desk.get(path, method=method)).status == 200
    assert (await press(Browser(desk), path)).location == "/dashboard"


def knowing(accounts: Accounts) -> Callable[[Core], Core]:
    """Return what has a dashboard know nothing but accounts."""
    nothing: Any = None
    return lambda core: replace(core, oversight=Oversight(nothing, nothing, nothing, accounts))


def refused(page: Page) -> bool:
    """Whether a page says that a link is no good, and leads on to the password."""
    return (
        page.status == 403
        and page.texts("//*[@role='alert']") == [dashboard_texts.LINK_GONE]
        and page.values("//main//a/@href") == [LOGIN]
    )


async def test_a_link_is_good_once(desk: Site) -> None:
    path = await link(desk)
    assert (await press(Browser(desk), path)).status == 303
    late = Browser(desk)
    assert refused(await press(late, path))
    assert COOKIE not in late.cookies
    assert (await late.get("/dashboard")).status == 303


async def test_of_two_who_press_at_once_one_gets_in(desk: Site) -> None:
    path = await link(desk)
    browsers = [Browser(desk) for _ in range(TRIES_A_MINUTE)]
    fields = [dict((await one.get(path)).tree.forms[0].form_values()) for one in browsers]
    pages = await asyncio.gather(
        *(one.post(path, sent) for one, sent in zip(browsers, fields, strict=True))
    )
    assert sorted(page.status for page in pages) == [303, *[403] * (TRIES_A_MINUTE - 1)]
    assert sum(COOKIE in one.cookies for one in browsers) == 1


async def test_of_two_processes_one_lets_in(desk: Site, kept: Application) -> None:
    path = await link(desk)
    async with serving(kept) as other:
        pages = await asyncio.gather(*(press(Browser(site), path) for site in (desk, other)))
    assert sorted(page.status for page in pages) == [303, 403]


@pytest.mark.parametrize(
    "token", ["nothing", "a" * 43, "%00", "%F0%9F", "..%2Flogin", "%ED%A0%80", "a" * 5_000]
)
async def test_a_link_that_nobody_made_opens_nothing(desk: Site, token: str) -> None:
    browser = Browser(desk)
    assert refused(await press(browser, f"{ENTER_PATH}/{token}"))
    assert COOKIE not in browser.cookies


async def test_a_link_is_good_for_ten_minutes(kept: Application) -> None:
    now = [time.time()]
    accounts = MemoryAccounts(lambda: now[0])
    await accounts.note_link("early", now[0] + LINK_S)
    await accounts.note_link("late", now[0] + LINK_S)

    async with serving(kept, watched=knowing(accounts)) as site:
        now[0] += LINK_S - 1
        assert (await press(Browser(site), f"{ENTER_PATH}/early")).status == 303
        now[0] += 1
        assert refused(await press(Browser(site), f"{ENTER_PATH}/late"))


async def test_links_and_passwords_cannot_be_tried_often(desk: Site) -> None:
    browser, path = Browser(desk), await link(desk)
    for number in range(TRIES_A_MINUTE):
        if number % 2:
            assert (await browser.enter("a guess")).status == 403
        else:
            assert refused(await press(browser, f"{ENTER_PATH}/guess"))
    page = await press(browser, path)
    assert page.status == 429
    assert 0 < int(page.headers["Retry-After"]) <= 60
    assert (await browser.enter()).status == 429
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize("token", [None, "", "0" * 64])
async def test_a_form_of_somebody_elses_uses_no_link_up(desk: Site, token: str | None) -> None:
    browser, path = Browser(desk), await link(desk)
    await browser.get(path)
    page = await browser.post(path, {} if token is None else {"token": token})
    assert page.status == 403
    assert page.texts("//*[@class='lead']") == [dashboard_texts.STALE_FORM]
    other = dict((await Browser(desk).get(path)).tree.forms[0].form_values())
    assert (await browser.post(path, other)).status == 403
    assert (await press(browser, path)).status == 303


@pytest.mark.parametrize("origin", ["cross-site", "same-site", "none"])
async def test_another_site_uses_no_link_up(desk: Site, origin: str) -> None:
    browser, path = Browser(desk), await link(desk)
    fields = dict((await browser.get(path)).tree.forms[0].form_values())
    assert (await browser.post(path, fields, Sec_Fetch_Site=origin)).status == 403
    assert (await browser.post(path, fields, Sec_Fetch_Site="same-origin")).status == 303


async def test_who_is_in_already_keeps_the_link(desk: Site, browser: Browser) -> None:
    path = await link(desk)
    assert (await browser.get(path)).location == "/dashboard"
    assert (await press(Browser(desk), path)).status == 303


async def test_a_session_by_a_link_ends_as_others_do(desk: Site, kept: Application) -> None:
    browser = Browser(desk)
    await press(browser, await link(desk))
    thief = Browser(desk)
    thief.cookies = dict(browser.cookies)
    # With another password
    async with serving(kept, web_admin_password_hash=HASH.replace("m=8,", "m=16,")) as other:
        elsewhere = Browser(other)
        elsewhere.cookies = dict(browser.cookies)
        assert (await elsewhere.get("/dashboard")).status == 303
    # and by leaving.
    [form] = forms(await browser.get("/dashboard"), "/dashboard/logout")
    assert (await browser.send(form)).location == LOGIN
    assert (await thief.get("/dashboard")).status == 303


async def test_behind_https_the_cookies_of_a_link_never_leave_it(kept: Application) -> None:
    async with serving(kept, public_url="https://quotes.example.org") as site:
        browser, path = Browser(site), await link(site)
        await press(browser, path)
        assert "__Host-counterpoint" in browser.cookies
        assert all("secure" in one.lower() for one in browser.set_cookies)


async def test_the_address_of_a_link_is_told_to_nobody(desk: Site) -> None:
    browser, path = Browser(desk), await link(desk)
    looked = await browser.get(path)
    token = path.rpartition("/")[2]
    pages = [looked, await press(browser, path), await press(Browser(desk), path)]
    pages += [await browser.post(path, {}), await desk.get(f"{path}/"), await desk.get(f"/x{path}")]
    assert [page.status for page in pages] == [200, 303, 403, 403, 404, 404]
    for page in pages:
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page.headers["Cache-Control"]
        assert token not in page.body + str(page.headers)
    assert looked.values("//meta[@name='robots']/@content") == ["noindex"]


class FullDisk(MemoryAccounts):
    """Cannot write, and at times breaks altogether."""

    def __init__(self, error: Exception) -> None:
        super().__init__(time.time)
        self._error = error

    async def use_link(self, token: str) -> bool:
        raise self._error


@pytest.mark.parametrize(
    ("error", "status", "event"),
    [
        (JournalError("The disk is full."), 503, "page_refused"),
        (TimeoutError(), 504, "page_too_slow"),
        (RuntimeError("broken"), 500, "page_failed"),
    ],
)
async def test_no_log_and_no_figure_holds_a_link_whatever_fails(
    kept: Application,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    event: str,
) -> None:
    caplog.set_level(logging.DEBUG)

    async with serving(kept, watched=knowing(FullDisk(error))) as site:
        assert (await press(Browser(site), f"{ENTER_PATH}/the-secret")).status == status
        figures = (await site.get("/metrics")).body
    [noted] = [one for one in caplog.records if one.message == event]
    assert noted.__dict__["path"] == f"{ENTER_PATH}/..."
    assert "the-secret" not in str([vars(one) for one in caplog.records])
    assert "the-secret" not in figures
    assert f'route="{ENTER_PATH}/{{link}}"' in figures


async def test_the_log_tells_by_which_way_somebody_came(
    desk: Site, caplog: pytest.LogCaptureFixture
) -> None:
    path = await link(desk)
    await press(Browser(desk), path)
    await press(Browser(desk), path)
    await Browser(desk).enter()
    told = [
        (one.message, one.__dict__.get("way"))
        for one in caplog.records
        if one.message in ("logged_in", "login_failed")
    ]
    assert told == [("logged_in", "link"), ("login_failed", None), ("logged_in", "password")]
    assert path.rpartition("/")[2] not in str([vars(one) for one in caplog.records])


async def test_without_a_password_there_is_nothing_behind_a_link(own: Application) -> None:
    own.reindex()
    async with serving(own) as site:
        for method in ("GET", "POST"):
            assert (await site.get(f"{ENTER_PATH}/token", method=method)).status == 404


async def test_without_a_log_the_page_of_a_link_says_so(kept: Application) -> None:
    kept.settings.journal_path.write_bytes(b"no journal" * 100)
    async with serving(kept) as site:
        page = await site.get(f"{ENTER_PATH}/token")
    assert page.status == 503
    assert page.texts("//*[@class='lead']") == [dashboard_texts.NO_LOG]
