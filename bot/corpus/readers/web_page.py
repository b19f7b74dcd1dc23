"""Read .html: the main text of a page, without its menus and adverts.

readability-lxml finds the main text (see docs/decisions/dependencies.md for what it was
compared with). A page that has no menus, such as a text exported from an editor, is
taken whole, since cutting could only lose words there.
"""

import hashlib
import re
from copy import deepcopy

import lxml.html
from lxml import etree
from readability import Document  # type: ignore[import-untyped]  # ships no types
from readability.readability import Unparseable  # type: ignore[import-untyped]  # likewise

from bot.corpus.raw import BlockKind, RawDocument
from bot.corpus.readers.building import CharacterBudget, DocumentBuilder
from bot.corpus.readers.encoding import decode
from bot.corpus.readers.limits import ReadLimits, Unreadable
from bot.corpus.readers.page_metadata import page_metadata

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_CHROME = ("nav", "aside", "footer", "form", "button", "input", "iframe")
_NOT_WORDS = frozenset(
    {"button", "head", "iframe", "noscript", "object", "script", "select", "style", "svg"}
    | {"template", "textarea", "title"}
)
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl"}
    | {"dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend"}
    | {"li", "main", "nav", "ol", "p", "section", "summary", "table", "tbody", "td"}
    | {"tfoot", "th", "thead", "tr", "ul"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SPACE = re.compile(r"[ \t\n\r\f]+")
_LINE_BREAK = re.compile(r" *\n *")
# More than this share of a page's characters inside links means that it has menus.
_MENU_SHARE = 0.2


def read(data: bytes, limits: ReadLimits) -> list[RawDocument]:
    """Return the one document of a web page.

    Raises:
        Unreadable: It has no text, nests too deeply, or is too long.
    """
    page = _parse(_decode_page(data))
    metadata = page_metadata(page)
    flow = _Flow(DocumentBuilder(CharacterBudget(limits)))
    flow.walk(page if _is_bare(page) else _main_text(page))
    if flow.builder.is_empty:
        flow.walk(page)
    return [flow.builder.build(metadata, hashlib.sha256(data).hexdigest())]


def _decode_page(data: bytes) -> str:
    """Return the page's text; what it declares counts only where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        # Browsers read what calls itself Latin-1 as the Windows encoding that it mostly is
        # (https://encoding.spec.whatwg.org/#names-and-labels).
        name = declared[1].decode("ascii").lower()
        name = "cp1252" if name in ("iso-8859-1", "latin1", "ascii", "us-ascii") else name
        try:
            return data.decode(name, errors="replace")
        except LookupError:
            pass
    return decode(data)


def _parse(text: str) -> lxml.html.HtmlElement:
    if not text.strip():
        raise Unreadable("It holds no text. Remove it, or put the text in and try again.")
    parser = lxml.html.HTMLParser(encoding="utf-8")
    try:
        page = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise Unreadable("It holds no text, or is no web page.") from error
    # libxml2 stops at 256 levels and silently drops what comes after.
    if any("depth" in entry.message for entry in parser.error_log):
        raise Unreadable(
            "Its tags are nested too deeply to be read. Save the page's text as .txt instead."
        )
    return page


def _is_bare(page: lxml.html.HtmlElement) -> bool:
    """Say whether a page is all text: no navigation, and few of its words are links."""
    if next(page.iter(*_CHROME), None) is not None:
        return False
    linked = sum(len(link.text_content()) for link in page.iter("a"))
    return linked <= _MENU_SHARE * len(page.text_content())


def _main_text(page: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    bare = deepcopy(page)
    for menu in list(bare.iter("nav", "footer")):
        menu.drop_tree()  # on a short page, readability takes them for text
    if not bare.text_content().strip():
        return page
    try:
        summary = Document(deepcopy(bare)).summary(html_partial=True)
        return lxml.html.document_fromstring(summary)
    except (Unparseable, etree.ParserError):
        return bare


class _Flow:
    """Walks over elements and cuts their text into blocks.

    The parser lets no page nest deeper than 256 levels, so that recursion is safe.
    """

    def __init__(self, builder: DocumentBuilder) -> None:
        self.builder = builder
        self._words: list[str] = []

    def walk(self, root: lxml.html.HtmlElement) -> None:
        """Add the text below an element."""
        self._visit(root)
        self._flush()

    def _visit(self, element: lxml.html.HtmlElement) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _NOT_WORDS or element.get("hidden") is not None:
            return
        if tag == "br":
            self._words.append("\n")
        elif tag in _HEADINGS:
            self._flush()
            self._inside(element)
            self._flush(BlockKind.HEADING, int(tag[1]))
        elif tag == "pre":
            self._flush()
            self.builder.add(element.text_content(), BlockKind.CODE)
        elif tag in _BLOCKS:
            self._flush()
            self._inside(element)
            self._flush()
        else:
            self._inside(element)

    def _inside(self, element: lxml.html.HtmlElement) -> None:
        self._words.append(_SPACE.sub(" ", element.text or ""))
        for child in element:
            self._visit(child)
            self._words.append(_SPACE.sub(" ", child.tail or ""))

    def _flush(self, kind: BlockKind = BlockKind.PARAGRAPH, level: int = 1) -> None:
        """End a block; an empty line made by two ``<br>`` ends one as well."""
        text = _LINE_BREAK.sub("\n", re.sub(" +", " ", "".join(self._words)))
        self._words.clear()
        for part in re.split(r"\n{2,}", text):
            self.builder.add(part, kind, level=level)
