"""Reading in a browser: a quote is where its permalink leads, whoever looks and however."""

import json
import re
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

from adapters.web.fragments import place_in_original
from bot import page_texts, texts
from tests.browser.conftest import Visiting
from tests.browser.house import House, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLAIM = "Export controls will keep China behind in AI."
TOPIC = "open-weights"
IN_VIEW = """
() => {
  const box = document.getElementById("quote").getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight && box.height > 0;
}
"""

SIZE_OF = """
async (address) => {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  return [picture.naturalWidth, picture.naturalHeight];
}
"""

Answer = dict[str, Any]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def answer(house: House) -> Answer:
    """What the command line answers to the claim."""
    printed: Answer = json.loads(await house.run("ask", CLAIM, "--json"))
    return printed


def folded(text: str) -> str:
    return " ".join(text.split())


async def marked(page: Page) -> str:
    """Return what is marked on a page, white space folded."""
    return folded(" ".join(await page.locator("mark").all_inner_texts()))


async def test_the_first_page_leads_to_every_document(visit: Visit) -> None:
    page = await visit.go("/")
    for link in await page.locator(".shelf li a").all():
        title = await link.inner_text()
        await link.click(modifiers=["ControlOrMeta"])
        opened = await visit.context.wait_for_event("page")
        await expect(opened.locator("h1")).to_have_text(title)
        await opened.close()


async def test_a_permalink_that_was_printed_opens_at_its_quote(
    house: House, answer: Answer, visit: Visit
) -> None:
    for quote in [*answer["quotes"], *answer["counterpoints"]]:
        page = visit.page
        await page.goto(quote["permalink"])
        assert quote["permalink"].startswith(house.address)
        assert await marked(page) == folded(quote["text"])
        assert await page.evaluate(IN_VIEW)


async def test_a_search_answers_and_its_sources_open_at_the_quote(visit: Visit) -> None:
    page = await visit.go("/")
    await page.get_by_label(page_texts.SEARCH_LABEL).fill(CLAIM)
    await page.get_by_role("button", name=page_texts.SEARCH).click()
    await expect(page.locator(".headline")).to_contain_text("support")
    first = page.locator("article.quotation").first
    quoted = folded(await first.locator("blockquote").inner_text())
    await first.get_by_role("link", name=texts.OPEN_SOURCE).click()
    await page.wait_for_url(re.compile(r"/d/.*mark="))
    assert await page.evaluate(IN_VIEW)
    assert words(quoted) == words(await marked(page))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


async def test_a_topic_shows_both_its_sides_beside_each_other(visit: Visit) -> None:
    page = await visit.go(f"/t/{TOPIC}")
    one, other = [
        await side.bounding_box() for side in await page.locator(".sides > section").all()
    ]
    assert one is not None
    assert other is not None
    assert one["y"] == other["y"]
    assert one["x"] + one["width"] <= other["x"]


async def test_a_click_on_a_sentence_copies_its_permalink(visit: Visit, house: House) -> None:
    await visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await visit.go("/d/reader-comments")
    before = page.url
    sentence = page.locator("a.s").nth(3)
    said = folded(await sentence.inner_text())
    await sentence.click()
    await expect(page.get_by_role("status")).to_have_text(page_texts.COPIED)
    assert page.url == before
    copied = str(await page.evaluate("navigator.clipboard.readText()"))
    assert copied.startswith(f"{house.address}/q/reader-comments-")
    await page.goto(copied)
    assert await marked(page) == said


async def test_everything_is_reached_by_keyboard(visit: Visit) -> None:
    page = await visit.go("/d/reader-comments")
    await page.keyboard.press("Tab")
    await expect(page.locator("a.skip")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.matches('a.s')"):
            break
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("a.s").nth(1)).to_be_focused()
    await visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_have_text(page_texts.COPIED)


FOCUSED = "Array.from(document.querySelectorAll('a.s')).indexOf(document.activeElement)"
MARKED = """
Array.from(document.querySelectorAll("a.s")).findLastIndex((one) => one.querySelector("mark"))
"""


async def test_the_keyboard_goes_on_at_the_quote(answer: Answer, visit: Visit) -> None:
    page = visit.page
    await page.goto(answer["quotes"][0]["permalink"])
    place = await page.evaluate(MARKED)
    await page.keyboard.press("Tab")
    assert await page.evaluate(FOCUSED) in (place, place + 1)
    assert await page.evaluate(IN_VIEW)


