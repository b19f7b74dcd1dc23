"""The table of formats: what a file is called, and which module reads it.

A format is one module with ``read(data: bytes, limits: ReadLimits) -> list[RawDocument]``
that raises `Unreadable`. To add one, write the module and add a line here. Modules are
imported when a file of theirs is read: the parsers of PDF and Word files take longer to
import than most files take to read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from bot.corpus.raw import RawDocument
from bot.corpus.readers.limits import ReadLimits

Reader = Callable[[bytes, ReadLimits], list[RawDocument]]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    ``isolate_above`` is the size in bytes from which a file is read in a process of its
    own, where time and memory have an end: 0 for parsers that a small file can send into
    a loop, None for those whose work is in proportion to the file.
    """

    name: str
    suffixes: tuple[str, ...]
    module: str
    isolate_above: int | None = None

    def load(self) -> Reader:
        """Import and return the format's reader."""
        return cast(Reader, import_module(f"bot.corpus.readers.{self.module}").read)


FORMATS = (
    Format("text", (".txt",), "plain_text"),
    Format("Markdown", (".md", ".markdown"), "markdown", isolate_above=50_000),
    Format("web page", (".html", ".htm"), "web_page", isolate_above=0),
    Format("PDF", (".pdf",), "pdf", isolate_above=0),
    Format("Word", (".docx",), "word", isolate_above=0),
    Format("subtitles", (".vtt", ".srt"), "subtitles", isolate_above=1_000_000),
    Format("JSON Lines", (".jsonl",), "json_lines"),
    Format("Discord export", (".json",), "discord_export"),
    Format("Slack export", (".zip",), "slack_export"),
)


def format_of(path: Path) -> Format | None:
    """Return the format that a file's name stands for, or None."""
    suffix = path.suffix.lower()
    return next((known for known in FORMATS if suffix in known.suffixes), None)


def format_named(name: str) -> Format:
    """Return a format by its name; raises KeyError when there is none."""
    return {known.name: known for known in FORMATS}[name]


def supported_suffixes() -> tuple[str, ...]:
    """Return the endings of all files that can be read, such as ".txt"."""
    return tuple(suffix for known in FORMATS for suffix in known.suffixes)
