import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import limits, reports
from adapters.discord.sending import View
from bot import texts
from bot.administration import CorpusStatus, Finding, Health, Progress, Stage, StagedDocument
from bot.errors import CorpusError, ReadError, StagedGone
from bot.ports import JournalEntry, RequestState
from bot.types import (
    ChannelMode,
    DocumentChange,
    IndexReport,
    Query,
    QueryKind,
    ReadFailure,
    Trigger,
)
from tests.adapters.discord.evidence import long_texts, nasty_texts
from tests.adapters.discord.reader import read
from tests.adapters.discord.test_render import labels, texts_in

any_text = st.one_of(nasty_texts, long_texts)


def told(view: View) -> str:
    return read("\n".join(texts_in(view))).text


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
    view = reports.index_message(
        report(
            DocumentChange("a", "On *trams*", "changed", 3, 1),
            DocumentChange("b", "On buses", "kept"),
            failures=(ReadFailure("c.pdf", "It has no text."),),
        )
    )
    said = told(view)
    assert texts.reindexed(0, 1, 0, 400) in said
    assert f"On *trams* \N{MIDDLE DOT} {texts.sentences_changed(3, 1)}" in said
    assert "c.pdf: It has no text." in said
    assert "On buses" not in said


async def test_a_reindex_that_changed_nothing_says_so() -> None:
    assert texts.REINDEX_UNCHANGED in told(reports.index_message(report()))


@settings(max_examples=20)
@given(st.lists(st.tuples(any_text, any_text), max_size=60))
async def test_a_report_of_any_size_fits(pairs: list[tuple[str, str]]) -> None:
    changes = [DocumentChange("a", title, "added", 1) for title, _ in pairs]
    failures = tuple(ReadFailure(path, reason) for path, reason in pairs)
    view = reports.index_message(report(*changes, failures=failures))
    assert sum(limits.length(text) for text in texts_in(view)) <= limits.TEXT


@pytest.mark.parametrize("count", [80, 400])
async def test_what_there_was_no_room_for_is_counted(count: int) -> None:
    changes = [DocumentChange(f"d{n}", f"Trams {n}, {'x' * 40}", "added", 1) for n in range(count)]
    lines = told(reports.index_message(report(*changes))).split("\n")
    shown = sum("Trams" in line for line in lines)
    assert 0 < shown < count
    assert lines[-1] == texts.left_out(count - shown)


async def test_a_list_that_fits_leaves_nothing_out() -> None:
    said = told(reports.index_message(report(DocumentChange("a", "Trams", "added", 1))))
    assert texts.left_out(1).split()[-1] not in said.split("\n")[-1]
    assert "Trams" in said.split("\n")[-1]


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
    assert told(reports.progress_message(step)) == texts.reindexing(2, "4", 10, 30)
    assert told(reports.progress_message(None)) == texts.REINDEX_STARTED


async def test_status_tells_what_is_indexed_and_since_when() -> None:
    view = reports.status_message(CorpusStatus("v1", 4, 400, 2, 1700000000.0), 42)
    assert texts.status(4, 400, 2, "v1") in told(view)
    assert "<t:1700000000:R>" in "".join(texts_in(view))
    assert texts.latency(42) in told(view)
    empty = reports.status_message(CorpusStatus(None, 0, 0, 0, None), 42)
    assert texts.NOT_INDEXED in told(empty)


async def test_channels_are_listed_and_a_missing_intent_is_told() -> None:
    modes = {"5": ChannelMode.AUTO, "6": ChannelMode.DENY, "7": ChannelMode.ALLOW}
    deaf = told(reports.channels_message(modes, hears_all=False))
    assert texts.AUTO_IS_DEAF in deaf
    assert texts.AUTO_IS_DEAF not in told(reports.channels_message(modes, hears_all=True))
    assert texts.CHANNEL_MODES[ChannelMode.DENY] in deaf
    assert told(reports.channels_message({}, hears_all=True)) == texts.NO_CHANNELS
    one = reports.channel_message(5, ChannelMode.AUTO, hears_all=False)
    assert texts.AUTO_IS_DEAF in told(one)
    closed = told(reports.channel_message(5, ChannelMode.DENY, hears_all=False))
    assert texts.AUTO_IS_DEAF not in closed


async def test_a_staged_document_is_shown_with_the_buttons_that_decide() -> None:
    staged = StagedDocument("id1", "t.txt", "On trams", None, None, 9, ("One *two*.", "Three."))
    view = reports.staged_message(staged)
    for part in ("t.txt", "On trams", texts.UNKNOWN_AUTHOR, "9 sentences", "One *two*.", "Three."):
        assert part in told(view)
    assert labels(view) == [texts.PUBLISH, texts.DISCARD]


async def test_the_log_tells_what_was_asked_and_how_it_went() -> None:
    entries = [
        entry("Trams?", answered=True),
        entry(None, error="error_index"),
        entry("source?", Query("Buses are loud", QueryKind.CLAIM)),
    ]
    said = told(reports.log_message(entries, unanswered_only=False))
    assert "Trams?" in said
    assert "Buses are loud" in said
    assert texts.TEXT_NOT_KEPT in said
    assert "error_index" in said
    assert told(reports.log_message([], unanswered_only=True)) == texts.NOTHING_UNANSWERED
    assert told(reports.log_message([], unanswered_only=False)) == texts.NO_LOG


async def test_the_doctor_names_what_is_wrong_first() -> None:
    well = Finding("journal", Health.OK, "Sound.")
    ill = Finding("intents", Health.PROBLEM, "Missing.")
    said = told(reports.findings_message([well, ill]))
    assert said.index("Missing.") < said.index("Sound.")
    assert texts.DOCTOR_FOUND in said
    assert texts.DOCTOR_WELL in told(reports.findings_message([well]))
