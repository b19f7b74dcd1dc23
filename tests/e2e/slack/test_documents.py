"""Documents that come by a form or by a direct message, and what becomes of them."""

import pytest

from bot import admin_texts, texts
from tests.e2e.corpus import CLAIM, QUESTION
from tests.e2e.slack.interactions import Invocation
from tests.e2e.slack.reading import labels_of, quotes_of, words_of
from tests.e2e.slack.stage import Stage
from tests.e2e.slack.workspace import Message, View

NEW = b"Trams carry forty times as many people an hour as cars do.\n\nTrams run on rails.\n"
TRAMS = "Trams carry forty times as many people an hour as cars do."
ABOUT_TRAMS = "How many people do trams carry?"


async def _form(stage: Stage) -> View:
    asked = stage.keeper.command(stage.general, "/source-admin", "add")
    [form] = await stage.until(lambda: asked.views)
    return form


def _submitted(stage: Stage, form: View, name: str, content: bytes, **typed: str) -> Invocation:
    """Fill in the form, whose inputs have one name each in a block of their own, and send it."""
    file = stage.workspace.team.add_file(stage.keeper.user, name, content, stage.server.url)
    form.values = {
        block: {"value": {"type": "plain_text_input", "value": text}}
        for block, text in typed.items()
    }
    form.values["file"] = {"value": {"type": "file_input", "files": [{"id": file.id}]}}
    return stage.keeper.submit(form)


async def _staged(stage: Stage) -> Message:
    """Send a document in a direct message, and return what is shown of it."""
    sent = stage.keeper.upload(stage.keeper.direct, "trams.txt", NEW)
    return await stage.answer(sent)


async def _answer_about_trams(stage: Stage) -> Message:
    return await stage.answer(stage.ada.ask(stage.general, ABOUT_TRAMS))


async def test_a_document_is_shown_before_it_counts_and_answers_once_published(
    stage: Stage,
) -> None:
    form = await _form(stage)
    typed = {"title": "On trams", "author": "Ida Rail", "url": "https://example.org/trams"}
    _submitted(stage, form, "trams.txt", NEW, **typed)
    [staged] = await stage.until(lambda: stage.written_to(stage.keeper))
    await stage.until(lambda: form.is_closed)
    assert "On trams" in words_of(staged)
    assert TRAMS in quotes_of(staged)
    assert admin_texts.STAGED in words_of(staged)
    assert TRAMS not in quotes_of(await _answer_about_trams(stage))
    await stage.restart()
    stage.keeper.press(staged, admin_texts.PUBLISH)
    await stage.told(lambda: stage.written_to(stage.keeper), "1 document added")
    answer = await _answer_about_trams(stage)
    assert TRAMS in quotes_of(answer)
    assert "Ida Rail" in words_of(answer)


async def test_the_form_asks_for_what_the_command_takes(stage: Stage) -> None:
    form = await _form(stage)
    inputs = {one["block_id"]: one["optional"] for one in form.blocks}
    assert inputs == {"file": False, "title": True, "author": True, "url": True}


async def test_where_the_form_cannot_be_opened_a_file_can_still_be_sent(stage: Stage) -> None:
    stage.server.faults.refuse("views.open", "expired_trigger_id")
    asked = stage.keeper.command(stage.general, "/source-admin", "add")
    assert words_of(await stage.shown(asked)) == admin_texts.SEND_FILE


async def test_a_file_in_a_direct_message_is_a_document_too(stage: Stage) -> None:
    sent = stage.keeper.upload(stage.keeper.direct, "trams.txt", NEW)
    staged = await stage.answer(sent)
    assert TRAMS in quotes_of(staged)
    assert staged.root_ts == sent.ts
    stage.keeper.press(staged, admin_texts.PUBLISH)
    await stage.told(lambda: stage.written_to(stage.keeper), "1 document added")
    assert TRAMS in quotes_of(await _answer_about_trams(stage))


async def test_each_of_several_files_is_shown(stage: Stage) -> None:
    files = [
        stage.workspace.team.add_file(stage.keeper.user, name, NEW, stage.server.url)
        for name in ("one.txt", "two.txt")
    ]
    sent = stage.workspace.team.add_message(
        stage.keeper.direct, stage.keeper.user, "", files=files, subtype="file_share"
    )
    stage.server.feed.posted(sent)
    both = await stage.until(
        lambda: found if len(found := stage.workspace.answers_to(sent)) == 2 else None
    )
    assert ["one.txt" in words_of(both[0]), "two.txt" in words_of(both[1])] == [True, True]


async def test_a_file_in_a_channel_is_no_document(stage: Stage) -> None:
    mention = f"<@{stage.workspace.bot.id}> {QUESTION}"
    sent = stage.keeper.upload(stage.general, "trams.txt", NEW, mention)
    answer = await stage.answer(sent)
    assert CLAIM in quotes_of(answer)
    assert stage.server.sent("files.info") == []


async def test_a_document_can_be_discarded(stage: Stage) -> None:
    staged = await _staged(stage)
    assert {admin_texts.PUBLISH, admin_texts.DISCARD} <= set(labels_of(staged))
    stage.keeper.press(staged, admin_texts.DISCARD)
    await stage.told(lambda: stage.written_to(stage.keeper), admin_texts.DISCARDED)
    stage.keeper.press(staged, admin_texts.PUBLISH)
    await stage.told(lambda: stage.written_to(stage.keeper), texts.STAGED_GONE)
    assert TRAMS not in quotes_of(await _answer_about_trams(stage))


