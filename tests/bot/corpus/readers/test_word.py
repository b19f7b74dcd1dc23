import io
import re
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bot.corpus.raw import BlockKind
from bot.corpus.readers.limits import DEFAULT_LIMITS, Unreadable
from bot.corpus.readers.word import read
from tests.bot.corpus.readers.blocks import assert_sound, blocks, texts


def saved(write: Callable[[Document], None]) -> bytes:
    document = docx.Document()
    document.core_properties.title = ""
    document.core_properties.author = "Ann Lee"
    write(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_headings_paragraphs_and_cells_come_in_order() -> None:
    def write(document: Document) -> None:
        document.add_heading("Bees", 0)
        document.add_paragraph("Bees need\nflowers.")
        document.add_heading("Why", 2)
        table = document.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "One.", "Two."
        document.add_paragraph("A\tlist.", style="List Bullet")

    [document] = read(saved(write), DEFAULT_LIMITS)
    assert_sound(document)
    assert texts(document) == ["Bees", "Bees need\nflowers.", "Why", "One.", "Two.", "A\tlist."]
    headings = [
        (b.level, t)
        for b, t in zip(blocks(document), texts(document), strict=True)
        if b.kind is BlockKind.HEADING
    ]
    assert headings == [(1, "Bees"), (2, "Why")]
    assert document.metadata == {"author": "Ann Lee"}


def test_style_based_on_a_heading_is_one() -> None:
    def write(document: Document) -> None:
        style = document.styles.add_style("Chapter", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Heading 3"]
        document.add_paragraph("Why", style="Chapter")

    [document] = read(saved(write), DEFAULT_LIMITS)
    assert [(block.kind, block.level) for block in blocks(document)] == [(BlockKind.HEADING, 3)]


def test_insertions_controls_and_links_are_read_and_deletions_not() -> None:
    def write(document: Document) -> None:
        document.element.body.insert(
            0,
            parse_xml(
                f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>Bees </w:t></w:r>"
                "<w:ins><w:r><w:t>need</w:t><w:noBreakHyphen/></w:r></w:ins>"
                "<w:del><w:r><w:delText>hate</w:delText></w:r></w:del>"
                "<w:hyperlink><w:r><w:t>flowers</w:t></w:r></w:hyperlink></w:p>"
                "</w:sdtContent></w:sdt>"
            ),
        )

    [document] = read(saved(write), DEFAULT_LIMITS)
    assert texts(document) == ["Bees need\u2011flowers"]


def test_text_box_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"

    def write(document: Document) -> None:
        document.element.body.insert(
            0,
            parse_xml(
                f"<w:p {nsdecls('w')} xmlns:mc='http://schemas.openxmlformats.org/"
                f"markup-compatibility/2006'><w:r><w:t>Around.</w:t><mc:AlternateContent>"
                f"<mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
                "</mc:AlternateContent></w:r></w:p>"
            ),
        )

    [document] = read(saved(write), DEFAULT_LIMITS)
    assert texts(document) == ["Around.", "In a box."]


def replaced(data: bytes, part: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"<torn",
        b"<a>" * 1000 + b"</a>" * 1000,
        b'<!DOCTYPE a [<!ENTITY b "'
        + b"x" * 1000
        + b'">'
        + b"".join(b'<!ENTITY b%d "%s">' % (n, b"&b%d;" % (n - 1) * 10) for n in range(1, 9))
        + b"]><a>&b8;</a>",
    ],
    ids=["torn", "deep", "entities"],
)
def test_harmful_xml_is_told(content: bytes) -> None:
    data = replaced(saved(lambda document: None), "word/document.xml", content)
    with pytest.raises(Unreadable):
        read(data, DEFAULT_LIMITS)


def test_zip_bomb_is_not_unpacked() -> None:
    data = replaced(saved(lambda document: None), "word/document.xml", b" " * 20_000_000)
    with pytest.raises(Unreadable, match="suspiciously small"):
        read(data, DEFAULT_LIMITS)


@pytest.mark.parametrize("data", [b"PK", b"\xd0\xcf\x11\xe0 an old .doc"])
def test_other_file_is_told(data: bytes) -> None:
    with pytest.raises(Unreadable, match="no zip archive"):
        read(data, DEFAULT_LIMITS)


def test_archive_that_is_no_document_is_told() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("notes.txt", "Bees.")
    with pytest.raises(Unreadable, match=r"no \.docx document"):
        read(buffer.getvalue(), DEFAULT_LIMITS)


def test_empty_document_is_told() -> None:
    with pytest.raises(Unreadable, match="holds no text"):
        read(saved(lambda document: None), DEFAULT_LIMITS)


def test_title_that_the_file_does_not_have_is_not_made_up() -> None:
    def write(document: Document) -> None:
        document.add_paragraph("Tea.")

    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(write))) as old,
        zipfile.ZipFile(buffer, "w") as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "_rels/.rels":
                content = re.sub(rb"<Relationship [^>]*core-properties[^>]*/>", b"", content)
            if name != "docProps/core.xml":
                new.writestr(name, content)
    [document] = read(buffer.getvalue(), DEFAULT_LIMITS)
    assert document.metadata == {}
