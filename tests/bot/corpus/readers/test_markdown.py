import pytest

from bot.corpus.raw import BlockKind, RawDocument
from bot.corpus.readers.front_matter import split_front_matter
from bot.corpus.readers.limits import DEFAULT_LIMITS, Unreadable
from bot.corpus.readers.markdown import read
from tests.bot.corpus.readers.blocks import assert_sound, blocks, texts


def document(source: str) -> RawDocument:
    [found] = read(source.encode(), DEFAULT_LIMITS)
    assert_sound(found)
    return found


def test_headings_keep_their_level() -> None:
    found = document("# Bees &amp; *lawns*\n\nWords.\n\nWhy\n---\n")
    assert texts(found) == ["Bees & lawns", "Words.", "Why"]
    assert [(b.kind, b.level) for b in blocks(found)] == [
        (BlockKind.HEADING, 1),
        (BlockKind.PARAGRAPH, 1),
        (BlockKind.HEADING, 2),
    ]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            'Bees [need](http://x.org "t") **all** of <http://y.org>.',
            "Bees need all of http://y.org.",
        ),
        ("See ![a *red* bee](b.png) and `x = 1`.", "See a red bee and x = 1."),
        ("One\nline.  \nNext \\*line\\*.", "One line.\nNext *line*."),
        ("A <b>bold</b> ~~old~~ word.", "A bold old word."),
        ("<div>Raw\n<i>words</i><script>no()</script></div>", "Raw words"),
    ],
)
def test_markup_is_taken_off(source: str, words: str) -> None:
    assert texts(document(source)) == [words]


def test_items_quotations_and_cells_are_paragraphs() -> None:
    source = "- one\n- two\n\n> three\n\n| four | five |\n|---|---|\n| six | |\n"
    assert texts(document(source)) == ["one", "two", "three", "four", "five", "six"]


def test_code_keeps_its_indentation() -> None:
    found = document("Words.\n\n```py\n  x = 1\n\n  y = 2\n```\n")
    assert texts(found)[1] == "  x = 1\n\n  y = 2"
    assert blocks(found)[1].kind is BlockKind.CODE


def test_front_matter_is_metadata_and_no_text() -> None:
    found = document(
        "---\r\ntitle: \"Bees: why\"\r\nAuthor: Ann Lee\r\nlicense: 'MIT'\r\n# note\r\n"
        "tags: [a, b]\r\nkind:\r\nextra:\r\n  - x\r\n---\r\nWords.\r\n"
    )
    assert found.metadata == {"title": "Bees: why", "author": "Ann Lee", "licence": "MIT"}
    assert found.text == "Words."


def test_toml_like_front_matter_is_understood() -> None:
    metadata, rest = split_front_matter('+++\ntitle = "Bees"\ndate = 2024-05-01\n+++\nWords.')
    assert metadata == {"title": "Bees", "date": "2024-05-01"}
    assert rest == "Words."


@pytest.mark.parametrize(
    "text",
    [
        "---\nBees need flowers.\n---\nWords.",
        "---\n---\nWords.",
        "---\ntitle: Bees\nWords without an end",
        "---\n" + "title: x\n" * 200 + "---\nWords.",
    ],
)
def test_rule_at_the_head_is_no_front_matter(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


def test_file_without_words_is_told() -> None:
    with pytest.raises(Unreadable, match="holds no text"):
        read(b"---\ntitle: x\n---\n", DEFAULT_LIMITS)


def test_deep_nesting_comes_to_an_end() -> None:
    assert "x" in document(">" * 5000 + " x\n\nx").text
