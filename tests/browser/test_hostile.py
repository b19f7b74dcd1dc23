"""What documents and readers try in a real browser; it says so when something wants to act."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.adapters.web.corpus import write_corpus
from tests.browser.house import served, visiting

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATHS = (
    "/",
    "/d/hostile",
    "/d/hostile?mark=0-60",
    "/d/trap",
    "/t/allotments",
    "/search?q=gardeners+write+on+their+sheds",
    "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "/d/%3Cimg%20src=x%20onerror=alert(1)%3E",
)


async def test_nothing_that_anybody_wrote_acts(browser: Browser, tmp_path: Path) -> None:
    asked: list[str] = []
    async with (
        served(tmp_path, write_corpus(tmp_path / "corpus")) as house,
        visiting(browser, house) as visit,
    ):
        visit.page.on("dialog", lambda dialog: asked.append(dialog.message))
        for path in PATHS:
            await visit.go(path)
            await visit.page.locator("body").hover()
    assert asked == []
