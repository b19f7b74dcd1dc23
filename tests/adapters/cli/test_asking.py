"""`counterpoint ask`, on a real index with the shipped models."""

import json
import sqlite3
from pathlib import Path

import pytest

from adapters.cli.asking import code_of_reply
from adapters.cli.exits import ExitCode
from bot import texts
from bot.types import Reply
from tests.adapters.conftest import LETTER, REPLY, Run

CLAIM = "Cycle helmets should be compulsory."
REPLY_KEYS = [
    "id",
    "query",
    "kind",
    "answered",
    "headline",
    "quotes",
    "counterpoints",
    "suggestions",
    "corpus_version",
    "took_ms",
]
QUOTE_KEYS = [
    "text",
    "document_id",
    "title",
    "author",
    "speaker",
    "date",
    "url",
    "start",
    "end",
    "locator",
    "reported",
    "stance",
    "probability",
    "score",
    "permalink",
]


def logged(data: Path) -> int:
    with sqlite3.connect(data / "journal.db") as journal:
        (count,) = journal.execute("SELECT count(*) FROM interactions").fetchone()
    journal.close()
    return int(count)


def test_answer_names_text_author_title_and_date(counterpoint: Run) -> None:
    outcome = counterpoint("ask", CLAIM)

    assert outcome.code is ExitCode.OK
    assert "“Cycle helmets should be compulsory for every rider.”" in outcome.out
    assert "Ada Brown, A letter on helmets, 2019-05-01, paragraph 1" in outcome.out
    assert outcome.err == ""


def test_json_has_exactly_the_documented_shape(counterpoint: Run) -> None:
    reply = counterpoint("ask", CLAIM, "--json").record

    assert list(reply) == REPLY_KEYS
    assert reply["quotes"]
    for quote in reply["quotes"] + reply["counterpoints"]:
        assert list(quote) == QUOTE_KEYS
        assert {"letter": LETTER, "reply": REPLY}[quote["document_id"]][
            quote["start"] : quote["end"]
        ] == quote["text"]


def test_words_need_no_quotation_marks(counterpoint: Run) -> None:
    outcome = counterpoint("ask", "should", "helmets", "be", "compulsory?", "--json")

    assert outcome.record["query"] == "should helmets be compulsory?"


@pytest.mark.parametrize("kind", ["topic", "question", "claim"])
def test_asker_chooses_the_kind(counterpoint: Run, kind: str) -> None:
    assert counterpoint("ask", f"--{kind}", "helmets", "--json").record["kind"] == kind


def test_no_answer_is_an_answer(counterpoint: Run) -> None:
    outcome = counterpoint("ask", "How much does a kilo of plutonium cost?")

    assert outcome.code is ExitCode.OK
    assert outcome.out.startswith("Nothing in the corpus on that.")


def test_first_page_tells_how_to_see_the_rest(counterpoint: Run) -> None:
    first = counterpoint("ask", "--topic", "helmets").out
    everything = counterpoint("ask", "--topic", "helmets", "--all").out

    assert "add --all" in first
    assert "add --all" not in everything
    assert everything.count("“") > first.count("“")


def test_quotes_and_questions_are_no_markup_and_no_escape_sequences(
    counterpoint: Run, own_corpus: Path, tmp_path: Path
) -> None:
    text = "Cycle helmets are [bold red]ugly[/] :bike: and \x1b[31mheavy\x1b[0m\x07 to wear.\n"
    (own_corpus / "documents" / "marked.txt").write_text(text)
    outcome = counterpoint(
        "ask",
        "[blink]Cycle helmets are ugly and heavy to wear.[/blink]",
        CORPUS_DIR=str(own_corpus),
        DATA_DIR=str(tmp_path / "new"),
    )

    assert "[bold red]ugly[/] :bike: and �[31mheavy�[0m� to wear." in outcome.out
    assert "\x1b" not in outcome.out + outcome.err


def test_first_question_builds_the_index(counterpoint: Run, tmp_path: Path) -> None:
    outcome = counterpoint("ask", CLAIM, DATA_DIR=str(tmp_path / "new"))

    assert outcome.code is ExitCode.OK
    assert "“Cycle helmets" in outcome.out
    assert outcome.err.startswith("Indexed 2 documents in ")


def test_single_question_is_logged_as_delivered(counterpoint: Run, data: Path) -> None:
    counterpoint("ask", CLAIM)
    counterpoint("ask", CLAIM)

    with sqlite3.connect(data / "journal.db") as journal:
        rows = journal.execute("SELECT platform, state FROM interactions").fetchall()
    journal.close()
    assert rows == [("cli", "delivered")] * 2


def test_no_log_leaves_no_trace(counterpoint: Run, data: Path) -> None:
    counterpoint("ask", CLAIM, "--no-log")

    assert not (data / "journal.db").exists()


def test_broken_journal_does_not_stop_an_answer(counterpoint: Run, data: Path) -> None:
    (data / "journal.db").write_bytes(b"no database" * 1000)
    outcome = counterpoint("ask", CLAIM)

    assert outcome.code is ExitCode.OK
    assert "“Cycle helmets" in outcome.out
    assert "journal_failed" in outcome.err


