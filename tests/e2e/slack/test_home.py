"""The Home tab: what the bot knows, how to ask, what is kept, and what admins do there."""

import json
from typing import Any

import pytest

from bot import admin_texts, texts
from bot.bootstrap import Application
from tests.e2e.corpus import AGAINST, CLAIM, NOTHING, QUESTION
from tests.e2e.slack.blockkit import nodes
from tests.e2e.slack.people import Member
from tests.e2e.slack.reading import labels_of, quotes_of, words_of
from tests.e2e.slack.stage import Stage
from tests.e2e.slack.workspace import View

NEW = b"Trams carry forty times as many people an hour as cars do.\n\nTrams run on rails.\n"


async def _opened(stage: Stage, member: Member) -> View:
    member.open_home()
    return await stage.until(lambda: member.home)


async def _says(stage: Stage, home: View, words: str) -> str:
    """Wait until the tab says something; return all that it says."""
    await stage.until(lambda: words in words_of(home))
    return words_of(home)


def _shown_before(home: View) -> list[str]:
    """Return what the tab said each time before it changed."""
    was = View("", "", "", {}, "")
    told = []
    for sent in home.earlier:
        was.sent = sent
        told.append(words_of(was))
    return told


async def test_the_tab_tells_what_the_bot_knows_and_since_when(
    stage: Stage, models: Application
) -> None:
    home = await _opened(stage, stage.ada)
    told = words_of(home)
    index = models.store.current()
    assert index is not None
    assert texts.HOME_TITLE in told
    assert texts.plural(4, "document") in told
    assert texts.plural(2, "topic") in told
    assert admin_texts.READ_LAST in told
    assert index.version in told
    assert "A centre without cars" in told


async def test_the_tab_tells_how_to_ask_and_what_is_kept(stage: Stage) -> None:
    told = words_of(await _opened(stage, stage.ada))
    for line in (texts.HELP_MENTION, texts.use_menu(texts.MENU_ON_SLACK), *texts.PRIVACY):
        assert line in told


async def test_admins_see_what_is_theirs_and_members_do_not(stage: Stage) -> None:
    theirs = {admin_texts.REINDEX, admin_texts.UNANSWERED_BUTTON, admin_texts.DOCTOR_BUTTON}
    admins, members = await _opened(stage, stage.keeper), await _opened(stage, stage.ada)
    assert theirs <= set(labels_of(admins))
    assert theirs.isdisjoint(labels_of(members))
    assert texts.HOME_ADMIN not in words_of(members)


async def test_owners_see_what_is_theirs_where_only_they_may(stage: Stage) -> None:
    await stage.restart(ADMINS="owners", OWNERS=f"slack:{stage.ada.id}")
    owners, admins = await _opened(stage, stage.ada), await _opened(stage, stage.keeper)
    assert admin_texts.REINDEX in labels_of(owners)
    assert admin_texts.REINDEX not in labels_of(admins)
    assert admin_texts.DOCTOR_BUTTON in labels_of(admins)


async def test_a_topic_that_is_chosen_is_answered_among_the_messages(stage: Stage) -> None:
    home = await _opened(stage, stage.ada)
    [option] = (await stage.ada.type_into(home, "car ban"))[:1]
    stage.ada.choose(home, option)
    [answer] = await stage.until(lambda: stage.written_to(stage.ada))
    assert {CLAIM, AGAINST} <= set(quotes_of(answer))
    await _says(stage, home, texts.SENT_DIRECTLY)
    why = await stage.shown(stage.ada.press(answer, texts.WHY))
    assert texts.WHY in words_of(why)


async def test_opening_the_tab_again_takes_the_last_result_away(stage: Stage) -> None:
    home = await _opened(stage, stage.ada)
    stage.ada.press(home, texts.EXPORT)
    await _says(stage, home, texts.EXPORT_NOTHING)
    stage.ada.open_home()
    await stage.until(lambda: texts.EXPORT_NOTHING not in words_of(home))
    assert texts.HOME_TITLE in words_of(home)


async def test_forget_me_asks_first_and_then_removes_everything(stage: Stage) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    home = await _opened(stage, stage.ada)
    assert texts.FORGET_WARNING not in words_of(home)
    stage.ada.press(home, texts.FORGET)
    await _says(stage, home, texts.FORGET_WARNING)
    stage.ada.press(home, texts.FORGET)
    told = await _says(stage, home, texts.forgotten(1))
    assert texts.FORGET_WARNING not in told
    late = await stage.shown(stage.ada.press(answer, texts.WHY))
    assert texts.UNKNOWN_REQUEST in words_of(late)


async def test_the_tab_has_nothing_kept_and_everything_again(stage: Stage) -> None:
    await stage.answer(stage.ada.ask(stage.general, CLAIM))
    home = await _opened(stage, stage.ada)
    stage.ada.press(home, texts.OPT_OUT)
    await _says(stage, home, texts.OPT_OUT_WARNING)
    grave = [one for one in nodes(home.sent) if one.get("style") == "danger"]
    assert texts.OPT_OUT in [one["text"]["text"] for one in grave]
    stage.ada.press(home, texts.OPT_OUT)
    told = await _says(stage, home, f"{texts.OPTED_OUT} {texts.forgotten(1)}")
    assert texts.KEEPS_NOTHING in told
    assert texts.OPT_OUT not in labels_of(home)
    stage.ada.press(home, texts.EXPORT)
    told = await _says(stage, home, texts.HOME_TITLE)
    stage.ada.press(home, texts.OPT_IN)
    told = await _says(stage, home, texts.OPTED_IN)
    assert texts.KEEPS_NOTHING not in told
    assert texts.OPT_OUT in labels_of(home)


