"""Read one file of any known format: the way in to this package, with `files`.

Checks what can be checked before a byte is read, then leaves the file to its format's
reader, in this process or in one of its own. Called by the indexing use case.
"""

import os
import stat
from pathlib import Path

from bot.corpus.raw import RawDocument
from bot.corpus.readers import slack_export
from bot.corpus.readers.isolation import read_isolated
from bot.corpus.readers.limits import DEFAULT_LIMITS, ReadLimits, Unreadable, in_megabytes
from bot.corpus.readers.registry import format_of, supported_suffixes
from bot.errors import ReadError


def read_file(path: Path, limits: ReadLimits = DEFAULT_LIMITS) -> list[RawDocument]:
    """Return the documents that a file holds: most hold one, chats and .jsonl several.

    A folder is read if it is an unpacked Slack export.

    Args:
        path: A file whose name ends in one of `supported_suffixes`.
        limits: Bounds on size, time and memory.

    Raises:
        ReadError: The file cannot be read; ``reason`` says why and what to do.
    """
    try:
        return _read(path, limits)
    except Unreadable as error:
        raise ReadError(shown(path), str(error)) from error
    except (OSError, ValueError) as error:
        # A path that holds NUL is a ValueError.
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ReadError(
            shown(path), f"It cannot be opened ({reason}). Check its name and permissions."
        ) from error
    except MemoryError as error:
        raise ReadError(shown(path), "There is not enough memory to read it. Split it.") from error


def shown(path: Path | str) -> str:
    """Return a path as it can be printed, also where its name is no valid UTF-8."""
    return os.fsencode(path).decode("utf-8", errors="replace")


def _read(path: Path, limits: ReadLimits) -> list[RawDocument]:
    if path.is_dir():
        if not slack_export.is_export_folder(path):
            raise Unreadable("It is a folder, and no Slack export. Name the files in it.")
        return slack_export.read_folder(path, limits)
    known = format_of(path)
    if known is None:
        raise Unreadable(
            "Files of this kind cannot be read. Save it as one of these: "
            f"{', '.join(supported_suffixes())}."
        )
    data = _bytes_of(path, limits)
    if known.isolate_above is None or len(data) <= known.isolate_above:
        return known.load()(data, limits)
    return read_isolated(data, known, limits)


def _bytes_of(path: Path, limits: ReadLimits) -> bytes:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("It is no ordinary file (a device, a pipe or a socket).")
    size = status.st_size
    if size <= limits.max_bytes:
        with path.open("rb") as file:
            # It may have grown since.
            data = file.read(limits.max_bytes + 1)
        size = len(data)
        if size == 0:
            raise Unreadable("It is empty. Remove it, or put the text in and try again.")
        if size <= limits.max_bytes:
            return data
    raise Unreadable(
        f"It has {in_megabytes(size)}, more than the {in_megabytes(limits.max_bytes)} that are "
        "allowed. Split it into several files."
    )
