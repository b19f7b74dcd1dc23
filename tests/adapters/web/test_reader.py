"""The corpus, the documents and the places of quotes, as a browser gets them."""

import asyncio
import gzip
import re
from urllib.parse import urlsplit

import aiohttp
import pytest
from yarl import URL

from bot import page_texts, texts
from bot.bootstrap import Application
from bot.corpus.quoting import permalink
from bot.types import Interaction, Trigger
from tests.adapters.web.corpus import CLAIM, ESSAY, QUOTE, REPLY
from tests.adapters.web.site import Site, serving
from tests.fakes.kept import LostKept, MemoryKept, Shown

LINKS = "//a/@href"


async def quote_path(site: Site, text: str = QUOTE, document_id: str = "essay") -> str:
    """Return the permalink of a sentence, as its document's page has it."""
    page = await site.get(f"/d/{document_id}")
    (path,) = [
        one.get("href")
        for one in page.tree.xpath("//a[@class='s']")
        if " ".join(one.text_content().split()) == text
    ]
    return str(path)


async def test_the_first_page_lists_documents_and_topics(site: Site) -> None:
    page = await site.get("/")
    assert page.status == 200
    assert "/d/essay" in page.values(LINKS)
    assert "/t/allotments" in page.values(LINKS)
    assert page.texts("//main//form//label") == [page_texts.SEARCH_LABEL]


async def test_every_link_of_every_page_leads_somewhere(site: Site) -> None:
    seen, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen or not path.startswith("/") or path.startswith("/search"):
            continue
        seen.add(path)
        page = await site.get(path)
        assert page.status in (200, 302), path
        found = page.values(LINKS + "|//link/@href") if page.status == 200 else []
        waiting += [page.location or "", *found]
        waiting = [one.partition("#")[0] for one in waiting]
    assert len(seen) > 30


async def test_a_document_says_what_is_known_of_it(site: Site) -> None:
    page = await site.get("/d/essay")
    assert page.texts("//h1") == ["In praise of allotments"]
    (byline,) = page.texts("//*[@class='byline']")
    for part in ("Ada Brown", "2019-05-01", "CC BY 4.0", "essay"):
        assert part in byline
    assert "https://example.org/essay?a=1&b=2" in page.values(LINKS)


async def test_a_document_is_shown_whole(site: Site) -> None:
    page = await site.get("/d/essay")
    shown = "".join(
        page.tree.xpath("//div[@id='text']//*[not(ancestor-or-self::*[@aria-hidden])]/text()")
    )
    assert "".join(shown.split()) == "".join(ESSAY.split())


async def test_the_contents_lead_to_the_headings(site: Site) -> None:
    page = await site.get("/d/essay")
    addresses = page.values("//nav//ol//a/@href")
    assert page.texts("//nav//ol//a") == ["Why towns need allotments", "What they cost"]
    for address in addresses:
        assert page.texts(f"//h2[@id='{address.partition('#')[2]}']")


async def test_those_who_speak_are_listed(site: Site) -> None:
    page = await site.get("/d/talk")
    assert page.texts("//details[@class='speakers']//a") == ["Ann", "Bob"]


async def test_a_permalink_opens_the_document_at_the_marked_quote(site: Site) -> None:
    page = await site.get(await quote_path(site))
    assert page.status == 302
    assert page.location is not None
    assert page.location.endswith("#quote")
    marked = await site.get(page.location.partition("#")[0])
    assert marked.texts("//mark[@id='quote']") == [QUOTE]


async def test_a_quote_of_several_sentences_is_marked_whole(site: Site) -> None:
    start = ESSAY.index("A town that")
    end = ESSAY.index(QUOTE) + len(QUOTE)
    page = await site.get(f"/d/essay?mark={start}-{end}")
    marked = " ".join("".join(page.tree.xpath("//mark//text()")).split())
    assert marked.startswith("A town that")
    assert marked.endswith(QUOTE)
    assert len(page.tree.xpath("//*[@id='quote']")) == 1


