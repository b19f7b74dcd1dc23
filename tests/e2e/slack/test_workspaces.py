"""Many workspaces install the bot; none of them sees anything of another."""

import asyncio
import logging

import pytest
from cryptography.fernet import Fernet

from bot import texts
from tests.e2e.corpus import CLAIM, NOTHING, QUESTION
from tests.e2e.slack.grants import CLIENT_SECRET, LIFE_S
from tests.e2e.slack.installing import Browser, begin, found, install, invite, settings_for_many
from tests.e2e.slack.people import Member, Workspace
from tests.e2e.slack.reading import words_of
from tests.e2e.slack.records import entries
from tests.e2e.slack.stage import Stage
from tests.e2e.slack.workspace import Message

KEY = Fernet.generate_key().decode()
ASKED_IN_NORTH = "Why do the harbour people keep so many herons?"


@pytest.fixture
async def many(stage: Stage) -> Stage:
    """The bot as many workspaces install it, in none of them yet."""
    await stage.restart(**settings_for_many(stage, KEY))
    return stage


async def answer_in(many: Stage, workspace: Workspace, asked: Message) -> Message:
    """Wait for the answer to a message in a workspace."""
    [answer] = await many.until(lambda: workspace.answers_to(asked))
    return answer


async def told(many: Stage, member: Member, command: str, text: str) -> str:
    """Return what somebody is answered when they run a command."""
    general = next(one for one in member.team.channels.values() if one.name == "general")
    return words_of(await many.shown(member.command(general, command, text)))


def exchanges(many: Stage, grant_type: str = "") -> int:
    """Return how often the bot asked for a token."""
    asked = many.server.sent("oauth.v2.access")
    return len([one for one in asked if str(one.body.get("grant_type") or "") == grant_type])


# --- installing -----------------------------------------------------------------------


async def test_a_workspace_installs_the_bot_and_is_answered(many: Stage) -> None:
    north = await found(many, "North")
    asked = north.member("Ada").ask(north.general, QUESTION)
    assert CLAIM in words_of(await answer_in(many, north, asked))
    assert many.server.sent("chat.postMessage")[0].token == north.team.token


async def test_the_bot_asks_for_the_scopes_of_its_manifest(many: Stage) -> None:
    url = await begin(many, Browser())
    assert "chat%3Awrite" in url or "chat:write" in url
    assert "user_scope=&" in f"{url}&"


async def test_a_state_that_was_never_given_installs_nothing(many: Stage) -> None:
    north = many.server.workspace("North", installs=False)
    browser = Browser()
    back = north.member("Grace").consent(await begin(many, browser))
    state = browser.cookies["slack-app-oauth-state"]
    browser.cookies["slack-app-oauth-state"] = "guessed"
    page = await browser.get(back.replace(state, "guessed"))
    assert page.status == 401
    assert exchanges(many) == 0


async def test_a_state_is_good_once(many: Stage) -> None:
    north = many.server.workspace("North", installs=False)
    grace, browser = north.member("Grace"), Browser()
    url = await begin(many, browser)
    assert (await browser.get(grace.consent(url))).status == 200
    again = await browser.get(grace.consent(url))
    assert again.status in (400, 401)
    assert exchanges(many) == 1


@pytest.mark.parametrize("cookies", [{}, {"slack-app-oauth-state": "of another page"}])
async def test_a_state_is_good_in_the_browser_that_it_was_given_to(
    many: Stage, cookies: dict[str, str]
) -> None:
    north = many.server.workspace("North", installs=False)
    back = north.member("Grace").consent(await begin(many, Browser()))
    page = await Browser(cookies).get(back)
    assert page.status == 400
    assert exchanges(many) == 0


async def test_whoever_declines_is_told_and_nothing_is_installed(many: Stage) -> None:
    north = many.server.workspace("North", installs=False)
    browser = Browser()
    page = await browser.get(north.member("Grace").refuse(await begin(many, browser)))
    assert "access_denied" in page.text
    assert exchanges(many) == 0


