"""Say what stands in the messages that are no replies: meaning only, never markup. Pure.

An adapter lays a `Report` out: `Views.report`. What lines say comes from the core.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from adapters.messaging.lengths import clipped
from adapters.messaging.links import is_loopback
from adapters.messaging.paging import numbered
from adapters.messaging.presses import Action, Press
from bot import admin_texts, texts
from bot.administration import (
    LINK_S,
    CorpusStatus,
    Finding,
    Health,
    Progress,
    StagedDocument,
)
from bot.errors import CorpusError, ReadError, StagedGone
from bot.ports import JournalEntry
from bot.types import ChannelMode, IndexReport, Reply, Stance
from bot.typography import readable

STANCES = {
    Stance.SUPPORTS: texts.SUPPORTS,
    Stance.OPPOSES: texts.OPPOSES,
    Stance.NEUTRAL: texts.NEUTRAL,
}
"""How each side is called beside a quote."""
DOT = " \N{MIDDLE DOT} "
"""Stands between the parts of a line."""

_MARKS = {"added": "+", "changed": "~", "removed": "\N{MINUS SIGN}"}
_SIGNS = {
    Health.OK: "\N{WHITE HEAVY CHECK MARK}",
    Health.WARNING: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}",
    Health.PROBLEM: "\N{CROSS MARK}",
}
MOST_LOST = 3
"""Quotes that are shown when many are gone that were posted."""
# The longest that each part of a line may get.
_NAME = 200
_SENTENCE = 400


# --- what a report is made of ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, in seconds since the epoch, which a platform tells in the reader's own zone."""

    at: float


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Address:
    """An address to open, shown as it is."""

    url: str


Part = str | Strong | Moment | Channel | Address