def test_required_journal_stops_an_answer(counterpoint: Run, data: Path) -> None:
    (data / "journal.db").write_bytes(b"no database" * 1000)
    outcome = counterpoint("ask", CLAIM, LOG_REQUIRED="true")

    assert outcome.code is ExitCode.JOURNAL
    assert outcome.out == ""


def test_damaged_index_is_told_with_the_way_out(counterpoint: Run, data: Path) -> None:
    (data / "CURRENT").write_text("99\n")
    outcome = counterpoint("ask", CLAIM)

    assert outcome.code is ExitCode.INDEX
    assert "reindex" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    "args",
    [
        ("ask",),
        ("ask", "--topic", "--claim", "helmets"),
        ("ask", "helmets", "--batch", "-", "--json"),
        ("ask", "--batch", "-"),
        ("ask", "--batch", "-", "--json", "--topic"),
        ("ask", "--batch", "missing.jsonl", "--json"),
        ("ask", "--no-such-option"),
    ],
)
def test_mistaken_arguments_are_told(counterpoint: Run, args: tuple[str, ...]) -> None:
    outcome = counterpoint(*args)

    assert outcome.code is ExitCode.USAGE
    assert "Error: " in outcome.err
    assert outcome.out == ""


@pytest.mark.parametrize("key", sorted(texts.ERRORS))
def test_apology_is_no_answer_of_the_corpus(key: str) -> None:
    assert code_of_reply(Reply("r1", False, texts.error(key, "r1"), error=key)) is ExitCode.PROBLEM
    assert code_of_reply(Reply("r1", False, texts.NOTHING_FOUND)) is ExitCode.OK


# --- a batch --------------------------------------------------------------------


def test_batch_answers_every_line_in_order(counterpoint: Run, tmp_path: Path, data: Path) -> None:
    rows = [
        {"id": "b", "query": CLAIM},
        {"id": 7, "query": "helmets", "kind": "topic", "note": "other keys are let be"},
        {"id": "a", "query": "What does plutonium cost?"},
    ]
    file = tmp_path / "batch.jsonl"
    file.write_text("\n\n".join(json.dumps(row) for row in rows), "utf-8")
    outcome = counterpoint("ask", "--batch", file, "--json")

    assert outcome.code is ExitCode.OK
    assert [reply["id"] for reply in outcome.records] == ["b", "7", "a"]
    assert [reply["kind"] for reply in outcome.records] == ["claim", "topic", "question"]
    assert [reply["answered"] for reply in outcome.records] == [True, True, False]
    assert not (data / "journal.db").exists()


def test_batch_is_logged_on_request(counterpoint: Run, data: Path) -> None:
    row = json.dumps({"id": "1", "query": CLAIM})
    counterpoint("ask", "--batch", "-", "--json", "--log", stdin=f"{row}\n{row}\n")

    assert logged(data) == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("no json", "Expecting value"),
        ("[1]", "each line has to be an object"),
        ('{"query": "x"}', '"id" has to be'),
        ('{"id": true, "query": "x"}', '"id" has to be'),
        ('{"id": "1", "query": null}', '"query" has to be a text'),
        ('{"id": "1", "query": "x", "kind": ["claim"]}', '"kind" has to be one of'),
    ],
)
def test_bad_line_of_a_file_is_named_before_anything_is_asked(
    counterpoint: Run, tmp_path: Path, line: str, reason: str
) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text(json.dumps({"id": "1", "query": CLAIM}) + "\n" + line + "\n")
    outcome = counterpoint("ask", "--batch", file, "--json")

    assert outcome.code is ExitCode.USAGE
    assert f"{file}, line 2: " in outcome.err
    assert reason in outcome.err
    assert outcome.out == ""


def test_bad_line_of_standard_input_comes_after_the_answers_before_it(counterpoint: Run) -> None:
    first = json.dumps({"id": "1", "query": CLAIM})
    outcome = counterpoint("ask", "--batch", "-", "--json", stdin=f"{first}\nno json\n")

    assert outcome.code is ExitCode.USAGE
    assert outcome.record["id"] == "1"
    assert "standard input, line 2: " in outcome.err


def test_file_that_is_not_text_is_named(counterpoint: Run, tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_bytes(b"\xff\xfe\x00")
    outcome = counterpoint("ask", "--batch", file, "--json")

    assert outcome.code is ExitCode.USAGE
    assert f"{file} is not UTF-8 text" in outcome.err


def test_json_is_ascii_whatever_was_asked(counterpoint: Run) -> None:
    row = '{"id": "1", "query": "\\ud800 h\u00e9lmets \\u009b31m \\u0000"}'
    outcome = counterpoint("ask", "--batch", "-", "--json", stdin=row)

    assert outcome.out.isascii()
    assert outcome.record["query"] == "\ud800 hélmets \x9b31m \x00"
