"""A document is added whole, with its entry, or not at all."""

import json
from pathlib import Path

import pytest

from bot.corpus.adding import add_document, check_document
from bot.corpus.library import open_library, read_corpus
from bot.corpus.manifest import Entry
from bot.errors import CorpusError, ReadError

TEXT = "Pears keep until Easter. Apples hardly ever do."


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "On Pears.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "corpus"


def test_a_new_corpus_is_made(folder: Path, source: Path) -> None:
    entry = add_document(folder, source, title='The "Pear"', date="2025-01", kind="blog")
    (found,) = read_corpus(folder).documents
    assert (entry.id, found.document.id) == ("on-pears", "on-pears")
    assert (found.document.title, found.document.date) == ('The "Pear"', "2025-01")
    assert (folder / "documents" / source.name).read_bytes() == source.read_bytes()


def test_comments_of_the_manifest_are_kept(folder: Path, source: Path) -> None:
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "plums.txt").write_text("Plums never do.", "utf-8")
    before = '# ours\n[[document]]\nfile = "plums.txt"  # the oldest\n'
    (folder / "documents.toml").write_text(before)
    add_document(folder, source, id="pears")
    assert (folder / "documents.toml").read_text().startswith(before)
    assert [file.id for file in open_library(folder).files] == ["pears", "plums"]


def test_a_free_id_is_found(folder: Path, source: Path) -> None:
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "on_pears.txt").write_text(TEXT, "utf-8")
    assert add_document(folder, source).id == "on-pears-2"


def test_a_bare_folder_stays_bare(folder: Path, source: Path) -> None:
    folder.mkdir()
    (folder / "plums.txt").write_text("Plums never do.", "utf-8")
    add_document(folder, source)
    assert len(read_corpus(folder).documents) == 2
    assert not (folder / "documents").exists()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"id": "Not a slug"}, "hyphens"),
        ({"date": "yesterday"}, "2025-01-30"),
        ({"url": "example.org"}, "https://"),
    ],
)
def test_what_cannot_be_used_changes_nothing(
    folder: Path, source: Path, options: dict[str, str], named: str
) -> None:
    with pytest.raises(CorpusError, match=named):
        add_document(folder, source, **options)  # type: ignore[arg-type]  # keyword strings
    assert list(folder.rglob("*")) == []


def test_names_and_ids_that_are_taken_are_refused(folder: Path, source: Path) -> None:
    add_document(folder, source)
    manifest = (folder / "documents.toml").read_text()
    with pytest.raises(CorpusError, match="already; choose another id"):
        add_document(folder, source, id="on-pears")
    with pytest.raises(CorpusError, match="already; rename yours"):
        add_document(folder, source)
    assert (folder / "documents.toml").read_text() == manifest


def test_an_export_folder_is_copied_whole(folder: Path, tmp_path: Path) -> None:
    export = tmp_path / "chat"
    (export / "general").mkdir(parents=True)
    message = {"type": "message", "user": "U1", "ts": "1738252800.0001", "text": TEXT}
    (export / "users.json").write_text('[{"id": "U1", "name": "ann"}]', "utf-8")
    (export / "channels.json").write_text('[{"id": "C1", "name": "general"}]', "utf-8")
    (export / "general" / "2025-01-30.json").write_text(json.dumps([message]), "utf-8")
    add_document(folder, export)
    assert (folder / "documents" / "chat" / "general" / "2025-01-30.json").is_file()
    assert len(read_corpus(folder).documents) == 1


@pytest.mark.parametrize(("name", "text"), [("bad.jsonl", "{"), ("rule.txt", "---\n")])
def test_what_cannot_be_read_is_refused(folder: Path, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(ReadError):
        add_document(folder, tmp_path / name)
    assert not folder.exists()


def test_copy_that_fails_leaves_the_corpus_as_it_was(folder: Path, source: Path) -> None:
    add_document(folder, source, id="pears")
    manifest = (folder / "documents.toml").read_bytes()
    other = source.with_name("plums.txt")
    other.write_text(TEXT, "utf-8")
    addition = check_document(folder, other, Entry("plums.txt"))
    other.unlink()
    with pytest.raises(CorpusError, match=r"plums\.txt: cannot be written"):
        addition.place()
    assert (folder / "documents.toml").read_bytes() == manifest
    assert [path.name for path in (folder / "documents").iterdir()] == [source.name]


def test_export_folder_is_taken_out_whole(folder: Path, tmp_path: Path) -> None:
    export = tmp_path / "chat"
    (export / "general").mkdir(parents=True)
    message = {"type": "message", "user": "U1", "ts": "1738252800.0001", "text": TEXT}
    (export / "channels.json").write_text('[{"id": "C1", "name": "general"}]', "utf-8")
    (export / "users.json").write_text('[{"id": "U1", "name": "ann"}]', "utf-8")
    (export / "general" / "2025-01-30.json").write_text(json.dumps([message]), "utf-8")
    placed = check_document(folder, export, Entry("chat")).place()
    assert read_corpus(folder).documents
    placed.undo()
    assert list((folder / "documents").iterdir()) == []
    assert not (folder / "documents.toml").exists()
