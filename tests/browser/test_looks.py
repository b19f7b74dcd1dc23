"""Every page, in both themes and on a phone: sound for everybody, and nothing amiss."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize

from tests.browser.conftest import Visiting

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGES = {
    "corpus": "/",
    "document": "/d/wolf-export-controls",
    "speakers": "/d/fridman-summary",
    "quote": "/d/reader-comments?mark=697-803#quote",
    "topic": "/t/open-weights",
    "search": "/search",
    "answer": "/search?q=Export+controls+will+keep+China+behind+in+AI.",
    "nothing": "/search?q=Who+won+the+chess+championship+of+1972",
    "changed": "/q/reader-comments-10-90-00000000",
    "missing": "/nothing",
    "refused": f"/search?q={'a' * 501}",
}
PHONE: ViewportSize = {"width": 390, "height": 844}
ENLARGED: ViewportSize = {"width": 320, "height": 256}
"""A window of 1280 pixels at 400 %, as https://www.w3.org/TR/WCAG22/#reflow asks for."""
SCHEMES = ("light", "dark")

pages = pytest.mark.parametrize("name", list(PAGES))


@pages
async def test_axe_finds_nothing(visiting_as: Visiting, name: str) -> None:
    async with visiting_as(color_scheme="light", reduced_motion="reduce") as visit:
        page = await visit.go(PAGES[name])
        found = await violations(page)
        await page.emulate_media(color_scheme="dark")
        found += await violations(page, {"runOnly": ["color-contrast"]})
        assert found == []


async def violations(page: Page, options: dict[str, Any] | None = None) -> list[str]:
    """Return what axe finds wrong with a page."""
    result = await Axe().run(page, options=options)
    return [described(one) for one in result.response["violations"]]


def described(violation: Any) -> str:
    nodes = [node["html"] for node in violation["nodes"][:3]]
    return f"{violation['id']}: {violation['help']}: {nodes}"


@pages
async def test_nothing_is_wider_than_a_phone(visiting_as: Visiting, name: str) -> None:
    async with visiting_as(viewport=PHONE, is_mobile=True, has_touch=True) as visit:
        page = await visit.go(PAGES[name])
        widths = [await page.evaluate("document.documentElement.scrollWidth")]
        await page.set_viewport_size(ENLARGED)
        widths.append(await page.evaluate("document.documentElement.scrollWidth"))
        assert widths == [PHONE["width"], ENLARGED["width"]]


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_the_theme_is_the_readers_own(visiting_as: Visiting, scheme: str) -> None:
    async with visiting_as(color_scheme=scheme) as visit:
        page = await visit.go("/")
        colour = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        lightness = sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(",")))
        assert (lightness > 384) == (scheme == "light")
