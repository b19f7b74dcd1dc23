"""The parts put together: from a corpus folder to an answer, with the shipped models."""

import asyncio
import logging
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bootstrap import Application
from bot.errors import ConfigError, CorpusError, IndexUnavailable, JournalError
from bot.retrieval.encoder import SHIPPED_MODEL
from bot.retrieval.opposite import OppositeMap
from bot.settings import Settings
from bot.types import Evidence, QueryKind, Quote, Reply
from tests.fakes.journal import a_reply, an_interaction

FOR = """School uniforms should be compulsory. A uniform spares children the daily contest over \
clothes. Pupils who dress alike are bullied less for what they wear.

Poor families save money because a uniform costs less than a wardrobe. Teachers can see at once \
who does not belong on the grounds.
"""
AGAINST = """School uniforms should not be compulsory. A uniform takes from children one of the \
few choices that are theirs. Forced sameness does not end bullying.

Nobody learns better because of a tie. Fermented cabbage keeps through the winter.
"""
TOPICS = """[uniforms]
title = "School uniforms"
aliases = ["dress code"]
description = "Whether pupils should all wear the same."
proposition = "School uniforms should be compulsory."
"""
ALIASES = '"fermented cabbage" = ["sauerkraut", "kraut"]\n'
UNANSWERED = "Who won the chess championship of 1972 in Reykjavik?"


def make_corpus(folder: Path) -> Path:
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "for.txt").write_text(FOR, "utf-8")
    (folder / "documents" / "against.txt").write_text(AGAINST, "utf-8")
    (folder / "topics.toml").write_text(TOPICS, "utf-8")
    (folder / "aliases.toml").write_text(ALIASES, "utf-8")
    return folder


def settings_in(folder: Path) -> Settings:
    return Settings(corpus_dir=make_corpus(folder / "corpus"), data_dir=folder / "data")


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Application:
    """Return an application whose index serves; tests leave it as it is."""
    application = Application(settings_in(tmp_path_factory.mktemp("shared")))
    application.reindex()
    return application


async def ask(application: Application, text: str, request: str = "i1") -> Reply:
    async with application.bot(keep_log=False) as bot:
        reply = await bot.handle(an_interaction(id=request, text=text))
    assert reply is not None
    return reply


def text_of(application: Application, quote: Quote) -> str:
    index = application.store.current()
    assert index is not None
    return index.document(quote.document_id).text[quote.start : quote.end]


def said(evidence: tuple[Evidence, ...]) -> str:
    return " | ".join(one.quote.text for one in evidence)


# --- answers ----------------------------------------------------------------------


async def test_claim_gets_quotes_and_counterpoints(application: Application) -> None:
    reply = await ask(application, "School uniforms should be compulsory.")
    assert reply.answered
    assert "should not be compulsory" in said(reply.counterpoints)
    assert "School uniforms should be compulsory." in said(reply.quotes)
    assert reply.counterpoints[0].source.document_id == "against"


async def test_every_quote_is_verbatim_and_addressed(application: Application) -> None:
    reply = await ask(application, "Do uniforms end bullying?")
    evidence = reply.quotes + reply.counterpoints
    assert evidence
    for one in evidence:
        assert text_of(application, one.quote) == one.quote.text
        assert one.quote.permalink.startswith(f"{application.settings.public_url}/q/")


async def test_question_is_answered(application: Application) -> None:
    reply = await ask(application, "Why do poor families save money with a uniform?")
    assert "Poor families save money" in reply.quotes[0].quote.text


async def test_topic_is_answered_on_both_sides(application: Application) -> None:
    reply = await ask(application, "dress code")
    assert reply.query is not None
    assert (reply.query.kind, reply.query.topic) == (QueryKind.TOPIC, "uniforms")
    assert reply.counterpoints


@pytest.mark.parametrize("spelling", ["sauerkraut", "Kraut"])
async def test_alias_finds_the_name(application: Application, spelling: str) -> None:
    reply = await ask(application, f"Does {spelling} keep through the winter?")
    assert "Fermented cabbage" in said(reply.quotes)


async def test_what_the_corpus_lacks_is_not_answered(application: Application) -> None:
    reply = await ask(application, UNANSWERED)
    assert not reply.answered
    assert (reply.quotes, reply.counterpoints) == ((), ())


async def test_operator_decides_how_sure_is_sure_enough(application: Application) -> None:
    claim = "School uniforms should be compulsory."
    sure = Application(replace(application.settings, answer_threshold=1.0))
    assert not (await ask(sure, claim)).answered
    eager = Application(replace(application.settings, answer_threshold=0.0))
    assert (await ask(eager, UNANSWERED)).answered