class Shape(StrEnum):
    """What a line looks like."""

    PLAIN = "plain"
    ITEM = "item"
    QUOTE = "quote"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or a paragraph, of parts that stand one after the other."""

    parts: tuple[Part, ...]
    shape: Shape = Shape.PLAIN

    @classmethod
    def of(cls, *parts: Part, shape: Shape = Shape.PLAIN) -> "Line":
        """Make a line of parts; what is longer than a sentence should be is cut."""
        return cls(
            tuple(clipped(one, _SENTENCE) if isinstance(one, str) else one for one in parts), shape
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A button; a menu of (label, value) where there are ``entries``.

    ``is_grave``: what it does cannot be undone.
    """

    press: Press
    label: str
    entries: tuple[tuple[str, str], ...] = ()
    is_grave: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Lines under a title, and what can be done about them."""

    title: str | None
    lines: tuple[Line, ...] = ()
    choices: tuple[Choice, ...] = ()


# --- replies --------------------------------------------------------------------


def why_report(reply: Reply) -> Report:
    """Return how a reply came about: what was searched for, where it was found, the figures."""
    query, lines = reply.query, []
    if query is not None and query.text:
        lines.append(Line.of(texts.searched_for(query.text, query.kind.value)))
    if query is not None and query.claim:
        lines.append(Line.of(texts.sides_on(query.claim)))
    quotes, counterpoints = numbered(reply)
    for number, evidence in (*quotes, *counterpoints):
        figures = texts.figures(
            evidence.quote.start,
            evidence.quote.end,
            round(evidence.score * 100),
            STANCES[evidence.stance],
            round(evidence.probability * 100),
        )
        title = clipped(evidence.source.title, _NAME)
        lines.append(Line.of(Strong(str(number)), f" {title}{DOT}{figures}"))
    receipt = texts.receipt(reply.corpus_version or texts.NOT_SEARCHED, reply.id)
    return Report(texts.WHY, (*lines, Line.of(receipt, shape=Shape.SMALL)))


# --- documents ------------------------------------------------------------------


def progress_report(progress: Progress | None) -> Report:
    """Return how far a reindex has come."""
    if progress is None:
        return _sentence(admin_texts.REINDEX_STARTED)
    total = str(progress.files_total) if progress.files_total is not None else None
    return _sentence(
        admin_texts.reindexing(progress.files, total, progress.sentences, progress.sentences_found)
    )


def index_report(report: IndexReport) -> Report:
    """Return what a reindex did, document by document, and what it could not read."""
    changes = [change for change in report.changes if change.change in _MARKS]
    counts = {kind: sum(one.change == kind for one in changes) for kind in _MARKS}
    headline = (
        admin_texts.reindexed(
            counts["added"], counts["changed"], counts["removed"], report.passages
        )
        if changes
        else admin_texts.REINDEX_UNCHANGED
    )
    receipt = admin_texts.index_receipt(report.version, round(report.took_s, 1))
    failures = [
        Line.of(f"{_SIGNS[Health.WARNING]} {one.path}: {one.reason}") for one in report.failures
    ]
    told = [
        Line.of(
            Strong(_MARKS[one.change]),
            f" {clipped(one.title, _NAME)}{DOT}",
            admin_texts.sentences_changed(one.quotes_added, one.quotes_removed),
        )
        for one in changes
    ]
    small = Line.of(receipt, shape=Shape.SMALL)
    return Report(headline, (small, *_lost_lines(report), *failures, *told))


def staged_report(staged: StagedDocument) -> Report:
    """Return a document that waits, as it was read, and the buttons that decide on it."""
    author = clipped(staged.author or texts.UNKNOWN_AUTHOR, _NAME)
    date = staged.date or texts.UNKNOWN_DATE
    read = admin_texts.sentences_read(staged.sentences)
    return Report(
        staged.file_name,
        (
            Line.of(Strong(clipped(staged.title, _NAME)), f"{DOT}{author}, {date}, {read}"),
            Line.of(admin_texts.STAGED),
            *(Line((readable(one),), Shape.QUOTE) for one in staged.sample),
        ),
        (
            Choice(Press(Action.PUBLISH, staged.id), admin_texts.PUBLISH),
            Choice(Press(Action.DISCARD, staged.id), admin_texts.DISCARD),
        ),
    )


# --- the bot --------------------------------------------------------------------


def status_report(status: CorpusStatus, further: Sequence[str] = ()) -> Report:
    """Return what is indexed, since when, and what the platform adds."""
    lines = [Line.of(one) for one in further]
    if status.version is None:
        return Report(admin_texts.NOT_INDEXED, tuple(lines))
    headline = admin_texts.status(status.documents, status.passages, status.topics, status.version)
    if status.built_at is not None:
        lines.insert(0, Line.of(f"{admin_texts.READ_LAST} ", Moment(status.built_at)))
    return Report(headline, tuple(lines))


def channels_report(modes: Mapping[str, ChannelMode], deaf: str | None) -> Report:
    """Return where the bot may do what; ``deaf`` says why it cannot hear what is not for it."""
    set_ones = {channel: mode for channel, mode in modes.items() if mode is not ChannelMode.ALLOW}
    if not set_ones:
        return _sentence(admin_texts.NO_CHANNELS)
    lines = [_mode_line(channel, mode) for channel, mode in set_ones.items()]
    if ChannelMode.AUTO in set_ones.values() and deaf:
        lines.append(Line.of(f"{_SIGNS[Health.WARNING]} {deaf}"))
    return Report(admin_texts.CHANNELS_TITLE, tuple(lines))


def channel_report(channel_id: str, mode: ChannelMode, deaf: str | None) -> Report:
    """Return what was set for a channel."""
    lines = [_mode_line(channel_id, mode)]
    if mode is ChannelMode.AUTO and deaf:
        lines.append(Line.of(f"{_SIGNS[Health.WARNING]} {deaf}"))
    return Report(None, tuple(lines))


def log_report(entries: Sequence[JournalEntry], *, unanswered_only: bool) -> Report:
    """Return what was asked lately, newest first."""
    if not entries:
        nothing = admin_texts.NOTHING_UNANSWERED if unanswered_only else admin_texts.NO_LOG
        return _sentence(nothing)
    title = admin_texts.LOG_UNANSWERED if unanswered_only else admin_texts.LOG_ALL
    return Report(title, tuple(map(_log_line, entries)))


def findings_report(findings: Sequence[Finding]) -> Report:
    """Return what the doctor found, what is wrong first."""
    order = (Health.PROBLEM, Health.WARNING, Health.OK)
    ranked = sorted(findings, key=lambda finding: order.index(finding.health))
    is_well = all(finding.health is Health.OK for finding in findings)
    return Report(
        admin_texts.DOCTOR_WELL if is_well else admin_texts.DOCTOR_FOUND,
        tuple(
            Line.of(f"{_SIGNS[one.health]} ", Strong(clipped(one.part, _NAME)), f" {one.told}")
            for one in ranked
        ),
    )


def login_report(address: str) -> Report:
    """Return a link that logs an owner in to the dashboard."""
    lines = [Line.of(admin_texts.login_link(round(LINK_S / 60))), Line.of(Address(address))]
    if is_loopback(address):
        lines.append(Line.of(admin_texts.DASHBOARD_IS_LOCAL, shape=Shape.SMALL))
    return Report(None, tuple(lines))


def not_done(lead: str, error: CorpusError) -> str:
    """Say that documents could not be used, which file it is and why, but not where it lies.

    Args:
        lead: What was not done.
        error: Begins with a path, as all of its kind that concern a file.
    """
    if isinstance(error, StagedGone):
        return texts.STAGED_GONE
    if isinstance(error, ReadError):
        return f"{lead} {_file_name(error.path)}: {error.reason}"
    place, colon, reason = str(error).partition(": ")
    if not colon:
        return f"{lead} {place}"
    path, comma, entry = place.partition(", ")
    return f"{lead} {_file_name(path)}{comma}{entry}{colon}{reason}"


def _lost_lines(report: IndexReport) -> list[Line]:
    if not report.lost:
        return []
    told = Line.of(f"{_SIGNS[Health.WARNING]} {admin_texts.quotes_lost(len(report.lost))}")
    quotes = [clipped(readable(one.text), _NAME) for one in report.lost[:MOST_LOST]]
    return [told, *(Line((one,), Shape.QUOTE) for one in quotes)]


def _sentence(text: str) -> Report:
    return Report(None, (Line.of(text),))


def _file_name(path: str) -> str:
    return re.split(r"[/\\]", path)[-1]


def _mode_line(channel_id: str, mode: ChannelMode) -> Line:
    return Line.of(Channel(channel_id), f" {admin_texts.CHANNEL_MODES[mode]}")


def _log_line(entry: JournalEntry) -> Line:
    how = admin_texts.ANSWERED if entry.answered else admin_texts.UNANSWERED
    # What was searched for says more than a "source?" that was about somebody else's words.
    said = entry.query.text if entry.query is not None else entry.text
    if said is None:
        said = admin_texts.TEXT_NOT_KEPT
    outcome = f"{how} ({entry.error})" if entry.error else how
    return Line.of(
        Moment(entry.created_at), f" {clipped(said, _NAME)}{DOT}{outcome}{DOT}{entry.request_id}"
    )
