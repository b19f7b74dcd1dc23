"""Read what people wrote about the documents: `documents.toml`.

Checks every entry and says what is wrong in one sentence with the way out. Reading the
documents themselves is `bot.corpus.library`'s work, which calls this; writing an entry is
`bot.corpus.adding`'s.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from bot.errors import CorpusError

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""A name that is safe in links and commands."""

_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known about one file; None where nothing is.

    ``file`` is a path below the folder of documents, with forward slashes.
    """

    file: str
    id: str | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None
    url: str | None = None
    kind: str | None = None
    licence: str | None = None

    def metadata(self) -> dict[str, str]:
        """Return what is known about the document itself, without file and id."""
        known = {field.name: getattr(self, field.name) for field in fields(self)[2:]}
        return {key: value for key, value in known.items() if value is not None}


_KEYS = tuple(field.name for field in fields(Entry))


def read_manifest(path: Path) -> tuple[Entry, ...]:
    """Read a manifest; a file that does not exist holds no entries.

    Raises:
        CorpusError: The file is no TOML, or an entry cannot be used. The message names
            the file, the entry, the key and the way out.
    """
    table = read_toml(path)
    unknown = set(table) - {"document"}
    listed = table.get("document", [])
    if unknown or not isinstance(listed, list) or not all(isinstance(e, dict) for e in listed):
        raise CorpusError(
            f"{path}: every entry has to begin with [[document]]"
            + (f"; found {sorted(unknown)[0]!r}" if unknown else "")
        )
    entries = tuple(_entry(path, number, keys) for number, keys in enumerate(listed, start=1))
    for key in ("file", "id"):
        _refuse_duplicates(path, key, [getattr(entry, key) for entry in entries])
    return entries


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; a missing one is empty. Raises CorpusError with the line."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig").replace("\r\n", "\n"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path}: not valid TOML: {error}") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read: {error.strerror}") from error


def check_entry(entry: Entry, where: str) -> None:
    """Refuse values that cannot be used.

    Args:
        entry: The entry.
        where: What the message begins with, to name the place of the entry.

    Raises:
        CorpusError: A value is out of its bounds.
    """
    parts = PurePosixPath(entry.file).parts
    if not parts or entry.file.startswith("/") or ".." in parts or "\\" in entry.file:
        raise CorpusError(f"{where}: file {entry.file!r} must be a path below the documents")
    if entry.id is not None and not SLUG.fullmatch(entry.id):
        raise CorpusError(
            f"{where}: id {entry.id!r} may hold small letters, digits and single hyphens only"
        )
    if entry.date is not None and not _is_date(entry.date):
        raise CorpusError(
            f"{where}: date {entry.date!r} must be a day, a month or a year, such as"
            " 2025-01-30, 2025-01 or 2025; leave it out if it is unknown"
        )
    if entry.url is not None:
        _check_url(entry.url, where)


def _check_url(url: str, where: str) -> None:
    if not re.match("https?://", url):
        raise CorpusError(f"{where}: url {url!r} must begin with http:// or https://")
    if blank := re.search(r"\s", url):
        raise CorpusError(
            f"{where}: url {url!r} holds {blank[0]!r}, which no address may; take it out, or write"
            f" {quote(blank[0])} for it"
        )
    if not re.match("https?://[^/?#]", url):
        raise CorpusError(f"{where}: url {url!r} names no site after http:// or https://")


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[: 10 - len(text)])
    except ValueError:
        return False
    return True


def _entry(path: Path, number: int, keys: Mapping[str, Any]) -> Entry:
    name = keys.get("file")
    where = f"{path}, entry {number}" + (f" ({name})" if isinstance(name, str) else "")
    unknown = [key for key in keys if key not in _KEYS]
    if unknown:
        raise CorpusError(f"{where}: unknown key {unknown[0]!r}; the keys are {', '.join(_KEYS)}")
    if "file" not in keys:
        raise CorpusError(f"{where}: the key 'file' is missing; it names a file in documents/")
    values = {key: _text(where, key, value) for key, value in keys.items()}
    entry = Entry(**values)
    check_entry(entry, where)
    return entry


def _text(where: str, key: str, value: object) -> str:
    if key == "date" and isinstance(value, date | int) and not isinstance(value, bool):
        # TOML knows dates, and a year alone reads as a number.
        return value.isoformat()[:10] if isinstance(value, date) else str(value)
    if not isinstance(value, str) or not value.strip():
        raise CorpusError(f"{where}: {key} must be text in quotes; leave it out if it is unknown")
    return value.strip()


def _refuse_duplicates(path: Path, key: str, values: list[str | None]) -> None:
    seen: set[str] = set()
    for value in values:
        if value is not None and value in seen:
            raise CorpusError(f"{path}: {key} {value!r} stands in two entries; change one of them")
        seen.add(value or "")
