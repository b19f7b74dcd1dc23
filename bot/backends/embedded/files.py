"""Where a generation's parts lie, and the few file operations that must survive a power cut.

Used by the other modules of this folder only.
"""

import os
import shutil
from pathlib import Path

DATABASE = "corpus.db"
LEXICAL = "lexical"
LAYOUT = "documents.npy"
"""``(documents + 1, 2) int64``: a document's number and first row; the last row is the size."""


def sync(path: Path) -> None:
    """Force a file's bytes, or a folder's entries, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, text: str) -> None:
    """Replace a small file: a reader finds the old text or the new one, never a part."""
    draft = path.with_name(path.name + ".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    sync(path.parent)


def link_or_copy(source: Path, target: Path) -> None:
    """Give an immutable file a second name, or copy it where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
