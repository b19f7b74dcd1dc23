"""The corpus page: what each reindex did, what it could not read, which posted quotes are gone."""

import json
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.web.dashboard.corpus import LISTED, OPENED, TOLD
from bot import admin_texts, texts
from bot import dashboard_texts as told
from bot.administration import AdminRequest
from bot.backends.sqlite import SqliteJournal
from bot.bootstrap import Application
from bot.errors import BotError
from bot.ports import TextPolicy
from tests.adapters.web.corpus import ESSAY, QUOTE
from tests.adapters.web.dashboard.desk import Browser, ask
from tests.adapters.web.site import Page, Site, serving
from tests.adapters.web.test_security import HOSTILE, acts

BY = AdminRequest("discord", "gardeners", "ada")
FORMULA = "=HYPERLINK(A1)"
IMAGE = "<img src=x onerror=alert(3)>"


@pytest.fixture
async def desk(kept: Application) -> AsyncIterator[Site]:
    """A site with a dashboard whose admins need not wait."""
    async with serving(kept, reindex_cooldown_s=0.0) as site:
        yield site


@pytest.fixture
def documents(kept: Application) -> Path:
    """Where the documents lie."""
    return kept.settings.corpus_dir / "documents"


async def reindex(desk: Site) -> None:
    await desk.core.administration.reindex(BY, lambda _: None)


async def table(browser: Browser, name: str) -> list[dict[str, Any]]:
    page = await browser.get(f"/dashboard/tables/{name}.json")
    rows: list[dict[str, Any]] = json.loads(page.body)
    return rows


async def begun(path: Path, *, ended: bool = False) -> int:
    """Have another process note a reindex, and perhaps that it failed."""
    async with await SqliteJournal.open(
        path, clock=time.time, new_id=lambda: uuid.uuid4().hex, text_policy=TextPolicy.OFF
    ) as journal:
        number = await journal.communities.begin_local_reindex()
        if ended:
            await journal.communities.end_reindex(number, None, "IndexBusy")
    return number


async def corpus(browser: Browser) -> Page:
    page = await browser.get("/dashboard/corpus")
    assert page.status == 200
    return page


async def test_a_reindex_is_told_with_what_it_changed(
    desk: Site, browser: Browser, documents: Path
) -> None:
    (documents / "essay.txt").write_text(
        f"{ESSAY}\nHens lay eggs every day. Ducks lay eggs in spring.\n", "utf-8"
    )
    (documents / "sheds.txt").write_text("Sheds rot in the rain.", "utf-8")
    (documents / "reply.txt").unlink()
    await reindex(desk)
    page = await corpus(browser)
    (heading,) = page.texts("//li[@class='reindex']/h3")
    assert "from discord" in heading
    assert "took" in heading
    assert "5 documents with" in heading
    (outcome,) = page.texts("//li[@class='reindex']/p")
    minus = "\N{MINUS SIGN}"
    assert outcome == f"1 document added, 1 changed, 1 removed; +3 {minus}5 sentences"
    assert page.texts("//ul[@class='changes']/li") == [
        "Changed In praise of allotments +2",
        f"Removed Reply {minus}5",
        "Added Sheds +1",
    ]
    # Only what is there can be opened.
    assert page.values("//ul[@class='changes']//a/@href") == ["/d/essay", "/d/sheds"]
    (row,) = await table(browser, "reindexes")
    assert (row["platform"], row["added"], row["changed"], row["removed"]) == ("discord", 1, 1, 1)
    assert (row["sentences_added"], row["sentences_removed"], row["error"]) == (3, 5, None)
    changes = await table(browser, "reindex-changes")
    assert [(one["document_id"], one["change"], one["sentences_added"]) for one in changes] == [
        ("essay", "Changed", 2),
        ("reply", "Removed", 0),
        ("sheds", "Added", 1),
    ]


