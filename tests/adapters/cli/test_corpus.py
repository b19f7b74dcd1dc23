"""`counterpoint reindex`, `corpus` and `topics`, on folders that a test may change."""

from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from adapters.cli.exits import ExitCode
from tests.adapters.conftest import LETTER, Outcome, Run

Own = Callable[..., Outcome]


@pytest.fixture
def run(counterpoint: Run, own_corpus: Path) -> Own:
    """Run the program on the corpus that the test may change."""

    def run(*args: str | Path, **environment: str) -> Outcome:
        return counterpoint(*args, **{"CORPUS_DIR": str(own_corpus), **environment})

    return run


def test_reindex_without_a_change_says_so(run: Own) -> None:
    outcome = run("reindex")

    assert outcome.code is ExitCode.OK
    assert outcome.out.startswith("Nothing has changed since the last time.")


def test_reindex_prints_what_was_added_changed_and_removed(run: Own, own_corpus: Path) -> None:
    documents = own_corpus / "documents"
    (documents / "reply.txt").unlink()
    (documents / "letter.txt").write_text(LETTER + "\nHelmets are cheap nowadays.\n")
    (documents / "note.txt").write_text("Bicycle bells should be louder than they are.\n")
    outcome = run("reindex")

    assert outcome.out.splitlines()[:4] == [
        "~ letter  A letter on helmets (+1 sentences)",
        "+ note  Note (+1 sentences)",
        "- reply  Reply (-5 sentences)",
        "Done: 1 document added, 1 changed, 1 removed; 7 passages in all.",
    ]


def test_reindex_reports_as_json(run: Own, own_corpus: Path) -> None:
    (own_corpus / "documents" / "reply.txt").unlink()
    report = run("reindex", "--json").record

    assert report["documents"] == 1
    assert [change["change"] for change in report["changes"]] == ["kept", "removed"]


def test_reindex_names_files_that_fail_and_does_the_rest(run: Own, own_corpus: Path) -> None:
    (own_corpus / "documents" / "scan.pdf").write_bytes(b"%PDF-1.4 not really")
    manifest = own_corpus / "documents.toml"
    manifest.write_text(manifest.read_text() + '\n[[document]]\nfile = "lost.txt"\n')
    outcome = run("reindex")

    assert outcome.code is ExitCode.PARTIAL
    assert "scan.pdf: " in outcome.err
    assert "lost.txt: " in outcome.err


