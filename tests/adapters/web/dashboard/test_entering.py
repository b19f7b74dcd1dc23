"""Who gets in, and who does not."""

import stat
import time
from dataclasses import replace

import pytest

from adapters.web.dashboard.entering import TRIES_A_MINUTE
from adapters.web.dashboard.sessions import IDLE_S, LONGEST_S, Sessions, session_key
from bot import dashboard_texts
from bot.bootstrap import Application
from bot.errors import ConfigError
from tests.adapters.web.dashboard.desk import HASH, PASSWORD, Browser, forms
from tests.adapters.web.site import Page, Site, serving

LOGIN = "/dashboard/login"
PAGES = [
    "/dashboard",
    "/dashboard/missing",
    "/dashboard/shown",
    "/dashboard/corpus",
    "/dashboard/disputes",
    "/dashboard/tables/asked.csv",
    "/dashboard/tables/disputes.json",
    "/dashboard/plots/asked.svg",
]
COOKIE = "counterpoint"


async def test_without_a_password_there_is_no_dashboard(
    own: Application, caplog: pytest.LogCaptureFixture
) -> None:
    own.reindex()
    async with serving(own) as site:
        for path in (*PAGES, LOGIN):
            assert (await site.get(path)).status == 404
        assert (await site.get("/dashboard/rulings", method="POST")).status == 404
    (hint,) = [one for one in caplog.records if one.message == "no_dashboard"]
    assert "web-password" in hint.__dict__["hint"]


@pytest.mark.parametrize("wrong", ["sesame", "$argon2id$v=19$m=8", "$2b$12$abcdefghijklmnopqrstuv"])
async def test_a_hash_that_is_none_stops_the_start(own: Application, wrong: str) -> None:
    with pytest.raises(ConfigError, match="WEB_ADMIN_PASSWORD_HASH"):
        async with serving(own, web_admin_password_hash=wrong):
            pass


@pytest.mark.parametrize("path", PAGES)
async def test_nothing_is_shown_before_the_login(desk: Site, path: str) -> None:
    page = await desk.get(path)
    assert page.status == 303
    assert page.location is not None
    assert page.location.startswith(f"{LOGIN}?next=/dashboard")


async def test_the_password_opens_every_page(browser: Browser) -> None:
    for path in PAGES:
        page = await browser.get(path)
        assert page.status == 200
        assert "no-store" in page.headers["Cache-Control"]


async def test_login_leads_to_where_one_wanted_to_go(desk: Site) -> None:
    page = await Browser(desk).enter(onward="/dashboard/missing?days=30")
    assert page.location == "/dashboard/missing?days=30"


@pytest.mark.parametrize(
    "onward",
    [
        "https://elsewhere.example",
        "//elsewhere.example",
        "/dashboard/../q/x",
        "/search?q=a",
        "/dashboard%0d%0aSet-Cookie:a=b",
        "/dashboard/login",
    ],
)
async def test_login_leads_nowhere_else(desk: Site, onward: str) -> None:
    assert (await Browser(desk).enter(onward=onward)).location == "/dashboard"


@pytest.mark.parametrize("password", ["", "three hares", PASSWORD.upper(), "a" * 5_000, HASH])
async def test_another_password_opens_nothing(desk: Site, password: str) -> None:
    browser = Browser(desk)
    page = await browser.enter(password)
    assert page.status == 403
    assert page.texts("//*[@role='alert']") == [dashboard_texts.WRONG_PASSWORD]
    assert COOKIE not in browser.cookies
    assert (await browser.get("/dashboard")).status == 303


async def test_passwords_cannot_be_tried_often(desk: Site) -> None:
    browser = Browser(desk)
    for _ in range(TRIES_A_MINUTE):
        assert (await browser.enter("a guess")).status == 403
    page = await browser.enter(PASSWORD)
    assert page.status == 429
    assert 0 < int(page.headers["Retry-After"]) <= 60
    assert COOKIE not in browser.cookies


async def test_a_cookie_tells_the_browser_to_keep_it_to_itself(desk: Site) -> None:
    browser = Browser(desk)
    await browser.enter()
    (line,) = [one for one in browser.set_cookies if one.startswith(f"{COOKIE}=")]
    told = line.lower()
    assert "httponly" in told
    assert "samesite=strict" in told
    assert "path=/" in told
    assert "secure" not in told


async def test_behind_https_a_cookie_never_leaves_it(kept: Application) -> None:
    async with serving(kept, public_url="https://quotes.example.org") as site:
        browser = Browser(site)
        await browser.enter()
        lines = [one for one in browser.set_cookies if one.startswith("__Host-counterpoint=")]
        assert "secure" in lines[0].lower()
        assert (await browser.get("/dashboard")).status == 200


async def test_a_stolen_cookie_is_good_for_nothing_after_the_logout(
    desk: Site, browser: Browser, kept: Application
) -> None:
    thief = Browser(desk)
    thief.cookies = dict(browser.cookies)
    assert (await thief.get("/dashboard")).status == 200
    (form,) = forms(await browser.get("/dashboard"), "/dashboard/logout")
    assert (await browser.send(form)).location == LOGIN
    assert COOKIE not in browser.cookies
    assert (await thief.get("/dashboard")).status == 303
    # Nor in another process, nor after a restart.
    async with serving(kept) as again:
        later = Browser(again)
        later.cookies = dict(thief.cookies)
        assert (await later.get("/dashboard")).status == 303