async def test_the_permalinks_of_answers_lead_to_their_quotes(site: Site) -> None:
    asked = Interaction("1", "test", "c", "c", "ann", CLAIM, Trigger.DIRECT, 0.0)
    reply = await site.core.bot.unnoted().handle(asked)
    assert reply is not None
    found = [*reply.quotes, *reply.counterpoints]
    assert found
    for evidence in found:
        assert evidence.quote.permalink.startswith("https://quotes.example.org/q/")
        page = await site.follow(urlsplit(evidence.quote.permalink).path)
        marked = "".join(page.tree.xpath("//mark//text()"))
        assert " ".join(marked.split()) == " ".join(evidence.quote.text.split())


async def test_a_marked_quote_leads_to_its_place_in_the_original(site: Site) -> None:
    page = await site.follow(await quote_path(site))
    assert (
        "https://example.org/essay?a=1&b=2#:~:text=Bees%20find%20more%20to%20eat%20there%20than"
        "%20in%20any%20park."
    ) in page.values(LINKS)


async def test_what_was_said_in_a_video_leads_to_its_second(site: Site) -> None:
    said = "They bring together people with time on their hands."
    page = await site.follow(await quote_path(site, said, "talk"))
    assert "https://www.youtube.com/watch?v=abc&t=820s" in page.values(LINKS)


async def test_a_pasted_permalink_previews_with_its_words(site: Site) -> None:
    page = await site.follow(await quote_path(site))
    assert page.values("//meta[@property='og:title']/@content") == [f"“{QUOTE}”"]
    (address,) = page.values("//meta[@property='og:url']/@content")
    assert address == f"https://quotes.example.org{await quote_path(site)}"


async def test_what_was_cut_out_of_a_sentence_previews_as_its_document(own: Application) -> None:
    own.reindex()
    cut = "be protected from building"
    start = REPLY.index(cut)
    path = permalink("", "reply", start, start + len(cut), cut)
    kept = MemoryKept()
    async with serving(own, kept=kept) as site:
        page = await site.follow(path)
        assert page.texts("//mark") == [cut]
        head = page.body.partition("</head>")[0]
        assert cut not in head
        assert page.values("//meta[@property='og:url']/@content") == [f"{site_url(own)}/d/reply"]
        assert page.values("//meta[@property='og:image']/@content") == []
        assert page.texts("//a[@class='copy']") == []
        # A reply quoted it, as the sentences were told apart then.
        end = start + len(cut)
        kept.quotes[path[3:]] = Shown("reply", start, end, path[-8:], cut, "Reply")
        shown = await site.follow(path)
        assert shown.values("//meta[@property='og:title']/@content") == [f"“{cut}”"]
        assert shown.values("//a[@class='copy']/@href") == [f"{site_url(own)}{path}"]


async def test_a_quote_over_the_end_of_a_page_is_marked_whole(own: Application) -> None:
    sentence = "The clerk of the allotments wrote down who came and what they dug on day"
    text = "\n\n".join(
        " ".join(f"{sentence} {number * 5 + one}." for one in range(5)) for number in range(200)
    )
    (own.settings.corpus_dir / "documents" / "ledger.txt").write_text(text, "utf-8")
    own.reindex()
    async with serving(own) as site:
        ends = (await site.get("/d/ledger")).texts("//a[@class='s']")[-1]
        start = text.index(ends)
        end = text.index(".", start + len(ends)) + 1
        path = permalink("", "ledger", start, end, text[start:end])
        page = await site.follow(path)
        marked = " ".join(page.texts("//mark"))
        assert marked == " ".join(text[start:end].split())
        assert page.values("//a[@class='copy']/@href") == [f"{site_url(own)}{path}"]
        (card,) = page.values("//meta[@property='og:image']/@content")
        assert (await site.get(card.removeprefix(site_url(own)), method="HEAD")).status == 200
        assert "page=2" in "".join(page.values("//link[@rel='next']/@href"))


async def test_every_paragraph_shows_its_number_also_below_a_heading_that_states_something(
    own: Application,
) -> None:
    text = (
        "Beans climb whatever stands beside them. They are cut in August.\n\n"
        "# The waiting list is a scandal\n\nForty people wait. Nobody leaves.\n\n"
        "# Costs\n\nA plot costs less than a lawn does. Weeds cost nothing.\n"
    )
    (own.settings.corpus_dir / "documents" / "beans.md").write_text(text, "utf-8")
    own.reindex()
    async with serving(own) as site:
        page = await site.get("/d/beans")
    told = page.texts("//div[@id='text']//p[@class='where']")
    assert told == [f"paragraph {number}" for number in range(1, len(told) + 1)]
    beside = page.texts("//div[@id='text']//div[p[@class='where']]/*[2]")
    assert [words.split(" ")[0] for words in beside] == ["Beans", "The", "A"]


