"""Show the program's log on standard error: one line an event, with its fields.

The core logs events with fields and without message text; this only sets them for reading.
Called by `frame`.
"""

import logging
import sys

from adapters.console.printable import printable

OWN = ("adapters", "bot")
"""The loggers of our own code."""
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class EventFormatter(logging.Formatter):
    """``WARNING request_refused request_id=4f1c reason='...'``; tracebacks at DEBUG only."""

    def __init__(self, shows_tracebacks: bool) -> None:
        super().__init__()
        self._shows_tracebacks = shows_tracebacks

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for a record."""
        fields = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        told = [f"{name}={value!r}" for name, value in fields.items()]
        line = printable(" ".join([record.levelname, record.getMessage(), *told]))
        if record.exc_info and self._shows_tracebacks:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return line


class _EventHandler(logging.StreamHandler):  # type: ignore[type-arg]  # generic in stubs only
    """Told apart from handlers that others set."""


def configure_logging(level: str) -> None:
    """Log to standard error from this level on; may be called again."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _EventHandler)]:
        root.removeHandler(handler)
    handler = _EventHandler(sys.stderr)
    handler.setFormatter(EventFormatter(shows_tracebacks=level == "DEBUG"))
    root.addHandler(handler)
    # What libraries tell at DEBUG has tokens in it and what people typed.
    root.setLevel("INFO" if level == "DEBUG" else level)
    for own in OWN:
        logging.getLogger(own).setLevel(level)
