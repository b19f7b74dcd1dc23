"""Searches and topics: the same answers as everywhere, noted once, and not for the asking."""

import asyncio
from urllib.parse import quote

import pytest

from bot import page_texts, texts
from bot.bootstrap import Application
from bot.ports import JournalEntry
from bot.types import Interaction, Reply, Trigger
from tests.adapters.web.corpus import CLAIM, NEAR, NOTHING
from tests.adapters.web.site import Site, serving

SEARCH = f"/search?q={quote(CLAIM)}"


async def noted(site: Site) -> list[JournalEntry]:
    return await site.core.administration.log("web", "web", 1_000)


async def answer_to(site: Site, text: str) -> Reply:
    asked = Interaction("1", "test", "c", "c", "ann", text, Trigger.DIRECT, 0.0)
    reply = await site.core.bot.unnoted().handle(asked)
    assert reply is not None
    return reply


async def test_a_search_gives_the_answer_that_the_bots_give(site: Site) -> None:
    page = await site.get(SEARCH)
    reply = await answer_to(site, CLAIM)
    assert page.texts("//*[@class='headline']") == [reply.headline]
    shown = page.values("//blockquote/@cite")
    wanted = [one.quote.permalink for one in (*reply.quotes, *reply.counterpoints)]
    assert [f"https://quotes.example.org{path}" for path in shown] == wanted


async def test_counterpoints_stand_apart(site: Site) -> None:
    page = await site.get(SEARCH)
    reply = await answer_to(site, CLAIM)
    apart = page.texts("//section[.//h2[.='Counterpoints']]//blockquote")
    assert apart == [" ".join(one.quote.text.split()) for one in reply.counterpoints]


async def test_a_quote_says_who_where_and_when(site: Site) -> None:
    page = await site.get(SEARCH)
    told = " ".join(page.texts("//*[@class='who']"))
    assert "Ada Brown, In praise of allotments, 2019-05-01, paragraph" in told


async def test_what_is_not_there_is_said_with_near_topics(site: Site) -> None:
    page = await site.get(f"/search?q={quote(NOTHING)}")
    assert page.texts("//*[@class='headline']") == [texts.NOTHING_FOUND]
    near = await site.get(f"/search?q={quote(NEAR)}")
    assert near.texts("//*[@class='headline']") == [texts.NOTHING_FOUND]
    assert near.values("//ul[@class='near']//a/@href") == ["/t/allotments"]


@pytest.mark.parametrize("path", ["/search", "/search?q=", "/search?q=%20%0A"])
async def test_an_empty_search_asks_for_a_question(site: Site, path: str) -> None:
    page = await site.get(path)
    assert (page.status, page.texts("//main//p")) == (200, [page_texts.NO_QUESTION])


async def test_what_was_asked_stays_in_the_box(site: Site) -> None:
    page = await site.get(SEARCH)
    assert page.values("//input[@name='q']/@value") == [CLAIM]


async def test_a_search_is_noted_once_and_delivered(own: Application) -> None:
    own.reindex()
    async with serving(own) as site:
        await site.get(SEARCH)
        (entry,) = await noted(site)
        assert (entry.platform, entry.text, entry.state) == ("web", CLAIM, "delivered")
        assert entry.asker is not None
        assert "127.0.0.1" not in entry.asker


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"Sec_Fetch_Dest": "image"},
        {"Sec_Fetch_Dest": "iframe"},
    ],
)
async def test_what_nobody_opened_is_not_asked(own: Application, headers: dict[str, str]) -> None:
    own.reindex()
    async with serving(own) as site:
        assert (await site.get(SEARCH, **headers)).status == 403
        assert await noted(site) == []


@pytest.mark.parametrize("path", ["/search", "/search?q=", "/"])
async def test_nothing_is_noted_of_who_asks_nothing(own: Application, path: str) -> None:
    own.reindex()
    async with serving(own) as site:
        await site.get(path)
        assert await noted(site) == []


async def test_a_head_asks_nothing(own: Application) -> None:
    own.reindex()
    async with serving(own) as site:
        assert (await site.get(SEARCH, method="HEAD")).status == 200
        assert await noted(site) == []


async def test_who_asks_too_often_is_told_when_to_come_back(own: Application) -> None:
    own.reindex()
    async with serving(own, rate_per_user=2) as site:
        pages = [await site.get(SEARCH) for _ in range(6)]
        assert [page.status for page in pages] == [200, 200, 429, 429, 429, 429]
        assert 0 < int(pages[-1].headers["Retry-After"]) <= 60
        assert pages[-1].texts("//h1") == [page_texts.FAILURES[429][0]]
        assert len(await noted(site)) == 2


async def test_a_limit_holds_for_each_reader_behind_a_proxy(own: Application) -> None:
    own.reindex()
    async with serving(own, rate_per_user=1, web_trust_proxy=True) as site:
        readers = ["203.0.113.1", "203.0.113.2", "203.0.113.1"]
        pages = [await site.get(SEARCH, X_Forwarded_For=reader) for reader in readers]
        assert [page.status for page in pages] == [200, 200, 429]


async def test_nobody_gets_round_a_limit_by_a_header(own: Application) -> None:
    own.reindex()
    async with serving(own, rate_per_user=1) as site:
        readers = ["203.0.113.1", "203.0.113.2"]
        pages = [await site.get(SEARCH, X_Forwarded_For=reader) for reader in readers]
        assert [page.status for page in pages] == [200, 429]


async def test_a_topic_shows_both_sides_beside_each_other(site: Site) -> None:
    page = await site.get("/t/allotments")
    assert page.status == 200
    assert page.texts("//*[@class='proposition']") == [CLAIM]
    against = page.texts("//section[h2[starts-with(.,'Against')]]//blockquote")
    assert any("should not be protected" in quote for quote in against)
    in_favour = page.texts("//section[h2[starts-with(.,'For')]]//blockquote")
    assert any("should be protected" in quote for quote in in_favour)


async def test_reading_a_topic_is_not_asking(own: Application) -> None:
    own.reindex()
    async with serving(own, rate_per_user=1) as site:
        pages = await asyncio.gather(*(site.get("/t/allotments") for _ in range(20)))
        assert {page.status for page in pages} == {200}
        assert await noted(site) == []


async def test_a_search_without_an_index_asks_for_patience(own: Application) -> None:
    async with serving(own) as site:
        page = await site.get(SEARCH)
        assert page.status == 503
        assert page.headers["Retry-After"] == "60"
        (told,) = page.texts("//*[@class='lead']")
        assert told.startswith(texts.ERRORS["error_index"])


async def test_a_search_is_nothing_for_search_engines(site: Site) -> None:
    assert (await site.get("/robots.txt")).body == "User-agent: *\nDisallow: /search\n"
    page = await site.get(SEARCH)
    assert page.values("//meta[@name='robots']/@content") == ["noindex"]
    assert page.headers["Cache-Control"].startswith("private")
