"""The files of a corpus as an index takes them: under the names that they have inside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.corpus.library import CorpusFile, Library
from bot.types import ReadDocument


@dataclass(frozen=True, slots=True)
class CorpusSource:
    """A corpus file under the name that it has inside the corpus."""

    path: str
    file: CorpusFile

    @property
    def fingerprint(self) -> str:
        """What changes with the file."""
        return self.file.fingerprint

    def read(self) -> Sequence[ReadDocument]:
        """Return the documents of the file."""
        return self.file.read()


def sources_of(library: Library, folder: Path) -> list[CorpusSource]:
    """Return the files of a corpus.

    Args:
        library: What the corpus folder holds.
        folder: That folder.
    """
    return [CorpusSource(file.path.relative_to(folder).as_posix(), file) for file in library.files]