async def test_a_code_that_slack_refuses_installs_nothing(many: Stage) -> None:
    north = many.server.workspace("North", installs=False)
    many.server.faults.refuse("oauth.v2.access", "invalid_code")
    page = await install(many, north.member("Grace"))
    assert page.status == 401
    assert not north.team.is_installed


async def test_a_workspace_that_did_not_install_the_bot_is_told_so(many: Stage) -> None:
    assert await told(many, many.ada, "/source", CLAIM) == texts.NOT_INSTALLED
    many.ada.ask(many.general, QUESTION)
    await many.settled()
    assert many.server.sent("chat.postMessage") == []
    assert entries(many.folder) == []


async def test_an_installation_outlives_a_restart(many: Stage) -> None:
    north = await found(many, "North")
    await many.restart(**settings_for_many(many, KEY))
    asked = north.member("Ada").ask(north.general, QUESTION)
    assert await answer_in(many, north, asked)


# --- apart ----------------------------------------------------------------------------


@pytest.fixture
async def two(many: Stage) -> tuple[Workspace, Workspace]:
    """Two workspaces, in which everybody and every channel has the same id as in the other."""
    north, south = await found(many, "North"), await found(many, "South")
    assert north.general.id == south.general.id
    assert {one for one in north.team.users if one[:4] != "UBOT"} == {
        one for one in south.team.users if one[:4] != "UBOT"
    }
    return north, south


def keeper_of(many: Stage, workspace: Workspace) -> Member:
    """Return the admin who installed the bot."""
    grace = next(one for one in workspace.team.users.values() if one.name == "Grace")
    return Member(many.server, workspace.team, grace)


async def test_two_workspaces_are_answered_each_with_its_own_token(
    many: Stage, two: tuple[Workspace, Workspace]
) -> None:
    north, south = two
    asked = [(one, one.member("Ada").ask(one.general, QUESTION)) for one in two]
    for workspace, message in asked:
        assert CLAIM in words_of(await answer_in(many, workspace, message))
    await many.settled()
    tokens = [one.token for one in many.server.sent("chat.postMessage")]
    assert sorted(tokens) == sorted([north.team.token, south.team.token])


async def test_neither_sees_what_was_asked_in_the_other(
    many: Stage, two: tuple[Workspace, Workspace]
) -> None:
    north, south = two
    await answer_in(many, north, north.member("Ada").ask(north.general, ASKED_IN_NORTH))
    await answer_in(many, south, south.member("Bea").ask(south.general, NOTHING))
    own = await told(many, keeper_of(many, north), "/source-admin", "log all")
    other = await told(many, keeper_of(many, south), "/source-admin", "log all")
    assert ASKED_IN_NORTH in own
    assert NOTHING not in own
    assert NOTHING in other
    assert ASKED_IN_NORTH not in other


async def test_neither_sets_the_channels_of_the_other(
    many: Stage, two: tuple[Workspace, Workspace]
) -> None:
    north, south = two
    await told(many, keeper_of(many, north), "/source-admin", "channels deny")
    asked = south.member("Ada").ask(south.general, QUESTION)
    assert CLAIM in words_of(await answer_in(many, south, asked))
    refused = await told(many, north.member("Ada"), "/source", CLAIM)
    assert texts.NOT_IN_CHANNEL in refused
    listed = await told(many, keeper_of(many, south), "/source-admin", "channels list")
    assert listed == await told(many, keeper_of(many, south), "/source-admin", "channels")
    assert north.general.id not in listed


async def test_what_is_kept_of_a_member_is_not_that_of_their_double(
    many: Stage, two: tuple[Workspace, Workspace]
) -> None:
    north, south = two
    ada, double = north.member("Ada"), south.member("Ada")
    assert ada.id == double.id
    answer = await answer_in(many, north, ada.ask(north.general, QUESTION))
    await many.shown(ada.press(answer, texts.HELPFUL))
    double.open_home()
    home = await many.until(lambda: double.home)
    double.press(home, texts.EXPORT)
    await many.until(lambda: texts.EXPORT_NOTHING in words_of(double.home) if double.home else None)


