"""A small corpus about cycle helmets, indexed once, and the program run on it in process."""

import io
import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from adapters.cli.commands import app
from adapters.cli.exits import ExitCode
from adapters.cli.logs import OWN

LETTER = """\
Cycle helmets should be compulsory for every rider. A helmet reduces the risk of a serious head
injury by more than half. Surgeons see the difference in hospital wards each week.

Children copy what adults do on the road. If parents wear helmets, their children will too.
"""
REPLY = """\
Helmet laws do more harm than good. Where helmets became compulsory, far fewer people cycled. Cycle
helmets should not be compulsory, because each person who gives up cycling loses its benefits.

Safe streets protect riders better than any helmet. The Netherlands has the lowest injury rate and
almost nobody there wears a helmet.
"""
TOPICS = """\
[helmets]
title = "Helmets"
aliases = ["helmet laws", "compulsory helmets"]
description = "Whether the law should make cyclists wear helmets."
proposition = "Cycle helmets should be compulsory."
"""
MANIFEST = """\
[[document]]
file = "letter.txt"
id = "letter"
title = "A letter on helmets"
author = "Ada Brown"
date = "2019-05-01"
kind = "letter"
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of the program left: its exit code and what it wrote."""

    code: ExitCode
    out: str
    err: str

    @property
    def record(self) -> Any:
        """The one JSON value that was written."""
        return json.loads(self.out)

    @property
    def records(self) -> list[Any]:
        """The JSON values that were written, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


class Run(Protocol):
    """Runs the program."""

    def __call__(self, *args: str | Path, stdin: str = "", **environment: str) -> Outcome: ...


@contextmanager
def own_logging() -> Iterator[None]:
    """Put the process's logging back as it was."""
    root = logging.getLogger()
    handlers = root.handlers[:]
    levels = {logger: logger.level for logger in (root, *map(logging.getLogger, OWN))}
    try:
        yield
    finally:
        root.handlers[:] = handlers
        for logger, level in levels.items():
            logger.setLevel(level)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus; not to be changed."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "documents").mkdir()
    (folder / "documents" / "letter.txt").write_text(LETTER)
    (folder / "documents" / "reply.txt").write_text(REPLY)
    (folder / "topics.toml").write_text(TOPICS)
    (folder / "documents.toml").write_text(MANIFEST)
    return folder


@pytest.fixture(scope="session")
def indexed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the index of the corpus; not to be changed."""
    data = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch, own_logging():
        patch.setenv("CORPUS_DIR", str(corpus))
        patch.setenv("DATA_DIR", str(data))
        with pytest.raises(SystemExit) as ended:
            app(["reindex", "--json"])
    assert ended.value.code == ExitCode.OK
    # It noted the reindex; each test begins a journal of its own.
    for path in data.glob("journal.db*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return data


@pytest.fixture
def data(indexed: Path, tmp_path: Path) -> Path:
    """A copy of the indexed data folder that a test may do anything to."""
    return shutil.copytree(indexed, tmp_path / "data")


@pytest.fixture
def counterpoint(
    corpus: Path,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run the program in this process on the corpus and its index."""

    def run(*args: str | Path, stdin: str = "", **environment: str) -> Outcome:
        capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch, own_logging():
            patch.chdir(tmp_path)
            patch.setenv("CORPUS_DIR", str(corpus))
            patch.setenv("DATA_DIR", str(data))
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr("sys.stdin", io.StringIO(stdin))
            with pytest.raises(SystemExit) as ended:
                app([str(arg) for arg in args], prog_name="counterpoint")
        written = capsys.readouterr()
        return Outcome(ExitCode(int(ended.value.code or 0)), written.out, written.err)

    return run


@pytest.fixture
def own_corpus(corpus: Path, tmp_path: Path) -> Path:
    """A copy of the corpus that a test may change."""
    return shutil.copytree(corpus, tmp_path / "own-corpus")
