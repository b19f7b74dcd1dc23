"""The corpus folder: which files there are, what is known about them, and their contents.

`open_library` looks at names and hashes only, so that a reindex costs in proportion to
what changed; `CorpusFile.read` parses one file; `read_corpus` does both for everything.
Called by the indexing use case and the command line. How formats are read is
`bot.corpus.readers`' work.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.corpus.manifest import Entry, read_manifest
from bot.corpus.raw import RawDocument
from bot.corpus.readers import DEFAULT_LIMITS, ReadLimits, find_files, read_file
from bot.corpus.splitting import SPLITTING_VERSION, read_document, title_from_id
from bot.corpus.topics import Aliases, read_aliases, read_topics
from bot.errors import CorpusError, ReadError
from bot.types import ReadDocument, ReadFailure, Topic

DOCUMENTS_FOLDER = "documents"
MANIFEST_FILE = "documents.toml"
TOPICS_FILE = "topics.toml"
ALIASES_FILE = "aliases.toml"

_NO_DOCUMENTS = {MANIFEST_FILE, TOPICS_FILE, ALIASES_FILE, "readme.md", "readme.txt", "readme"}
"""What lies beside the documents in a folder that has no folder for them, in lower case."""


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file of the corpus that has been found but not read.

    ``id`` is that of its document; where it turns out to hold several, theirs are
    ``id.1``, ``id.2`` and so on. ``sha256`` is the hash of its bytes.
    """

    path: Path
    id: str
    entry: Entry | None
    sha256: str
    limits: ReadLimits = field(default=DEFAULT_LIMITS, repr=False)

    @property
    def fingerprint(self) -> str:
        """What changes when the file, its entry, its id or the way of splitting changes."""
        known = self.entry.metadata() if self.entry else {}
        inputs = [SPLITTING_VERSION, self.id, self.path.stem, self.sha256, sorted(known.items())]
        return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()

    def read(self) -> tuple[ReadDocument, ...]:
        """Read and split the file.

        Returns:
            Its documents; those without a sentence are left out.

        Raises:
            ReadError: The file cannot be read or holds no sentence.
        """
        raws = read_file(self.path, self.limits)
        documents = tuple(self._documents(raws))
        if not documents:
            raise ReadError(str(self.path), "It holds no sentence that could be quoted.")
        return documents

    def _documents(self, raws: list[RawDocument]) -> Iterator[ReadDocument]:
        known = self.entry.metadata() if self.entry else {}
        title = title_from_id(self.path.stem)
        for number, raw in enumerate(raws, start=1):
            if len(raws) == 1:
                name, metadata = self.id, {"title": raw.metadata.get("title") or title, **known}
            else:
                # An entry speaks of the whole file; what tells its documents apart stays.
                name = f"{self.id}.{number}"
                whole = f"{known.get('title', title)} ({number})"
                metadata = {**known, "title": raw.metadata.get("title") or whole}
                metadata["url"] = raw.metadata.get("url") or known.get("url") or ""
            document = read_document(raw, name, {key: v for key, v in metadata.items() if v})
            if document.passages:
                yield document


@dataclass(frozen=True, slots=True)
class Library:
    """A corpus folder before its files are read; ``failures`` are files that cannot be."""

    files: tuple[CorpusFile, ...]
    failures: tuple[ReadFailure, ...]
    topics: tuple[Topic, ...]
    aliases: Aliases


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus folder with everything in it read."""

    documents: tuple[ReadDocument, ...]
    failures: tuple[ReadFailure, ...]
    topics: tuple[Topic, ...]
    aliases: Aliases


def open_library(folder: Path, limits: ReadLimits = DEFAULT_LIMITS) -> Library:
    """Find the files of a corpus and hash them, without parsing any.

    The documents lie in ``documents/`` below the folder, or in the folder itself where
    there is no such folder. The manifest, the topics and the aliases are all optional.

    Raises:
        CorpusError: There is no such folder, or one of its three lists cannot be used.
    """
    if not folder.is_dir():
        raise CorpusError(f"{folder}: there is no such folder; CORPUS_DIR names the corpus")
    topics = read_topics(folder / TOPICS_FILE)
    aliases = read_aliases(folder / ALIASES_FILE)
    root = documents_folder(folder)
    entries = {entry.file: entry for entry in read_manifest(folder / MANIFEST_FILE)}
    found = find_files([root], limits)
    beside = {root / name.name for name in root.iterdir() if name.name.lower() in _NO_DOCUMENTS}
    paths = [path for path in found.files if path not in beside or _name(path, root) in entries]
    failures = [failure for failure in found.failures if Path(failure.path) not in beside]

    files: list[CorpusFile] = []
    ids = {entry.id for entry in entries.values() if entry.id}
    for path in paths:
        entry = entries.pop(_name(path, root), None)
        file_id = entry.id if entry and entry.id else unused_id(slug(path.stem), ids)
        ids.add(file_id)
        try:
            files.append(CorpusFile(path, file_id, entry, _sha256(path), limits))
        except OSError as error:
            failures.append(ReadFailure(str(path), f"It cannot be opened ({error.strerror})."))
    told = {failure.path for failure in failures}
    failures += [
        ReadFailure(
            str(root / name),
            f"{MANIFEST_FILE} names this file, but it is not there."
            " Put it back or take its entry out.",
        )
        for name in entries
        if str(root / name) not in told
    ]
    return Library(tuple(files), tuple(failures), topics, aliases)


def read_corpus(folder: Path, limits: ReadLimits = DEFAULT_LIMITS) -> Corpus:
    """Read everything in a corpus folder; a file that fails does not stop the others.

    Raises:
        CorpusError: There is no such folder, or one of its three lists cannot be used.
    """
    library = open_library(folder, limits)
    documents: list[ReadDocument] = []
    failures = list(library.failures)
    for file in library.files:
        try:
            documents += file.read()
        except ReadError as error:
            failures.append(ReadFailure(error.path, error.reason))
    return Corpus(tuple(documents), tuple(failures), library.topics, library.aliases)


def documents_folder(folder: Path) -> Path:
    """Return where the documents of a corpus folder lie."""
    inner = folder / DOCUMENTS_FOLDER
    return inner if inner.is_dir() else folder


def slug(name: str) -> str:
    """Return a name as a slug: small letters, digits and hyphens.

    A name in a script that has no plain Latin letters becomes ``document-`` and eight
    digits of its hash.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    # "résumé" becomes "resume", but of a Chinese name at best a stray digit would be left.
    letters = sum(character.isalnum() for character in name)
    if len(words.replace("-", "")) * 2 < letters or not words:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return f"document-{digest[:8]}"
    return words


def unused_id(name: str, taken: Collection[str]) -> str:
    """Return a name that is not taken: itself, or with the first free number behind it."""
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}-{number}", number + 1
    return candidate


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _sha256(path: Path) -> str:
    """Return the hash of a file's bytes, or of all files in a folder that counts as a file."""
    if not path.is_dir():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    whole = hashlib.sha256()
    for inner in sorted(inner for inner in path.rglob("*") if inner.is_file()):
        whole.update(f"{inner.relative_to(path).as_posix()}\0{_sha256(inner)}\n".encode())
    return whole.hexdigest()
