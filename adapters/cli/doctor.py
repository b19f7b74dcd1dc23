"""``counterpoint doctor``: look at every part of an installation and say what is wrong with it.

Each check returns what it found; one that fails outright is a problem with its error as the
reason, and never stops the others. Nothing is repaired and no secret is shown.
"""

import asyncio
import importlib.metadata
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from adapters.cli.exits import ExitCode
from adapters.cli.output import counted, write_json
from adapters.console.terminal import Line, open_terminal, plain
from bot import admin_texts
from bot.errors import BotError
from bot.ports import Gateway

if TYPE_CHECKING:
    from bot.bootstrap import Application

DISTRIBUTION = "counterpoint-bot"

_MEGABYTE = 1_000_000
# While a new index is built it stands beside the old one: 100,000 sentences take about 80 MB.
_SCARCE_BYTES = 500 * _MEGABYTE
_TOO_FEW_BYTES = 50 * _MEGABYTE

_SECRET = re.compile(r"token|secret|password|(?:^|_)key$", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+(?=@)")


class Health(StrEnum):
    """How a part is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


_STYLES = {Health.OK: "green", Health.WARNING: "yellow", Health.PROBLEM: "bold red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: ``told`` says it, with the way out where something is wrong."""

    part: str
    health: Health
    told: str


Check = Callable[["Application"], Iterator[Finding]]


def doctor(application: "Application", *, as_json: bool) -> ExitCode:
    """Check everything, say what was found, and fail when there is a problem."""
    findings = []
    terminal = open_terminal()
    for part, check in CHECKS:
        for finding in examined(part, check, application):
            findings.append(finding)
            if not as_json:
                terminal.write([_line(finding)])
    problems = sum(finding.health is Health.PROBLEM for finding in findings)
    if as_json:
        write_json([asdict(finding) for finding in findings])
    elif not problems:
        terminal.say(admin_texts.DOCTOR_WELL)
    return ExitCode.PROBLEM if problems else ExitCode.OK


def examined(part: str, check: Check, application: "Application") -> Iterator[Finding]:
    """Yield what a check finds; its failure is a finding too."""
    try:
        yield from check(application)
    except BotError as error:
        yield Finding(part, Health.PROBLEM, str(error))
    except Exception as error:  # a doctor tells of every failure and carries on
        yield Finding(part, Health.PROBLEM, f"{type(error).__name__}: {error}")


# --- the checks -----------------------------------------------------------------


def check_packages(_: "Application") -> Iterator[Finding]:
    """Yield the versions of Python and of the packages that are needed."""
    part = "packages"
    yield Finding(part, Health.OK, f"Python {platform.python_version()}, {platform.platform()}")
    found, missing = [f"{DISTRIBUTION} {importlib.metadata.version(DISTRIBUTION)}"], []
    for requirement in importlib.metadata.requires(DISTRIBUTION) or ():
        name = re.match(r"[\w.-]+", requirement)
        if name is None or "extra ==" in requirement:
            continue
        try:
            found.append(f"{name[0]} {importlib.metadata.version(name[0])}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name[0])
    yield Finding(part, Health.OK, ", ".join(found))
    if missing:
        told = f"{', '.join(missing)} not installed; pip install {' '.join(missing)}"
        yield Finding(part, Health.PROBLEM, told)


def check_settings(application: "Application") -> Iterator[Finding]:
    """Yield the settings as they were read."""
    settings = application.settings
    told = ", ".join(
        f"{field.metadata['env']}={shown_value(field.name, getattr(settings, field.name))}"
        for field in fields(settings)
    )
    yield Finding("settings", Health.OK, told)


def check_corpus(application: "Application") -> Iterator[Finding]:
    """Yield what the corpus holds and which of its files cannot be read."""
    part = "corpus"
    corpus = application.read_corpus()
    sentences = sum(len(read.passages) for read in corpus.documents)
    told = (
        f"{counted(len(corpus.documents), 'document')}, {counted(sentences, 'sentence')}, "
        f"{counted(len(corpus.topics), 'topic')} in {application.settings.corpus_dir}"
    )
    if corpus.documents:
        yield Finding(part, Health.OK, told)
    else:
        yield Finding(part, Health.PROBLEM, f"{told}; `counterpoint corpus add PATH` adds some")
    for failure in corpus.failures:
        yield Finding(part, Health.WARNING, f"{failure.path}: {failure.reason}")


def check_index(application: "Application") -> Iterator[Finding]:
    """Yield which index serves, and whether it holds what the corpus does."""
    part = "index"
    index = application.store.current()
    if index is None:
        yield Finding(part, Health.WARNING, "none yet; `counterpoint reindex` builds one")
        return
    size = sum(file.stat().st_size for file in index.folder.rglob("*") if file.is_file())
    age = time.time() - index.folder.stat().st_mtime
    ids = set(index.document_ids())
    yield Finding(
        part,
        Health.OK,
        f"version {index.version}, {counted(len(ids), 'document')}, "
        f"{counted(index.size, 'sentence')}, "
        f"{size / _MEGABYTE:.1f} MB, {duration(age)} old",
    )
    corpus = {read.document.id: read.document for read in application.read_corpus().documents}
    differing = [
        id
        for id in sorted(ids | corpus.keys())
        if id not in ids or id not in corpus or index.document(id) != corpus[id]
    ]
    if differing:
        listed = ", ".join(differing[:5]) + (", ..." if len(differing) > 5 else "")
        told = f"not what the corpus holds now ({listed}); `counterpoint reindex` renews it"
        yield Finding(part, Health.WARNING, told)


def check_encoder(application: "Application") -> Iterator[Finding]:
    """Yield whether the encoder knows what is alike."""
    part = "encoder"
    encoder = application.encoder
    started = time.perf_counter()
    cat, kitten, tax = encoder.encode(
        ["The cat sleeps on the sofa.", "A kitten naps on the couch.", "Taxes are due in April."]
    )
    took_ms = (time.perf_counter() - started) * 1000
    alike, unlike = float(cat @ kitten), float(cat @ tax)
    told = f"{encoder.name}, {encoder.dimension} dimensions, {took_ms:.0f} ms for three sentences"
    if alike > unlike:
        yield Finding(part, Health.OK, told)
    else:
        told = f"{told}; it takes unlike sentences for alike ({unlike:.2f} > {alike:.2f}). "
        yield Finding(part, Health.PROBLEM, told + "Reinstall the package or check ENCODER_DIR.")


def check_stance(application: "Application") -> Iterator[Finding]:
    """Yield whether the stance model can tell agreement from contradiction."""
    part = "stance"
    claim = "Bicycles should be allowed in the park."
    started = time.perf_counter()
    agreeing, contradicting = application.stance.classify(
        [
            (claim, "Yes, bicycles should certainly be allowed in the park."),
            (claim, "No, bicycles should never be allowed in the park."),
        ]
    )
    told = f"two pairs judged in {(time.perf_counter() - started) * 1000:.0f} ms"
    if agreeing[0] > contradicting[0] and contradicting[1] > agreeing[1]:
        yield Finding(part, Health.OK, told)
    else:
        told = f"{told}; it cannot tell yes from no. "
        yield Finding(part, Health.PROBLEM, told + "Reinstall the package or check STANCE_DIR.")


def check_journal(application: "Application") -> Iterator[Finding]:
    """Yield the state of the log of interactions, and how the bots that share it are connected."""
    part = "journal"
    health = asyncio.run(application.journal_health())
    told = (
        f"{counted(health.interactions, 'interaction')}, schema {health.schema_version}, "
        f"{health.size_bytes / _MEGABYTE:.1f} MB, {health.location}"
    )
    yield Finding(part, Health.OK, told)
    for problem in health.problems:
        yield Finding(part, Health.PROBLEM, problem)
    if not health.problems:
        yield from map(_connection, asyncio.run(_gateways(application)))


def check_data_folder(application: "Application") -> Iterator[Finding]:
    """Yield whether the data folder can be written and has room."""
    part = "data"
    folder = application.settings.data_dir.absolute()
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        told = f"{folder} cannot be written ({error.strerror}); make it writable or set DATA_DIR"
        yield Finding(part, Health.PROBLEM, told)
        return
    yield room(part, folder, shutil.disk_usage(existing).free)


CHECKS: tuple[tuple[str, Check], ...] = (
    ("packages", check_packages),
    ("settings", check_settings),
    ("data", check_data_folder),
    ("corpus", check_corpus),
    ("encoder", check_encoder),
    ("stance", check_stance),
    ("index", check_index),
    ("journal", check_journal),
)
"""What is looked at, in order."""


def _line(finding: Finding) -> Line:
    part = plain(f"{finding.part}:", _STYLES[finding.health])
    return Line(Text(" ").join([part, plain(finding.told)]), 9, finding.health)


async def _gateways(application: "Application") -> Sequence[Gateway]:
    async with await application.open_journal() as journal:
        return await journal.desk.gateways.known()


def _connection(gateway: Gateway) -> Finding:
    part, state = f"{gateway.platform} {gateway.number}", gateway.state
    if not state.is_up:
        told = "this bot runs and is not connected; its log says why"
        return Finding(part, Health.PROBLEM, told)
    latency = "" if state.latency_ms is None else f", {state.latency_ms:.0f} ms"
    times = counted(state.connects, "time")
    return Finding(part, Health.OK, f"connected{latency}, {times} since its start")


def room(part: str, folder: Path, free: int) -> Finding:
    """Return whether the bytes that are free will do."""
    told = f"{folder}, {free / _MEGABYTE:,.0f} MB free"
    if free < _TOO_FEW_BYTES:
        return Finding(part, Health.PROBLEM, f"{told}; make room before the next reindex")
    if free < _SCARCE_BYTES:
        return Finding(part, Health.WARNING, f"{told}; an index of many documents needs more")
    return Finding(part, Health.OK, told)


def shown_value(name: str, value: object) -> str:
    """Return a setting's value for reading, without what must stay secret."""
    if value is None:
        return "(not set)"
    if _SECRET.search(name):
        return "(set)"
    return _CREDENTIALS.sub("(hidden)", str(value))


def duration(seconds: float) -> str:
    """Return a time in its largest unit that is not below one."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
