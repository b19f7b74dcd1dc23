from dataclasses import replace

import pytest
from hypothesis import strategies as st

from adapters.messaging import reports
from adapters.messaging.reports import Report, Shape
from bot import admin_texts, texts
from bot.administration import CorpusStatus, Finding, Health, Progress, Stage, StagedDocument
from bot.errors import CorpusError, ReadError, StagedGone
from bot.ports import JournalEntry, RequestState
from bot.types import (
    ChannelMode,
    DocumentChange,
    IndexReport,
    LostQuote,
    Query,
    QueryKind,
    ReadFailure,
    Trigger,
)
from tests.adapters.messaging.evidence import long_texts, nasty_texts
from tests.adapters.messaging.plain import PlainViews

any_text = st.one_of(nasty_texts, long_texts)


def told(report: Report) -> str:
    return PlainViews().report(report)


def report(*changes: DocumentChange, failures: tuple[ReadFailure, ...] = ()) -> IndexReport:
    return IndexReport("v2", "v1", changes, failures, 4, 400, 1.23)


def entry(
    text: str | None,
    query: Query | None = None,
    *,
    answered: bool = False,
    error: str | None = None,
) -> JournalEntry:
    return JournalEntry(
        request_id="0a1b",
        platform="discord",
        interaction_id="9",
        community_id="1",
        channel_id="2",
        thread_id=None,
        asker="hash",
        trigger=Trigger.MENTION,
        text=text,
        text_hash=None,
        kind=None,
        query=query,
        created_at=1.0,
        begun_at=1.0,
        finished_at=2.0,
        state=RequestState.DELIVERED,
        answered=answered,
        error=error,
        corpus_version="v1",
        took_ms=5.0,
        stage_ms={},
        shown=(),
        message_ids=("77",),
        feedback=(),
    )


async def test_a_reindex_tells_what_changed_and_what_it_could_not_read() -> None:
    view = reports.index_report(
        report(
            DocumentChange("a", "On *trams*", "changed", 3, 1),
            DocumentChange("b", "On buses", "kept"),
            failures=(ReadFailure("c.pdf", "It has no text."),),
        )
    )
    said = told(view)
    assert admin_texts.reindexed(0, 1, 0, 400) in said
    assert f"On *trams* \N{MIDDLE DOT} {admin_texts.sentences_changed(3, 1)}" in said
    assert "c.pdf: It has no text." in said
    assert "On buses" not in said


@pytest.mark.parametrize("count", [1, 2, reports.MOST_LOST, 40])
def test_a_reindex_tells_which_posted_quotes_it_took_away(count: int) -> None:
    lost = tuple(LostQuote(f"a-{n}", "a", "Trams", f"Tram {n} is\nlate.") for n in range(count))
    change = DocumentChange("a", "Trams", "changed", 0, count)
    view = reports.index_report(replace(report(change), lost=lost))
    said = told(view)
    assert admin_texts.quotes_lost(count) in said
    quoted = [line for line in view.lines if line.shape is Shape.QUOTE]
    assert [line.parts for line in quoted] == [
        (f"Tram {n} is late.",) for n in range(min(count, reports.MOST_LOST))
    ]
    # Before the documents: a report of many is cut at its end.
    assert said.index("no longer in the documents") < said.index("Trams \N{MIDDLE DOT}")


def test_a_posted_quote_of_any_length_fits_into_the_report() -> None:
    lost = (LostQuote("a-1", "a", "Trams", "x" * 20_000),)
    (quoted,) = [
        line
        for line in reports.index_report(replace(report(), lost=lost)).lines
        if line.shape is Shape.QUOTE
    ]
    assert len(str(quoted.parts[0])) <= 200


