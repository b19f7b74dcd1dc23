"""Read Markdown (CommonMark with tables): its words, headings, paragraphs and code.

Links become their label, images their description, HTML its text. markdown-it-py does
the parsing; what is done here is to walk over its tokens.
"""

import hashlib
from collections.abc import Sequence
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.corpus.raw import BlockKind, RawDocument
from bot.corpus.readers.building import CharacterBudget, DocumentBuilder, clean
from bot.corpus.readers.encoding import decode
from bot.corpus.readers.front_matter import split_front_matter
from bot.corpus.readers.limits import ReadLimits


def read(data: bytes, limits: ReadLimits) -> list[RawDocument]:
    """Return the one document of a Markdown file.

    Raises:
        Unreadable: It is no text, an empty one, or too long.
    """
    metadata, body = split_front_matter(clean(decode(data)))
    builder = DocumentBuilder(CharacterBudget(limits))
    heading = 0
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body):
        match token.type:
            case "heading_open":
                heading = int(token.tag[1:])
            case "heading_close":
                heading = 0
            case "inline" if heading:
                builder.add(_words(token.children or ()), BlockKind.HEADING, level=heading)
            case "inline":
                builder.add(_words(token.children or ()))
            case "fence" | "code_block":
                builder.add(token.content, BlockKind.CODE)
            case "html_block":
                builder.add(_strip_tags(token.content))
    return [builder.build(metadata, hashlib.sha256(data).hexdigest())]


def _words(tokens: Sequence[Token]) -> str:
    """Return what a reader of the rendered page would see of a run of inline tokens."""
    words = []
    for token in tokens:
        match token.type:
            case "text" | "code_inline" | "text_special":
                words.append(token.content)
            case "softbreak":
                words.append(" ")
            case "hardbreak":
                words.append("\n")
            case "image":
                words.append(_words(token.children or ()))
    return "".join(words)


class _Text(HTMLParser):
    """Collects what is not a tag; scripts and styles are no words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def _strip_tags(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    parser.close()
    return " ".join(" ".join(parser.words).split())
