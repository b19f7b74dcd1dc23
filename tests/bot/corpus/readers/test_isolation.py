import json
import sys
import time
from pathlib import Path

import pytest

from bot.corpus.raw import BlockKind
from bot.corpus.readers import ReadLimits, read_file
from bot.corpus.readers.isolation import answer, read_isolated
from bot.corpus.readers.limits import DEFAULT_LIMITS, Unreadable
from bot.corpus.readers.registry import Format, format_named
from bot.errors import ReadError

FORMAT = format_named("text")
PAGE = b"<h1>Bees</h1><p>Bees need flowers.</p>"


def test_other_process_gives_the_document_that_was_read_there(tmp_path: Path) -> None:
    path = tmp_path / "bees.html"
    path.write_bytes(b"<title>On bees</title>" + PAGE)
    [document] = read_file(path)
    assert document.text == "Bees\n\nBees need flowers."
    assert document.metadata == {"title": "On bees"}
    assert document.blocks is not None
    assert [block.kind for block in document.blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_file_without_end_is_given_up_in_time(tmp_path: Path) -> None:
    # The parser takes quadratic time for this: minutes.
    path = tmp_path / "endless.md"
    path.write_text("![[" * 150_000)
    started = time.monotonic()
    with pytest.raises(ReadError, match=r"could not be read within 1.5 seconds"):
        read_file(path, ReadLimits(max_seconds=1.5))
    assert time.monotonic() - started < 6


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's memory")
def test_file_that_needs_much_memory_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    path.write_text("Bees *need* flowers.\n\n" * 20_000)
    with pytest.raises(ReadError, match=r"memory|broke off"):
        read_file(path, ReadLimits(max_memory_bytes=20_000_000))


def test_reader_that_crashes_is_told_as_a_damaged_file() -> None:
    unknown = Format("clay tablet", (".clay",), "clay_tablet")
    with pytest.raises(Unreadable, match="no clay tablet file: its reader broke off"):
        read_isolated(PAGE, unknown, DEFAULT_LIMITS)


def test_reason_travels_between_the_processes(tmp_path: Path) -> None:
    path = tmp_path / "torn.pdf"
    path.write_bytes(b"%PDF-1.7\n%torn")
    with pytest.raises(ReadError, match="no PDF, or a damaged one"):
        read_file(path)


def test_documents_are_answered_in_json() -> None:
    [document] = json.loads(answer(FORMAT, b"Bees.", DEFAULT_LIMITS))["documents"]
    assert document["text"] == "Bees."
    assert document["blocks"] is None


def test_reason_is_answered_in_json() -> None:
    assert "holds no text" in json.loads(answer(FORMAT, b" ", DEFAULT_LIMITS))["reason"]
