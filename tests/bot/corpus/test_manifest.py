"""What people write about documents is checked, and told where it is wrong."""

from pathlib import Path

import pytest

from bot.corpus.manifest import Entry, read_manifest
from bot.errors import CorpusError


def manifest(folder: Path, text: str) -> Path:
    path = folder / "documents.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_missing_manifest_holds_no_entries(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "documents.toml") == ()


def test_entries_are_read(tmp_path: Path) -> None:
    path = manifest(
        tmp_path,
        '[[document]]\nfile = "a.txt"\nid = "a-1"\ntitle = "A"\ndate = 2025-01-30\n'
        '[[document]]\nfile = "b/c.md"\ndate = 2024\nurl = "https://example.org/c"\n',
    )
    assert read_manifest(path) == (
        Entry("a.txt", "a-1", title="A", date="2025-01-30"),
        Entry("b/c.md", date="2024", url="https://example.org/c"),
    )


def test_metadata_holds_only_what_is_known() -> None:
    assert Entry("a.txt", "a", title="A", kind="blog").metadata() == {"title": "A", "kind": "blog"}


@pytest.mark.parametrize("date", ["2025", "2025-12", "2024-02-29"])
def test_dates_may_be_days_months_and_years(tmp_path: Path, date: str) -> None:
    path = manifest(tmp_path, f'[[document]]\nfile = "a.txt"\ndate = "{date}"\n')
    assert read_manifest(path)[0].date == date


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[document]]\nfile =\n", ["not valid TOML", "line 2"]),
        ('[document]\nfile = "a.txt"', ["[[document]]"]),
        ('[[documents]]\nfile = "a.txt"', ["[[document]]", "'documents'"]),
        ('document = ["a.txt"]', ["[[document]]"]),
        ('[[document]]\ntitle = "A"', ["entry 1", "'file'"]),
        ('[[document]]\nfile = "a.txt"\nauthour = "A"', ["entry 1 (a.txt)", "'authour'", "author"]),
        ('[[document]]\nfile = "a.txt"\ntitle = 3', ["title", "text in quotes"]),
        ('[[document]]\nfile = "a.txt"\ntitle = " "', ["title", "leave it out"]),
        ('[[document]]\nfile = "../a.txt"', ["'../a.txt'", "below"]),
        ('[[document]]\nfile = "/a.txt"', ["below"]),
        ('[[document]]\nfile = "a.txt"\nid = "A b"', ["'A b'", "hyphens"]),
        ('[[document]]\nfile = "a.txt"\ndate = "30.1.2025"', ["'30.1.2025'", "2025-01-30"]),
        ('[[document]]\nfile = "a.txt"\ndate = "2025-02-30"', ["2025-02-30"]),
        ('[[document]]\nfile = "a.txt"\nurl = "example.org"', ["'example.org'", "https://"]),
        ('[[document]]\nfile = "a.txt"\nurl = "https://x.org/a b"', ["' '", "%20"]),
        ('[[document]]\nfile = "a.txt"\nurl = "https:///a"', ["'https:///a'", "no site"]),
        ('[[document]]\nfile = "a.txt"\n[[document]]\nfile = "a.txt"', ["'a.txt'", "two entries"]),
        (
            '[[document]]\nfile = "a"\nid = "x"\n[[document]]\nfile = "b"\nid = "x"',
            ["id 'x'", "two entries"],
        ),
    ],
)
def test_errors_name_the_file_the_place_and_the_way_out(
    tmp_path: Path, text: str, named: list[str]
) -> None:
    path = manifest(tmp_path, text)
    with pytest.raises(CorpusError) as error:
        read_manifest(path)
    assert [part for part in [str(path), *named] if part not in str(error.value)] == []


def test_a_manifest_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "documents.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorpusError, match="UTF-8"):
        read_manifest(path)


def test_a_manifest_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        read_manifest(tmp_path)
