"""The core that a platform's adapter works with: the bot, its administration, what they share."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.administration import AdminRequest, Health, Progress
from bot.bootstrap import Application
from bot.errors import CoolingDown, IndexBusy
from bot.settings import Settings
from bot.types import ChannelMode
from tests.bot.test_bootstrap import TOPICS, settings_in
from tests.fakes.journal import an_interaction

BY = AdminRequest("discord", "school", "ada")
CLAIM = "School uniforms should be compulsory."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    Application(settings).reindex()
    return settings


def ignore(_: Progress) -> None:
    """Take no note of progress."""


async def test_reply_is_made_again_after_a_restart(settings: Settings) -> None:
    async with Application(settings).open() as core:
        reply = await core.bot.handle(an_interaction(text=CLAIM))
    assert reply is not None
    async with Application(settings).open() as core:
        again = await core.bot.recall(reply.id)
    assert again is not None
    assert again.gone == 0
    assert replace(again.reply, took_ms=0.0, stage_ms={}) == replace(
        reply, took_ms=0.0, stage_ms={}
    )


async def test_what_a_permalink_shows_is_kept_from_the_reply_on(settings: Settings) -> None:
    async with Application(settings).open() as core:
        reply = await core.bot.handle(an_interaction(text=CLAIM))
        assert reply is not None
        quote = reply.quotes[0].quote
        file = settings.corpus_dir / "documents" / f"{quote.document_id}.txt"
        file.write_text("Nobody says so any more, and nobody did.", "utf-8")
        await asyncio.to_thread(Application(settings).reindex)
        found = await core.reading.find(quote.permalink.rpartition("/")[2])
    assert found is not None
    assert found.kept is not None
    assert found.kept.text == quote.text


async def test_limits_hold_over_processes_but_not_at_a_terminal(settings: Settings) -> None:
    settings = replace(settings, rate_per_user=2, rate_per_channel=0)
    errors = []
    async with Application(settings).open() as one, Application(settings).open() as other:
        for number, core in enumerate((one, other, one, other)):
            reply = await core.bot.handle(an_interaction(id=str(number)))
            assert reply is not None
            errors.append(reply.error)
    assert errors == [None, None, "error_rate", "error_rate"]
    async with Application(settings).bot() as bot:
        reply = await bot.handle(an_interaction(id="at a terminal"))
    assert reply is not None
    assert reply.error is None


async def test_added_document_is_answered_from_at_once(settings: Settings) -> None:
    async with Application(settings).open() as core:
        staged = await core.administration.stage(
            BY, "letter.txt", b"Washing a woollen blazer ruins it within a term.", author="Ida"
        )
        report = await core.administration.publish(BY, staged.id, ignore)
        assert report.documents == 3
        reply = await core.bot.handle(an_interaction(text="What does washing do to a blazer?"))
    assert reply is not None
    assert (reply.quotes[0].source.document_id, reply.quotes[0].source.author) == ("letter", "Ida")


async def test_topics_and_aliases_are_those_of_the_last_reindex(settings: Settings) -> None:
    corpus = settings.corpus_dir
    async with Application(settings).open() as here, Application(settings).open() as there:
        assert [topic.slug for topic in here.bot.topics] == ["uniforms"]
        (corpus / "topics.toml").write_text(TOPICS.replace("[uniforms]", "[dress]"), "utf-8")
        (corpus / "aliases.toml").write_text('"fermented cabbage" = ["kimchi"]\n', "utf-8")
        assert [topic.slug for topic in here.bot.topics] == ["uniforms"]
        await here.administration.reindex(BY, ignore)
        for number, core in enumerate((here, there)):
            assert [topic.slug for topic in core.bot.topics] == ["dress"]
            asked = an_interaction(id=str(number), text="Does kimchi keep through the winter?")
            reply = await core.bot.handle(asked)
            assert reply is not None
            assert "Fermented cabbage" in reply.quotes[0].quote.text


async def test_command_line_renews_the_topics_of_a_bot_that_runs(settings: Settings) -> None:
    async with Application(settings).open() as core:
        (settings.corpus_dir / "topics.toml").unlink()
        Application(settings).reindex()
        assert core.bot.topics == ()


async def test_cooldown_and_channels_are_shared(settings: Settings) -> None:
    async with Application(settings).open() as one, Application(settings).open() as other:
        await one.administration.set_channel("discord", "school", "yard", ChannelMode.DENY)
        shown = await other.administration.channels("discord", "school")
        assert shown == {"yard": ChannelMode.DENY}
        assert await one.administration.greet("discord", "school")
        assert not await other.administration.greet("discord", "school")
        await one.administration.reindex(BY, ignore)
        with pytest.raises(CoolingDown):
            await other.administration.reindex(BY, ignore)


async def test_reindex_on_the_command_line_keeps_admins_waiting(settings: Settings) -> None:
    application = Application(settings)
    writer = application.store.begin()
    try:
        async with application.open() as core:
            with pytest.raises(IndexBusy):
                await core.administration.reindex(BY, ignore)
    finally:
        writer.close()


async def test_core_is_sound_and_says_so(settings: Settings) -> None:
    async with Application(settings).open() as core:
        status = await core.administration.status()
        findings = await core.administration.findings()
    assert (status.documents, status.topics) == (2, 1)
    assert status.built_at is not None
    assert {one.health for one in findings} == {Health.OK}


async def test_changed_corpus_is_found_until_it_is_read(settings: Settings) -> None:
    async with Application(replace(settings, reindex_cooldown_s=0.0)).open() as core:
        (settings.corpus_dir / "documents" / "against.txt").unlink()

        async def corpus() -> Health:
            found = await core.administration.findings()
            return next(one.health for one in found if one.part == "corpus")

        assert await corpus() is Health.WARNING
        await core.administration.reindex(BY, ignore)
        assert await corpus() is Health.OK


async def test_owners_are_those_of_the_settings(settings: Settings) -> None:
    settings = replace(settings, admins="owners", owners=("discord:7",))
    async with Application(settings).open() as core:
        may = core.administration.may_administer
        assert may("discord", "7", manages_community=False)
        assert not may("discord", "8", manages_community=True)


async def test_core_without_a_log_answers(settings: Settings) -> None:
    async with Application(settings).open(keep_log=False) as core:
        reply = await core.bot.handle(an_interaction(text=CLAIM))
        assert reply is not None
        assert reply.answered
        assert await core.bot.recall(reply.id) is None
        assert await core.administration.log("discord", "school", 5) == []


async def test_installation_kept_in_one_process_serves_in_all(settings: Settings) -> None:
    async with Application(settings).open() as one, Application(settings).open() as other:
        assert one.installations is not None
        assert other.installations is not None
        await one.installations.keep("slack", "school", "", b"sealed")
        assert await other.installations.find("slack", "school") == b"sealed"


async def test_nothing_keeps_installations_without_a_journal(settings: Settings) -> None:
    async with Application(settings).open(keep_log=False) as core:
        assert core.installations is None
