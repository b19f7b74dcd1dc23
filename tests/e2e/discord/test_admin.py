"""What those who look after a server do with the bot, and what others may not."""

import pytest

from bot import admin_texts, texts
from bot.types import ChannelMode
from tests.e2e.corpus import AGAINST, CHATTER, CLAIM, OFF_TOPIC, QUESTION
from tests.e2e.discord.reading import answers_to, buttons_row, labels_of, words_of, written_by_bot
from tests.e2e.discord.stage import Stage
from tests.e2e.journals import entries_once, traces_once_finished

NEW = b"Trams carry forty times as many people an hour as cars do.\n\nTrams run on rails.\n"
ABOUT_TRAMS = "How many people do trams carry?"


async def test_a_reindex_shows_how_far_it_is_and_what_changed(stage: Stage) -> None:
    documents = stage.folder / "corpus" / "documents"
    (documents / "trams.txt").write_bytes(NEW)
    (documents / "council.txt").unlink()
    # Enough to read for a word on the way.
    (documents / "buses.txt").write_text(
        "\n".join(f"Bus number {n} leaves the square at noon." for n in range(400)), "utf-8"
    )
    (documents / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    report = await stage.reindex("2 documents added")
    assert "1 removed" in words_of(report)
    assert "broken.pdf" in words_of(report)
    shown = [str(one.body) for one in stage.server.sent("PATCH", "/webhooks/*")]
    assert any("Reading" in one for one in shown[:-1])
    assert report.is_ephemeral
    answer = await stage.answer(stage.ada.ask(stage.general, ABOUT_TRAMS))
    assert "Trams carry forty times as many people" in words_of(answer)


async def test_a_member_may_not_add_documents(stage: Stage) -> None:
    asked = stage.ada.slash(stage.general, "source-admin add", file=("trams.txt", NEW))
    assert admin_texts.ADMINS_ONLY in words_of(await stage.shown(asked))
    assert not list((stage.folder / "data").rglob("*trams*"))


async def test_doctor_looks_at_intents_permissions_commands_latency_and_journal(
    stage: Stage,
) -> None:
    stage.community.forbid(stage.general, "read_message_history")
    shown = await stage.shown(stage.keeper.slash(stage.general, "source-admin doctor"))
    said = words_of(shown).casefold()
    for part in ("intent", "permission", "command", "latency", "journal", "index"):
        assert part in said
    assert "history" in said


async def test_a_channel_that_was_closed_to_the_bot_gets_no_answer(stage: Stage) -> None:
    closed = await stage.channel("closed", "deny")
    asked = stage.ada.ask(closed, QUESTION)
    [told] = await stage.until(lambda: list(written_by_bot(stage.server, stage.ada.direct)))
    assert texts.NOT_IN_CHANNEL in words_of(told)
    refused = await stage.shown(stage.ada.slash(closed, "source", topic=QUESTION))
    assert texts.NOT_IN_CHANNEL in words_of(refused)
    assert refused.is_ephemeral
    assert answers_to(stage.server, asked) == []


async def test_what_is_set_for_a_channel_outlives_a_restart_and_is_listed(stage: Stage) -> None:
    closed = await stage.channel("closed", "deny")
    await stage.restart()
    listed = await stage.shown(stage.keeper.slash(stage.general, "source-admin channels"))
    assert admin_texts.CHANNEL_MODES[ChannelMode.DENY] in words_of(listed)
    assert str(closed.id) in words_of(listed)
    opened = stage.keeper.slash(
        stage.general, "source-admin channels", action="allow", channel=closed
    )
    await stage.shown(opened)
    assert CLAIM in words_of(await stage.answer(stage.ada.ask(closed, QUESTION)))


@pytest.mark.parametrize("message_content", [True], ids=["with intent"])
async def test_an_auto_channel_is_answered_unasked_when_something_is_found(stage: Stage) -> None:
    open_channel = await stage.channel("debate", "auto")
    chatter = stage.ada.say(open_channel, CHATTER)
    claim = stage.ada.say(open_channel, CLAIM)
    assert AGAINST in words_of(await stage.answer(claim))
    elsewhere = stage.ada.say(stage.general, CLAIM)
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert answers_to(stage.server, chatter) == []
    assert answers_to(stage.server, elsewhere) == []


@pytest.mark.parametrize("message_content", [True], ids=["with intent"])
async def test_what_is_not_answered_in_an_auto_channel_leaves_no_trace(stage: Stage) -> None:
    debate = await stage.channel("debate", "auto")
    said = stage.ada.say(debate, OFF_TOPIC)
    about = (stage.folder, "discord", str(stage.ada.id), str(said.id), OFF_TOPIC)
    assert await traces_once_finished(*about) == []
    listed = await stage.shown(stage.keeper.slash(stage.general, "source-admin log"))
    assert words_of(listed) == admin_texts.NOTHING_UNANSWERED


@pytest.mark.parametrize("message_content", [True], ids=["with intent"])
async def test_what_is_answered_in_an_auto_channel_is_kept(stage: Stage) -> None:
    debate = await stage.channel("debate", "auto")
    claim = stage.ada.say(debate, CLAIM)
    await stage.answer(claim)
    [kept] = await entries_once(stage.folder, lambda found: any(one.message_ids for one in found))
    assert (kept.text, kept.channel_id, kept.trigger) == (CLAIM, str(debate.id), "auto")


async def test_an_auto_channel_without_the_intent_is_told_what_is_missing(stage: Stage) -> None:
    channel = stage.community.channel("debate")
    asked = stage.keeper.slash(
        stage.general, "source-admin channels", action="auto", channel=channel
    )
    assert admin_texts.AUTO_IS_DEAF in words_of(await stage.shown(asked))


async def test_a_document_is_shown_before_it_counts_and_answers_once_published(
    stage: Stage,
) -> None:
    asked = stage.keeper.slash(
        stage.general,
        "source-admin add",
        file=("trams.txt", NEW),
        title="On trams",
        author="Ida Rail",
        url="https://example.org/trams",
    )
    staged = await stage.shown(asked)
    assert "On trams" in words_of(staged)
    assert "Trams carry forty times as many people" in words_of(staged)
    assert admin_texts.STAGED in words_of(staged)
    before = await stage.answer(stage.ada.ask(stage.general, ABOUT_TRAMS))
    assert "Trams carry" not in words_of(before)
    await stage.restart()
    await stage.told(stage.keeper.press(staged, admin_texts.PUBLISH), "1 document added")
    answer = await stage.answer(stage.ada.ask(stage.general, ABOUT_TRAMS))
    assert "Trams carry forty times as many people" in words_of(answer)
    assert "Ida Rail" in words_of(answer)


async def test_a_document_can_be_discarded(stage: Stage) -> None:
    asked = stage.keeper.slash(stage.general, "source-admin add", file=("trams.txt", NEW))
    staged = await stage.shown(asked)
    assert {admin_texts.PUBLISH, admin_texts.DISCARD} <= set(labels_of(staged))
    gone = await stage.shown(stage.keeper.press(staged, admin_texts.DISCARD))
    assert admin_texts.DISCARDED in words_of(gone)
    again = await stage.shown(stage.keeper.press(staged, admin_texts.PUBLISH))
    assert words_of(again).startswith(texts.STAGED_GONE)


async def test_a_name_that_is_taken_and_a_broken_file_are_told_without_their_folders(
    stage: Stage,
) -> None:
    asked = stage.keeper.slash(stage.general, "source-admin add", file=("market.txt", NEW))
    taken = words_of(await stage.shown(asked))
    assert taken.startswith(f"{admin_texts.NOT_STAGED} market.txt: ")
    assert texts.named(str(asked.id)) in taken
    (stage.folder / "corpus" / "topics.toml").write_text("[broken", "utf-8")
    asked = stage.keeper.slash(stage.general, "source-admin reindex")
    broken = words_of(await stage.told(asked, admin_texts.NOT_READ))
    assert broken.startswith(f"{admin_texts.NOT_READ} topics.toml: ")
    assert str(stage.folder) not in taken + broken


async def test_a_member_may_not_publish_with_a_button_that_was_not_theirs(stage: Stage) -> None:
    asked = stage.keeper.slash(stage.general, "source-admin add", file=("trams.txt", NEW))
    staged = await stage.shown(asked)
    shared = stage.server.backend.create_message(  # the same button where everybody sees it
        stage.general.id, stage.server.backend.bot_user.id, components=buttons_row(staged)
    )
    refused = await stage.shown(stage.ada.press(shared, admin_texts.PUBLISH))
    assert admin_texts.ADMINS_ONLY in words_of(refused)
    answer = await stage.answer(stage.ada.ask(stage.general, ABOUT_TRAMS))
    assert "Trams carry" not in words_of(answer)


async def test_a_file_that_cannot_be_read_is_refused_by_name(stage: Stage) -> None:
    asked = stage.keeper.slash(
        stage.general, "source-admin add", file=("broken.pdf", b"%PDF-1.4 nothing")
    )
    shown = await stage.shown(asked)
    assert "broken.pdf" in words_of(shown)
    assert admin_texts.PUBLISH not in labels_of(shown)
