"""`counterpoint log`: what was asked, found again, counted and exported."""

import asyncio
import csv
import io
import json
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.cli.exits import ExitCode, UsageMistake
from adapters.cli.records import ENTRY_COLUMNS
from adapters.cli.remembering import moment
from bot.backends.sqlite import SqliteJournal
from bot.ports import TextPolicy
from tests.adapters.cli.noting import DAY_S, NOW, note, note_a_week
from tests.adapters.cli.test_process import PROGRAM, ROOT, environment
from tests.adapters.conftest import Run
from tests.fakes.journal import an_interaction


@pytest.fixture
def noted(data: Path) -> list[str]:
    """Note a week of questions, and return their ids."""
    return note_a_week(data)


def texts(out: str) -> list[str]:
    return [json.loads(line)["text"] for line in out.splitlines()]


# --- tail, search, unanswered


def test_tail_shows_the_newest_at_the_end(counterpoint: Run, noted: list[str]) -> None:
    lines = counterpoint("log", "tail", "-n", "2").out.splitlines()
    assert [line.split("\t")[1:] for line in lines] == [
        ["discord", "nothing", "who won the cup?"],
        ["slack", "nothing", "=1+1 is what?"],
    ]


def test_tail_in_json_is_all_that_is_kept(counterpoint: Run, noted: list[str]) -> None:
    (record,) = counterpoint("log", "tail", "-n1", "--platform", "discord", "--json").records
    assert record["request_id"] == noted[3]
    assert record["query"]["kind"] == "question"
    assert record["feedback"] == ["helpful"]
    (first, *_) = counterpoint("log", "tail", "--json").records
    assert first["shown"][0]["quote_id"].startswith("wetlands-10-30-")


def test_log_in_which_nothing_fits_is_told(counterpoint: Run, noted: list[str]) -> None:
    for call in (
        ("tail", "--platform", "irc"),
        ("search", "zebra"),
        ("unanswered", "--platform=x"),
    ):
        outcome = counterpoint("log", *call)
        assert (outcome.code, outcome.out) == (ExitCode.OK, "")
        assert outcome.err == "Nothing is noted that fits.\n"
        assert counterpoint("log", *call, "--json").out == ""


