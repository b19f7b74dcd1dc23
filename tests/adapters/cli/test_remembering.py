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
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.cli.exits import ExitCode, UsageMistake
from adapters.cli.records import ENTRY_COLUMNS
from adapters.cli.remembering import moment
from bot.backends.sqlite import SqliteJournal
from bot.ports import TextPolicy
from bot.types import Feedback, Query, QueryKind
from tests.adapters.cli.test_process import PROGRAM, ROOT, environment
from tests.adapters.conftest import Run
from tests.fakes.journal import a_reply, an_interaction

DAY_S = 86_400.0
NOW = time.time()


async def note(data: Path, text: str, *, at: float = NOW, **changes: object) -> str:
    """Note an answered request; ``found=False`` one that was asked in vain."""
    found, policy = changes.pop("found", True), changes.pop("policy", TextPolicy.FULL)
    assert isinstance(policy, TextPolicy)
    async with await SqliteJournal.open(
        data / "journal.db",
        clock=lambda: at,
        new_id=lambda: uuid.uuid4().hex[:12],
        text_policy=policy,
    ) as journal:
        asked = an_interaction(id=uuid.uuid4().hex, text=text, **changes)
        receipt = await journal.begin(asked)
        query = Query(text, QueryKind.QUESTION)
        reply = (
            a_reply(query=query)
            if found
            else a_reply(answered=False, quotes=(), counterpoints=(), query=query)
        )
        await journal.finish(receipt.request_id, reply)
        await journal.delivered(receipt.request_id, ["m1"])
        await journal.note_feedback(receipt.request_id, "discord", "bo", Feedback.HELPFUL)
    return receipt.request_id


@pytest.fixture
def noted(data: Path) -> list[str]:
    """Note a week of questions, and return their ids."""

    async def work() -> list[str]:
        return [
            await note(data, "Do dams help?", at=NOW - 6 * DAY_S),
            await note(data, "What is a  Beaver?", at=NOW - 5 * DAY_S, platform="slack"),
            await note(data, "Who won the cup?", at=NOW - 2 * DAY_S, found=False),
            await note(data, "who won the cup?", at=NOW - DAY_S, found=False),
            await note(data, "=1+1 is what?", at=NOW, found=False, platform="slack"),
        ]

    return asyncio.run(work())


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


def test_empty_log_is_told(counterpoint: Run) -> None:
    outcome = counterpoint("log", "tail")
    assert (outcome.code, outcome.out) == (ExitCode.OK, "")
    assert "Nothing is noted" in outcome.err


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


# --- stats


def test_stats_count_everything(counterpoint: Run, noted: list[str]) -> None:
    record = counterpoint("log", "stats", "--json").record
    assert (record["interactions"], record["answered"], record["not_found"]) == (5, 2, 3)
    assert record["platforms"] == {"discord": 3, "slack": 2}
    assert record["verdicts"] == {"helpful": 5}
    assert record["took_ms"] == {"p50": 12.5, "p95": 12.5, "p99": 12.5}
    assert record["first"] == datetime.fromtimestamp(NOW - 6 * DAY_S, UTC).isoformat(
        timespec="seconds"
    )


def test_stats_for_a_person_are_a_figure_a_line(counterpoint: Run, noted: list[str]) -> None:
    lines = counterpoint("log", "stats", "--platform", "slack").out.splitlines()
    assert "interactions\t\t2" in lines
    assert "platforms\tslack\t2" in lines


def test_stats_of_nothing_are_zero(counterpoint: Run) -> None:
    record = counterpoint("log", "stats", "--json").record
    assert (record["interactions"], record["first"], record["took_ms"]) == (0, None, {})


# --- following


def test_following_shows_what_comes_until_it_is_interrupted(
    corpus: Path, data: Path, noted: list[str]
) -> None:
    with subprocess.Popen(
        [*PROGRAM, "log", "tail", "-n", "1", "--follow", "--json"],
        cwd=ROOT,
        env=environment(corpus, data),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["request_id"] == noted[-1]
        for text in ("Is this new?", "And this?"):
            request_id = asyncio.run(note(data, text, at=time.time()))
            assert json.loads(process.stdout.readline())["request_id"] == request_id
        os.kill(process.pid, signal.SIGINT)
        try:
            assert process.wait(20) == ExitCode.INTERRUPTED
        finally:
            process.kill()  # an interrupt may be ignored where tests run in the background
        assert process.stdout.read() == ""
