"""``counterpoint corpus`` and ``counterpoint topics``: what the bot quotes from.

Reading and checking are `bot.corpus`'s, reached through the application.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from adapters.cli.exits import ExitCode, UsageMistake
from adapters.cli.output import counted, write_json, write_table
from adapters.console.terminal import BLANK, Line, open_terminal, plain
from bot import texts
from bot.types import Document, ReadDocument, ReadFailure

if TYPE_CHECKING:
    from bot.bootstrap import Application


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document that is added; None where nothing is."""

    title: str | None = None
    author: str | None = None
    date: str | None = None
    url: str | None = None
    kind: str | None = None
    licence: str | None = None


def list_documents(application: "Application", *, as_json: bool) -> ExitCode:
    """List the documents of the corpus; names files that cannot be read on standard error."""
    corpus = application.read_corpus()
    if as_json:
        write_json([_summary(read) for read in corpus.documents])
    else:
        header = ("id", "title", "author", "date", "kind", "sentences")
        write_table(header, [_row(read) for read in corpus.documents])
    _name(corpus.failures)
    return ExitCode.OK


def show_document(application: "Application", id: str, *, as_json: bool) -> ExitCode:
    """Show a document as it is read: what is known about it, and every sentence."""
    corpus = application.read_corpus()
    found = {read.document.id: read for read in corpus.documents}
    if id not in found:
        raise UsageMistake(
            f"There is no document {id!r} in the corpus; `counterpoint corpus list` names them."
        )
    if as_json:
        write_json(asdict(found[id]))
    else:
        open_terminal().write(_page(found[id]))
    return ExitCode.OK


def validate(application: "Application", *, as_json: bool) -> ExitCode:
    """Read everything and name whatever is wrong."""
    corpus = application.read_corpus()
    if as_json:
        write_json(
            {
                "documents": len(corpus.documents),
                "sentences": sum(len(read.passages) for read in corpus.documents),
                "topics": len(corpus.topics),
                "failures": [asdict(failure) for failure in corpus.failures],
            }
        )
    else:
        open_terminal().say(_verdict(corpus.documents, len(corpus.topics), len(corpus.failures)))
        _name(corpus.failures)
    return ExitCode.PROBLEM if corpus.failures or not corpus.documents else ExitCode.OK


def add(application: "Application", path: Path, known: Metadata, *, as_json: bool) -> ExitCode:
    """Copy a document into the corpus."""
    entry = application.add_document(path, **asdict(known))
    if as_json:
        write_json(asdict(entry))
    else:
        open_terminal().say(f"Added {entry.id}. `counterpoint reindex` makes it quotable.")
    return ExitCode.OK


def list_topics(application: "Application", *, as_json: bool) -> ExitCode:
    """List the topics of the corpus."""
    topics = application.library.topics
    if as_json:
        write_json([asdict(topic) for topic in topics])
    else:
        header = ("topic", "title", "proposition")
        write_table(header, [(topic.slug, topic.title, topic.proposition) for topic in topics])
    return ExitCode.OK


def _verdict(documents: Sequence[ReadDocument], topics: int, failures: int) -> str:
    sentences = sum(len(read.passages) for read in documents)
    unreadable = f"{counted(failures, 'file')} cannot be read" if failures else ""
    return (
        f"{counted(len(documents), 'document')} with {counted(sentences, 'sentence')}, "
        f"{counted(topics, 'topic')}; {unreadable or 'every file can be read'}."
    )


def _summary(read: ReadDocument) -> dict[str, Any]:
    known = asdict(read.document)
    del known["text"]
    return {**known, "sentences": len(read.passages)}


def _row(read: ReadDocument) -> tuple[str, ...]:
    document = read.document
    return (
        document.id,
        document.title,
        document.author or "",
        document.date or "",
        document.kind,
        str(len(read.passages)),
    )


def _page(read: ReadDocument) -> Iterator[Line]:
    document = read.document
    yield Line(plain(document.title, "bold"))
    yield from (Line(plain(known, "dim")) for known in _known(document))
    section: str | None = None
    for passage in read.passages:
        if passage.section != section and passage.section:
            yield BLANK
            yield Line(plain(passage.section, "bold"))
        section = passage.section
        where = [passage.locator, passage.speaker, texts.REPORTED if passage.reported else None]
        note = ", ".join(part for part in where if part)
        line = [plain(document.text[passage.start : passage.end])]
        if note:
            line.append(plain(f"[{note}]", "dim"))
        yield Line(Text(" ").join(line), 2)


def _known(document: Document) -> Iterator[str]:
    for name in ("id", "author", "date", "url", "kind", "licence"):
        value = getattr(document, name)
        yield f"{name}: {'unknown' if value is None else value}"


def _name(failures: tuple[ReadFailure, ...]) -> None:
    notes = open_terminal(is_error=True)
    for failure in failures:
        notes.write([Line(plain(f"{failure.path}: {failure.reason}"), 2, "!")])