def cookie_of(application: Application, begun: float, seen: float, password_hash: str) -> str:
    """Return a cookie as it would have been made at other times, or with another password."""
    key = session_key(application.settings.data_dir / "web.key")
    sessions = Sessions(key, password_hash, lambda: begun)
    return sessions.written(replace(sessions.begin(), seen_at=seen))


async def opened_with(site: Site, cookie: str) -> Page:
    browser = Browser(site)
    browser.cookies = {COOKIE: cookie}
    return await browser.get("/dashboard")


async def test_a_session_ends_by_itself(desk: Site, kept: Application) -> None:
    now = time.time()
    for begun, seen, status in (
        (now - LONGEST_S + 60, now - 60, 200),
        (now - LONGEST_S - 1, now, 303),
        (now - IDLE_S + 60, now - IDLE_S + 60, 200),
        (now - IDLE_S - 1, now - IDLE_S - 1, 303),
        (now + 3600, now + 3600, 303),
    ):
        assert (await opened_with(desk, cookie_of(kept, begun, seen, HASH))).status == status


async def test_another_password_ends_all_sessions(desk: Site, kept: Application) -> None:
    now = time.time()
    assert (await opened_with(desk, cookie_of(kept, now, now, "another"))).status == 303


async def test_a_session_in_use_goes_on(desk: Site, kept: Application) -> None:
    now = time.time()
    browser = Browser(desk)
    old = browser.cookies[COOKIE] = cookie_of(kept, now - 3600, now - 3600, HASH)
    await browser.get("/dashboard")
    assert browser.cookies[COOKIE] != old


async def test_a_forged_cookie_opens_nothing(desk: Site, browser: Browser) -> None:
    cookie = browser.cookies[COOKIE]
    body, _, signature = cookie.rpartition(".")
    own = Sessions(b"k" * 32, HASH)
    for forged in (
        "",
        body,
        f"{body}.",
        f"{body}x.{signature}",
        f"{body}.{signature[:-2]}",
        own.written(own.begin()),
        "é" * 10,
        "a" * 4_000,
    ):
        assert (await opened_with(desk, forged)).status in (303, 400)


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
async def test_a_form_without_its_token_does_nothing(browser: Browser, token: str | None) -> None:
    fields = {"verdict": "dismiss", "request": "x"}
    if token is not None:
        fields["token"] = token
    for path in ("/dashboard/logout", "/dashboard/rulings", "/dashboard/undo"):
        page = await browser.post(path, fields)
        assert page.status == 403
        assert page.texts("//*[@class='lead']") == [dashboard_texts.STALE_FORM]
    assert (await browser.get("/dashboard")).status == 200


async def test_the_token_of_another_session_does_nothing(desk: Site, browser: Browser) -> None:
    other = Browser(desk)
    await other.enter()
    (form,) = forms(await other.get("/dashboard"), "/dashboard/logout")
    assert (await browser.send(form)).status == 403
    assert (await browser.get("/dashboard")).status == 200


async def test_a_form_on_another_site_does_nothing(browser: Browser) -> None:
    (form,) = forms(await browser.get("/dashboard"), "/dashboard/logout")
    fields = dict(form.form_values())
    for site in ("cross-site", "same-site"):
        page = await browser.post("/dashboard/logout", fields, Sec_Fetch_Site=site)
        assert page.status == 403


async def test_nobody_is_logged_in_by_a_form_that_is_not_theirs(desk: Site) -> None:
    page = await Browser(desk).post(LOGIN, {"password": PASSWORD, "token": "0" * 64})
    assert page.status == 403
    (form,) = forms(await Browser(desk).get(LOGIN), LOGIN)
    assert (await Browser(desk).send(form, password=PASSWORD)).status == 403


async def test_forms_need_a_session(desk: Site) -> None:
    page = await Browser(desk).post("/dashboard/rulings", {"verdict": "hide"})
    assert page.status == 403
    assert page.texts("//*[@class='lead']") == [dashboard_texts.NOT_ENTERED]


def test_the_key_is_for_its_owner_only(kept: Application) -> None:
    path = kept.settings.data_dir / "web.key"
    key = session_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert session_key(path) == key
    assert [one.name for one in path.parent.glob("web.key*")] == ["web.key"]


def test_a_file_that_holds_no_key_is_named(kept: Application) -> None:
    path = kept.settings.data_dir / "web.key"
    path.write_text("no key")
    with pytest.raises(ConfigError, match=r"web\.key"):
        session_key(path)


async def test_without_a_log_the_dashboard_says_so(kept: Application) -> None:
    kept.settings.journal_path.write_bytes(b"no journal" * 100)
    async with serving(kept) as site:
        page = await site.get("/dashboard")
    assert page.status == 503
    assert page.texts("//*[@class='lead']") == [dashboard_texts.NO_LOG]
