"""Lay out for admins what the administration returns. Pure; called by `admin`."""

import re
from collections.abc import Mapping, Sequence

from adapters.discord import layout
from adapters.discord.buttons import Action, Button, Press
from adapters.discord.escaping import escaped_line, quoted
from adapters.discord.sending import View
from bot import texts
from bot.administration import CorpusStatus, Finding, Health, Progress, StagedDocument
from bot.errors import CorpusError, ReadError, StagedGone
from bot.ports import JournalEntry
from bot.types import ChannelMode, IndexReport
from bot.typography import readable

_MARKS = {"added": "+", "changed": "~", "removed": "\N{MINUS SIGN}"}
_SIGNS = {
    Health.OK: "\N{WHITE HEAVY CHECK MARK}",
    Health.WARNING: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}",
    Health.PROBLEM: "\N{CROSS MARK}",
}
_NAME = 200
_SENTENCE = 600


def progress_message(progress: Progress | None) -> View:
    """Return how far a reindex has come."""
    if progress is None:
        return layout.notice(texts.REINDEX_STARTED)
    return layout.notice(
        texts.reindexing(
            progress.files,
            str(progress.files_total) if progress.files_total is not None else None,
            progress.sentences,
            progress.sentences_found,
        )
    )


def index_message(report: IndexReport) -> View:
    """Return what a reindex did, document by document, and what it could not read."""
    changes = [change for change in report.changes if change.change in _MARKS]
    counts = {kind: sum(one.change == kind for one in changes) for kind in _MARKS}
    headline = (
        texts.reindexed(counts["added"], counts["changed"], counts["removed"], report.passages)
        if changes
        else texts.REINDEX_UNCHANGED
    )
    failures = [
        f"{_SIGNS[Health.WARNING]} {escaped_line(f'{one.path}: {one.reason}', _SENTENCE)}"
        for one in report.failures
    ]
    told = [
        f"**{_MARKS[one.change]}** {escaped_line(one.title, _NAME)} \N{MIDDLE DOT} "
        + escaped_line(texts.sentences_changed(one.quotes_added, one.quotes_removed))
        for one in changes
    ]
    last = f"-# {escaped_line(texts.index_receipt(report.version, round(report.took_s, 1)))}"
    return layout.lines(headline, [last, *failures, *told])


def status_message(status: CorpusStatus, latency_ms: int) -> View:
    """Return what is indexed, since when, and how far away Discord is."""
    said = [escaped_line(texts.latency(latency_ms))]
    if status.version is None:
        return layout.lines(texts.NOT_INDEXED, said)
    headline = texts.status(status.documents, status.passages, status.topics, status.version)
    if status.built_at is not None:
        said.insert(0, f"{escaped_line(texts.READ_LAST)} <t:{int(status.built_at)}:R>")
    return layout.lines(headline, said)


def channels_message(modes: Mapping[str, ChannelMode], *, hears_all: bool) -> View:
    """Return where the bot may do what."""
    set_ones = {channel: mode for channel, mode in modes.items() if mode is not ChannelMode.ALLOW}
    if not set_ones:
        return layout.notice(texts.NO_CHANNELS)
    said = [
        f"<#{channel}> {escaped_line(texts.CHANNEL_MODES[mode])}"
        for channel, mode in set_ones.items()
    ]
    if ChannelMode.AUTO in set_ones.values() and not hears_all:
        said.append(f"{_SIGNS[Health.WARNING]} {escaped_line(texts.AUTO_IS_DEAF)}")
    return layout.lines(texts.CHANNELS_TITLE, said)


def channel_message(channel_id: int, mode: ChannelMode, *, hears_all: bool) -> View:
    """Return what was set for a channel."""
    said = f"<#{channel_id}> {escaped_line(texts.CHANNEL_MODES[mode])}"
    if mode is ChannelMode.AUTO and not hears_all:
        said += f"\n{_SIGNS[Health.WARNING]} {escaped_line(texts.AUTO_IS_DEAF)}"
    return layout.message(layout.text(said))


def staged_message(staged: StagedDocument) -> View:
    """Return a document that waits, as it was read, and the buttons that decide on it."""
    author = staged.author or texts.UNKNOWN_AUTHOR
    date = staged.date or texts.UNKNOWN_DATE
    about = f"**{escaped_line(staged.title, _NAME)}** \N{MIDDLE DOT} " + escaped_line(
        f"{author}, {date}, {texts.sentences_read(staged.sentences)}", _SENTENCE
    )
    buttons = layout.row(
        [
            Button.of(Press(Action.PUBLISH, staged.id), texts.PUBLISH),
            Button.of(Press(Action.DISCARD, staged.id), texts.DISCARD),
        ]
    )
    samples = [quoted(readable(sentence)) for sentence in staged.sample]
    return layout.lines(staged.file_name, [about, escaped_line(texts.STAGED), *samples], *buttons)


def log_message(entries: Sequence[JournalEntry], *, unanswered_only: bool) -> View:
    """Return what was asked lately, newest first."""
    if not entries:
        return layout.notice(texts.NOTHING_UNANSWERED if unanswered_only else texts.NO_LOG)
    title = texts.LOG_UNANSWERED if unanswered_only else texts.LOG_ALL
    return layout.lines(title, [_logged(entry) for entry in entries])


def findings_message(findings: Sequence[Finding]) -> View:
    """Return what the doctor found, what is wrong first."""
    order = (Health.PROBLEM, Health.WARNING, Health.OK)
    ranked = sorted(findings, key=lambda finding: order.index(finding.health))
    is_well = all(finding.health is Health.OK for finding in findings)
    return layout.lines(
        texts.DOCTOR_WELL if is_well else texts.DOCTOR_FOUND,
        [
            f"{_SIGNS[one.health]} **{escaped_line(one.part, _NAME)}** "
            + escaped_line(one.told, _SENTENCE)
            for one in ranked
        ],
    )


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


def _file_name(path: str) -> str:
    return re.split(r"[/\\]", path)[-1]


def _logged(entry: JournalEntry) -> str:
    how = texts.ANSWERED if entry.answered else texts.UNANSWERED
    # What was searched for says more than a "source?" that was about somebody else's words.
    said = entry.query.text if entry.query is not None else entry.text
    if said is None:
        said = texts.TEXT_NOT_KEPT
    outcome = f"{how} ({entry.error})" if entry.error else how
    return (
        f"<t:{int(entry.created_at)}:R> {escaped_line(said, _NAME)} \N{MIDDLE DOT} "
        f"{escaped_line(outcome)} \N{MIDDLE DOT} {escaped_line(entry.request_id)}"
    )