def site_url(own: Application) -> str:
    return own.settings.public_url.rstrip("/")


@pytest.mark.parametrize("mark", ["0-0", "9-1", "x", "99999-100000", "0-999999999", "-1-3", ""])
async def test_a_mark_that_cannot_be_is_left_out(site: Site, mark: str) -> None:
    page = await site.get(f"/d/essay?mark={mark}")
    assert page.status == 200
    assert page.tree.xpath("//mark") == []


@pytest.mark.parametrize(
    "path",
    [
        "/d/unknown",
        "/d/essay?page=2",
        "/d/essay?page=0",
        "/d/essay?page=x",
        "/d/essay?page=99999999999999999999",
        "/d/..%2f..%2fetc%2fpasswd",
        "/d/../../etc/passwd",
        "/d/essay%00",
        "/d/%ff%fe",
        "/q/unknown-1-2-0123abcd",
        "/q/essay",
        "/q/..%2fessay-1-2-0123abcd",
        "/static/..%2fapp.py",
        "/static/../app.py",
        "/static/base.html",
        "/t/unknown",
        "/?page=2",
        "/unknown",
    ],
)
async def test_what_is_not_there_is_said_to_be_missing(site: Site, path: str) -> None:
    page = await site.get(path)
    assert page.status == 404
    assert page.texts("//h1") == [page_texts.FAILURES[404][0]]


@pytest.mark.parametrize("path", ["/", "/d/essay", "/d/essay?mark=3-20", "/t/allotments"])
async def test_what_a_browser_has_already_is_not_sent_again(site: Site, path: str) -> None:
    first = await site.get(path)
    tag = first.headers["ETag"]
    assert (await site.get(path, If_None_Match=tag)).status == 304
    assert (await site.get(path, If_None_Match='"other"')).status == 200
    assert "must-revalidate" in first.headers["Cache-Control"]


async def test_a_reindex_changes_what_is_sent(own: Application) -> None:
    own.reindex()
    async with serving(own) as site:
        before = await site.get("/d/essay")
        path = own.settings.corpus_dir / "documents" / "essay.txt"
        path.write_text(ESSAY.replace("than in any park", "than in any meadow"), "utf-8")
        await asyncio.to_thread(own.reindex)
        after = await site.get("/d/essay", If_None_Match=before.headers["ETag"])
        assert after.status == 200
        assert "meadow" in after.body


async def test_a_quote_that_changed_says_so(own: Application) -> None:
    own.reindex()
    async with serving(own) as site:
        path = await quote_path(site)
        file = own.settings.corpus_dir / "documents" / "essay.txt"
        file.write_text(ESSAY.replace(QUOTE, "Nothing of the sort is known."), "utf-8")
        await asyncio.to_thread(own.reindex)
        page = await site.get(path)
        assert page.status == 200
        assert page.texts("//h1") == [page_texts.QUOTE_CHANGED]
        assert "/d/essay" in page.values(LINKS)


async def test_a_quote_that_changed_is_shown_as_it_was_and_as_it_is(own: Application) -> None:
    own.reindex()
    kept = MemoryKept()
    async with serving(own, kept=kept) as site:
        path = await quote_path(site)
        kept.quotes[path[3:]] = Shown("essay", 0, 0, path[-8:], QUOTE, "<i>Praise</i>")
        now = QUOTE.replace("than in any park", "than in most parks")
        file = own.settings.corpus_dir / "documents" / "essay.txt"
        file.write_text(ESSAY.replace(QUOTE, now), "utf-8")
        await asyncio.to_thread(own.reindex)
        page = await site.get(path)
        assert page.texts("//blockquote") == [QUOTE, now]
        assert page.texts("//cite") == ["<i>Praise</i>"]
        (address,) = page.values("//figure[contains(@class, 'is')]//a/@href")
        assert (await site.get(address.partition("#")[0])).texts("//mark") == [now]


