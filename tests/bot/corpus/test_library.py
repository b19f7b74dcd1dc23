"""A corpus folder is found cheaply, read file by file, and loses nothing silently."""

import json
from pathlib import Path

import pytest

from bot.corpus.library import open_library, read_corpus, slug
from bot.errors import CorpusError, ReadError

TEXT = "Pears keep until Easter. Apples hardly ever do."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "documents" / "talks").mkdir(parents=True)
    (tmp_path / "documents" / "on-pears.txt").write_text(TEXT, "utf-8")
    (tmp_path / "documents" / "talks" / "On Plums.txt").write_text("Plums never do.", "utf-8")
    (tmp_path / "documents.toml").write_text(
        '[[document]]\nfile = "on-pears.txt"\nid = "pears"\ntitle = "Pears"\nauthor = "Ann"\n'
    )
    return tmp_path


def test_files_are_read_with_and_without_an_entry(folder: Path) -> None:
    corpus = read_corpus(folder)
    assert [(d.document.id, d.document.title, d.document.author) for d in corpus.documents] == [
        ("pears", "Pears", "Ann"),
        ("on-plums", "On Plums", None),
    ]
    assert corpus.failures == ()


def test_opening_parses_nothing(folder: Path) -> None:
    (folder / "documents" / "bad.jsonl").write_text("{", "utf-8")
    library = open_library(folder)
    assert [file.id for file in library.files] == ["bad", "pears", "on-plums"]
    with pytest.raises(ReadError):
        library.files[0].read()


def test_a_failure_does_not_stop_the_others(folder: Path) -> None:
    (folder / "documents" / "bad.jsonl").write_text("{", "utf-8")
    corpus = read_corpus(folder)
    assert len(corpus.documents) == 2
    assert [Path(failure.path).name for failure in corpus.failures] == ["bad.jsonl"]


def test_a_file_without_a_sentence_is_a_failure(folder: Path) -> None:
    (folder / "documents" / "rule.txt").write_text("---\n***\n", "utf-8")
    (failure,) = read_corpus(folder).failures
    assert "no sentence" in failure.reason


def test_an_entry_without_its_file_is_a_failure(folder: Path) -> None:
    (folder / "documents" / "on-pears.txt").unlink()
    (failure,) = open_library(folder).failures
    assert failure.path.endswith("on-pears.txt")
    assert "documents.toml names this file" in failure.reason


def test_a_file_that_cannot_be_read_is_one_failure(folder: Path) -> None:
    (folder / "documents" / "picture.png").write_bytes(b"\x89PNG")
    (folder / "documents.toml").write_text('[[document]]\nfile = "picture.png"\n')
    assert [Path(f.path).name for f in open_library(folder).failures] == ["picture.png"]


def test_the_fingerprint_changes_with_the_file_and_with_its_entry_only(folder: Path) -> None:
    def fingerprints() -> dict[str, str]:
        return {file.id: file.fingerprint for file in open_library(folder).files}

    before = fingerprints()
    (folder / "documents" / "talks" / "On Plums.txt").write_text("Plums do keep.", "utf-8")
    after = fingerprints()
    assert before["pears"] == after["pears"]
    assert before["on-plums"] != after["on-plums"]
    manifest = folder / "documents.toml"
    manifest.write_text(manifest.read_text().replace("Ann", "Bo"))
    assert fingerprints()["pears"] != before["pears"]
    assert fingerprints()["on-plums"] == after["on-plums"]


def test_ids_are_made_unique(folder: Path) -> None:
    (folder / "documents" / "pears.txt").write_text(TEXT, "utf-8")
    (folder / "documents" / "talks" / "Pears!.txt").write_text(TEXT, "utf-8")
    ids = [file.id for file in open_library(folder).files]
    assert sorted(ids) == ["on-plums", "pears", "pears-2", "pears-3"]


def test_a_file_of_several_documents_numbers_them(folder: Path) -> None:
    rows = [{"text": TEXT, "title": "First"}, {"text": "Plums never do."}]
    (folder / "documents" / "notes.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    with (folder / "documents.toml").open("a") as manifest:
        manifest.write('[[document]]\nfile = "notes.jsonl"\ntitle = "Notes"\nauthor = "Cy"\n')
    found = [d.document for d in read_corpus(folder).documents if d.document.author == "Cy"]
    assert [(d.id, d.title) for d in found] == [("notes.1", "First"), ("notes.2", "Notes (2)")]


def test_a_bare_folder_of_documents_is_a_corpus(tmp_path: Path) -> None:
    (tmp_path / "pears.txt").write_text(TEXT, "utf-8")
    (tmp_path / "README.md").write_text("# About this folder\n", "utf-8")
    (tmp_path / "aliases.toml").write_text('"pear" = ["Birne"]\n', "utf-8")
    corpus = read_corpus(tmp_path)
    assert [d.document.id for d in corpus.documents] == ["pears"]
    assert (corpus.failures, corpus.aliases) == ((), {"pear": ("Birne",)})


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no such folder"):
        open_library(tmp_path / "nowhere")


def test_a_chat_export_folder_is_hashed_as_one_file(tmp_path: Path) -> None:
    channel = tmp_path / "documents" / "chat" / "general"
    channel.mkdir(parents=True)
    for name in ("channels.json", "users.json"):
        (channel.parent / name).write_text("[]", "utf-8")
    day = channel / "2025-01-30.json"
    day.write_text("[]", "utf-8")
    (before,) = open_library(tmp_path).files
    day.write_text("[ ]", "utf-8")
    (after,) = open_library(tmp_path).files
    assert before.path.is_dir()
    assert before.sha256 != after.sha256


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("On Pears, 2nd ed.", "on-pears-2nd-ed"),
        ("Résumé_final", "resume-final"),
        ("--", "document-"),
        ("梨について 3", "document-"),
    ],
)
def test_slugs(name: str, expected: str) -> None:
    assert slug(name).startswith(expected)
    assert slug(name) == slug(name)
