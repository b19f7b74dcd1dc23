"""Find the files that a list of files, folders and patterns names.

Folders are searched through, hidden files and folders left out; links that lead back to
where the search has been are not followed twice. Nothing is read here. Called by the
indexing use case and by the command line.
"""

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bot.corpus.readers.limits import DEFAULT_LIMITS, ReadLimits
from bot.corpus.readers.reading import shown
from bot.corpus.readers.registry import format_of, supported_suffixes
from bot.corpus.readers.slack_export import is_export_folder
from bot.types import ReadFailure

# A word processor's lock file ("~$draft.docx") lies beside a document that is open.
_PASSED_OVER = (".", "~$")


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """What a search found: ``files`` sorted and each once, ``failures`` what it cannot use."""

    files: tuple[Path, ...]
    failures: tuple[ReadFailure, ...]


def find_files(paths: Sequence[Path | str], limits: ReadLimits = DEFAULT_LIMITS) -> FoundFiles:
    """Find the files to read; an unpacked Slack export counts as one file.

    Args:
        paths: Files, folders, and patterns such as ``talks/**/*.md``.
        limits: ``max_files`` and ``max_depth`` bound the search.

    Returns:
        The files of known formats, and a failure for each path that names nothing, each
        file of another kind, and each folder that could not be searched.
    """
    search = _Search(limits)
    for path in paths:
        search.add(path)
    return search.result()


class _Search:
    """The state of one search."""

    def __init__(self, limits: ReadLimits) -> None:
        self._limits = limits
        self._files: dict[str, Path] = {}
        self._failures: dict[str, ReadFailure] = {}
        self._visited: set[tuple[int, int]] = set()

    def result(self) -> FoundFiles:
        """Return what was found, sorted."""
        failures = sorted(self._failures.values(), key=lambda failure: failure.path)
        return FoundFiles(tuple(sorted(self._files.values())), tuple(failures))

    def add(self, path: Path | str) -> None:
        """Search what one path names."""
        matches = [Path(path)]
        try:
            if not os.path.lexists(path) and glob.has_magic(str(path)):
                # A pattern with ** follows links in circles, so its matches are counted.
                found = glob.iglob(str(path), recursive=True)
                matches = sorted(Path(match) for match in islice(found, self._limits.max_files * 4))
                if not matches:
                    self._fail(path, "No file matches this pattern. Check its spelling.")
            for match in matches:
                self._add_match(match)
        except (OSError, ValueError) as error:
            self._fail(path, f"It cannot be opened ({error}). Check its name and permissions.")

    def _add_match(self, path: Path) -> None:
        if path.is_dir() and not is_export_folder(path):
            for file in self._walk(path, depth=0):
                if not self._keep(file):
                    return
        elif path.exists():
            self._keep(path)
        else:
            self._fail(path, "There is no such file or folder. Check its spelling.")

    def _walk(self, folder: Path, depth: int) -> Iterator[Path]:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in self._visited:
            return
        if depth > self._limits.max_depth:
            self._fail(
                folder,
                f"It lies more than {self._limits.max_depth} folders deep, where nothing is "
                "looked for. Name it directly.",
            )
            return
        self._visited.add((status.st_dev, status.st_ino))
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            self._fail(folder, f"It cannot be searched ({error.strerror}). Check permissions.")
            return
        for entry in entries:
            if entry.name.startswith(_PASSED_OVER):
                continue
            if entry.is_dir() and not is_export_folder(entry):
                yield from self._walk(entry, depth + 1)
            elif entry.is_dir() or entry.is_file():
                yield entry
            else:
                self._fail(entry, "It is a broken link, or no ordinary file.")

    def _keep(self, path: Path) -> bool:
        """Note a file; False once there are too many."""
        if not path.is_dir() and format_of(path) is None:
            endings = ", ".join(supported_suffixes())
            self._fail(path, f"Files of this kind cannot be read. Known endings: {endings}.")
            return True
        key = os.path.realpath(path)
        if key not in self._files and len(self._files) >= self._limits.max_files:
            self._fail(
                path,
                f"There are more than {self._limits.max_files:,} files; this one and what "
                "follows was left out. Name fewer at a time.",
            )
            return False
        self._files.setdefault(key, path)
        return True

    def _fail(self, path: Path | str, reason: str) -> None:
        name = shown(path)
        self._failures.setdefault(name, ReadFailure(name, reason))