async def test_what_becomes_of_a_document_is_told_in_its_thread(stage: Stage) -> None:
    staged = await _staged(stage)
    stage.keeper.press(staged, admin_texts.DISCARD)
    told = await stage.told(lambda: stage.written_to(stage.keeper), admin_texts.DISCARDED)
    assert told.root_ts == staged.root_ts


@pytest.mark.parametrize("text", ["", "  "])
async def test_a_member_may_not_add_documents(stage: Stage, text: str) -> None:
    sent = stage.ada.upload(stage.ada.direct, "trams.txt", NEW, text)
    refused = await stage.answer(sent)
    assert admin_texts.ADMINS_ONLY in words_of(refused)
    assert not list((stage.folder / "data").rglob("*trams*"))
    assert stage.server.sent("files.info") == []


async def test_a_question_that_comes_with_a_picture_is_answered(stage: Stage) -> None:
    sent = stage.ada.upload(stage.ada.direct, "picture.png", b"\x89PNG", QUESTION)
    answer = await stage.answer(sent)
    assert CLAIM in quotes_of(answer)


async def test_a_form_of_somebody_who_is_an_admin_no_more_is_refused(stage: Stage) -> None:
    form = await _form(stage)
    stage.keeper.user.is_admin = False
    await stage.restart()
    _submitted(stage, form, "trams.txt", NEW)
    [told] = await stage.until(lambda: stage.written_to(stage.keeper))
    assert admin_texts.ADMINS_ONLY in words_of(told)


@pytest.mark.parametrize("label", [admin_texts.PUBLISH, admin_texts.DISCARD])
async def test_a_member_may_not_decide_on_a_document(stage: Stage, label: str) -> None:
    staged = await _staged(stage)
    shared = stage.workspace.team.add_message(  # the same buttons where everybody sees them
        stage.general, stage.workspace.bot, "", blocks=staged.blocks
    )
    stage.ada.press(shared, label)
    [refused] = await stage.until(lambda: stage.written_to(stage.ada))
    assert words_of(refused).startswith(admin_texts.ADMINS_ONLY)
    assert list((stage.folder / "data").rglob("*trams*"))
    assert TRAMS not in quotes_of(await _answer_about_trams(stage))


async def test_a_press_in_a_thread_elsewhere_is_answered_directly_without_an_excuse(
    stage: Stage,
) -> None:
    staged = await _staged(stage)
    starter = stage.ada.say(stage.general, "Look!")
    shared = stage.workspace.team.add_message(
        stage.general, stage.workspace.bot, "", blocks=staged.blocks, thread_ts=starter.ts
    )
    stage.ada.press(shared, admin_texts.PUBLISH)
    [refused] = await stage.until(lambda: stage.written_to(stage.ada))
    assert words_of(refused).startswith(admin_texts.ADMINS_ONLY)


async def test_a_file_that_cannot_be_read_is_refused_by_name(stage: Stage) -> None:
    sent = stage.keeper.upload(stage.keeper.direct, "broken.pdf", b"%PDF-1.4 nothing")
    shown = await stage.answer(sent)
    assert "broken.pdf" in words_of(shown)
    assert admin_texts.PUBLISH not in labels_of(shown)


async def test_a_name_that_is_taken_is_told_without_its_folder(stage: Stage) -> None:
    shown = await stage.answer(stage.keeper.upload(stage.keeper.direct, "market.txt", NEW))
    assert words_of(shown).startswith(f"{admin_texts.NOT_STAGED} market.txt: ")
    assert str(stage.folder) not in words_of(shown)


async def test_a_file_that_slack_does_not_give_is_told(stage: Stage) -> None:
    stage.workspace.withhold("files:read")
    shown = await stage.answer(stage.keeper.upload(stage.keeper.direct, "trams.txt", NEW))
    assert admin_texts.NOT_FETCHED in words_of(shown)
    assert "missing_scope" in words_of(shown)


async def test_the_page_that_slack_shows_to_strangers_is_no_document(stage: Stage) -> None:
    stage.server.faults.http_error("file", status=302)
    shown = await stage.answer(stage.keeper.upload(stage.keeper.direct, "trams.txt", NEW))
    assert f"{admin_texts.NOT_FETCHED} trams.txt" in words_of(shown)


async def test_a_file_that_lies_elsewhere_is_not_asked_for_with_the_bots_token(
    stage: Stage,
) -> None:
    stage.server.faults.delay("files.info", 0.2)
    sent = stage.keeper.upload(stage.keeper.direct, "trams.txt", NEW)
    sent.files[0].is_external = True
    shown = await stage.answer(sent)
    assert f"{admin_texts.NOT_FETCHED} trams.txt" in words_of(shown)
    assert stage.server.sent("file") == []


async def test_a_file_that_is_too_large_is_not_even_fetched(stage: Stage) -> None:
    sent = stage.keeper.upload(stage.keeper.direct, "large.txt", b"x" * 25_000_001)
    shown = await stage.answer(sent)
    assert admin_texts.too_large(25) in words_of(shown)
    assert stage.server.sent("file") == []
