"""What can befall a journal's file: a full disk, another's lock, write protection, damage."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import aiosqlite
import pytest

NOBODY = 65_534
_PAGE_BYTES = 4_096


class Tap:
    """Opens connections whose SQLite a test can reach, to fill its disk or write-protect it."""

    def __init__(self) -> None:
        self.database: sqlite3.Connection | None = None

    def connect(self, path: Path, busy_timeout_s: float) -> aiosqlite.Connection:
        def open_it() -> sqlite3.Connection:
            self.database = sqlite3.connect(
                path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False
            )
            return self.database

        return aiosqlite.Connection(open_it, iter_chunk_size=64)

    def set(self, pragma: str) -> None:
        assert self.database is not None
        self.database.execute(f"PRAGMA {pragma}").fetchall()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of whoever writes, as another process does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def damage(path: Path, table: str) -> None:
    """Overwrite the page that a table of a closed journal begins on."""
    with closing(sqlite3.connect(path)) as database:
        ((page,),) = database.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)
        ).fetchall()
    with path.open("r+b") as file:
        file.seek((page - 1) * _PAGE_BYTES)
        file.write(b"\xff" * _PAGE_BYTES)


@contextmanager
def own_folder() -> Iterator[Path]:
    """Make a folder that others than root reach too; pytest's own belong to whoever runs it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def protected(*paths: Path) -> Iterator[None]:
    """Take the right to write to some files and folders, and be somebody whom that binds.

    Root may write everywhere, so that root becomes nobody in particular meanwhile.
    """
    is_root = os.geteuid() == 0
    if is_root and not _may_become_nobody():
        pytest.skip("This root may write everywhere and cannot become anybody else.")
    before = [path.stat() for path in paths]
    for path in paths:
        if is_root:
            os.chown(path, NOBODY, NOBODY)
        path.chmod(0o555 if path.is_dir() else 0o444)
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        for path, was in zip(paths, before, strict=True):
            os.chown(path, was.st_uid, was.st_gid)
            path.chmod(was.st_mode)


def _may_become_nobody() -> bool:
    try:
        os.seteuid(NOBODY)
    except PermissionError:
        return False
    os.seteuid(0)
    return True
