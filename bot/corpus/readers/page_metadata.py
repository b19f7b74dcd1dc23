"""Find what a web page says about itself: title, author, date, address, licence.

Only what publishers mark up for machines is believed (JSON-LD of schema.org, Open Graph,
Dublin Core, Highwire tags): a date guessed from the text would be shown as a fact.
Called by the web page reader.
"""

import json
import re
from collections.abc import Iterator, Mapping

import lxml.html

from bot.corpus.readers.building import known
from bot.corpus.readers.json_values import as_object, as_text

# In order of trust.
_META = {
    "title": ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title"),
    "author": ("author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author"),
    "date": (
        "article:published_time",
        "citation_publication_date",
        "citation_date",
        "dcterms.date",
        "dc.date",
        "dc.date.issued",
        "dcterms.created",
        "datepublished",
        "parsely-pub-date",
        "date",
    ),
    "url": ("og:url",),
    "licence": ("dcterms.license", "dc.rights", "dcterms.rights"),
}
_ARTICLE = re.compile(r"Article|BlogPosting|Report|WebPage|CreativeWork|Posting")
_DATE = re.compile(r"(\d{4})(?:[-/](\d{2})(?:[-/](\d{2}))?)?(?!\d)")


def page_metadata(page: lxml.html.HtmlElement) -> dict[str, str]:
    """Return the metadata that a page states; keys as in `RawDocument.metadata`."""
    tags = _meta_tags(page)
    article = _article(page)
    canonical = _link(page, "canonical")
    pairs: list[tuple[str, object]] = [
        ("title", as_text(article.get("headline"))),
        ("author", _names(article.get("author"))),
        ("date", _iso_date(as_text(article.get("datePublished")))),
        ("url", canonical if canonical.startswith(("http://", "https://")) else ""),
    ]
    for key, names in _META.items():
        for name in names:
            value = tags.get(name, "")
            if key == "author" and value.startswith(("http://", "https://")):
                continue
            pairs.append((key, _iso_date(value) if key == "date" else value))
    title = page.find(".//title")
    pairs.append(("title", "" if title is None else title.text_content()))
    pairs.append(("licence", as_text(article.get("license")) or _link(page, "license")))
    return known(pairs)


def _meta_tags(page: lxml.html.HtmlElement) -> Mapping[str, str]:
    """Return the page's meta tags; several authors are listed one after the other."""
    tags: dict[str, str] = {}
    for element in page.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        name, content = name.lower(), element.get("content", "")
        if name == "citation_author" and name in tags:
            tags[name] += f", {content}"
        else:
            tags.setdefault(name, content)
    return tags


def _link(page: lxml.html.HtmlElement, relation: str) -> str:
    for element in page.iter("link", "a"):
        if relation in (element.get("rel") or "").lower().split():
            return element.get("href") or ""
    return ""


def _article(page: lxml.html.HtmlElement) -> Mapping[str, object]:
    """Return the first article that the page's JSON-LD describes, or an empty object."""
    for script in page.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            value = json.loads(script.text_content())
        except (ValueError, RecursionError):
            continue
        for item in _items(value):
            if _ARTICLE.search(str(item.get("@type", ""))) and item.get("headline"):
                return item
    return {}


def _items(value: object) -> Iterator[Mapping[str, object]]:
    found = value if isinstance(value, list) else [value]
    for item in map(as_object, found):
        yield item
        graph = item.get("@graph")
        if isinstance(graph, list):
            yield from map(as_object, graph)


def _names(authors: object) -> str:
    """Return the names in schema.org's ``author``: a string, an object, or a list of them."""
    found = authors if isinstance(authors, list) else [authors]
    names = [
        item if isinstance(item, str) else as_text(as_object(item).get("name")) for item in found
    ]
    return ", ".join(name for name in names if name and not name.startswith("http"))


def _iso_date(value: str) -> str:
    """Return the year, month or day that a value begins with, or nothing."""
    match = _DATE.match(value.strip())
    return "-".join(part for part in match.groups() if part) if match else ""
