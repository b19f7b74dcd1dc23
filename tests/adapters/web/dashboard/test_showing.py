"""What the pages show, that nothing in them acts, and their tables as files."""

import csv
import io
import json
from typing import Any

import pytest
from lxml import etree

from adapters.web.dashboard.tables import (
    Column,
    Linked,
    Look,
    Table,
    as_csv,
    as_json,
    moment,
    shown,
)
from bot import dashboard_texts
from bot.texts import UNKNOWN_AUTHOR
from bot.types import Feedback
from tests.adapters.web.corpus import NOTHING
from tests.adapters.web.dashboard.desk import Browser, ask, complain
from tests.adapters.web.site import Page, Site
from tests.adapters.web.test_security import HOSTILE, acts

TABLES = (
    "asked", "latency", "feedback", "missing", "quotes", "speakers", "documents", "ledger",
    "corpus", "reindexes", "reindex-changes", "reindex-failures", "gone-quotes", "disputes",
    "rulings",
)  # fmt: skip
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "=cmd|' /C calc'!A0"]


async def table(browser: Browser, name: str, days: int = 1) -> list[dict[str, Any]]:
    page = await browser.get(f"/dashboard/tables/{name}.json?days={days}")
    assert page.headers["Content-Type"] == "application/json; charset=utf-8"
    rows: list[dict[str, Any]] = json.loads(page.body)
    return rows


async def test_the_overview_counts_what_was_asked(desk: Site, browser: Browser) -> None:
    for number in ("1", "2"):
        await complain(desk.core, await ask(desk.core, number=number), Feedback.HELPFUL)
    await ask(desk.core, NOTHING, number="3")
    page = await browser.get("/dashboard")
    values = dict(zip(page.texts("//dl//dt"), page.texts("//dl//dd"), strict=True))
    assert values["requests"] == "3"
    assert values["answered"] == "67%"
    assert values["found helpful"] == "100%"
    rows = await table(browser, "asked")
    assert {(one["platform"], one["community"], one["channel"]) for one in rows} == {
        ("discord", "gardeners", "plots")
    }
    assert sum(one["requests"] for one in rows) == 3
    assert sum(one["answered"] for one in rows) == 2
    assert await table(browser, "feedback") == [{"said": "Helpful", "times": 2}]
    (latency,) = await table(browser, "latency")
    assert latency["replies"] == 3
    assert 0 < latency["p50_ms"] <= latency["p95_ms"] <= latency["p99_ms"]


async def test_what_is_missing_stands_together(desk: Site, browser: Browser) -> None:
    asked = ("Who won the chess championship of 1972?", "chess championship of 1972", "moon cheese")
    for number, text in enumerate((*asked, asked[0])):
        await ask(desk.core, text, number=str(number))
    rows = await table(browser, "missing")
    assert [(one["asked"], one["also"], one["times"]) for one in rows] == [
        (asked[0], asked[1], 3),
        (asked[2], None, 1),
    ]


async def test_what_was_shown_is_counted_by_quote_speaker_document_and_topic(
    desk: Site, browser: Browser
) -> None:
    reply = await ask(desk.core, "allotments and beans", number="1")
    await ask(desk.core, "garden plots", number="2")
    found = [*reply.quotes, *reply.counterpoints]
    quotes = await table(browser, "quotes")
    assert {one.quote.text for one in found} <= {one["quote"] for one in quotes}
    documents = await table(browser, "documents")
    assert sum(one["times"] for one in documents) == sum(one["times"] for one in quotes)
    speakers = await table(browser, "speakers")
    assert sum(one["times"] for one in speakers) == sum(one["times"] for one in quotes)
    assert {"Ada Brown", UNKNOWN_AUTHOR} <= {one["speaker"] for one in speakers}
    ledger = await table(browser, "ledger")
    assert [one["topic"] for one in ledger] == ["Allotments & <b>beans</b>"]
    assert ledger[0]["opposes"] > 0


async def test_what_was_shown_leads_to_its_place(desk: Site, browser: Browser) -> None:
    reply = await ask(desk.core, "allotments and beans", number="1")
    page = await browser.get("/dashboard/shown?days=1")
    links = page.values("//div[@class='scroll'][@aria-labelledby='t-quotes']//td[1]/a/@href")
    assert {one.quote.permalink.partition("/q/")[2] for one in reply.quotes} <= {
        one.removeprefix("/q/") for one in links
    }
    documents = page.values("//div[@aria-labelledby='t-documents']//td[1]/a/@href")
    assert {f"/d/{one.quote.document_id}" for one in reply.quotes} <= set(documents)
    for path in (*links, *documents):
        assert (await desk.get(path)).status in (200, 302)


def test_markup_of_a_document_is_shown_as_replies_do_and_filed_as_it_stands() -> None:
    cell = Linked("The [[https://example.org/x][label]] &", "/q/x")
    assert shown(cell, Look.TEXT) == "The label &"
    table = Table("quotes", "Quotes", (Column("quote", "Quote"),), [(cell,)])
    assert json.loads(as_json(table)) == [{"quote": cell.text}]
    assert cell.text in as_csv(table)