async def test_what_is_kept_of_a_member_is_sent_to_them_as_a_file(stage: Stage) -> None:
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    others = await stage.answer(stage.keeper.ask(stage.general, CLAIM))
    await stage.shown(stage.ada.press(others, texts.HELPFUL))
    home = await _opened(stage, stage.ada)
    stage.ada.press(home, texts.EXPORT)
    await _says(stage, home, texts.SENT_DIRECTLY)
    [sent] = stage.written_to(stage.ada)
    [file] = sent.files
    kept: dict[str, Any] = json.loads(file.content)
    assert [QUESTION in one["text"] for one in kept["requests"]] == [True]
    assert [one["verdict"] for one in kept["verdicts"]] == ["helpful"]
    assert (file.name, sent.text) == (texts.EXPORT_NAME, texts.EXPORTED)
    assert stage.written_to(stage.keeper) == []


async def test_nothing_is_sent_to_a_member_of_whom_nothing_is_kept(stage: Stage) -> None:
    await stage.answer(stage.keeper.ask(stage.general, CLAIM))
    home = await _opened(stage, stage.ada)
    stage.ada.press(home, texts.EXPORT)
    await _says(stage, home, texts.EXPORT_NOTHING)
    assert stage.written_to(stage.ada) == []


async def test_an_export_that_is_not_permitted_is_told(stage: Stage) -> None:
    await stage.answer(stage.ada.ask(stage.general, CLAIM))
    stage.workspace.withhold("files:write")
    home = await _opened(stage, stage.ada)
    stage.ada.press(home, texts.EXPORT)
    await _says(stage, home, texts.SLACK_REFUSALS["missing_scope"])


async def test_a_reindex_shows_how_far_it_is_and_what_changed(stage: Stage) -> None:
    documents = stage.folder / "corpus" / "documents"
    (documents / "trams.txt").write_bytes(NEW)
    # Enough to read for a word on the way.
    (documents / "buses.txt").write_text(
        "\n".join(f"Bus number {n} leaves the square at noon." for n in range(400)), "utf-8"
    )
    home = await _opened(stage, stage.keeper)
    stage.keeper.press(home, admin_texts.REINDEX)
    told = await _says(stage, home, texts.plural(2, "document") + " added")
    assert any("Reading: " in one for one in _shown_before(home))
    assert "Trams" in told
    assert texts.plural(6, "document") in told  # below it, where it was 4 before


async def test_after_a_reindex_the_tab_knows_what_is_new(stage: Stage) -> None:
    (stage.folder / "corpus" / "documents" / "trams.txt").write_bytes(NEW)
    home = await _opened(stage, stage.keeper)
    stage.keeper.press(home, admin_texts.REINDEX)
    await _says(stage, home, texts.plural(1, "document") + " added")
    assert texts.plural(5, "document") in words_of(home)
    assert texts.plural(4, "document") not in words_of(home)


async def test_what_was_asked_in_vain_is_listed_for_admins(stage: Stage) -> None:
    await stage.answer(stage.ada.ask(stage.general, NOTHING))
    await stage.answer(stage.ada.ask(stage.general, QUESTION))
    home = await _opened(stage, stage.keeper)
    stage.keeper.press(home, admin_texts.UNANSWERED_BUTTON)
    told = await _says(stage, home, admin_texts.LOG_UNANSWERED)
    assert NOTHING in told
    assert QUESTION not in told


async def test_the_doctor_can_be_asked_in_the_tab(stage: Stage) -> None:
    home = await _opened(stage, stage.keeper)
    stage.keeper.press(home, admin_texts.DOCTOR_BUTTON)
    await _says(stage, home, admin_texts.SCOPES_WELL)


@pytest.mark.parametrize(
    "label", [admin_texts.REINDEX, admin_texts.UNANSWERED_BUTTON, admin_texts.DOCTOR_BUTTON]
)
async def test_who_is_an_admin_no_more_is_refused(stage: Stage, label: str) -> None:
    home = await _opened(stage, stage.keeper)
    stage.keeper.user.is_admin = False
    await stage.restart()  # what was known of them is forgotten, as after a minute
    stage.keeper.press(home, label)
    told = await _says(stage, home, admin_texts.ADMINS_ONLY)
    assert label not in labels_of(home)
    assert NOTHING not in told


async def test_the_tab_is_there_before_anything_was_indexed(stage: Stage) -> None:
    await stage.restart(DATA_DIR=str(stage.folder / "empty"))
    home = await _opened(stage, stage.ada)
    assert admin_texts.NOT_INDEXED in words_of(home)


async def test_a_button_of_another_version_says_that_it_has_expired(stage: Stage) -> None:
    home = await _opened(stage, stage.ada)
    for number, node in enumerate(nodes(home.sent)):
        if node.get("type") == "button":
            node["action_id"] = f"cp1:unheard_of::{number}"
    stage.ada.press(home, texts.EXPORT)
    await _says(stage, home, texts.STALE_BUTTON)


async def test_the_tab_is_each_persons_own(stage: Stage) -> None:
    admins, members = await _opened(stage, stage.keeper), await _opened(stage, stage.ada)
    stage.keeper.press(admins, admin_texts.DOCTOR_BUTTON)
    await _says(stage, admins, admin_texts.SCOPES_WELL)
    assert admin_texts.SCOPES_WELL not in words_of(members)