async def test_the_way_to_the_quote_leads_the_keyboard_there_each_time(
    answer: Answer, visit: Visit
) -> None:
    page = visit.page
    await page.goto(answer["quotes"][0]["permalink"])
    place = await page.evaluate(MARKED)
    await page.locator("a.s").first.focus()
    for _ in range(2):
        await page.get_by_role("link", name=page_texts.TO_THE_QUOTE).focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        assert await page.evaluate(FOCUSED) in (place, place + 1)
    await page.keyboard.press("ArrowLeft")
    assert await page.evaluate(FOCUSED) in (place - 1, place)


async def test_the_text_is_one_stop_and_its_keys_are_told(visit: Visit) -> None:
    page = await visit.go("/d/reader-comments")
    await expect(page.get_by_text(page_texts.ARROWS)).to_be_visible()
    first = page.locator("a.s").first
    await first.focus()
    await expect(first).to_have_accessible_description(page_texts.ARROWS)
    await page.keyboard.press("Tab")
    assert await page.evaluate(FOCUSED) == -1
    await page.keyboard.press("Shift+Tab")
    await expect(first).to_be_focused()


async def test_keys_that_do_nothing_without_a_script_are_not_told(visiting_as: Visiting) -> None:
    async with visiting_as(java_script_enabled=False) as visit:
        page = await visit.go("/d/reader-comments")
        await expect(page.get_by_text(page_texts.ARROWS)).to_be_hidden()


async def test_a_search_by_keyboard(visit: Visit) -> None:
    page = await visit.go("/")
    for _ in range(10):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.matches('input[name=q]')"):
            break
    await page.keyboard.type(CLAIM)
    await page.keyboard.press("Enter")
    await expect(page.locator(".headline")).to_contain_text("support")


async def test_what_is_focused_can_be_seen(visit: Visit) -> None:
    page = await visit.go("/")
    await page.keyboard.press("Tab")
    width = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert width == "2px"


async def test_it_works_without_a_script(visiting_as: Visiting, house: House) -> None:
    async with visiting_as(java_script_enabled=False) as visit:
        page = await visit.go("/")
        await page.locator("input[name=q]").fill(CLAIM)
        await page.keyboard.press("Enter")
        await page.locator("article.quotation .ways a").first.click()
        await page.wait_for_url(re.compile(r"/d/.*mark=.*#quote"))
        await expect(page.locator("mark#quote")).to_be_in_viewport()
        await page.locator("a.s").last.click()
        await page.wait_for_url(re.compile(r"/d/.*mark=.*#quote"))
        await expect(page.locator("mark#quote")).to_be_in_viewport()


async def test_a_quote_that_is_not_there_any_more_says_so(visit: Visit) -> None:
    page = await visit.go("/q/reader-comments-10-90-00000000")
    await expect(page.locator("h1")).to_have_text(page_texts.QUOTE_CHANGED)


async def test_the_picture_of_a_quote_can_be_seen(answer: Answer, visit: Visit) -> None:
    await visit.page.goto(answer["quotes"][0]["permalink"])
    address = await visit.page.locator("meta[property='og:image']").get_attribute("content")
    assert await visit.page.evaluate(SIZE_OF, address) == [1200, 630]


ORIGINAL = """\
<!DOCTYPE html><title>An original</title>
<nav><a href="#a">Who keeps bees</a></nav>
<p>Somebody asks whether bees dance. It is said that they do.</p>
<div style="height: 4000px"></div>
<h2 id="a">Who keeps bees</h2>
<p>Bees are kept by those
who have a garden. Most of them have a neighbour.</p>
<p>Hives are cheap.</p>
<p>Neighbours are not asked what they think of bees and seldom say so.</p>
<ul><li>Yes.</li><li>No.</li></ul>
<div style="height: 4000px"></div>
"""


@pytest.mark.parametrize(
    "text",
    [
        "Bees are kept by those who have a garden.",
        "Bees are kept by those\nwho have a garden.",
        "Most of them have a neighbour.\n\nHives are cheap.",
        "Who keeps bees\n\nBees are kept by those who have a garden.",
        "Hives are cheap.\nNeighbours are not asked what they think of bees and seldom say so.",
        "Hives are cheap.\n\nNeighbours are not asked what they think of bees and seldom say so."
        "\n\nYes.",
    ],
)
async def test_a_quote_is_found_in_its_original(visit: Visit, text: str) -> None:
    async def original(route: Route) -> None:
        await route.fulfill(body=ORIGINAL, content_type="text/html")

    await visit.context.route("https://original.example.org/**", original)
    address = place_in_original("https://original.example.org/bees", text, None)
    # Chromium follows such a link for whoever clicked it, in a tab of its own.
    page = await visit.context.new_page()
    await page.goto(str(address))
    await page.wait_for_function("scrollY > 2000", timeout=5_000)
    assert 3_000 < await page.evaluate("scrollY") < 5_000