async def test_what_could_not_be_read_is_told_with_why(
    desk: Site, browser: Browser, documents: Path
) -> None:
    (documents / "scan.pdf").write_bytes(b"%PDF-1.4 not really")
    for _ in range(2):
        await reindex(desk)
    page = await corpus(browser)
    first, second = page.texts("//ul[@class='unread']/li")
    assert first.startswith("documents/scan.pdf It is no PDF")
    assert second == first
    assert page.texts("//li[@class='reindex']/p") == [told.UNCHANGED, told.UNCHANGED]
    # Told again and again, it is open at the newest alone.
    details = page.tree.xpath("//li[@class='reindex']/details")
    assert [one.get("open") is not None for one in details] == [True, False]
    rows = await table(browser, "reindex-failures")
    assert [(one["reindex"], one["path"]) for one in rows] == [
        (2, "documents/scan.pdf"),
        (1, "documents/scan.pdf"),
    ]


async def test_what_stopped_a_reindex_is_told_with_its_reason(
    desk: Site, browser: Browser, kept: Application
) -> None:
    (kept.settings.corpus_dir / "topics.toml").write_text("[[[", "utf-8")
    with pytest.raises(BotError) as caught:
        await reindex(desk)
    page = await corpus(browser)
    assert page.texts("//li[@class='reindex']/p") == [f"CorpusError: {caught.value}"]
    (row,) = await table(browser, "reindexes")
    assert (row["error"], row["reason"]) == ("CorpusError", str(caught.value))
    assert (row["version"], row["added"]) == (None, None)


async def test_how_long_a_reindex_took_whose_process_died_is_not_told(
    desk: Site, browser: Browser, kept: Application
) -> None:
    number = await begun(kept.settings.journal_path)
    await reindex(desk)
    rows = {row["number"]: row for row in await table(browser, "reindexes")}
    assert (rows[number]["error"], rows[number]["took_ms"]) == ("ProcessDied", None)
    assert rows[number + 1]["took_ms"] > 0
    page = await corpus(browser)
    assert page.body.count(told.took("")) == 1
    assert told.RUNNING not in page.body


async def test_many_changes_are_folded_and_the_rest_is_in_the_file(
    desk: Site, browser: Browser, documents: Path
) -> None:
    for number in range(LISTED + 3):
        (documents / f"hen-{number}.txt").write_text(f"Hen number {number} lays.", "utf-8")
    await reindex(desk)
    page = await corpus(browser)
    (summary,) = page.texts("//li[@class='reindex']/details[not(@open)]/summary")
    assert summary.startswith(f"{LISTED + 3} documents added; +{LISTED + 3} sentences")
    assert len(page.tree.xpath("//ul[@class='changes']/li")) == LISTED
    assert texts.left_out(3) in page.body
    assert len(await table(browser, "reindex-changes")) == LISTED + 3


async def test_earlier_reindexes_are_folded_and_old_ones_are_in_the_file(
    browser: Browser, kept: Application
) -> None:
    for _ in range(TOLD + 2):
        await begun(kept.settings.journal_path, ended=True)
    last = await begun(kept.settings.journal_path)
    page = await corpus(browser)
    assert page.values("//ol[not(ancestor::details)]/li/@id") == [
        f"r-{number}" for number in range(last, last - OPENED, -1)
    ]
    assert page.texts("//details[@class='earlier']/summary") == [
        f"{told.EARLIER} ({TOLD - OPENED})"
    ]
    assert told.RUNNING in page.texts("//li/h3")[0]
    assert len(page.tree.xpath("//li[@class='reindex']")) == TOLD
    assert len(await table(browser, "reindexes")) == TOLD + 3


async def test_the_command_line_is_named(browser: Browser, kept: Application) -> None:
    await begun(kept.settings.journal_path)
    (heading,) = (await corpus(browser)).texts("//li[@class='reindex']/h3")
    assert "from the command line" in heading


def forget_changes(path: Path) -> None:
    """Make a journal's reindexes such as an earlier version noted."""
    with closing(sqlite3.connect(path)) as journal, journal:
        journal.execute("UPDATE reindexes SET passages = NULL")
        journal.execute("DELETE FROM reindex_changes")


