"""The dashboard as an admin meets it: the way in, its pages, and a verdict that takes effect."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FloatRect, Page, StorageState

from bot import dashboard_texts as desk
from bot.bootstrap import Application
from bot.settings import read_settings
from bot.types import Feedback
from tests.adapters.web.dashboard.desk import PASSWORD, ask, complain
from tests.browser.conftest import Visiting
from tests.browser.house import House, Visit, visiting
from tests.browser.test_looks import ENLARGED, PHONE, violations

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLAIM = "Export controls will keep China behind in AI."
PAGES = ("", "/missing", "/shown", "/corpus", "/disputes")


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def disputed(house: House) -> None:
    """Have a member ask on another platform, and find the answer wrong."""
    application = Application(read_settings(house.environment, env_file=None))
    async with application.open() as core:
        reply = await ask(core, CLAIM, "browser-1")
        await complain(core, reply, Feedback.MISATTRIBUTED)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def session(browser: Browser, house: House) -> StorageState:
    """The cookies of somebody who has logged in: often enough that is refused."""
    async with visiting(browser, house) as visit:
        page = await enter(visit, PASSWORD)
        assert page.url == f"{house.address}/dashboard"
        return await visit.context.storage_state()


@pytest_asyncio.fixture(loop_scope="session")
async def admin(visiting_as: Visiting, session: StorageState) -> AsyncIterator[Visit]:
    """A browser that has logged in."""
    async with visiting_as(storage_state=session) as visit:
        yield visit


async def enter(visit: Visit, password: str) -> Page:
    page = await visit.go("/dashboard/login")
    await page.get_by_label(desk.PASSWORD).fill(password)
    # Until all that the next page needs has come: what is left early complains.
    async with page.expect_navigation():
        await page.get_by_role("button", name=desk.ENTER).click()
    return page


async def test_nobody_gets_in_without_the_password(visit: Visit) -> None:
    page = await visit.go("/dashboard")
    assert page.url.startswith(f"{visit.house.address}/dashboard/login")
    assert await page.get_by_label(desk.PASSWORD).is_visible()


async def test_another_password_is_refused_in_words(visit: Visit) -> None:
    page = await enter(visit, f"{PASSWORD}!")
    assert await page.get_by_role("alert").inner_text() == desk.WRONG_PASSWORD


async def test_a_link_from_chat_logs_in_once(visit: Visit, visiting_as: Visiting) -> None:
    # Made by another process than the one that serves the pages, as the bot in chat is.
    application = Application(read_settings(visit.house.environment, env_file=None))
    async with application.open() as core:
        link = await core.administration.login_links.make()
    path = link.removeprefix(visit.house.address)
    for _ in range(2):  # a look uses nothing up
        await visit.page.goto("about:blank")
        await visit.page.set_content(f'<a href="{link}">from elsewhere, as a chat is</a>')
        await visit.page.get_by_role("link").click()
        page = visit.page
        await page.get_by_text(desk.LINK_TOLD).wait_for()
        assert await violations(page) == []
    assert [one for one in await visit.context.cookies() if one["name"] == "counterpoint"] == []
    await page.get_by_role("button", name=desk.ENTER).click()
    await page.get_by_role("heading", name=desk.OVERVIEW).wait_for()
    assert page.url == f"{visit.house.address}/dashboard"

    async with visiting_as() as other:
        page = await other.go(path)
        await page.get_by_role("button", name=desk.ENTER).click()
        assert await page.get_by_role("alert").inner_text() == desk.LINK_GONE
        assert await violations(page) == []
        await page.get_by_role("link", name=desk.WITH_PASSWORD).click()
        assert await page.get_by_label(desk.PASSWORD).is_visible()
        assert [one["name"] for one in await other.context.cookies()] == ["counterpoint-login"]


@pytest.mark.parametrize("name", PAGES)
async def test_axe_finds_nothing_in_either_theme(admin: Visit, name: str) -> None:
    page = await admin.go(f"/dashboard{name}")
    await open_all(page)
    found = await violations(page)
    await page.emulate_media(color_scheme="dark")
    found += await violations(page, {"runOnly": ["color-contrast"]})
    assert found == []


async def test_axe_finds_nothing_at_the_login(visit: Visit) -> None:
    page = await visit.go("/dashboard/login")
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await violations(page) == []
        assert await page.evaluate(WIDTH) <= await page.evaluate("innerWidth")


WIDTH = "document.documentElement.scrollWidth"


async def open_all(page: Page) -> None:
    """Open everything that is folded."""
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


@pytest.mark.parametrize("name", [*PAGES, "/login"])
async def test_nothing_is_wider_than_a_phone(
    visiting_as: Visiting, session: StorageState, name: str
) -> None:
    phone = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
    if name != "/login":
        phone["storage_state"] = session
    async with visiting_as(**phone) as visit:
        page = await visit.go(f"/dashboard{name}")
        assert page.url == f"{visit.house.address}/dashboard{name}"
        await open_all(page)
        widths = [await page.evaluate(WIDTH)]
        await page.set_viewport_size(ENLARGED)
        widths.append(await page.evaluate(WIDTH))
        assert widths == [PHONE["width"], ENLARGED["width"]]


async def test_a_table_that_goes_on_shows_it_and_is_scrolled_by_keyboard(
    visiting_as: Visiting, session: StorageState
) -> None:
    async with visiting_as(viewport=PHONE, storage_state=session) as visit:
        page = await visit.go("/dashboard")
        table = page.get_by_role("region", name=desk.ASKED)
        await table.focus()
        edge = await table.bounding_box()
        assert edge is not None
        strip = FloatRect(x=edge["x"] + edge["width"] - 3, y=edge["y"] + 1, width=2, height=5)
        before = await page.screenshot(clip=strip)  # above all words
        for _ in range(40):
            await page.keyboard.press("ArrowRight")
        await page.wait_for_function(
            "one => one.scrollLeft + one.clientWidth >= one.scrollWidth - 1",
            arg=await table.element_handle(),
        )
        assert await page.screenshot(clip=strip) != before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("is_phone", [True, False])
async def test_a_plot_is_in_the_readers_theme_and_fits_their_screen(
    visiting_as: Visiting, session: StorageState, scheme: str, is_phone: bool
) -> None:
    viewport = {"viewport": PHONE} if is_phone else {}
    async with visiting_as(storage_state=session, color_scheme=scheme, **viewport) as visit:
        page = await visit.go("/dashboard")
        for plot in await page.locator(".plot img").all():
            address = str(await plot.evaluate("one => one.currentSrc"))
            assert ("theme=dark" in address) == (scheme == "dark")
            assert ("size=narrow" in address) == is_phone
            assert await plot.evaluate("one => one.complete && one.naturalWidth > 0")


async def test_a_verdict_hides_a_quote_from_replies_until_it_is_undone(admin: Visit) -> None:
    # A browser may keep an answer for a minute, so each time is asked anew.
    answer = f"/search?q={CLAIM.replace(' ', '+')}&time="
    page = await admin.go("/dashboard/disputes")
    quotation = page.locator(".dispute .quotation").first
    words = await quotation.locator("blockquote").inner_text()
    assert words in await shown_on(admin, f"{answer}1")

    page = await admin.go("/dashboard/disputes")
    await page.locator(".dispute .decide summary").first.click()
    await page.get_by_role("button", name=desk.HIDE).first.click()
    await page.locator(".rulings li").wait_for()
    assert words not in await shown_on(admin, f"{answer}2")

    page = await admin.go("/dashboard/disputes")
    await page.locator(".rulings").get_by_role("button", name=desk.UNDO).click()
    await page.get_by_text(desk.NO_RULINGS).wait_for()
    assert words in await shown_on(admin, f"{answer}3")


async def shown_on(visit: Visit, path: str) -> str:
    """Return the words of a page as its readers see them."""
    page = await visit.go(path)
    return " ".join((await page.locator("main").inner_text()).split())
