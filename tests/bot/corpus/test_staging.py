"""A document waits until somebody approves it, and changes nothing until then."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.library import read_corpus
from bot.corpus.readers.limits import ReadLimits
from bot.corpus.staging import KEPT_S, MOST_WAITING, Staging, safe_name
from bot.errors import CorpusError, IndexUnavailable, ReadError
from bot.types import AdminRequest, IndexReport, ReadFailure
from tests.fakes.clock import CountingIds, ManualClock

PEARS = (
    b"Pears keep until Easter. Apples hardly ever do. Plums rot within a week or two. "
    b"Figs dry well in the sun. Grapes become wine."
)
BY = AdminRequest("discord", "orchard", "ada")
REPORT = IndexReport("v1", None, (), (), 1, 4, 0.1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "corpus" / "documents").mkdir(parents=True)
    (tmp_path / "corpus" / "documents" / "old.txt").write_text("Quinces need cooking.")
    (tmp_path / "corpus" / "documents.toml").write_text(
        '# ours\n[[document]]\nfile = "old.txt"  # the first\n'
    )
    return tmp_path / "corpus"


@pytest.fixture
def reopened(tmp_path: Path, corpus: Path, clock: ManualClock) -> Callable[[], Staging]:
    ids = CountingIds("s")
    return lambda: Staging(tmp_path / "staged", corpus, clock, ids, ReadLimits(max_bytes=5_000))


@pytest.fixture
def staging(reopened: Callable[[], Staging]) -> Staging:
    return reopened()


def content(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def waiting(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "staged").iterdir())


# --- staging


def test_staged_document_is_shown_as_it_would_be(staging: Staging, corpus: Path) -> None:
    before = content(corpus)
    staged = staging.stage(BY, "On Pears.txt", PEARS, author="Ida", url="https://example.org/p")
    assert (staged.id, staged.file_name, staged.title) == ("s1", "On Pears.txt", "On Pears")
    assert (staged.author, staged.date, staged.sentences) == ("Ida", None, 5)
    assert staged.sample == (
        "Pears keep until Easter.",
        "Plums rot within a week or two.",
        "Grapes become wine.",
    )
    assert content(corpus) == before


def test_file_says_what_nobody_said(staging: Staging) -> None:
    page = b"---\ntitle: Of pears\nauthor: Ida\ndate: 2021-03-01\n---\n\nPears keep.\n"
    staged = staging.stage(BY, "pears.md", page)
    assert (staged.title, staged.author, staged.date) == ("Of pears", "Ida", "2021-03-01")
    other = staging.stage(BY, "pears.md", page, title="Mine", author="")
    assert (other.title, other.author) == ("Mine", "Ida")


def test_file_of_several_documents_is_one(staging: Staging) -> None:
    lines = b'{"text": "Pears keep.", "author": "Ida"}\n{"text": "Plums rot.", "author": "Bo"}\n'
    staged = staging.stage(BY, "fruit.jsonl", lines)
    assert (staged.title, staged.author, staged.sentences) == ("Fruit", None, 2)
    assert staging.stage(BY, "fruit.jsonl", lines, title="All").title == "All"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("pears.exe", PEARS, "Files of this kind cannot be read"),
        ("pears", PEARS, "Files of this kind cannot be read"),
        ("pears.pdf", b"no pdf at all", "damaged|no PDF"),
        ("pears.txt", b"", "empty"),
        ("pears.txt", b"---\n", "no sentence"),
        ("pears.txt", b"x" * 5_001, "more than the 0.0 MB that are allowed"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_own_name(
    tmp_path: Path, staging: Staging, name: str, data: bytes, reason: str
) -> None:
    with pytest.raises(ReadError, match=reason) as caught:
        staging.stage(BY, name, data)
    assert caught.value.path == name
    assert str(tmp_path) not in str(caught.value)
    assert content(tmp_path / "staged") == {}


def test_file_that_is_there_already_is_refused(staging: Staging, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"old\.txt.*already"):
        staging.stage(BY, "old.txt", PEARS)
    assert waiting(tmp_path) == []


def test_value_that_cannot_be_used_is_refused(staging: Staging) -> None:
    with pytest.raises(CorpusError, match="https://"):
        staging.stage(BY, "pears.txt", PEARS, url="example.org")


def test_folder_that_cannot_be_written_is_named(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "staged").mkdir()
    (tmp_path / "staged" / "s1").write_text("in the way")
    with pytest.raises(CorpusError, match="s1: cannot be written"):
        staging.stage(BY, "pears.txt", PEARS)


def test_not_too_many_wait(staging: Staging, tmp_path: Path) -> None:
    staging.stage(BY, "pears.txt", PEARS)
    for number in range(MOST_WAITING - 1):
        shutil.copytree(tmp_path / "staged" / "s1", tmp_path / "staged" / f"copy{number}")
    with pytest.raises(CorpusError, match="100 documents wait already"):
        staging.stage(BY, "plums.txt", PEARS)
    assert staging.discard(BY, "copy0")
    assert staging.stage(BY, "plums.txt", PEARS)


def test_rest_of_a_crash_is_swept(staging: Staging, tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / "staged" / "half" / "document").mkdir(parents=True)
    (tmp_path / "staged" / "half" / "staged.json").write_text('{"platform": "disc')
    assert not staging.discard(BY, "half")
    clock.now = time.time() + KEPT_S / 2
    staging.sweep()
    assert waiting(tmp_path) == ["half"]
    clock.advance(KEPT_S)
    staging.sweep()
    assert waiting(tmp_path) == []


# --- names


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ida\\pears.txt", "pears.txt"),
        ("..txt", "txt"),
        (".hidden.txt", "hidden.txt"),
        ("~$lock.docx", "lock.docx"),
        ("a\x00b\u202ec.txt", "abc.txt"),
        ("what?.txt", "what.txt"),
        ("", "document"),
        ("日本語.txt", "日本語.txt"),
    ],
)
def test_name_is_made_safe(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


@given(st.text(st.characters(exclude_categories=())))
def test_name_of_any_kind_stays_in_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert Path(safe).name == safe
    assert safe not in (".", "..")
    assert len(safe.encode()) <= 160
    assert safe.isprintable()
    assert safe_name("x" * 300 + ".txt").endswith("x.txt")


# --- publishing


def test_published_document_is_in_the_corpus(
    reopened: Callable[[], Staging], corpus: Path, tmp_path: Path
) -> None:
    staged = reopened().stage(BY, "On Pears.txt", PEARS, title="Of pears", author="Ida")
    seen: list[str] = []

    def reindex() -> IndexReport:
        seen.extend(one.document.title for one in read_corpus(corpus).documents)
        return REPORT

    # Another process, or the same one after a restart.
    assert reopened().publish(BY, staged.id, reindex) is REPORT
    assert "Of pears" in seen
    assert (corpus / "documents" / "On Pears.txt").read_bytes() == PEARS
    assert (corpus / "documents.toml").read_text().startswith("# ours")
    assert waiting(tmp_path) == []
    with pytest.raises(CorpusError, match="published or discarded"):
        reopened().publish(BY, staged.id, reindex)


@pytest.mark.parametrize("listed", [True, False], ids=["with a manifest", "without"])
def test_failed_reindex_leaves_the_corpus_as_it_was(
    staging: Staging, corpus: Path, listed: bool
) -> None:
    if not listed:
        (corpus / "documents.toml").unlink()
    before = content(corpus)
    staged = staging.stage(BY, "pears.txt", PEARS)

    def reindex() -> IndexReport:
        assert content(corpus) != before
        raise IndexUnavailable("the disk is full")

    with pytest.raises(IndexUnavailable):
        staging.publish(BY, staged.id, reindex)
    assert content(corpus) == before
    assert staging.publish(BY, staged.id, lambda: REPORT) is REPORT


def test_document_that_was_not_indexed_is_taken_back(staging: Staging, corpus: Path) -> None:
    before = content(corpus)
    staged = staging.stage(BY, "pears.txt", PEARS)
    failed = IndexReport(
        "v1", None, (), (ReadFailure("documents/pears.txt", "its id is taken"),), 1, 1, 0.1
    )
    elsewhere = IndexReport(
        "v1", None, (), (ReadFailure("documents/older/pears.txt", "empty"),), 1, 1, 0.1
    )
    with pytest.raises(ReadError, match="its id is taken"):
        staging.publish(BY, staged.id, lambda: failed)
    assert content(corpus) == before
    assert staging.publish(BY, staged.id, lambda: elsewhere) is elsewhere


def test_what_others_changed_meanwhile_stays(staging: Staging, corpus: Path) -> None:
    staged = staging.stage(BY, "pears.txt", PEARS)
    manifest = corpus / "documents.toml"

    def reindex() -> IndexReport:
        text = manifest.read_text() + '[[document]]\nfile = "new.txt"\n'
        manifest.write_text(text)
        raise IndexUnavailable("no")

    with pytest.raises(IndexUnavailable):
        staging.publish(BY, staged.id, reindex)
    assert "new.txt" in manifest.read_text()
    assert "pears.txt" not in manifest.read_text()


def test_manifest_that_went_meanwhile_stays_away(staging: Staging, corpus: Path) -> None:
    staged = staging.stage(BY, "pears.txt", PEARS)

    def reindex() -> IndexReport:
        (corpus / "documents.toml").unlink()
        raise IndexUnavailable("no")

    with pytest.raises(IndexUnavailable):
        staging.publish(BY, staged.id, reindex)
    assert set(content(corpus)) == {"documents/old.txt"}


def test_name_that_was_taken_meanwhile_is_refused(staging: Staging, corpus: Path) -> None:
    first, second = (staging.stage(BY, "pears.txt", PEARS) for _ in range(2))
    staging.publish(BY, first.id, lambda: REPORT)
    before = content(corpus)
    with pytest.raises(CorpusError, match="already"):
        staging.publish(BY, second.id, lambda: REPORT)
    assert content(corpus) == before


# --- whose it is, and for how long


@pytest.mark.parametrize(
    "by",
    [AdminRequest("slack", "orchard", "ada"), AdminRequest("discord", "vineyard", "ada")],
)
def test_other_communities_know_nothing_of_it(staging: Staging, by: AdminRequest) -> None:
    staged = staging.stage(BY, "pears.txt", PEARS)
    assert not staging.discard(by, staged.id)
    with pytest.raises(CorpusError, match="No such document waits here"):
        staging.publish(by, staged.id, lambda: REPORT)
    assert staging.discard(AdminRequest("discord", "orchard", "bo"), staged.id)


@pytest.mark.parametrize("staged_id", ["", "..", "../staged/s1", "s1/document", "s2", "a\x00"])
def test_id_of_any_kind_leads_nowhere_else(staging: Staging, staged_id: str) -> None:
    staging.stage(BY, "pears.txt", PEARS)
    assert not staging.discard(BY, staged_id)
    assert staging.discard(BY, "s1")
    assert not staging.discard(BY, "s1")


def test_what_waits_too_long_goes(staging: Staging, clock: ManualClock, tmp_path: Path) -> None:
    old = staging.stage(BY, "pears.txt", PEARS)
    clock.advance(KEPT_S / 2)
    young = staging.stage(BY, "plums.txt", PEARS)
    clock.advance(KEPT_S / 2 + 1)
    with pytest.raises(CorpusError, match="more than a day"):
        staging.publish(BY, old.id, lambda: REPORT)
    staging.sweep()
    assert waiting(tmp_path) == [young.id]


def test_entry_says_where_a_document_came_from(staging: Staging, corpus: Path) -> None:
    staged = staging.stage(BY, "pears.txt", PEARS, url="https://example.org/pears")
    staging.publish(BY, staged.id, lambda: REPORT)
    (found,) = [one for one in read_corpus(corpus).documents if one.document.id == "pears"]
    assert found.document.url == "https://example.org/pears"
