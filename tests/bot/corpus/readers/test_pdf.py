import io
import re
import zlib

import pytest
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from bot.corpus.raw import BlockKind
from bot.corpus.readers.building import CharacterBudget, DocumentBuilder
from bot.corpus.readers.limits import DEFAULT_LIMITS, ReadLimits, Unreadable
from bot.corpus.readers.pdf import read
from bot.corpus.readers.pdf_layout import Line, add_paragraphs
from tests.bot.corpus.readers.blocks import assert_sound, blocks, texts

SENTENCE = "Bees need flowers all summer long, and flowers, in turn, need bees for their pollen."


def printed(*pages: list[tuple[int, str]], title: str = "") -> bytes:
    """Print pages of (font size, paragraph) with a running head and page numbers."""
    pdf = FPDF()
    pdf.set_auto_page_break(False)
    if title:
        pdf.set_title(title)
    for number, page in enumerate(pages, start=1):
        pdf.add_page()
        pdf.set_font("Helvetica", size=9)
        pdf.cell(0, 8, f"Annals of Bees {number}", new_x="LMARGIN", new_y="NEXT")
        for size, paragraph in page:
            pdf.set_font("Helvetica", size=size)
            pdf.multi_cell(0, size * 0.5, paragraph, new_x="LMARGIN", new_y="NEXT")
            pdf.ln(4)
        pdf.set_font("Helvetica", size=9)
        pdf.set_y(-15)
        pdf.cell(0, 10, f"- {number} -")
    return bytes(pdf.output())


def raw_pdf(*objects: str) -> bytes:
    body = "".join(f"{n} 0 obj\n{text}\nendobj\n" for n, text in enumerate(objects, start=1))
    return f"%PDF-1.4\n{body}trailer\n<< /Root 1 0 R >>\n%%EOF".encode("latin-1")


def test_lines_are_joined_to_paragraphs_with_their_page() -> None:
    long = " ".join([SENTENCE] * 4)
    data = printed(
        [(18, "Why bees matter"), (11, long), (11, long)],
        [(11, long), (14, "Where"), (11, "Here. " + long)],
        [(11, "Last words.")],
        title="Bees",
    )
    [document] = read(data, DEFAULT_LIMITS)
    assert_sound(document)
    assert texts(document) == [
        *["Why bees matter", long, long, long, "Where", "Here. " + long, "Last words."]
    ]
    found = blocks(document)
    assert [block.locator for block in found] == [
        *["page 1", "page 1", "page 1", "page 2", "page 2", "page 2", "page 3"]
    ]
    headings = [
        (block.level, n) for n, block in enumerate(found) if block.kind is BlockKind.HEADING
    ]
    assert headings == [(1, 0), (2, 4)]
    assert document.metadata == {"title": "Bees"}


def test_sentence_that_runs_over_pages_is_whole() -> None:
    first, second = "Bees need flowers all summer long, and", "flowers need bees. The end."
    [document] = read(printed([(11, first)], [(11, second)], [(11, "More.")]), DEFAULT_LIMITS)
    assert texts(document) == [f"{first} {second}", "More."]
    assert blocks(document)[0].locator == "page 1"


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        ("Their pollina-\ntion matters.", "Their pollination matters."),
        ("A well-known fact is well-\nknown.", "A well-known fact is well-known."),
        ("From Paris-\nNord on.", "From Paris- Nord on."),
    ],
)
def test_word_divided_at_a_line_end_is_whole(lines: str, joined: str) -> None:
    [document] = read(printed([(11, lines)]), DEFAULT_LIMITS)
    assert joined in document.text


def test_soft_hyphen_at_a_line_end_goes() -> None:
    builder = DocumentBuilder(CharacterBudget(DEFAULT_LIMITS))
    lines = [Line("Their pollina\u00ad", 11.0, 700.0), Line("tion matters.", 11.0, 688.0)]
    add_paragraphs(builder, [lines])
    assert texts(builder.build({})) == ["Their pollination matters."]


def test_next_column_goes_on_only_with_a_sentence_under_way() -> None:
    builder = DocumentBuilder(CharacterBudget(DEFAULT_LIMITS))
    heights = [(700.0, "Bees need"), (688.0, "many"), (700.0, "flowers."), (710.0, "Lawns too.")]
    add_paragraphs(builder, [[], [Line(text, 11.0, height) for height, text in heights]])
    assert texts(builder.build({})) == ["Bees need many flowers.", "Lawns too."]


def test_items_of_a_list_stay_apart() -> None:
    [document] = read(printed([(11, "We need\n- bees\n- lawns")]), DEFAULT_LIMITS)
    assert texts(document)[-3:] == ["We need", "- bees", "- lawns"]


def test_password_is_told() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(printed([(11, SENTENCE)]))))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    with pytest.raises(Unreadable, match="password"):
        read(buffer.getvalue(), DEFAULT_LIMITS)


def test_scanned_pages_are_told() -> None:
    pdf = FPDF()
    pdf.add_page()
    with pytest.raises(Unreadable, match="text recognition"):
        read(bytes(pdf.output()), DEFAULT_LIMITS)


def test_too_many_pages_are_told() -> None:
    data = printed(*[[(11, SENTENCE)]] * 3)
    assert read(data, ReadLimits(max_pages=3))
    with pytest.raises(Unreadable, match="more than 2 pages"):
        read(data, ReadLimits(max_pages=2))


def test_characters_are_counted_while_reading() -> None:
    with pytest.raises(Unreadable, match="more than 50 characters"):
        read(printed([(11, SENTENCE)]), ReadLimits(max_characters=50))


@pytest.mark.parametrize(
    "data",
    [
        b"Bees need flowers.",
        b"%PDF-1.7",
        printed([(11, SENTENCE)])[:300],
        raw_pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
        raw_pdf("<< /Type /Catalog >>"),
    ],
    ids=["text", "head", "torn", "loop", "no pages"],
)
def test_broken_file_is_told(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(data, DEFAULT_LIMITS)


def test_stream_that_unpacks_without_end_is_told() -> None:
    bomb = zlib.compress(b" " * 100_000_000, 1)
    data = printed([(11, SENTENCE)])
    found = re.search(rb"/Length (\d+)\s*>>\s*stream\r?\n", data)
    assert found is not None
    end = found.end() + int(found[1])
    head = data[: found.end()].replace(b"/Length %s" % found[1], b"/Length %d" % len(bomb))
    with pytest.raises(Unreadable):
        read(head + bomb + data[end:], DEFAULT_LIMITS)
