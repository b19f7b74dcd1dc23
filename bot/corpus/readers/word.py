"""Read .docx: headings, paragraphs and the cells of tables, in reading order.

python-docx opens the package and knows its styles. The paragraphs are taken from the XML
itself, since its `Document.paragraphs` leaves out content controls and insertions under
review. Foot- and endnotes, headers and comments are not read. The stamps of creation and
change that Word keeps are those of the file, not of the text, hence no date.
"""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from bot.corpus.raw import BlockKind, RawDocument
from bot.corpus.readers.archives import open_archive
from bot.corpus.readers.building import CharacterBudget, DocumentBuilder, known
from bot.corpus.readers.limits import ReadLimits, Unreadable

_PARAGRAPH = qn("w:p")
_HEADING = re.compile(r"heading ([1-9])$", re.IGNORECASE)
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\u2011"}
# The same text box is stored a second time for old versions of Word.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PROPERTIES = "/docProps/core.xml"
_FAULTS = (
    PackageNotFoundError,
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    KeyError,
    ValueError,
    NotImplementedError,
)
_DAMAGED = (
    "It is no .docx document, or a damaged one. Open it in a word processor and save it as .docx."
)


def read(data: bytes, limits: ReadLimits) -> list[RawDocument]:
    """Return the one document of a Word file.

    Raises:
        Unreadable: It is damaged, empty, unsafe to unpack or too long.
    """
    with open_archive(data, limits):
        pass
    try:
        document = docx.Document(io.BytesIO(data))
    except _FAULTS as error:
        raise Unreadable(_DAMAGED) from error
    levels = _heading_levels(document)
    builder = DocumentBuilder(CharacterBudget(limits))
    for paragraph in _paragraphs(document.element.body):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        level = None if style is None else levels.get(style.get(qn("w:val"), ""))
        kind = BlockKind.PARAGRAPH if level is None else BlockKind.HEADING
        builder.add("".join(_words(paragraph)), kind, level=level or 1)
    metadata = {}
    if _PROPERTIES in {str(part.partname) for part in document.part.package.iter_parts()}:
        core = document.core_properties  # made up by python-docx where the file has none
        metadata = known([("title", core.title), ("author", core.author)])
    return [builder.build(metadata, hashlib.sha256(data).hexdigest())]


def _heading_levels(document: Document) -> dict[str, int]:
    """Return the level of each style that is a heading, or based on one; a title is 1."""
    levels = {}
    for style in document.styles.element.findall(qn("w:style")):
        seen: set[str] = set()
        identifier = style.get(qn("w:styleId"), "")
        current = style
        while current is not None and current.get(qn("w:styleId"), "") not in seen:
            seen.add(current.get(qn("w:styleId"), ""))
            name = _value(current, "w:name")
            heading = _HEADING.match(name)
            if heading or name.lower() == "title":
                levels[identifier] = int(heading[1]) if heading else 1
                break
            current = document.styles.element.get_by_id(_value(current, "w:basedOn"))
    return levels


def _value(element: etree._Element, child: str) -> str:
    found = element.find(qn(child))
    return "" if found is None else found.get(qn("w:val"), "")


def _paragraphs(root: etree._Element) -> Iterator[etree._Element]:
    for element in root.iter(_PARAGRAPH):
        if next(element.iterancestors(_FALLBACK), None) is None:
            yield element


def _words(element: etree._Element) -> Iterator[str]:
    """Yield the text of a paragraph, without that of text boxes anchored in it.

    Deleted text under review is stored as ``w:delText`` and so is not taken.
    """
    for child in element:
        if child.tag in (_PARAGRAPH, _FALLBACK):
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _BREAKS and element.tag == qn("w:r"):
            yield _BREAKS[child.tag]
        else:
            yield from _words(child)
