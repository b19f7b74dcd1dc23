"""Write what a command found: JSON for programs, tables for people.

JSON is plain ASCII on one line, so that it survives every terminal, pipe and locale. Used by
the commands.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import typer

from adapters.console.printable import printable
from adapters.console.terminal import open_console


def write_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write a value as one line of JSON, at once."""
    typer.echo(json.dumps(value))


def write_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write rows in columns on a terminal, or separated by tabs and without a header.

    Args:
        header: Names of the columns.
        rows: As many texts each; none is interpreted.
    """
    console = open_console()
    cells = [[printable(cell) for cell in row] for row in rows]
    if not console.is_terminal:
        for row in cells:
            typer.echo("\t".join(row))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in header:
        table.add_column(name, overflow="fold")
    for row in cells:
        table.add_row(*map(Text, row))
    console.print(table)


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, ``1 document`` or ``2 documents``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