async def test_what_was_noted_without_changes_says_so(
    desk: Site, browser: Browser, kept: Application
) -> None:
    await reindex(desk)
    forget_changes(kept.settings.journal_path)
    page = await corpus(browser)
    assert page.texts("//li[@class='reindex']/p") == [told.NOT_NOTED]


# --- posted quotes that are gone


async def test_quotes_that_are_gone_lead_to_what_became_of_them(
    desk: Site, browser: Browser, documents: Path
) -> None:
    for number in ("1", "2"):
        await ask(desk.core, "What do bees find in allotments?", number=number)
    page = await corpus(browser)
    assert told.NOTHING_GONE in page.body
    assert await table(browser, "gone-quotes") == []
    (documents / "essay.txt").write_text(ESSAY.replace(QUOTE, "Bees are bees."), "utf-8")
    await reindex(desk)
    page = await corpus(browser)
    (row,) = [one for one in await table(browser, "gone-quotes") if one["quote"] == QUOTE]
    assert (row["document_id"], row["title"], row["times"]) == (
        "essay",
        "In praise of allotments",
        2,
    )
    count = len(await table(browser, "gone-quotes"))
    assert admin_texts.quotes_lost(count) in page.texts("//p[@class='lead']")[0]
    (link,) = page.values(f"//ul[contains(@class, 'gone')]//a[contains(., '{QUOTE}')]/@href")
    assert link == f"/q/{row['quote_id']}"
    found = await desk.get(link)
    assert QUOTE in found.body
    assert found.status == 200


async def test_a_page_opens_that_cannot_tell_what_is_gone(
    desk: Site, browser: Browser, kept: Application
) -> None:
    await ask(desk.core, "What do bees find in allotments?", number="1")
    (kept.settings.data_dir / "CURRENT").write_text("99\n", "utf-8")
    page = await corpus(browser)
    assert page.tree.xpath("//h2[@id='gone']") == []
    assert await table(browser, "gone-quotes") == []


# --- what documents try


async def test_nothing_that_a_document_is_called_acts(
    desk: Site, browser: Browser, documents: Path, kept: Application
) -> None:
    for number, title in enumerate((HOSTILE, "</h3><script>alert(2)</script>", FORMULA)):
        text = f"---\ntitle: '{title}'\n---\nGoat number {number} eats beans in the allotments.\n"
        (documents / f"goat-{number}.md").write_text(text, "utf-8")
    (documents / "pigs.txt").write_text(f"Pigs write {IMAGE} on their sties.", "utf-8")
    (documents / f"{IMAGE}.pdf").write_bytes(b"%PDF-1.4 no")
    await reindex(desk)
    await ask(desk.core, "What do pigs write on their sties?", number="pigs")
    for number in range(3):
        await ask(desk.core, f"Goat number {number} eats beans.", number=str(number))
    for number in range(3):
        (documents / f"goat-{number}.md").unlink()
    (documents / "pigs.txt").unlink()
    await reindex(desk)
    topics = f"['{IMAGE}']\ntitle = 3\n"
    (kept.settings.corpus_dir / "topics.toml").write_text(topics, "utf-8")
    with pytest.raises(BotError):
        await reindex(desk)
    page = await corpus(browser)
    assert acts(page) == []
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    shown = page.texts("//ul[@class='changes']/li")
    assert f"Removed {HOSTILE} \N{MINUS SIGN}1" in shown
    gone = " ".join(page.texts("//ul[contains(@class, 'gone')]/li"))
    assert f"Pigs write {IMAGE} on" in gone
    assert HOSTILE in gone
    assert any(IMAGE in one for one in page.texts("//ul[@class='unread']/li"))
    assert IMAGE in page.texts("//p[@class='wrong']")[0]
    files = await browser.get("/dashboard/tables/reindex-changes.csv")
    assert f"'{FORMULA}" in files.body
    assert f",{FORMULA}" not in files.body