async def test_forgetting_a_member_leaves_their_double_alone(
    many: Stage, two: tuple[Workspace, Workspace]
) -> None:
    north, south = two
    ada, double = north.member("Ada"), south.member("Ada")
    await answer_in(many, north, ada.ask(north.general, QUESTION))
    await answer_in(many, south, double.ask(south.general, QUESTION))
    asked = await many.shown(double.command(south.general, "/source-forget-me"))
    forgotten = await many.shown(double.press(asked, texts.FORGET))
    assert texts.forgotten(1) in words_of(forgotten)
    kept = {one.community_id: one.text for one in entries(many.folder) if one.text is not None}
    assert list(kept) == [north.id]


async def test_each_workspace_is_greeted_once(
    many: Stage, two: tuple[Workspace, Workspace]
) -> None:
    for workspace in (*two, *two):
        invite(workspace)
        await many.settled()
    for workspace in two:
        [welcome] = workspace.team.said_by_bot(workspace.general)
        assert texts.WELCOME in words_of(welcome)


async def test_names_of_people_are_not_mixed_up(
    many: Stage, two: tuple[Workspace, Workspace]
) -> None:
    north, south = two
    for workspace, name in ((north, "Nora"), (south, "Sue")):
        speaker = workspace.member(name)
        root = speaker.say(workspace.general, CLAIM)
        asked = keeper_of(many, workspace).ask(workspace.general, "source?", thread=root)
        answer = await answer_in(many, workspace, asked)
        assert name in words_of(answer)


# --- tokens that end ------------------------------------------------------------------


async def founded_with_an_ended_token(many: Stage) -> Workspace:
    """Found a workspace and let its token's hours pass."""
    many.server.grants.rotates, many.server.grants.life_s = True, 1
    workspace = await found(many, "North")
    many.server.grants.life_s = LIFE_S
    await asyncio.sleep(1.1)
    return workspace


async def test_a_token_that_is_about_to_end_is_renewed_once_and_used(many: Stage) -> None:
    many.server.grants.rotates, many.server.grants.life_s = True, 3_600
    north = await found(many, "North")
    old = north.team.token
    many.server.grants.life_s = LIFE_S
    many.server.faults.delay("oauth.v2.access", 0.3)
    asked = [north.member(f"M{n}").ask(north.general, QUESTION) for n in range(5)]
    for one in asked:
        assert CLAIM in words_of(await answer_in(many, north, one))
    assert exchanges(many, "refresh_token") == 1
    assert north.team.token != old
    assert {one.token for one in many.server.sent("chat.postMessage")} == {north.team.token}


async def test_a_token_that_has_ended_is_renewed(many: Stage) -> None:
    north = await founded_with_an_ended_token(many)
    asked = north.member("Ada").ask(north.general, QUESTION)
    assert CLAIM in words_of(await answer_in(many, north, asked))
    await many.restart(**settings_for_many(many, KEY))
    again = north.member("Bea").ask(north.general, QUESTION)
    await answer_in(many, north, again)
    assert exchanges(many, "refresh_token") == 1


async def test_a_token_that_cannot_be_renewed_is_used_to_its_end(many: Stage) -> None:
    many.server.grants.rotates, many.server.grants.life_s = True, 3_600
    north = await found(many, "North")
    many.server.faults.http_error("oauth.v2.access", times=100)
    asked = north.member("Ada").ask(north.general, QUESTION)
    assert CLAIM in words_of(await answer_in(many, north, asked))


async def test_a_slow_renewal_does_not_hold_up_an_acknowledgement(many: Stage) -> None:
    many.server.grants.rotates, many.server.grants.life_s = True, 3_600
    north = await found(many, "North")
    many.server.faults.delay("oauth.v2.access", 2.8)
    asked = north.member("Ada").ask(north.general, QUESTION)
    await answer_in(many, north, asked)
    assert max(one.latency_s for one in north.told_of(asked)) < 2.5