async def test_the_corpus_lists_what_can_be_quoted(browser: Browser) -> None:
    rows = await table(browser, "corpus")
    assert {"essay", "talk"} <= {one["document_id"] for one in rows}


@pytest.mark.parametrize("name", TABLES)
async def test_every_table_is_a_file_of_either_form(
    desk: Site, browser: Browser, name: str
) -> None:
    await complain(desk.core, await ask(desk.core), Feedback.WRONG_SIDE)
    rows = await table(browser, name)
    page = await browser.get(f"/dashboard/tables/{name}.csv?days=1")
    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'"counterpoint-{name}.csv"' in page.headers["Content-Disposition"]
    head, *lines = list(csv.reader(io.StringIO(page.body)))
    assert len(lines) == len(rows)
    if rows:
        assert head == list(rows[0])


@pytest.mark.parametrize(
    "path",
    [
        "/dashboard?days=2",
        "/dashboard?days=x",
        "/dashboard/tables/nothing.csv",
        "/dashboard/tables/asked.exe",
        "/dashboard/tables/..%2Fasked.csv",
        "/dashboard/plots/nothing.svg",
        "/dashboard/plots/asked.svg?theme=%3Cb%3E",
        "/dashboard/plots/asked.svg?size=1",
    ],
)
async def test_what_there_is_not_is_not_found(browser: Browser, path: str) -> None:
    assert (await browser.get(path)).status == 404


@pytest.mark.parametrize("text", [HOSTILE, "<img src=x onerror=alert(1)> beans", "javascript:x"])
async def test_nothing_that_a_member_wrote_acts(desk: Site, browser: Browser, text: str) -> None:
    await ask(desk.core, text, number=text)
    claim = f"Allotments should be protected from building {text}"
    await complain(desk.core, await ask(desk.core, claim, number=claim), Feedback.WRONG_SIDE)
    for path in ("", "/missing", "/shown", "/corpus", "/disputes"):
        page: Page = await browser.get(f"/dashboard{path}")
        assert page.status == 200
        assert acts(page) == []
        assert "unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    found = as_csv(Table("t", "T", (Column("a", "A"), Column("b", "B")), [(text, -1)]))
    _, (cell, number) = list(csv.reader(io.StringIO(found, newline="")))
    assert cell == f"'{text}"
    assert number == "-1"
    made = as_json(Table("t", "T", (Column("a", "A"),), [(text,)]))
    assert json.loads(made) == [{"a": text}]


async def test_a_question_that_is_a_formula_is_none_in_the_file(
    desk: Site, browser: Browser
) -> None:
    await ask(desk.core, "=HYPERLINK(A1) zebra crossings in Zanzibar", number="1")
    page = await browser.get("/dashboard/tables/missing.csv?days=1")
    cells = [cell for row in csv.reader(io.StringIO(page.body)) for cell in row]
    assert not any(cell.startswith("=") for cell in cells)


@pytest.mark.parametrize(
    ("cell", "look", "expected"),
    [
        (None, Look.TEXT, "–"),  # noqa: RUF001 (a dash, as the pages set it)
        (0.666, Look.SHARE, "67%"),
        (999.6, Look.MS, "1000 ms"),
        (1234.0, Look.MS, "1.23 s"),
        (1234567, Look.NUMBER, "1\u202f234\u202f567"),
        (moment(0.0), Look.WHEN, "1970-01-01 00:00"),
        ("a\u202eb", Look.TEXT, "ab"),
    ],
)
def test_cells_are_set_for_people(cell: Any, look: Look, expected: str) -> None:
    assert shown(cell, look).replace("\ufffd", "") == expected


@pytest.mark.parametrize("name", ["asked", "latency", "ledger"])
@pytest.mark.parametrize("empty", [True, False])
async def test_a_plot_is_an_image_in_which_nothing_acts(
    desk: Site, browser: Browser, name: str, empty: bool
) -> None:
    if not empty:
        await ask(desk.core, "allotments and beans")
    bodies = set()
    for query in ("theme=light", "theme=dark", "size=narrow", "theme=dark&size=narrow"):
        page = await browser.get(f"/dashboard/plots/{name}.svg?days=30&{query}")
        assert page.headers["Content-Type"] == "image/svg+xml"
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        tree = etree.fromstring(page.body.encode())
        names = {etree.QName(one).localname for one in tree.iter() if isinstance(one.tag, str)}
        assert names & {"script", "a", "image", "foreignObject"} == set()
        assert not [key for one in tree.iter() for key in one.attrib if str(key).startswith("on")]
        bodies.add(page.body)
    assert len(bodies) == 4


async def test_an_empty_dashboard_says_so(browser: Browser) -> None:
    for path in ("", "/missing", "/shown", "/disputes"):
        page = await browser.get(f"/dashboard{path}")
        assert page.status == 200
        assert dashboard_texts.NOTHING in page.body or dashboard_texts.NO_DISPUTES in page.body
