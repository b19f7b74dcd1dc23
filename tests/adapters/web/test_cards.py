"""Pictures of quotes: what is on them, for which quotes there is one, and what they cost."""

import asyncio
import struct
import time

import pytest

from adapters.web.assets import Assets
from adapters.web.carding import HEIGHT, WIDTH, Card, Cited, laid_out
from adapters.web.cards import draw
from adapters.web.lettering import FONT, Lettering
from adapters.web.pages import Pages
from bot import page_texts, texts
from bot.corpus.quoting import permalink
from tests.adapters.web.corpus import ESSAY, QUOTE, REPLY
from tests.adapters.web.site import Site


@pytest.fixture(scope="module")
def lettering() -> Lettering:
    return Lettering.load()


def cited(text: str = QUOTE, title: str = "In praise of allotments", **more: object) -> Cited:
    known: dict[str, object] = {
        "speaker": "Ada Brown",
        "date": "2019-05-01",
        "locator": "paragraph 1",
        "reported": False,
    }
    return Cited(text=text, title=title, **{**known, **more})  # type: ignore[arg-type]  # as given


def words(card: Card) -> str:
    """What a card says, as one text."""
    return " ".join(line.text for line in card.lines)


def test_a_quote_is_on_its_picture_to_the_letter(lettering: Lettering) -> None:
    assert f"“{QUOTE}”" in words(laid_out(cited(), lettering))


def test_a_picture_says_who_and_where(lettering: Lettering) -> None:
    said = words(laid_out(cited(), lettering))
    assert "Ada Brown In praise of allotments · 2019-05-01 · paragraph 1" in said


def test_somebody_elses_view_is_marked(lettering: Lettering) -> None:
    assert texts.REPORTED in words(laid_out(cited(reported=True), lettering))


def test_what_is_longer_is_set_smaller(lettering: Lettering) -> None:
    short, long = (laid_out(cited(QUOTE * n), lettering).lines[0].size for n in (1, 8))
    assert short > long


@pytest.mark.parametrize("count", range(1, 20, 3))
@pytest.mark.parametrize("reported", [False, True])
def test_nothing_is_outside_of_the_picture(
    lettering: Lettering, count: int, reported: bool
) -> None:
    title = "A title as long as some are that nobody remembers " * 3
    card = laid_out(cited(QUOTE * count, title, reported=reported), lettering)
    for line in card.lines:
        width = 0 if line.is_end else lettering.width(line.text, line.size)
        assert line.x > 20
        assert line.x + width <= WIDTH - 60
        assert line.size * 0.7 < line.y < HEIGHT - line.size * 0.25


def test_what_is_too_long_for_a_picture_is_left_out_whole(lettering: Lettering) -> None:
    said = words(laid_out(cited(f"{QUOTE} " * 40), lettering))
    assert "Bees" not in said
    assert "In praise of allotments" in said


@pytest.mark.parametrize("unknown", ["花は見に行くものだ。", "الكتاب", "\ud800", "a\u202eb"])
def test_what_the_font_cannot_write_is_left_out_whole(lettering: Lettering, unknown: str) -> None:
    said = words(laid_out(cited(f"Bees know: {unknown}"), lettering))
    assert "Bees" not in said


def test_nobody_is_quoted_without_their_name(lettering: Lettering) -> None:
    said = words(laid_out(cited(speaker="王芳"), lettering))
    assert "Bees" not in said


def test_a_word_without_end_is_broken(lettering: Lettering) -> None:
    lines = laid_out(cited("a" * 300), lettering).lines
    assert "".join(line.text for line in lines if "a" * 10 in line.text) == f"“{'a' * 300}”"


def test_what_a_document_holds_is_text_on_its_picture(lettering: Lettering) -> None:
    hostile = '</text><image href="file:///etc/passwd"/> &amp; ]]> "quoted"'
    card = laid_out(cited(hostile, title=hostile, speaker=hostile), lettering)
    svg = Pages(Assets(), "").render("card.svg", {"card": card})
    assert "<image" not in svg
    assert "&lt;image" in svg


async def test_pictures_are_drawn_while_others_are_served() -> None:
    svg = Pages(Assets(), "").render("card.svg", {"card": laid_out(cited(), Lettering.load())})
    latest = 0.0

    async def look() -> None:
        nonlocal latest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            latest = max(latest, time.perf_counter() - began)

    looking = asyncio.create_task(look())
    began = time.perf_counter()
    await draw(svg)
    took = time.perf_counter() - began
    looking.cancel()
    assert latest < took / 2


async def test_what_cannot_be_drawn_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(RuntimeError):
        await draw("<svg")
    assert "card_not_drawn" in caplog.text


async def permalink_to(site: Site, start: str, path: str = "/d/essay") -> str:
    page = await site.get(path)
    (address,) = page.values(f'//a[starts-with(normalize-space(.), "{start}")]/@href')
    return address


async def card_to(site: Site) -> str:
    return f"{await permalink_to(site, QUOTE)}.png".replace("/q/", "/card/")


async def test_a_marked_quote_names_its_picture(site: Site) -> None:
    page = await site.follow(await permalink_to(site, QUOTE))
    (address,) = page.values("//meta[@property='og:image']/@content")
    (kind,) = page.values("//meta[@name='twitter:card']/@content")
    assert address == f"https://quotes.example.org{await card_to(site)}"
    assert kind == "summary_large_image"


async def test_a_picture_is_a_png_of_the_size_that_previews_show(site: Site) -> None:
    async with site.client.get(f"{site.address}{await card_to(site)}") as response:
        body = await response.read()
    assert response.headers["Content-Type"] == "image/png"
    assert body.startswith(b"\x89PNG")
    assert struct.unpack(">II", body[16:24]) == (WIDTH, HEIGHT)


async def test_a_picture_that_a_client_has_is_not_sent_again(site: Site) -> None:
    address = await card_to(site)
    async with site.client.get(f"{site.address}{address}") as response:
        tag = response.headers["ETag"]
    assert (await site.get(address, If_None_Match=tag)).status == 304


async def test_other_sites_may_show_a_picture(site: Site) -> None:
    async with site.client.get(f"{site.address}{await card_to(site)}") as response:
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_preview_tells_a_reported_view() -> None:
    assert texts.REPORTED in page_texts.by("Ada Brown", "A letter", reported=True)


@pytest.mark.parametrize(
    "name",
    [
        "essay-0-10-00000000.png",
        "nothing-0-10-00000000.png",
        "..%2f..%2fetc%2fpasswd.png",
        "x.svg",
        ".png",
    ],
)
async def test_there_is_no_picture_of_what_is_no_quote(site: Site, name: str) -> None:
    page = await site.get(f"/card/{name}")
    assert page.status == 404
    assert page.texts("//h1") == [page_texts.FAILURES[404][0]]


@pytest.mark.parametrize("cut", ["should not be protected", QUOTE[:-1], f"food. {QUOTE}"])
async def test_there_is_no_picture_of_what_was_cut_out_of_a_sentence(site: Site, cut: str) -> None:
    document_id, text = ("essay", ESSAY) if cut in ESSAY else ("reply", REPLY)
    start = text.index(cut)
    quote_id = permalink("", document_id, start, start + len(cut), cut).rpartition("/")[2]
    assert (await site.get(f"/q/{quote_id}")).status == 302
    assert (await site.get(f"/card/{quote_id}.png")).status == 404


def test_the_font_comes_with_its_licence() -> None:
    licence = FONT.with_name("LICENSE.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