async def test_what_comes_while_an_ended_token_cannot_be_renewed_is_told_again(
    many: Stage,
) -> None:
    north = await founded_with_an_ended_token(many)
    many.server.lose_acks(0, ack_timeout_s=0.3)
    many.server.faults.http_error("oauth.v2.access", times=1)
    asked = north.member("Ada").ask(north.general, QUESTION)
    assert CLAIM in words_of(await answer_in(many, north, asked))
    await many.settled()
    assert len(many.server.sent("chat.postMessage")) == 1


# --- at rest --------------------------------------------------------------------------


async def test_tokens_cannot_be_read_in_the_journals_files(many: Stage) -> None:
    many.server.grants.rotates = True
    north = await found(many, "North")
    await answer_in(many, north, north.member("Ada").ask(north.general, QUESTION))
    [token] = [one for one in many.server.grants.tokens.values() if one.team is north.team]
    files = [one for one in (many.folder / "data").glob("journal.db*") if one.is_file()]
    assert {"journal.db", "journal.db-wal"} <= {one.name for one in files}
    held = b"".join(one.read_bytes() for one in files)
    assert north.id.encode() in held  # it is there, and its token is not
    for secret in (token.value, token.renewed_by, CLIENT_SECRET, KEY):
        assert secret.encode() not in held


async def test_a_wrong_key_is_told_and_the_way_out_leads_out(
    many: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    north = await found(many, "North")
    other = Fernet.generate_key().decode()
    await many.restart(**settings_for_many(many, other))
    many.server.lose_acks(0, ack_timeout_s=0.1)
    with caplog.at_level(logging.ERROR):
        north.member("Ada").ask(north.general, QUESTION)
        await many.settled()
    reasons = " ".join(str(getattr(one, "reason", "")) for one in caplog.records)
    assert "SLACK_ENCRYPTION_KEY" in reasons
    assert north.id in reasons
    assert many.server.sent("chat.postMessage") == []
    await many.restart(**settings_for_many(many, f"{other},{KEY}"))
    asked = north.member("Bea").ask(north.general, QUESTION)
    assert await answer_in(many, north, asked)
    await many.restart(**settings_for_many(many, Fernet.generate_key().decode()))
    assert (await install(many, keeper_of(many, north))).status == 200
    again = north.member("Cleo").ask(north.general, QUESTION)
    assert await answer_in(many, north, again)


# --- leaving --------------------------------------------------------------------------


async def test_uninstalling_deletes_what_a_workspace_gave_set_and_asked(
    many: Stage, two: tuple[Workspace, Workspace]
) -> None:
    north, south = two
    await told(many, keeper_of(many, north), "/source-admin", "channels deny")
    other = north.channel("other")
    await answer_in(many, north, north.member("Ada").ask(other, QUESTION))
    await answer_in(many, south, south.member("Ada").ask(south.general, QUESTION))
    north.uninstall()
    await many.settled()
    kept = [one for one in entries(many.folder) if one.text is not None]
    assert [one.community_id for one in kept] == [south.id]
    assert {one.text for one in entries(many.folder) if one.community_id != south.id} <= {None}
    again = south.member("Bea").ask(south.general, QUESTION)
    assert await answer_in(many, south, again)
    await many.restart(**settings_for_many(many, KEY))
    await install(many, keeper_of(many, north))
    listed = await told(many, keeper_of(many, north), "/source-admin", "channels")
    assert north.general.id not in listed
    asked = north.member("Cleo").ask(north.general, QUESTION)
    assert CLAIM in words_of(await answer_in(many, north, asked))


async def test_a_workspace_that_left_is_told_that_it_did(
    many: Stage, two: tuple[Workspace, Workspace]
) -> None:
    north, _ = two
    ada = north.member("Ada")
    north.uninstall()
    await many.settled()
    commanded = ada.command(north.general, "/source", CLAIM)
    assert words_of(await many.shown(commanded)) == texts.NOT_INSTALLED
