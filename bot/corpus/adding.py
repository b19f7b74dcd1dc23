"""Add a document to a corpus folder: copy the file, write its entry.

Apart from `bot.corpus.library`, which only reads. Comments and order of the manifest are
kept. Called by ``counterpoint corpus add`` and by `bot.corpus.staging`.
"""

import os
import shutil
from dataclasses import dataclass, fields, replace
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from bot.corpus.library import (
    DOCUMENTS_FOLDER,
    MANIFEST_FILE,
    CorpusFile,
    documents_folder,
    open_library,
    slug,
    unused_id,
)
from bot.corpus.manifest import Entry, check_entry, read_manifest
from bot.corpus.readers import DEFAULT_LIMITS, ReadLimits
from bot.errors import CorpusError
from bot.types import ReadDocument

_NEW_MANIFEST = "# What is known about the files in documents/; unknown keys are left out.\n"


@dataclass(frozen=True, slots=True)
class Addition:
    """A document that fits into a corpus, with what was read of it; nothing is changed yet."""

    folder: Path
    source: Path
    entry: Entry
    documents: tuple[ReadDocument, ...]

    def place(self) -> "Placed":
        """Copy the file and write its entry.

        Raises:
            CorpusError: A file of that name came meanwhile, or the corpus cannot be written.
        """
        manifest = self.folder / MANIFEST_FILE
        former = manifest.read_bytes() if manifest.exists() else None
        text = _with_entry(manifest, self.entry)
        self.folder.mkdir(parents=True, exist_ok=True)
        root = documents_folder(self.folder)
        if root == self.folder and not any(self.folder.iterdir()):
            root = self.folder / DOCUMENTS_FOLDER
            root.mkdir()
        target = root / self.entry.file
        _refuse_taken(target)
        placed = Placed(manifest, target, self.entry, former, text.encode("utf-8"))
        try:
            if self.source.is_dir():
                shutil.copytree(self.source, target)
            else:
                shutil.copyfile(self.source, target)
            _write(manifest, placed.written)
        except OSError as error:
            placed.undo()
            raise CorpusError(f"{target}: cannot be written ({error.strerror})") from error
        return placed


@dataclass(frozen=True, slots=True)
class Placed:
    """A document that was put into a corpus; knows how to take it out again."""

    manifest: Path
    target: Path
    entry: Entry
    former: bytes | None
    written: bytes

    def undo(self) -> None:
        """Make the corpus what it was; what somebody else changed meanwhile stays."""
        if self.target.is_dir():
            shutil.rmtree(self.target)
        else:
            self.target.unlink(missing_ok=True)
        if not self.manifest.exists():
            return
        if self.manifest.read_bytes() != self.written:
            _write(self.manifest, _without_entry(self.manifest, self.entry).encode("utf-8"))
        elif self.former is None:
            self.manifest.unlink()
        else:
            _write(self.manifest, self.former)


def add_document(
    folder: Path,
    path: Path,
    *,
    id: str | None = None,
    title: str | None = None,
    author: str | None = None,
    date: str | None = None,
    url: str | None = None,
    kind: str | None = None,
    licence: str | None = None,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> Entry:
    """Copy a file into a corpus and append its entry to the manifest.

    Takes what `check_document` takes.

    Returns:
        The entry as it was written.

    Raises:
        ReadError: The file cannot be read, or holds nothing to quote; nothing was changed.
        CorpusError: A file of that name or a document of that id is there already, or a
            value cannot be used; nothing was changed.
    """
    known = Entry(path.name, id, title, author, date, url, kind, licence)
    addition = check_document(folder, path, known, limits)
    addition.place()
    return addition.entry


def check_document(
    folder: Path, path: Path, known: Entry, limits: ReadLimits = DEFAULT_LIMITS
) -> Addition:
    """Read a file that shall become part of a corpus, and see whether it fits.

    Args:
        folder: The corpus; made by `Addition.place` where it does not exist.
        path: The file to copy; a folder when it is an unpacked chat export.
        known: What is known about it; ``file`` is the name it will have. Without an id, it
            gets a slug of that name, made unique.
        limits: Bounds on reading the file.

    Raises:
        ReadError: The file cannot be read, or holds nothing to quote.
        CorpusError: A file of that name or a document of that id is there already, or a
            value cannot be used.
    """
    documents = CorpusFile(path, known.id or "new", known, "", limits).read()
    manifest = folder / MANIFEST_FILE
    taken = {entry.id for entry in read_manifest(manifest) if entry.id}
    if folder.is_dir():
        taken |= {file.id for file in open_library(folder, limits).files}
    if known.id is not None and known.id in taken:
        raise CorpusError(
            f"{manifest}: there is a document {known.id!r} already; choose another id"
        )
    entry = replace(known, id=known.id or unused_id(slug(Path(known.file).stem), taken))
    check_entry(entry, str(path))
    _refuse_taken(documents_folder(folder) / entry.file)
    return Addition(folder, path, entry, documents)


def _refuse_taken(target: Path) -> None:
    if target.exists():
        raise CorpusError(f"{target}: a file of this name is there already; rename yours")


def _write(path: Path, content: bytes) -> None:
    # Written beside and moved, so that a crash leaves the old manifest.
    draft = path.with_name(path.name + ".new")
    draft.write_bytes(content)
    os.replace(draft, path)


def _with_entry(manifest: Path, entry: Entry) -> str:
    """Return the manifest's text with one entry more."""
    known = manifest.read_text("utf-8-sig") if manifest.exists() else _NEW_MANIFEST
    try:
        document = tomlkit.parse(known)
        table = tomlkit.table()
        for field in fields(entry):
            value = getattr(entry, field.name)
            if value is not None:
                table.add(field.name, value)
        listed = document.get("document")
        if isinstance(listed, AoT):
            listed.append(table)
        else:
            entries = tomlkit.aot()
            entries.append(table)
            document["document"] = entries
        return tomlkit.dumps(document)
    except TOMLKitError as error:
        raise CorpusError(f"{manifest}: cannot be extended: {error}") from error


def _without_entry(manifest: Path, entry: Entry) -> str:
    """Return the manifest's text with one entry less."""
    document = tomlkit.parse(manifest.read_text("utf-8-sig"))
    listed = document.get("document")
    if isinstance(listed, AoT):
        places = [place for place, table in enumerate(listed) if table.get("file") == entry.file]
        for place in reversed(places):
            del listed[place]
    return tomlkit.dumps(document)
