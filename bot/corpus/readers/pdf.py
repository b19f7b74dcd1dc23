"""Read .pdf: pypdf gives the lines of each page, `pdf_layout` makes paragraphs of them.

Title and author are those that the file states; its creation stamp says when the file
was made, not when the text was written, and is not taken for a date.
"""

import hashlib
import io
from collections.abc import Sequence
from itertools import islice
from math import hypot

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from bot.corpus.raw import RawDocument
from bot.corpus.readers.building import CharacterBudget, DocumentBuilder, known
from bot.corpus.readers.limits import ReadLimits, Unreadable
from bot.corpus.readers.pdf_layout import Line, add_paragraphs

_DAMAGED = "It is no PDF, or a damaged one. Open it in a PDF viewer and print it to a new PDF."


def read(data: bytes, limits: ReadLimits) -> list[RawDocument]:
    """Return the one document of a PDF; locators are "page N", counted from 1.

    Raises:
        Unreadable: It is damaged, protected by a password, holds only pictures of
            pages, has too many pages, or is too long.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("It is protected by a password. Save a copy without one.")
        pages, metadata = _pages(reader, limits), _metadata(reader)
    except DependencyError as error:
        raise Unreadable("It is encrypted. Save a copy without protection.") from error
    except (PyPdfError, NotImplementedError, RecursionError) as error:
        raise Unreadable(_DAMAGED) from error
    builder = DocumentBuilder(CharacterBudget(limits))
    add_paragraphs(builder, pages)
    if builder.is_empty:
        raise Unreadable(
            "It holds no text, only pictures of pages, as a scanner makes them. Run text "
            "recognition over it (for example with ocrmypdf) and try again."
        )
    return [builder.build(metadata, hashlib.sha256(data).hexdigest())]


def _pages(reader: PdfReader, limits: ReadLimits) -> list[list[Line]]:
    pages: list[list[Line]] = []
    budget = CharacterBudget(limits)
    for page in islice(reader.pages, limits.max_pages + 1):
        if len(pages) == limits.max_pages:
            raise Unreadable(
                f"It has more than {limits.max_pages:,} pages. Split it into several files."
            )
        lines = _lines(page)
        budget.spend(sum(len(line.text) for line in lines))
        pages.append(lines)
    return pages


def _lines(page: PageObject) -> list[Line]:
    """Return the lines of a page from top to bottom, with their size and height."""
    lines: list[Line] = []
    words: list[str] = []
    # Of the longest run on a line: characters, size, height.
    longest = (0, 0.0, 0.0)

    def end_line() -> None:
        nonlocal longest
        text = " ".join("".join(words).split())
        if text:
            lines.append(Line(text, *longest[1:]))
        words.clear()
        longest = (0, 0.0, 0.0)

    def visit(
        text: str, ctm: Sequence[float], matrix: Sequence[float], font: object, size: float
    ) -> None:
        nonlocal longest
        for index, part in enumerate(text.split("\n")):
            if index:
                end_line()
            words.append(part)
            if len(part.strip()) > longest[0]:
                # Both matrices scale and move: PDF 32000-1, 9.4.4.
                scale = hypot(matrix[2], matrix[3]) * hypot(ctm[2], ctm[3])
                height = matrix[4] * ctm[1] + matrix[5] * ctm[3] + ctm[5]
                longest = (len(part.strip()), size * scale, height)

    page.extract_text(visitor_text=visit)
    end_line()
    return lines


def _metadata(reader: PdfReader) -> dict[str, str]:
    stated = reader.metadata
    return known([("title", stated.title), ("author", stated.author)]) if stated else {}
