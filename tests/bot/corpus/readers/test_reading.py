import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.readers import ReadLimits, read_file, supported_suffixes
from bot.corpus.readers.limits import DEFAULT_LIMITS
from bot.corpus.readers.plain_text import read as read_text
from bot.errors import ReadError


@given(st.text().filter(lambda text: text.strip() and not text.startswith("\ufeff")))
def test_plain_text_comes_back_but_for_its_line_ends(text: str) -> None:
    [document] = read_text(text.encode(), DEFAULT_LIMITS)
    assert document.text == text.replace("\r\n", "\n").replace("\r", "\n")


def test_plain_text_has_no_known_structure(tmp_path: Path) -> None:
    path = tmp_path / "bees.TXT"
    path.write_bytes(b"\xef\xbb\xbfBees\r\nneed\rflowers.\0")
    [document] = read_file(path)
    assert document.text == "Bees\nneed\nflowers.\0"
    assert document.blocks is None
    assert document.metadata == {}
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_error_names_the_file_and_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(b"ID3")
    with pytest.raises(ReadError) as caught:
        read_file(path)
    assert caught.value.path == str(path)
    assert all(suffix in caught.value.reason for suffix in supported_suffixes())


@pytest.mark.parametrize("suffix", supported_suffixes())
def test_empty_file_is_told(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"empty{suffix}"
    path.touch()
    with pytest.raises(ReadError, match="It is empty"):
        read_file(path)


def test_file_of_white_space_holds_no_text(tmp_path: Path) -> None:
    path = tmp_path / "blank.txt"
    path.write_text(" \n\n ")
    with pytest.raises(ReadError, match="holds no text"):
        read_file(path)


def test_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.pdf"
    with path.open("wb") as file:
        file.truncate(500_000_000)
    with pytest.raises(ReadError, match=r"500.0 MB, more than the 50.0 MB"):
        read_file(path)


def test_too_many_characters_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("bees " * 100)
    with pytest.raises(ReadError, match="more than 499 characters"):
        read_file(path, ReadLimits(max_characters=499))
    assert read_file(path, ReadLimits(max_characters=500))


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be opened"):
        read_file(tmp_path / "nowhere.txt")


def test_impossible_name_is_told() -> None:
    with pytest.raises(ReadError, match="cannot be opened"):
        read_file(Path("a\0b.txt"))


def test_folder_that_is_no_export_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="It is a folder"):
        read_file(tmp_path)


def test_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    path = tmp_path / "pipe.txt"
    os.mkfifo(path)
    with pytest.raises(ReadError, match="no ordinary file"):
        read_file(path)


def test_name_that_is_no_utf8_can_be_printed(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe9es.mp3"))
    with pytest.raises(ReadError) as caught:
        read_file(path)
    assert str(caught.value).encode()