def test_where_there_is_no_journal_none_is_made(counterpoint: Run, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    for call, out in (
        (("tail",), ""),
        (("tail", "--json"), ""),
        (("search", "dams"), ""),
        (("unanswered",), ""),
        (("export", "--format", "jsonl"), ""),
        (("export", "--format", "csv"), f"{','.join(ENTRY_COLUMNS)}\r\n"),
    ):
        outcome = counterpoint("log", *call, DATA_DIR=str(folder))
        assert (outcome.code, outcome.out) == (ExitCode.OK, out)
        assert f"no journal at {folder / 'journal.db'} yet" in outcome.err
    assert not folder.exists()


def test_following_waits_where_there_is_no_journal_yet(corpus: Path, tmp_path: Path) -> None:
    data = tmp_path / "empty"
    with following(corpus, data, "-n", "1") as process:
        while not (data / "journal.db").exists():
            assert process.poll() is None
            time.sleep(0.05)
        assert process.stdout is not None
        request_id = asyncio.run(note(data, "Is this the first?", at=time.time()))
        assert json.loads(process.stdout.readline())["request_id"] == request_id


def test_search_says_where_words_are_not_kept(counterpoint: Run, data: Path) -> None:
    for policy in (TextPolicy.HASHED, TextPolicy.OFF, TextPolicy.FULL):
        asyncio.run(note(data, "zebra?", policy=policy))
    assert "Of 2 interactions the words are not kept." in counterpoint("log", "search", "okapi").err
    assert counterpoint("log", "search", "zebra").err == ""


def test_a_result_counts_quotes(counterpoint: Run, data: Path) -> None:
    for count, told in ((1, "1 quote"), (2, "2 quotes")):
        asyncio.run(note(data, "Do dams help?", quotes=count))
        (line,) = counterpoint("log", "tail", "-n", "1").out.splitlines()
        assert line.split("\t")[2] == told


@pytest.mark.parametrize("words", ["beaver", "a beaver?", "WHAT IS  A"])
def test_search_finds_words_in_any_case(counterpoint: Run, noted: list[str], words: str) -> None:
    assert texts(counterpoint("log", "search", words, "--json").out) == ["What is a  Beaver?"]


def test_search_is_of_a_platform_and_a_time(counterpoint: Run, noted: list[str]) -> None:
    found = counterpoint("log", "search", "what", "--since", "1d", "--platform", "slack", "--json")
    assert texts(found.out) == ["=1+1 is what?"]


def test_unanswered_counts_what_was_asked_alike(counterpoint: Run, noted: list[str]) -> None:
    lines = counterpoint("log", "unanswered").out.splitlines()
    assert [line.split("\t")[::2] for line in lines] == [
        ["2", "who won the cup?"],
        ["1", "=1+1 is what?"],
    ]
    records = counterpoint("log", "unanswered", "--json").records
    assert [(one["count"], one["query"]) for one in records] == [
        (2, "who won the cup?"),
        (1, "=1+1 is what?"),
    ]


def test_unanswered_leaves_aside_what_does_not_change_the_words(
    counterpoint: Run, data: Path
) -> None:
    for text in ("Who won the cup", "who won  the CUP?", "Who won the cup?!", "Who won a cup?"):
        asyncio.run(note(data, text, found=False))
    records = counterpoint("log", "unanswered", "--json").records
    assert [(one["count"], one["query"]) for one in records] == [
        (3, "Who won the cup?!"),
        (1, "Who won a cup?"),
    ]


def test_words_that_are_not_kept_are_counted_by_their_hash(counterpoint: Run, data: Path) -> None:
    for text in ("zebra?", "zebra?", "okapi?"):
        asyncio.run(note(data, text, found=False, policy=TextPolicy.HASHED))
    lines = counterpoint("log", "unanswered").out.splitlines()
    assert [line.split("\t")[::2] for line in lines] == [
        ["2", "(words are not kept)"],
        ["1", "(words are not kept)"],
    ]


def test_what_is_typed_does_not_act_on_a_terminal(counterpoint: Run, data: Path) -> None:
    asyncio.run(note(data, "\x1b[31mred\tand\nblue"))
    assert counterpoint("log", "tail").out.endswith("\ufffd[31mred and blue\n")


# --- export


def test_export_as_json_is_everything_the_first_first(
    counterpoint: Run, noted: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "log.jsonl"
    outcome = counterpoint("log", "export", "--format", "jsonl", "--out", out)
    assert (outcome.out, outcome.code) == ("", ExitCode.OK)
    assert "5 interactions" in outcome.err
    records = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [record["request_id"] for record in records] == noted
    assert out.stat().st_mode & 0o777 == 0o600


def test_export_as_csv_holds_no_formula(counterpoint: Run, noted: list[str]) -> None:
    out = counterpoint("log", "export", "--format", "csv", "--platform", "slack").out
    header, *rows = csv.reader(io.StringIO(out))
    assert tuple(header) == ENTRY_COLUMNS
    assert [row[header.index("text")] for row in rows] == ["What is a  Beaver?", "'=1+1 is what?"]


def test_export_begins_when_it_is_told_to(counterpoint: Run, noted: list[str]) -> None:
    day = datetime.fromtimestamp(NOW - 1.5 * DAY_S, UTC).isoformat()
    out = counterpoint("log", "export", "--format", "jsonl", "--since", day).out
    assert texts(out) == ["who won the cup?", "=1+1 is what?"]


def test_export_that_fails_leaves_no_file(
    counterpoint: Run, data: Path, noted: list[str], tmp_path: Path
) -> None:
    (data / "journal.db").write_bytes(b"no database" * 1000)
    out = tmp_path / "log.csv"
    outcome = counterpoint("log", "export", "--format", "csv", "--out", out)
    assert outcome.code is ExitCode.JOURNAL
    assert "journal.db: it is damaged" in outcome.err
    assert not list(tmp_path.glob("log.csv*"))


def test_export_into_a_folder_that_is_not_there_is_a_mistake(
    counterpoint: Run, noted: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "nowhere" / "log.csv"
    outcome = counterpoint("log", "export", "--format", "csv", "--out", out)
    assert outcome.code is ExitCode.USAGE
    assert f"{out}: there is no folder {out.parent}" in outcome.err


def test_export_to_whoever_goes_away_ends_quietly(
    corpus: Path, data: Path, noted: list[str]
) -> None:
    async def fill() -> None:  # more than a pipe takes
        async with await SqliteJournal.open(
            data / "journal.db",
            clock=lambda: NOW,
            new_id=lambda: uuid.uuid4().hex[:12],
            text_policy=TextPolicy.FULL,
        ) as journal:
            asked = [an_interaction(id=str(number), text="x" * 2_000) for number in range(100)]
            await asyncio.gather(*map(journal.begin, asked))

    asyncio.run(fill())
    for form in ("csv", "jsonl"):
        with subprocess.Popen(
            [*PROGRAM, "log", "export", "--format", form],
            cwd=ROOT,
            env=environment(corpus, data),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline()
            process.stdout.close()
            assert process.wait(60) == ExitCode.CLOSED
            assert process.stderr.read() == b""


def test_time_that_is_none_is_a_mistake(counterpoint: Run) -> None:
    outcome = counterpoint("log", "export", "--format", "csv", "--since", "yesterday")
    assert outcome.code is ExitCode.USAGE
    assert "'yesterday' is no time" in outcome.err


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, 0.0),
        ("1970-01-02", DAY_S),
        ("1970-01-02T01:00", DAY_S + 3600),
        ("1970-01-02T01:00+01:00", DAY_S),
        ("2d", DAY_S),
        ("30m", 3 * DAY_S - 1800),
    ],
)
def test_times_are_days_moments_and_spans(text: str | None, seconds: float) -> None:
    assert moment(text, datetime(1970, 1, 4, tzinfo=UTC)) == seconds


@pytest.mark.parametrize("text", ["", "7", "7w", "99999999d", "2025-13-01"])
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(UsageMistake, match="is no time"):
        moment(text)


# --- members of whom nothing is kept


@pytest.fixture
def unkept(data: Path) -> list[str]:
    """Note what somebody asked who has opted out, once in vain, and return the ids."""

    async def work() -> list[str]:
        async with await SqliteJournal.open(
            data / "journal.db",
            clock=lambda: NOW,
            new_id=lambda: uuid.uuid4().hex[:12],
            text_policy=TextPolicy.FULL,
        ) as journal:
            await journal.opt_out("discord", "ada")
        return [await note(data, "Secret?", found=found) for found in (True, False)]

    return asyncio.run(work())


def test_every_view_of_the_log_copes_with_what_is_not_kept(
    counterpoint: Run, unkept: list[str], tmp_path: Path
) -> None:
    ends = [line.split("\t")[2:] for line in counterpoint("log", "tail").out.splitlines()]
    assert len(ends) == 2
    assert counterpoint("log", "search", "secret").out == ""
    assert counterpoint("log", "unanswered").out == ""
    for form in ("csv", "jsonl"):
        written = counterpoint("log", "export", "--format", form).out
        assert all(request_id in written for request_id in unkept)
        for name in ("Secret", "river-club", "dams", "wetlands"):
            assert name not in written
    record = counterpoint("log", "stats", "--json").record
    assert (record["interactions"], record["answered"], record["not_found"]) == (2, 1, 1)
    assert record["took_ms"]["p50"] == 12.5
    assert record["kinds"] == record["verdicts"] == {}


# --- following


def test_following_shows_what_comes_until_it_is_interrupted(
    corpus: Path, data: Path, noted: list[str]
) -> None:
    with following(corpus, data, "-n", "1") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["request_id"] == noted[-1]
        for text in ("Is this new?", "And this?"):
            request_id = asyncio.run(note(data, text, at=time.time()))
            assert json.loads(process.stdout.readline())["request_id"] == request_id
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(20) == ExitCode.INTERRUPTED
        assert process.stdout.read() == ""


@contextmanager
def following(corpus: Path, data: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Have a process follow the log, and end it in the end."""
    with subprocess.Popen(
        [*PROGRAM, "log", "tail", *arguments, "--follow", "--json"],
        cwd=ROOT,
        env=environment(corpus, data),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()  # an interrupt may be ignored where tests run in the background