def test_reindex_with_nothing_to_index_is_an_index_error(run: Own, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    outcome = run("reindex", CORPUS_DIR=str(tmp_path / "empty"), DATA_DIR=str(tmp_path / "new"))

    assert outcome.code is ExitCode.INDEX
    assert outcome.err.startswith("Error: ")


def test_reindex_while_another_is_at_it_says_so(run: Own, data: Path) -> None:
    with FileLock(data / "writer.lock"):
        outcome = run("reindex")

    assert outcome.code is ExitCode.BUSY
    assert "Another process" in outcome.err


def test_list_separates_columns_by_tabs_in_a_pipe(run: Own) -> None:
    rows = [line.split("\t") for line in run("corpus", "list").out.splitlines()]

    assert rows == [
        ["letter", "A letter on helmets", "Ada Brown", "2019-05-01", "letter", "5"],
        ["reply", "Reply", "", "", rows[1][4], "5"],
    ]


def test_list_has_a_header_and_no_boxes_on_a_terminal(run: Own) -> None:
    out = run("corpus", "list", FORCE_COLOR="1", NO_COLOR="1", COLUMNS="80").out

    assert "sentences" in out.splitlines()[0]
    assert "A letter on helmets" in out
    assert "\t" not in out
    assert not [character for character in out if "\u2500" <= character <= "\u257f"]


def test_long_list_of_changes_is_cut(run: Own, own_corpus: Path) -> None:
    for number in range(60):
        file = own_corpus / "documents" / f"note-{number}.txt"
        file.write_text("Bells should be louder than they are.\n")
    out = run("reindex").out

    assert "  and 10 more; --json lists them\n" in out
    assert "60 documents added" in out


def test_list_as_json_holds_no_texts(run: Own) -> None:
    first = run("corpus", "list", "--json").record[0]

    assert (first["id"], first["sentences"]) == ("letter", 5)
    assert "text" not in first


def test_list_names_files_that_cannot_be_read(run: Own, own_corpus: Path) -> None:
    (own_corpus / "documents" / "empty.txt").write_text("")
    outcome = run("corpus", "list")

    assert "empty.txt: " in outcome.err
    assert len(outcome.out.splitlines()) == 2


def test_show_prints_sentences_and_unknowns(run: Own) -> None:
    out = run("corpus", "show", "letter").out

    assert out.startswith("A letter on helmets\nid: letter\nauthor: Ada Brown\n")
    assert "licence: unknown" in out
    assert "  Cycle helmets should be compulsory for every rider. [paragraph 1]" in out


def test_show_sets_headings_apart(run: Own, own_corpus: Path) -> None:
    text = "# Bells\n\nBells should be loud.\n\n# Lamps\n\nLamps should be bright.\n"
    (own_corpus / "documents" / "note.md").write_text(text)

    assert "\n\nLamps\n  Lamps should be bright." in run("corpus", "show", "note").out


def test_show_as_json_gives_offsets_into_the_text(run: Own) -> None:
    shown = run("corpus", "show", "letter", "--json").record
    first = shown["passages"][0]

    assert (
        shown["document"]["text"][first["start"] : first["end"]]
        == "Cycle helmets should be compulsory for every rider."
    )


def test_show_of_an_unknown_id_tells_where_ids_are(run: Own) -> None:
    outcome = run("corpus", "show", "nothing")

    assert outcome.code is ExitCode.USAGE
    assert "corpus list" in outcome.err


def test_validate_passes_a_sound_corpus(run: Own) -> None:
    outcome = run("corpus", "validate")

    assert outcome.code is ExitCode.OK
    assert outcome.out.strip() == (
        "2 documents with 10 sentences, 1 topic; every file can be read."
    )


def test_validate_names_what_is_wrong(run: Own, own_corpus: Path) -> None:
    (own_corpus / "documents" / "empty.txt").write_text("")
    outcome = run("corpus", "validate", "--json")

    assert outcome.code is ExitCode.PROBLEM
    assert outcome.record["failures"][0]["path"].endswith("empty.txt")


def test_validate_names_a_list_that_cannot_be_used(run: Own, own_corpus: Path) -> None:
    (own_corpus / "topics.toml").write_text("[[[")
    outcome = run("corpus", "validate")

    assert outcome.code is ExitCode.SETUP
    assert "topics.toml" in outcome.err


def test_add_makes_a_document_quotable(run: Own, tmp_path: Path) -> None:
    file = tmp_path / "Bells.txt"
    file.write_text("Every bicycle bell must be audible at fifty metres.\n")
    added = run("corpus", "add", file, "--title", "On bells", "--date", "2020")
    run("reindex")

    assert added.out.startswith("Added bells.")
    reply = run("ask", "Bicycle bells must be audible.", "--json").record
    assert (reply["quotes"][0]["title"], reply["quotes"][0]["date"]) == ("On bells", "2020")


def test_add_reports_the_entry_as_json(run: Own, tmp_path: Path) -> None:
    file = tmp_path / "bells.txt"
    file.write_text("Every bicycle bell must be audible at fifty metres.\n")

    assert run("corpus", "add", file, "--json").record["file"] == "bells.txt"


@pytest.mark.parametrize("options", [("--date", "yesterday"), ("--url", "javascript:alert(1)")])
def test_add_refuses_what_cannot_be_known(
    run: Own, tmp_path: Path, own_corpus: Path, options: tuple[str, str]
) -> None:
    file = tmp_path / "bells.txt"
    file.write_text("Every bicycle bell must be audible at fifty metres.\n")
    outcome = run("corpus", "add", file, *options)

    assert outcome.code is ExitCode.SETUP
    assert options[1] in outcome.err
    assert not (own_corpus / "documents" / "bells.txt").exists()


def test_topics_are_listed(run: Own) -> None:
    assert run("topics").out == "helmets\tHelmets\tCycle helmets should be compulsory.\n"
    assert run("topics", "--json").record[0]["slug"] == "helmets"