async def test_a_reindex_that_changed_nothing_says_so() -> None:
    assert admin_texts.REINDEX_UNCHANGED in told(reports.index_report(report()))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ReadError("/srv/data/staged/t.txt", "It is empty."), "No. t.txt: It is empty."),
        (
            CorpusError("/srv/corpus/documents/t.txt: is there: rename"),
            "No. t.txt: is there: rename",
        ),
        (CorpusError(r"C:\corpus\topics.toml: not valid TOML"), "No. topics.toml: not valid TOML"),
        (CorpusError("/srv/topics.toml, [a]: no title"), "No. topics.toml, [a]: no title"),
        (CorpusError("/srv/d.toml, entry 2 (a/b.txt): bad"), "No. d.toml, entry 2 (a/b.txt): bad"),
        (CorpusError("9 documents wait and/or stay"), "No. 9 documents wait and/or stay"),
        (StagedGone("No such document waits here."), texts.STAGED_GONE),
    ],
)
async def test_what_could_not_be_used_is_named_without_its_folder(
    error: CorpusError, expected: str
) -> None:
    assert reports.not_done("No.", error) == expected


async def test_progress_counts_files_and_sentences() -> None:
    step = Progress(Stage.READING, "a.txt", 2, 4, 10, 30)
    assert told(reports.progress_report(step)) == admin_texts.reindexing(2, "4", 10, 30)
    assert told(reports.progress_report(None)) == admin_texts.REINDEX_STARTED


async def test_status_tells_what_is_indexed_and_since_when() -> None:
    view = reports.status_report(CorpusStatus("v1", 4, 400, 2, 1700000000.0), ["Far away."])
    assert admin_texts.status(4, 400, 2, "v1") in told(view)
    assert "<1700000000>" in told(view)
    assert "Far away." in told(view)
    empty = reports.status_report(CorpusStatus(None, 0, 0, 0, None))
    assert admin_texts.NOT_INDEXED in told(empty)


async def test_channels_are_listed_and_what_the_bot_cannot_hear_is_told() -> None:
    modes = {"5": ChannelMode.AUTO, "6": ChannelMode.DENY, "7": ChannelMode.ALLOW}
    deaf = told(reports.channels_report(modes, "Deaf."))
    assert "Deaf." in deaf
    assert "Deaf." not in told(reports.channels_report(modes, None))
    assert admin_texts.CHANNEL_MODES[ChannelMode.DENY] in deaf
    assert told(reports.channels_report({}, None)) == admin_texts.NO_CHANNELS
    one = reports.channel_report("5", ChannelMode.AUTO, "Deaf.")
    assert "Deaf." in told(one)
    closed = told(reports.channel_report("5", ChannelMode.DENY, "Deaf."))
    assert "Deaf." not in closed


async def test_a_staged_document_is_shown_with_the_buttons_that_decide() -> None:
    staged = StagedDocument("id1", "t.txt", "On trams", None, None, 9, ("One *two*.", "Three."))
    view = reports.staged_report(staged)
    for part in ("t.txt", "On trams", texts.UNKNOWN_AUTHOR, "9 sentences", "One *two*.", "Three."):
        assert part in told(view)
    assert [one.label for one in view.choices] == [admin_texts.PUBLISH, admin_texts.DISCARD]


async def test_the_log_tells_what_was_asked_and_how_it_went() -> None:
    entries = [
        entry("Trams?", answered=True),
        entry(None, error="error_index"),
        entry("source?", Query("Buses are loud", QueryKind.CLAIM)),
    ]
    said = told(reports.log_report(entries, unanswered_only=False))
    assert "Trams?" in said
    assert "Buses are loud" in said
    assert admin_texts.TEXT_NOT_KEPT in said
    assert "error_index" in said
    assert told(reports.log_report([], unanswered_only=True)) == admin_texts.NOTHING_UNANSWERED
    assert told(reports.log_report([], unanswered_only=False)) == admin_texts.NO_LOG


async def test_the_doctor_names_what_is_wrong_first() -> None:
    well = Finding("journal", Health.OK, "Sound.")
    ill = Finding("intents", Health.PROBLEM, "Missing.")
    said = told(reports.findings_report([well, ill]))
    assert said.index("Missing.") < said.index("Sound.")
    assert admin_texts.DOCTOR_FOUND in said
    assert admin_texts.DOCTOR_WELL in told(reports.findings_report([well]))