async def test_a_quote_of_a_document_that_is_gone_is_shown_as_it_was(own: Application) -> None:
    own.reindex()
    kept = MemoryKept({"old-1-9-0123abcd": Shown("old", 1, 9, "0123abcd", "It was.", "Old")})
    async with serving(own, kept=kept) as site:
        page = await site.get("/q/old-1-9-0123abcd")
        assert page.status == 410
        assert page.texts("//h1 | //blockquote") == [page_texts.QUOTE_GONE, "It was."]


async def test_a_memory_that_fails_keeps_nobody_from_what_stands_there(own: Application) -> None:
    own.reindex()
    async with serving(own, kept=LostKept()) as site:
        page = await site.follow(await quote_path(site))
        assert page.texts("//mark") == [QUOTE]
        changed = await site.get("/q/essay-1-2-0123abcd")
        assert changed.status == 200
        assert changed.texts("//*[@class='lead']") == [page_texts.QUOTE_CHANGED_UNKNOWN]


async def test_a_quote_that_moved_is_found_and_said_to_have_moved(own: Application) -> None:
    own.reindex()
    async with serving(own) as site:
        path = await quote_path(site)
        file = own.settings.corpus_dir / "documents" / "essay.txt"
        file.write_text(f"A word before the rest of it.\n\n{ESSAY}", "utf-8")
        await asyncio.to_thread(own.reindex)
        page = await site.follow(path)
        assert page.texts("//mark") == [QUOTE]
        assert page_texts.MOVED in page.texts("//aside//p")


async def test_a_head_is_answered_without_a_body(site: Site) -> None:
    whole = await site.get("/d/essay")
    head = await site.get("/d/essay", method="HEAD")
    assert (head.status, head.body) == (200, "")
    assert head.headers["ETag"] == whole.headers["ETag"]


async def test_a_page_is_sent_zipped_to_whoever_takes_it(site: Site) -> None:
    url = URL(f"{site.address}/d/essay")
    async with (
        aiohttp.ClientSession(auto_decompress=False) as client,
        client.get(url, headers={"Accept-Encoding": "gzip"}) as zipped,
        client.get(url, headers={"Accept-Encoding": "identity"}) as plain,
    ):
        assert zipped.headers["Content-Encoding"] == "gzip"
        assert zipped.headers["ETag"] != plain.headers["ETag"]
        assert gzip.decompress(await zipped.read()) == await plain.read()


async def test_a_document_of_five_megabytes_opens(own: Application) -> None:
    sentence = "The clerk of the allotments wrote down who came and what they dug on day"
    paragraphs = [
        " ".join(f"{sentence} {number * 8 + one}." for one in range(8)) for number in range(20)
    ]
    # Long, but quick to index: most of it is no sentence.
    table = "\n".join(f"plot {number} | beans | {number % 7}" for number in range(220_000))
    text = "\n\n".join([*paragraphs[:10], f"```\n{table}\n```", *paragraphs[10:]])
    assert len(text) > 5_000_000
    (own.settings.corpus_dir / "documents" / "ledger.md").write_text(text, "utf-8")
    own.reindex()
    async with serving(own) as site:
        first = await site.get("/d/ledger")
        assert first.status == 200
        assert len(first.body) < 400_000
        last = int(re.findall(r"of (\d+)", first.texts("//*[@class='number']")[0])[0])
        assert last > 50
        assert (await site.get(f"/d/ledger?page={last}")).status == 200


async def test_a_corpus_without_topics_has_a_first_page(own: Application) -> None:
    (own.settings.corpus_dir / "topics.toml").unlink()
    own.reindex()
    async with serving(own) as site:
        page = await site.get("/")
        assert page.status == 200
        assert page_texts.TOPICS not in page.texts("//h2")


@pytest.mark.parametrize("path", ["/", "/d/essay", "/q/essay-1-2-0123abcd", "/t/allotments"])
async def test_without_an_index_pages_ask_for_patience(own: Application, path: str) -> None:
    async with serving(own) as site:
        page = await site.get(path)
        assert page.status == 503
        assert page.texts("//*[@class='lead']") == [texts.ERRORS["error_index"]]
