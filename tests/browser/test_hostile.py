"""What documents and readers try in a real browser; it says so when something wants to act."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.adapters.web.corpus import write_corpus
from tests.adapters.web.dashboard.desk import PASSWORD
from tests.browser.house import served, visiting
from tests.browser.test_dashboard import enter

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATHS = (
    "/",
    "/d/hostile",
    "/d/hostile?mark=0-60",
    "/d/trap",
    "/t/allotments",
    "/search?q=gardeners+write+on+their+sheds",
    "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "/search?q=Who+won+the+chess+championship+of+%3Csvg+onload=confirm(8)%3E+1972%3F",
    "/d/%3Cimg%20src=x%20onerror=alert(1)%3E",
)


async def test_nothing_that_anybody_wrote_acts(browser: Browser, tmp_path: Path) -> None:
    asked: list[str] = []
    corpus = write_corpus(tmp_path / "corpus")
    # Noted with the first index, as one that could not be read.
    (corpus / "documents" / "<img src=x onerror=alert(7)>.pdf").write_bytes(b"%PDF-1.4 no")
    async with (
        served(tmp_path, corpus) as house,
        visiting(browser, house) as visit,
    ):
        visit.page.on("dialog", lambda dialog: asked.append(dialog.message))
        for path in PATHS:
            await visit.go(path)
            await visit.page.locator("body").hover()
        await enter(visit, PASSWORD)
        page = await visit.go("/dashboard/corpus")
        await page.locator(".reindex").hover()
        assert await page.get_by_text("</title><script>alert(3)</script>").first.is_visible()
        assert await page.get_by_text("<img src=x onerror=alert(7)>.pdf").is_visible()
        page = await visit.go("/dashboard/missing")
        assert await page.get_by_text("<svg onload=confirm(8)>").first.is_visible()
        for name in ("", "/shown", "/disputes"):
            await visit.go(f"/dashboard{name}")
    assert asked == []