async def test_broken_topics_do_not_keep_the_index_from_answering(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_in(tmp_path)
    Application(settings).reindex()
    (settings.corpus_dir / "topics.toml").write_text("[[uniforms", "utf-8")
    reply = await ask(Application(settings), "School uniforms should be compulsory.")
    assert reply.answered
    assert "corpus_unusable" in caplog.text


def test_broken_topics_leave_those_known_before_and_are_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    application = Application(settings_in(tmp_path))
    application.reindex()
    before = application.knowledge().topics
    (tmp_path / "corpus" / "topics.toml").write_text("[[uniforms", "utf-8")
    for number in range(3):
        (tmp_path / "data" / "REINDEXED").write_text("again\n" * number, "utf-8")
        assert application.knowledge().topics == before
    assert caplog.text.count("corpus_unusable") == 1


def test_topics_that_were_mended_are_known_without_a_reindex(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    Application(settings).reindex()
    file = settings.corpus_dir / "topics.toml"
    whole = file.read_text("utf-8")
    file.write_text("[[uniforms", "utf-8")
    application = Application(settings)
    assert application.knowledge().topics == ()
    assert application.knowledge().gatherer is application.knowledge().gatherer
    file.write_text(whole, "utf-8")
    assert [one.slug for one in application.knowledge().topics] == ["uniforms"]


async def test_broken_topics_take_no_alias_away(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    Application(settings).reindex()
    (settings.corpus_dir / "topics.toml").write_text("[[uniforms", "utf-8")
    application = Application(settings)
    assert "Fermented cabbage" in said((await ask(application, "Does Kraut keep?")).quotes)


async def test_without_an_index_the_bot_says_so(tmp_path: Path) -> None:
    reply = await ask(Application(settings_in(tmp_path)), "Are uniforms good?")
    assert not reply.answered
    assert reply.id in reply.headline


# --- the corpus and its index -----------------------------------------------------


def test_corpus_is_read_whole(application: Application) -> None:
    corpus = application.read_corpus()
    assert {one.document.id for one in corpus.documents} == {"for", "against"}
    assert [topic.slug for topic in application.library.topics] == ["uniforms"]


async def test_added_document_is_found_after_a_reindex(tmp_path: Path) -> None:
    application = Application(settings_in(tmp_path))
    first = application.reindex()
    assert {change.change for change in first.changes} == {"added"}
    letter = tmp_path / "letter.md"
    letter.write_text("# Laundry\n\nWashing a woollen blazer ruins it within a term.\n", "utf-8")
    entry = application.add_document(letter, title="A letter", author="Ida", date="2021-03")
    assert entry.author == "Ida"
    seen: list[str] = []
    second = application.reindex(lambda progress: seen.append(progress.path))
    changes = {change.document_id: change.change for change in second.changes}
    assert changes == {"for": "kept", "against": "kept", "letter": "added"}
    assert second.previous_version == first.version
    assert "documents/letter.md" in seen
    reply = await ask(application, "What does washing do to a blazer?")
    source = reply.quotes[0].source
    assert (source.title, source.author, source.date) == ("A letter", "Ida", "2021-03")


def test_unreadable_files_are_told_and_stop_nothing(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    documents = settings.corpus_dir / "documents"
    (documents / "empty.txt").write_text("")
    (documents / "broken.json").write_text("{")
    (settings.corpus_dir / "documents.toml").write_text('[[document]]\nfile = "gone.txt"\n')
    report = Application(settings).reindex()
    assert report.documents == 2
    told = {Path(failure.path).name for failure in report.failures}
    assert told == {"empty.txt", "broken.json", "gone.txt"}


def test_failed_reindex_leaves_the_old_index_serving(tmp_path: Path) -> None:
    application = Application(settings_in(tmp_path))
    version = application.reindex().version
    for path in (application.settings.corpus_dir / "documents").iterdir():
        path.unlink()
    with pytest.raises(IndexUnavailable):
        application.reindex()
    index = application.store.current()
    assert index is not None
    assert index.version == version


def test_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="nowhere"):
        Application(Settings(corpus_dir=tmp_path / "nowhere", data_dir=tmp_path)).reindex()


def test_folder_without_a_model_is_named(tmp_path: Path) -> None:
    settings = Settings(encoder_dir=tmp_path / "my-encoder", stance_dir=tmp_path / "my-stance")
    application = Application(settings)
    with pytest.raises(ConfigError, match="my-encoder"):
        _ = application.encoder
    with pytest.raises(ConfigError, match="my-stance"):
        _ = application.stance


# --- what stands around a quote ---------------------------------------------------


def quote(application: Application, text: str, document_id: str = "against") -> Quote:
    index = application.store.current()
    assert index is not None
    start = AGAINST.index(text)
    return Quote(text, document_id, start, start + len(text), None, False, None, "")


def test_neighbouring_sentences_stand_around_a_quote(application: Application) -> None:
    before, after = application.around(quote(application, "Forced sameness"), sentences=1)
    assert before.startswith("A uniform takes")
    # The quote broke off inside its sentence, so that the rest of it is not after it.
    assert "Nobody learns better" in after


def test_no_neighbours_are_shown_if_none_are_asked_for(application: Application) -> None:
    assert application.around(quote(application, "Forced sameness"), sentences=0) == ("", "")


def test_around_and_quote_make_up_the_document(application: Application) -> None:
    middle = quote(application, "Forced sameness does not end bullying.")
    before, after = application.around(middle, sentences=100)
    assert before + middle.text + after == AGAINST.strip()


def test_nothing_stands_before_the_first_sentence(application: Application) -> None:
    first = quote(application, "School uniforms should not be compulsory.")
    before, after = application.around(first)
    assert before == ""
    assert after.strip().startswith("A uniform takes")


@pytest.mark.parametrize(
    "changes", [{"document_id": "gone"}, {"text": "It said otherwise."}], ids=["gone", "changed"]
)
def test_quote_that_is_no_longer_there_has_no_surroundings(
    application: Application, changes: dict[str, str]
) -> None:
    stale = replace(quote(application, "Forced sameness"), **changes)  # type: ignore[arg-type]  # texts only
    with pytest.raises(IndexUnavailable, match="ask again"):
        application.around(stale)


def test_nothing_has_surroundings_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable):
        Application(settings_in(tmp_path)).around(Quote("x", "a", 0, 1, None, False, None, ""))


# --- the journal ------------------------------------------------------------------


async def test_answers_are_noted(tmp_path: Path) -> None:
    application = Application(settings_in(tmp_path))
    application.reindex()
    async with application.bot() as bot:
        reply = await bot.handle(an_interaction(text="Are uniforms good?"))
        assert reply is not None
        await bot.delivered(reply, ["m1"])
    health = await application.journal_health()
    assert (health.interactions, health.problems) == (1, ())
    assert health.location == str(application.settings.journal_path)


async def test_duplicate_is_known_after_a_restart(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    Application(settings).reindex()
    replies = []
    for _ in range(2):
        async with Application(settings).bot() as bot:
            reply = await bot.handle(an_interaction())
            replies.append(reply)
            if reply is not None:
                await bot.delivered(reply, ["m1"])
    assert replies[0] is not None
    assert replies[1] is None


@pytest.fixture
def damaged(tmp_path: Path) -> Settings:
    """Return settings whose journal cannot be opened."""
    settings = settings_in(tmp_path)
    settings.data_dir.mkdir()
    settings.journal_path.write_bytes(b"this is no database" * 1000)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(settings.journal_path).execute("PRAGMA user_version = 1")
    return settings


async def test_damaged_journal_does_not_keep_answers_back(
    damaged: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    application = Application(damaged)
    application.reindex()
    with caplog.at_level(logging.ERROR):
        async with application.bot() as bot:
            reply = await bot.handle(an_interaction(text="School uniforms should be compulsory."))
    assert reply is not None
    assert reply.answered
    assert "journal_failed" in caplog.text
    with pytest.raises(JournalError):
        await application.journal_health()


async def test_damaged_journal_stops_a_bot_that_has_to_keep_one(damaged: Settings) -> None:
    application = Application(replace(damaged, log_required=True))
    with pytest.raises(JournalError):
        async with application.bot():
            pytest.fail("the bot runs without the log that it has to keep")


def test_map_to_the_other_side_was_fitted_on_the_shipped_encoder(tmp_path: Path) -> None:
    application = Application(settings_in(tmp_path))
    assert OppositeMap.load().encoder == application.encoder.name


def test_map_of_another_encoder_is_left_unused_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "other-encoder"
    shutil.copytree(SHIPPED_MODEL, folder)
    Application(replace(settings_in(tmp_path), encoder_dir=folder)).evaluation()
    assert "opposite_map_unused" in caplog.messages


async def test_requests_expire_when_the_operator_says_so(
    application: Application, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(application.settings.data_dir, data)
    settings = replace(application.settings, data_dir=data, log_retention_days=30)
    async with await Application(settings).open_journal() as journal:
        receipt = await journal.begin(an_interaction())
        await journal.finish(receipt.request_id, a_reply())
    database = sqlite3.connect(settings.journal_path)
    database.execute("UPDATE interactions SET begun_at = begun_at - 31 * 86400")
    database.commit()
    database.close()
    async with (
        Application(settings).open(),
        await Application(settings).open_journal() as journal,
    ):
        for _ in range(500):
            texts = [entry.text async for entry in journal.recent(1)]
            if texts == [None]:
                break
            await asyncio.sleep(0.02)
    assert texts == [None]
