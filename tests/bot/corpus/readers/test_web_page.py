import json

import pytest

from bot.corpus.raw import BlockKind, RawDocument
from bot.corpus.readers.limits import DEFAULT_LIMITS, Unreadable
from bot.corpus.readers.web_page import read
from tests.bot.corpus.readers.blocks import assert_sound, blocks, texts

MENU = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/shop'>Shop</a></li></ul></nav>"
FOOT = "<footer><p>All rights reserved. <a href='/privacy'>Privacy</a></p></footer>"
LONG = "Bees need flowers all summer long, and flowers, in turn, need bees for their pollen. " * 4


def document(source: str | bytes) -> RawDocument:
    [found] = read(source.encode() if isinstance(source, str) else source, DEFAULT_LIMITS)
    assert_sound(found)
    return found


def test_page_without_menus_is_taken_whole() -> None:
    found = document(
        "<h1>Bees</h1><p>Bees  need\n<a href='x'>flowers</a>.<ul><li>One <li>Two</ul>"
        "<table><tr><td>a<td>b</table><h3>Why</h3>Loose words.<br>Next line.<br><br>Next part."
        "<script>no()</script><p hidden>no</p><!-- no --><pre>  x = 1\n y</pre>"
    )
    assert texts(found) == [
        *["Bees", "Bees need flowers.", "One", "Two", "a", "b", "Why"],
        *["Loose words.\nNext line.", "Next part.", "  x = 1\n y"],
    ]
    kinds = [block.kind for block in blocks(found)]
    assert kinds[0] is kinds[6] is BlockKind.HEADING
    assert blocks(found)[6].level == 3
    assert kinds[-1] is BlockKind.CODE


def test_menus_and_feet_are_left_out() -> None:
    found = document(
        f"<html><body>{MENU}<article><h2>Why bees</h2><p>{LONG}</p><h2>Where</h2><p>{LONG}</p>"
        f"</article>{FOOT}</body></html>"
    )
    assert texts(found) == ["Why bees", LONG.strip(), "Where", LONG.strip()]


def test_page_of_menus_only_keeps_its_words() -> None:
    assert "Shop" in document(f"<body>{MENU}</body>").text


@pytest.mark.parametrize(
    ("head", "metadata"),
    [
        ("<title>Bees</title>", {"title": "Bees"}),
        (
            "<meta property='og:title' content='Bees'><meta name='Author' content=' Ann  Lee'>"
            "<meta property='article:published_time' content='2024-05-01T10:00Z'>"
            "<link rel='canonical' href='https://bees.example/a'><title>Bees | Site</title>"
            "<link rel='license' href='https://cc.example/by'>",
            {
                "title": "Bees",
                "author": "Ann Lee",
                "date": "2024-05-01",
                "url": "https://bees.example/a",
                "licence": "https://cc.example/by",
            },
        ),
        (
            "<meta name='citation_author' content='Lee, A.'><meta name='citation_author' "
            "content='Ray, B.'><meta name='citation_date' content='2024/05'>",
            {"author": "Lee, A., Ray, B.", "date": "2024-05"},
        ),
        ("<meta name='date' content='May 1st'><link rel=canonical href='/a'>", {}),
        ("<meta name='author' content='https://site.example/ann'>", {}),
    ],
)
def test_metadata_is_what_the_page_states(head: str, metadata: dict[str, str]) -> None:
    found = document(f"<html><head>{head}</head><body><p>Words.</p></body></html>")
    assert found.metadata == metadata


@pytest.mark.parametrize(
    "described",
    [
        {"@type": "NewsArticle", "headline": "Bees", "author": {"name": "Ann"}},
        [{"@type": "Organization"}, {"@type": "Article", "headline": "Bees", "author": ["Ann"]}],
        {
            "@graph": [
                7,
                {"@type": ["BlogPosting"], "headline": "Bees", "author": [{"name": "Ann"}]},
            ]
        },
    ],
)
def test_article_described_for_machines_is_believed(described: object) -> None:
    script = f'<script type="application/ld+json">{json.dumps(described)}</script>'
    bad = '<script type="application/ld+json">{</script><script>x</script>'
    found = document(f"<head>{bad}{script}</head><body><p>Words.</p></body>")
    assert found.metadata == {"title": "Bees", "author": "Ann"}


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("iso-8859-1", "cp1252"), ("windows-1251", "cp1251"), ("nonsense", "cp1252")],
)
def test_declared_encoding_is_used(declared: str, encoding: str) -> None:
    words = (
        "Пчёлы и цветы."
        if encoding == "cp1251"
        else "Les abeilles préfèrent les fleurs d\u2019été, dit-elle ; à Orléans aussi."
    )
    page = f"<meta charset='{declared}'><p>{words}</p>".encode(encoding)
    assert document(page).text == words


def test_page_that_nests_too_deeply_is_told_and_not_cut() -> None:
    page = "<div>" * 1000 + "<p>deep</p>" + "</div>" * 1000 + "<p>after</p>"
    with pytest.raises(Unreadable, match="nested too deeply"):
        document(page)


@pytest.mark.parametrize("page", [" \n", "<html><body></body></html>", "<!-- only this -->"])
def test_page_without_words_is_told(page: str) -> None:
    with pytest.raises(Unreadable, match="holds no text"):
        document(page)


def test_menu_and_footer_of_a_short_page_are_no_text() -> None:
    page = """<html><head><title>The square</title></head><body>
    <nav>Home | About | Contact</nav>
    <article><p>The square should stay open to everybody who lives here.</p>
    <p>Closing it would only move the traffic to the next street.</p></article>
    <footer>Copyright 2024. Subscribe to our newsletter.</footer></body></html>"""
    [document] = read(page.encode(), DEFAULT_LIMITS)
    assert "square should stay open" in document.text
    assert "Contact" not in document.text
    assert "newsletter" not in document.text
