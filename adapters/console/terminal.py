"""Write lines to a terminal, wrapped and in colour, or to a pipe, plain and unwrapped.

No text of a document or a person reaches either as a control sequence: everything passes
`printable`. What the lines say is left to `render` and the commands of `adapters.cli`.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from adapters.console.printable import printable

WIDEST = 88
"""Columns; longer lines are hard to read."""

_NARROWEST = 16


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of output: ``mark`` stands in the margin that ``indent`` columns make."""

    text: Text
    indent: int = 0
    mark: str = ""
    wraps: bool = True


BLANK = Line(Text())


def plain(text: str, style: str = "") -> Text:
    """Return a text for a `Line`, made printable and without any markup."""
    return Text(printable(text), style=style)


class Terminal:
    """Where lines are written.

    Args:
        console: Writes to a terminal or a pipe and knows which it is.
    """

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def is_interactive(self) -> bool:
        """Whether a person looks at what is written."""
        return self._console.is_terminal

    def write(self, lines: Iterable[Line]) -> None:
        """Write lines; on a terminal each is wrapped to its width."""
        for line in lines:
            for row in self._rows(line):
                self._console.print(row, soft_wrap=True)

    def say(self, text: str, style: str = "") -> None:
        """Write one paragraph."""
        self.write([Line(plain(text, style))])

    def _rows(self, line: Line) -> Iterable[Text]:
        margin = f"{line.mark:<{line.indent}}"
        if not line.wraps or not self.is_interactive:
            yield Text.assemble((margin, "dim"), line.text) if line.text else Text()
            return
        width = max(min(self._console.width, WIDEST) - line.indent, _NARROWEST)
        for row in line.text.wrap(self._console, width):
            row.rstrip()
            yield Text.assemble((margin, "dim"), row)
            margin = " " * line.indent


def open_terminal(is_error: bool = False) -> Terminal:
    """Return the process's own output, or its error output."""
    return Terminal(open_console(is_error))


def open_console(is_error: bool = False) -> Console:
    """Return a console without markup of any sort on standard output or error."""
    stream = sys.stderr if is_error else sys.stdout
    return _Console(file=stream, markup=False, highlight=False, emoji=False)


class _Console(Console):
    """A console that leaves a closed pipe to the program, which has an exit code for it."""

    def on_broken_pipe(self) -> None:
        raise
