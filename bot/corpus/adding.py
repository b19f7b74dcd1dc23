"""Add a document to a corpus folder: copy the file, write its entry.

Apart from `bot.corpus.library` because only the command line writes. Comments and order
of the manifest are kept. Called by ``counterpoint corpus add``.
"""

import os
import shutil
from dataclasses import fields
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from bot.corpus.library import (
    DOCUMENTS_FOLDER,
    MANIFEST_FILE,
    documents_folder,
    open_library,
    slug,
    unused_id,
)
from bot.corpus.manifest import Entry, check_entry, read_manifest
from bot.corpus.readers import DEFAULT_LIMITS, ReadLimits, read_file
from bot.corpus.splitting import read_document
from bot.errors import CorpusError, ReadError

_NEW_MANIFEST = "# What is known about the files in documents/; unknown keys are left out.\n"


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

    Args:
        folder: The corpus; made where it does not exist.
        path: The file to copy; its name is kept.
        id: The document's id; a slug of the file's name, made unique, by default.
        title: As its readers know it; None for this and all below means unknown.
        author: Who wrote or said it.
        date: ISO 8601: a day, a month or a year.
        url: Where it was published.
        kind: What it is, such as ``transcript``.
        licence: What its owner allows.
        limits: Bounds on reading the file.

    Returns:
        The entry as it was written.

    Raises:
        ReadError: The file cannot be read, or holds nothing to quote; nothing was changed.
        CorpusError: A file of that name or a document of that id is there already, or a
            value cannot be used; nothing was changed.
    """
    raws = read_file(path, limits)
    if not any(read_document(raw, "new").passages for raw in raws):
        raise ReadError(str(path), "It holds no sentence that could be quoted.")
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / MANIFEST_FILE
    taken = {entry.id for entry in read_manifest(manifest) if entry.id}
    taken |= {file.id for file in open_library(folder, limits).files}
    if id is not None and id in taken:
        raise CorpusError(f"{manifest}: there is a document {id!r} already; choose another id")
    entry = Entry(
        file=path.name,
        id=id or unused_id(slug(path.stem), taken),
        title=title,
        author=author,
        date=date,
        url=url,
        kind=kind,
        licence=licence,
    )
    check_entry(entry, str(path))
    text = _with_entry(manifest, entry)

    root = documents_folder(folder)
    if root == folder and not any(folder.iterdir()):
        root = folder / DOCUMENTS_FOLDER
        root.mkdir()
    target = root / path.name
    if target.exists():
        raise CorpusError(f"{target}: a file of this name is there already; rename yours")
    if path.is_dir():
        shutil.copytree(path, target)
    else:
        shutil.copyfile(path, target)
    # Written beside and moved, so that a crash leaves the old manifest.
    draft = manifest.with_name(manifest.name + ".new")
    draft.write_text(text, "utf-8")
    os.replace(draft, manifest)
    return entry


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
