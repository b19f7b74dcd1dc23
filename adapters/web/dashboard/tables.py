"""Tables as values: a page shows them, and each is handed out as CSV and as JSON."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from adapters.messaging.printable import printable
from bot.typography import readable


@dataclass(frozen=True, slots=True)
class Linked:
    """A piece of a document, or its title, that leads to a page; a file has the text alone."""

    text: str
    path: str


Cell = str | int | float | datetime | Linked | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With one of these, a spreadsheet takes a cell for a formula
(owasp.org/www-community/attacks/CSV_Injection)."""
_NONE = "–"  # noqa: RUF001 (a dash, as the pages set it)


class Look(StrEnum):
    """How a column looks on a page; a name is short and stays on one line."""

    TEXT = "text"
    NAME = "name"
    NUMBER = "number"
    SHARE = "share"
    MS = "ms"
    WHEN = "when"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``key`` is for programs, ``heading`` for people."""

    key: str
    heading: str
    look: Look = Look.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A table; each row has a cell for each column, ``note`` says what is in it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    note: str = ""


def moment(seconds: float | None) -> datetime | None:
    """Return seconds since the epoch as a date and time, UTC."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def shown(cell: Cell, look: Look) -> str:
    """Return what a page shows of a cell."""
    if cell is None or cell == "":
        return _NONE
    if isinstance(cell, Linked):
        return printable(readable(cell.text))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, str):
        return printable(cell)
    if look is Look.SHARE:
        return f"{cell:.0%}"
    if look is Look.MS:
        return f"{cell / 1000:.2f} s" if cell >= 1000 else f"{cell:.0f} ms"
    return f"{cell:,}".replace(",", "\u202f") if isinstance(cell, int) else f"{cell:.2f}"


def path_of(cell: Cell) -> str | None:
    """Return where a cell leads on a page; None where it leads nowhere."""
    return cell.path if isinstance(cell, Linked) else None


def as_csv(table: Table) -> str:
    """Return a table as CSV (RFC 4180), in which no cell is a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.key for column in table.columns])
    for row in table.rows:
        writer.writerow([_plain(cell) for cell in row])
    return file.getvalue()


def as_json(table: Table) -> str:
    """Return a table as JSON: a list with an object for each row."""
    keys = [column.key for column in table.columns]
    rows = [dict(zip(keys, map(_value, row), strict=True)) for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _plain(cell: Cell) -> str | int | float:
    value = _value(cell)
    if isinstance(value, str):
        # What stands before it is skipped by some spreadsheets, so look behind it.
        return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value
    return "" if value is None else value


def _value(cell: Cell) -> str | int | float | None:
    if isinstance(cell, Linked):
        return cell.text
    return cell.isoformat(timespec="seconds") if isinstance(cell, datetime) else cell
