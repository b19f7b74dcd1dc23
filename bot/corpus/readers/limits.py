"""The bounds within which a file is read, and what a format's reader raises.

Every bound is there because some file, by accident or by design, would otherwise take
the memory or the time of the process that reads it. Used by every module here; a caller
that needs other bounds builds its own `ReadLimits`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Bounds on finding and reading files; all of them are upper limits, inclusive.

    Attributes:
        max_bytes: Size of a file, and of one file inside an archive.
        max_characters: Code points of text that one file gives, all its documents together.
        max_files: Files that one search for files returns.
        max_depth: Folders below a folder that was named.
        max_pages: Pages of a PDF.
        max_seconds: Wall clock for a file that is read in a process of its own.
        max_memory_bytes: Address space such a process may take beyond what it starts
            with (Linux only; elsewhere the wall clock and the other bounds hold alone).
        max_archive_entries: Files in a zip archive; a .docx is one.
        max_archive_bytes: Size of all files in an archive when unpacked.
        max_archive_ratio: Unpacked over packed size of one file in an archive. Deflate
            reaches 1032 on a run of one byte; office files and chat exports stay under 100.
    """

    max_bytes: int = 50_000_000
    max_characters: int = 20_000_000
    max_files: int = 10_000
    max_depth: int = 16
    max_pages: int = 5_000
    max_seconds: float = 60.0
    max_memory_bytes: int = 1_500_000_000
    max_archive_entries: int = 20_000
    max_archive_bytes: int = 500_000_000
    max_archive_ratio: float = 200.0


DEFAULT_LIMITS = ReadLimits()
"""What holds when a caller names no limits."""


class Unreadable(Exception):
    """A reader cannot make sense of a file.

    The message is a sentence for the person who supplied the file and says what to do.
    `bot.corpus.readers.reading` adds the file's name and turns it into a `ReadError`.
    """


def in_megabytes(size: int) -> str:
    """Return a size in bytes as people say it ("52.4 MB")."""
    return f"{size / 1e6:,.1f} MB"
