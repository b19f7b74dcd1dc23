"""What those who look after a workspace do with the bot, and what others may not."""

import pytest

from bot import admin_texts, texts
from bot.types import ChannelMode
from tests.e2e.corpus import AGAINST, CHATTER, CLAIM, NOTHING, OFF_TOPIC, QUESTION
from tests.e2e.journals import entries_once, traces_once_finished
from tests.e2e.slack.interactions import Invocation
from tests.e2e.slack.reading import labels_of, pinged_by, quotes_of, words_of
from tests.e2e.slack.stage import Stage
from tests.e2e.slack.workspace import Channel, Message

DEEDS = ["reindex", "status", "channels", "add", "log", "doctor", "dashboard"]
ABOUT_CHANNELS = [
    "channels maybe",
    "channels deny #general",
    "channels deny somewhere",
    "channels deny <#C1|one> <#C2|two>",
    "channels list <#C1|one>",
    "channels <#C1|one>",
    "channels deny <@U1>",
]


def _admin(stage: Stage, text: str, channel: Channel | None = None) -> Invocation:
    return stage.keeper.command(channel or stage.general, "/source-admin", text)


# --- reindexing -----------------------------------------------------------------------


async def test_a_reindex_shows_how_far_it_is_and_what_changed(stage: Stage) -> None:
    documents = stage.folder / "corpus" / "documents"
    (documents / "trams.txt").write_text("Trams run on rails.\n", "utf-8")
    (documents / "council.txt").unlink()
    # Enough to read for a word on the way.
    (documents / "buses.txt").write_text(
        "\n".join(f"Bus number {n} leaves the square at noon." for n in range(400)), "utf-8"
    )
    (documents / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    asked = _admin(stage, "reindex")
    report = await stage.told(lambda: stage.written_to(stage.keeper), "2 documents added")
    assert words_of(await stage.shown(asked)) == admin_texts.REPORTED_DIRECTLY
    assert "1 removed" in words_of(report)
    assert "broken.pdf" in words_of(report)
    assert any("Reading: " in text for text, _ in report.earlier)
    assert stage.written_to(stage.keeper) == [report]  # one message, edited
    answer = await stage.answer(stage.ada.ask(stage.general, "What do trams run on?"))
    assert "Trams run on rails." in quotes_of(answer)


async def test_a_reindex_that_finds_nothing_new_says_so(stage: Stage) -> None:
    await stage.reindex(admin_texts.REINDEX_UNCHANGED)


async def test_a_second_reindex_has_to_wait_for_the_cool_down(stage: Stage) -> None:
    await stage.restart(REINDEX_COOLDOWN_S="60")
    path = stage.folder / "corpus" / "documents" / "trams.txt"
    path.write_text("Trams run on rails.\n", "utf-8")
    await stage.reindex("1 document added")
    second = _admin(stage, "reindex")
    told = texts.cooling_down(0).partition("0")[0]
    await stage.told(lambda: second.shown, told)
    assert len(second.shown) == 1


async def test_a_reindex_that_fails_says_which_file_is_to_blame(stage: Stage) -> None:
    (stage.folder / "corpus" / "topics.toml").write_text("[broken", "utf-8")
    broken = words_of(await stage.reindex(admin_texts.NOT_READ))
    assert broken.startswith(f"{admin_texts.NOT_READ} topics.toml: ")
    assert str(stage.folder) not in broken


# --- who may --------------------------------------------------------------------------


@pytest.mark.parametrize("deed", DEEDS[:-1])
async def test_a_member_is_refused(stage: Stage, deed: str) -> None:
    asked = stage.ada.command(stage.general, "/source-admin", deed)
    refused = await stage.shown(asked)
    assert admin_texts.ADMINS_ONLY in words_of(refused)
    assert refused.is_ephemeral
    assert asked.views == []
    assert stage.written_to(stage.ada) == []


async def test_an_owner_of_the_workspace_is_an_admin(stage: Stage) -> None:
    owner = stage.workspace.member("Olga", is_owner=True)
    shown = await stage.shown(owner.command(stage.general, "/source-admin", "status"))
    assert admin_texts.ADMINS_ONLY not in words_of(shown)
    assert "4 documents" in words_of(shown)


async def test_only_the_owners_of_the_bot_may_administer_where_that_is_set(stage: Stage) -> None:
    await stage.restart(ADMINS="owners", OWNERS=f"slack:{stage.ada.id}")
    for deed in ("reindex", "log", "add"):
        assert admin_texts.OWNERS_ONLY in words_of(await stage.shown(_admin(stage, deed)))
    stage.ada.command(stage.general, "/source-admin", "reindex")
    await stage.told(lambda: stage.written_to(stage.ada), admin_texts.REINDEX_UNCHANGED)
    assert stage.written_to(stage.keeper) == []


async def test_nobody_is_an_admin_of_whom_slack_tells_nothing(stage: Stage) -> None:
    stage.workspace.withhold("users:read")
    refused = await stage.shown(_admin(stage, "reindex"))
    assert admin_texts.ADMINS_ONLY in words_of(refused)


# --- status, log and doctor -----------------------------------------------------------


async def test_status_tells_what_can_be_searched(stage: Stage) -> None:
    told = words_of(await stage.shown(_admin(stage, "status")))
    assert "4 documents" in told
    assert "version" in told
    assert admin_texts.READ_LAST in told
    is_socket = stage.mode == "socket"
    assert (admin_texts.NO_SOCKET in told) is not is_socket


async def test_the_log_shows_what_was_asked_in_vain(stage: Stage) -> None:
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    await stage.answer(stage.ada.ask(stage.general, NOTHING))
    shown = await stage.shown(_admin(stage, "log"))
    assert NOTHING in words_of(shown)
    assert QUESTION not in words_of(shown)
    assert shown.is_ephemeral


@pytest.mark.parametrize(("text", "count"), [("log all", 3), ("log all 2", 2), ("log 1 all", 1)])
async def test_the_log_shows_as_much_as_is_wanted(stage: Stage, text: str, count: int) -> None:
    for question in (QUESTION, CLAIM, NOTHING):
        await stage.answer(stage.ada.ask(stage.general, question))
    told = words_of(await stage.shown(_admin(stage, text)))
    assert sum(one in told for one in (QUESTION, CLAIM, NOTHING)) == count


@pytest.mark.parametrize(
    "text",
    ["log some", "log 0", "log 26", "log 1 2", "log all all", f"log {'9' * 5000}", "log -1"],
)
async def test_a_log_that_cannot_be_shown_says_how_to_ask_for_one(stage: Stage, text: str) -> None:
    shown = await stage.shown(_admin(stage, text))
    assert admin_texts.misused("/source-admin log") in words_of(shown)


@pytest.mark.parametrize("text", ["", "help", "REINDEX!", "drop tables"])
async def test_what_is_no_deed_is_told_all_of_them(stage: Stage, text: str) -> None:
    told = words_of(await stage.shown(_admin(stage, text)))
    assert admin_texts.misused("") in told
    assert all(one in told for one in DEEDS)


async def test_the_doctor_finds_everything_well_where_it_is(stage: Stage) -> None:
    if stage.mode == "socket":  # a ping has to be answered first
        await stage.told(lambda: _admin_shown(stage), " ago.")
    told = words_of(await stage.shown(_admin(stage, "doctor")))
    for line in (admin_texts.SCOPES_WELL, admin_texts.CLOCK_WELL, admin_texts.LINKS_WELL):
        assert line in told
    assert admin_texts.DOCTOR_WELL in told


def _admin_shown(stage: Stage) -> list[Message]:
    """Return what the status was so far, and ask for it again."""
    shown = [one for one in stage.keeper.sees() if "4 documents" in words_of(one)]
    _admin(stage, "status")
    return shown


async def test_the_doctor_names_scopes_that_are_missing(stage: Stage) -> None:
    stage.workspace.withhold("files:read", "groups:history")
    told = words_of(await stage.shown(_admin(stage, "doctor")))
    assert admin_texts.scopes_missing(["files:read", "groups:history"]) in told
    assert told.startswith(admin_texts.DOCTOR_FOUND)


@pytest.mark.parametrize("mode", ["socket"])
async def test_the_doctor_tells_when_the_socket_answered_last(stage: Stage) -> None:
    await stage.told(lambda: _admin_shown(stage), " ago.")
    told = words_of(await stage.shown(_admin(stage, "doctor")))
    assert any(admin_texts.socket_age(age) in told for age in range(3))


@pytest.mark.parametrize("mode", ["http"])
async def test_the_doctor_says_that_there_is_no_socket(stage: Stage) -> None:
    told = words_of(await stage.shown(_admin(stage, "doctor")))
    assert admin_texts.NO_SOCKET in told


async def test_the_doctor_says_that_links_lead_nowhere(stage: Stage) -> None:
    await stage.restart(PUBLIC_URL="http://localhost:8000")
    told = words_of(await stage.shown(_admin(stage, "doctor")))
    assert admin_texts.LINKS_DEAD in told


# --- channels -------------------------------------------------------------------------


async def test_a_channel_that_was_closed_to_the_bot_gets_no_answer(stage: Stage) -> None:
    closed = await stage.channel("closed", "deny")
    asked = stage.ada.ask(closed, QUESTION)
    [told] = await stage.until(lambda: stage.written_to(stage.ada))
    assert texts.NOT_IN_CHANNEL in words_of(told)
    assert stage.workspace.answers_to(asked) == []


@pytest.mark.parametrize("text", [QUESTION, f"{QUESTION} in-channel"])
async def test_a_command_in_a_closed_channel_is_refused_to_the_asker_alone(
    stage: Stage, text: str
) -> None:
    closed = await stage.channel("closed", "deny")
    refused = await stage.shown(stage.ada.command(closed, "/source", text))
    assert texts.NOT_IN_CHANNEL in words_of(refused)
    assert refused.is_ephemeral
    assert list(stage.workspace.team.said_by_bot(closed)) == []


async def test_a_shortcut_in_a_closed_channel_is_refused(stage: Stage) -> None:
    closed = await stage.channel("closed", "deny")
    said = stage.keeper.say(closed, CLAIM)
    refused = await stage.shown(stage.ada.shortcut(said, "menu_sources"))
    assert texts.NOT_IN_CHANNEL in words_of(refused)


async def test_a_closed_channel_hears_nothing_by_way_of_share(stage: Stage) -> None:
    channel = stage.workspace.channel("closed soon")
    private = await stage.shown(stage.ada.command(channel, "/source", CLAIM))
    await stage.shown(_admin(stage, f"channels deny <#{channel.id}|closed-soon>"))
    pressed = stage.ada.press(private, texts.SHARE)
    await stage.told(lambda: pressed.shown, texts.NOT_IN_CHANNEL)
    assert pressed.messages == []


async def test_what_is_set_for_a_channel_outlives_a_restart_and_is_listed(stage: Stage) -> None:
    closed = await stage.channel("closed", "deny")
    await stage.restart()
    listed = words_of(await stage.shown(_admin(stage, "channels")))
    assert admin_texts.CHANNEL_MODES[ChannelMode.DENY] in listed
    assert closed.id in listed
    await stage.shown(_admin(stage, f"channels allow <#{closed.id}|closed>"))
    assert CLAIM in quotes_of(await stage.answer(stage.ada.ask(closed, QUESTION)))


async def test_a_channel_is_this_one_unless_one_is_named(stage: Stage) -> None:
    channel = stage.workspace.channel("here")
    told = await stage.shown(_admin(stage, "channels deny", channel))
    assert channel.id in words_of(told)
    await stage.until(lambda: stage.ada.ask(channel, QUESTION) and stage.written_to(stage.ada))


@pytest.mark.parametrize("text", ["channels", "channels list"])
async def test_where_nothing_is_set_that_is_said(stage: Stage, text: str) -> None:
    shown = await stage.shown(_admin(stage, text))
    assert admin_texts.NO_CHANNELS in words_of(shown)


@pytest.mark.parametrize("form", ["<#{id}|{name}>", "<#{id}>", "<#{id}|>", "{id}"])
async def test_a_channel_is_understood_however_slack_writes_it(stage: Stage, form: str) -> None:
    channel = stage.workspace.channel("place")
    named = form.format(id=channel.id, name=channel.name)
    shown = await stage.shown(_admin(stage, f"channels deny {named}"))
    assert admin_texts.CHANNEL_MODES[ChannelMode.DENY] in words_of(shown)
    assert channel.id in words_of(shown)


@pytest.mark.parametrize("text", ABOUT_CHANNELS)
async def test_what_cannot_be_understood_of_channels_says_how_to_say_it(
    stage: Stage, text: str
) -> None:
    shown = await stage.shown(_admin(stage, text))
    assert admin_texts.misused("/source-admin channels") in words_of(shown)
    listed = await stage.shown(_admin(stage, "channels"))
    assert admin_texts.NO_CHANNELS in words_of(listed)


async def test_an_auto_channel_is_answered_unasked_when_something_is_found(stage: Stage) -> None:
    debate = await stage.channel("debate", "auto")
    chatter = stage.ada.say(debate, CHATTER)
    nothing = stage.ada.say(debate, NOTHING)
    claim = stage.ada.say(debate, CLAIM)
    answer = await stage.answer(claim)
    elsewhere = stage.ada.say(stage.general, CLAIM)
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    assert AGAINST in quotes_of(answer)
    assert answer.root_ts == claim.ts
    assert all(stage.workspace.answers_to(one) == [] for one in (chatter, nothing, elsewhere))


async def test_what_is_not_answered_in_an_auto_channel_leaves_no_trace(stage: Stage) -> None:
    debate = await stage.channel("debate", "auto")
    said = stage.ada.say(debate, OFF_TOPIC)
    author = f"{stage.ada.team.id}_{stage.ada.id}"
    assert await traces_once_finished(stage.folder, "slack", author, said.ts, OFF_TOPIC) == []
    shown = await stage.shown(_admin(stage, "log"))
    assert words_of(shown) == admin_texts.NOTHING_UNANSWERED


async def test_what_is_answered_in_an_auto_channel_is_kept(stage: Stage) -> None:
    debate = await stage.channel("debate", "auto")
    await stage.answer(stage.ada.say(debate, CLAIM))
    [kept] = await entries_once(stage.folder, lambda found: any(one.message_ids for one in found))
    assert (kept.text, kept.channel_id, kept.trigger) == (CLAIM, debate.id, "auto")


async def test_a_mention_in_an_auto_channel_has_one_answer(stage: Stage) -> None:
    debate = await stage.channel("debate", "auto")
    asked = stage.ada.ask(debate, NOTHING)
    answer = await stage.answer(asked)
    await stage.answer(stage.ada.ask(debate, QUESTION))
    assert texts.NOTHING_FOUND in words_of(answer)
    assert len(stage.workspace.answers_to(asked)) == 1


async def test_other_bots_are_not_answered_in_an_auto_channel(stage: Stage) -> None:
    debate = await stage.channel("debate", "auto")
    said = stage.workspace.other_bot().say(debate, CLAIM)
    await stage.answer(stage.ada.say(debate, CLAIM))
    assert stage.workspace.answers_to(said) == []


async def test_what_admins_are_shown_pings_nobody(stage: Stage) -> None:
    await stage.answer(stage.ada.ask(stage.general, f"<!channel> <@{stage.keeper.id}> {NOTHING}"))
    shown = await stage.shown(_admin(stage, "log"))
    assert NOTHING in words_of(shown)
    assert pinged_by(shown) == []
    assert labels_of(shown) == []
