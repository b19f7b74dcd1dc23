"""``counterpoint log``: what was asked and what came of it, as the journal keeps it.

Reads only; the bot may serve meanwhile. What was typed is there where LOG_TEXT keeps it.
"""

import asyncio
import csv
import json
import os
import re
import sys
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from adapters.cli.exits import ExitCode, UsageMistake
from adapters.cli.output import counted, write_json, write_table
from adapters.cli.records import ENTRY_COLUMNS, entry_record, entry_row
from adapters.cli.tally import Tally, iso
from adapters.console.terminal import open_terminal
from bot import admin_texts
from bot.ports import Journal, JournalEntry, RequestState

if TYPE_CHECKING:
    from bot.bootstrap import Application

_HEADER = ("when", "platform", "result", "asked")
_AGO = re.compile(r"(\d{1,5})([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_PAUSE_S = 0.5
_NEW = 64
_MOST_NEW = 65_536
_MOST_UNANSWERED = 100_000
_OWNER_ONLY = 0o600


def tail(
    application: "Application", number: int, platform: str | None, *, follows: bool, as_json: bool
) -> ExitCode:
    """Show the last interactions; with ``follows`` whatever comes too, until Ctrl-C."""

    async def work(journal: Journal) -> None:
        most = max(number, _NEW)
        newest = [entry async for entry in journal.recent(most, platform=platform)]
        _show(newest[:number][::-1], as_json=as_json)
        coming = _Coming(journal, platform, newest)
        while follows:
            sys.stdout.flush()
            await asyncio.sleep(_PAUSE_S)
            _show_new(await coming.next(), as_json=as_json)

    return _with_log(application, work, makes_one=follows)


def search(
    application: "Application",
    words: str,
    number: int,
    platform: str | None,
    since: str | None,
    *,
    as_json: bool,
) -> ExitCode:
    """Show the interactions that hold some words, whatever their case."""
    wanted, begun = " ".join(words.split()).casefold(), moment(since)

    async def work(journal: Journal) -> None:
        found: deque[JournalEntry] = deque(maxlen=number)
        wordless = 0
        async for entry in journal.history(since=begun, platform=platform):
            texts = _texts_of(entry)
            wordless += not texts and entry.asker is not None
            if any(wanted in " ".join(text.split()).casefold() for text in texts):
                found.append(entry)
        _show(list(found), as_json=as_json)
        if wordless and not found and not as_json:
            open_terminal(is_error=True).say(admin_texts.words_left_out(wordless))

    return _with_log(application, work)


def unanswered(
    application: "Application", number: int, platform: str | None, *, as_json: bool
) -> ExitCode:
    """List what was asked in vain, each thing once with how often and when last."""

    async def work(journal: Journal) -> None:
        counts: Counter[str] = Counter()
        newest: dict[str, JournalEntry] = {}
        async for entry in journal.recent(
            _MOST_UNANSWERED, platform=platform, unanswered_only=True
        ):
            key = _bare(_asked(entry)) or entry.text_hash or ""
            counts[key] += 1
            newest.setdefault(key, entry)
        rows = [(count, newest[key]) for key, count in counts.most_common(number)]
        if as_json:
            for count, entry in rows:
                kind = {"count": count, "last": _when(entry), "kind": entry.kind}
                write_json(kind | {"query": _asked(entry) or None})
        elif rows:
            table = [(str(count), _when(entry), _told(entry)) for count, entry in rows]
            write_table(("times", "last", "asked"), table)
        else:
            open_terminal(is_error=True).say(admin_texts.LOG_NOTHING)

    return _with_log(application, work)


def export(
    application: "Application",
    since: str | None,
    platform: str | None,
    out: Path | None,
    *,
    is_csv: bool,
) -> ExitCode:
    """Write all interactions to a file, whole or not at all, or to standard output."""
    begun = moment(since)
    if out is not None and not out.parent.is_dir():
        raise UsageMistake(f"{out}: there is no folder {out.parent}; make it, or name another.")

    async def work(journal: _Noted) -> None:
        entries = journal.history(since=begun, platform=platform)
        if out is None:
            await _write(entries, sys.stdout, is_csv=is_csv)
            return
        draft = out.with_name(f"{out.name}.part")
        try:
            with _created(draft) as file:
                count = await _write(entries, file, is_csv=is_csv)
            os.replace(draft, out)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(draft)
        open_terminal(is_error=True).say(f"{counted(count, 'interaction')}: {out}")

    return _with_all(application, work)


def stats(
    application: "Application", since: str | None, platform: str | None, *, as_json: bool
) -> ExitCode:
    """Count the interactions."""
    begun = moment(since)

    async def work(journal: _Noted) -> None:
        counted_up = Tally()
        async for entry in journal.history(since=begun, platform=platform):
            counted_up.add(entry)
        record = counted_up.record()
        if as_json:
            write_json(record)
            return
        rows = []
        for name, value in record.items():
            parts = value.items() if isinstance(value, dict) else (("", value),)
            rows += [(name, str(part), "-" if one is None else str(one)) for part, one in parts]
        write_table(("figure", "of", "value"), rows)

    return _with_all(application, work)


def moment(text: str | None, now: datetime | None = None) -> float:
    """Return a time in seconds since the epoch: ``2025-01-30``, ``2025-01-30T12:00``, ``7d``.

    Raises:
        UsageMistake: It is no time.
    """
    if text is None:
        return 0.0
    ago = _AGO.fullmatch(text.strip())
    if ago is not None:
        passed = timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        return ((now or datetime.now(UTC)) - passed).timestamp()
    try:
        said = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageMistake(
            f"{text!r} is no time; write a day such as 2025-01-30, or how long ago, such as 7d."
        ) from None
    return (said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp()


class _Noted(Protocol):
    """What is noted, from the first on."""

    def history(
        self, *, since: float = 0.0, platform: str | None = None
    ) -> AsyncIterator[JournalEntry]:
        """Yield all interactions; see `Journal.history`."""


class _Nothing:
    """Stands in for a journal where there is none."""

    async def history(
        self, *, since: float = 0.0, platform: str | None = None
    ) -> AsyncIterator[JournalEntry]:
        nothing: tuple[JournalEntry, ...] = ()
        for entry in nothing:
            yield entry


def _with_log(
    application: "Application",
    work: Callable[[Journal], Coroutine[Any, Any, None]],
    *,
    makes_one: bool = False,
) -> ExitCode:
    """Do something with the journal; where there is none, say so, and make one only if told."""

    async def run() -> None:
        async with await application.open_journal() as journal:
            await work(journal)

    if makes_one or _has_journal(application):
        asyncio.run(run())
    return ExitCode.OK


def _with_all(
    application: "Application", work: Callable[[_Noted], Coroutine[Any, Any, None]]
) -> ExitCode:
    """Do something with all that is noted, also where that is nothing."""
    if _has_journal(application):
        return _with_log(application, work)
    asyncio.run(work(_Nothing()))
    return ExitCode.OK


def _has_journal(application: "Application") -> bool:
    path = application.settings.journal_path
    if path.is_file():
        return True
    open_terminal(is_error=True).say(admin_texts.no_journal(str(path)))
    return False


class _Coming:
    """Tells what is answered from now on, each once, in the order of asking.

    Args:
        journal: Where it is noted.
        platform: Whose it is; None for all.
        shown: What was shown before, the newest first; what of it was being answered still
            is told again with its result.
    """

    def __init__(
        self, journal: Journal, platform: str | None, shown: Sequence[JournalEntry]
    ) -> None:
        self._journal = journal
        self._platform = platform
        self._since = shown[0].begun_at if shown else 0.0
        self._pending = {one.request_id for one in shown if one.state is RequestState.BEGUN}
        done = [one.request_id for one in shown if one.request_id not in self._pending]
        self._seen = dict.fromkeys(reversed(done))

    async def next(self) -> list[JournalEntry]:
        """Return what is new since the last call."""
        number = _NEW
        while True:
            found = [one async for one in self._journal.recent(number, platform=self._platform)]
            is_all = len(found) < number or number >= _MOST_NEW
            if is_all or any(one.request_id in self._seen for one in found):
                break
            number *= 4
        fresh = [one for one in reversed(found) if self._is_new(one)]
        self._seen.update(dict.fromkeys(one.request_id for one in fresh))
        for request_id in list(self._seen)[: max(0, len(self._seen) - _MOST_NEW)]:
            del self._seen[request_id]
        return fresh

    def _is_new(self, entry: JournalEntry) -> bool:
        is_known = entry.state is RequestState.BEGUN or entry.request_id in self._seen
        return not is_known and (entry.begun_at >= self._since or entry.request_id in self._pending)


def _show(entries: Sequence[JournalEntry], *, as_json: bool) -> None:
    if not entries and not as_json:
        open_terminal(is_error=True).say(admin_texts.LOG_NOTHING)
    elif as_json:
        for entry in entries:
            write_json(entry_record(entry))
    else:
        rows = [(_when(one), one.platform, _result(one), _told(one)) for one in entries]
        write_table(_HEADER, rows)


def _show_new(entries: Sequence[JournalEntry], *, as_json: bool) -> None:
    if entries:
        _show(entries, as_json=as_json)


async def _write(entries: AsyncIterator[JournalEntry], file: TextIO, *, is_csv: bool) -> int:
    count = 0
    table = csv.writer(file)
    if is_csv:
        table.writerow(ENTRY_COLUMNS)
    async for entry in entries:
        count += 1
        if is_csv:
            table.writerow(entry_row(entry))
        else:
            file.write(json.dumps(entry_record(entry)) + "\n")
    return count


def _created(path: Path) -> TextIO:
    """Open a new file that only its owner may read: it says who asked what."""
    with suppress(FileNotFoundError):
        os.unlink(path)
    number = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY)
    return os.fdopen(number, "w", encoding="utf-8", newline="")


def _texts_of(entry: JournalEntry) -> list[str]:
    query = entry.query
    known = (entry.text, query.text if query else None, query.claim if query else None)
    return [text for text in known if text is not None]


def _asked(entry: JournalEntry) -> str:
    return entry.query.text if entry.query is not None else entry.text or ""


def _bare(text: str) -> str:
    """Return words without what does not change them: case, space, what ends a sentence."""
    return " ".join(text.casefold().split()).rstrip(".!? ")


def _told(entry: JournalEntry) -> str:
    if entry.asker is None:
        return admin_texts.LOG_FORGOTTEN
    return entry.text or _asked(entry) or admin_texts.LOG_NO_WORDS


def _result(entry: JournalEntry) -> str:
    if entry.state is RequestState.BEGUN:
        return "..."
    if entry.error is not None:
        return entry.error
    return counted(len(entry.shown), "quote") if entry.answered else "nothing"


def _when(entry: JournalEntry) -> str:
    return iso(entry.begun_at)
