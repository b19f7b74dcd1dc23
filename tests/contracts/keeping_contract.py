"""What every chat adapter keeps, once: requests, limits, verdicts, and the corpus itself.

Inherited beside `AdapterContract`.
"""

import re

import pytest

from bot import admin_texts, texts
from bot.administration import ENTER_PATH
from bot.ports import JournalEntry, RequestState
from bot.types import ChannelMode, Feedback, Trigger
from tests.contracts.opting_out_contract import told_by
from tests.contracts.stand import (
    ASKER,
    OTHER,
    Ability,
    OnStand,
    Stand,
    needs,
    restart,
    restart_if,
    restarted,
)
from tests.e2e.corpus import AGAINST, CLAIM, NOTHING, QUESTION
from tests.e2e.journals import entries_of, entries_once, used

TOPIC = "car-free-centre"
TRAMS = "Trams carry forty times as many people an hour as cars do."
ABOUT_TRAMS = "How many people do trams carry?"


async def journal(stand: Stand, count: int) -> list[JournalEntry]:
    """Return what was noted, once so many replies were delivered."""

    def is_so(entries: list[JournalEntry]) -> bool:
        return sum(one.state is RequestState.DELIVERED for one in entries) >= count

    return await entries_once(stand.folder, is_so)


async def opt_out(stand: Stand) -> None:
    """Have nothing of the asker kept from now on."""
    asked = await stand.follow(await stand.privacy(), texts.OPT_OUT)
    done = await stand.follow(asked, texts.OPT_OUT)
    assert texts.OPTED_OUT in done.words


def add_trams(stand: Stand) -> None:
    """Put another document among the others."""
    (stand.folder / "corpus" / "documents" / "trams.txt").write_text(f"{TRAMS}\n", "utf-8")


class KeepingContract(OnStand):
    """Requests are answered once and noted, and what is kept of somebody is theirs."""

    # --- once

    @restarted
    async def test_a_request_that_is_told_again_is_answered_once(
        self, stand: Stand, restarts: bool
    ) -> None:
        first = await stand.ask(QUESTION)
        await restart_if(stand, restarts)
        answers = await stand.repeat()
        assert [one.words for one in answers] == [first.words]
        noted = await journal(stand, 1)
        assert sum(one.text is not None and QUESTION in one.text for one in noted) == 1

    async def test_each_request_is_noted_with_its_platform_and_its_delivery(
        self, stand: Stand
    ) -> None:
        mention, command = await stand.ask(QUESTION), await stand.topic(TOPIC)
        noted = await journal(stand, 2)
        assert [one.platform for one in noted] == [stand.platform] * 2
        assert [one.trigger for one in noted] == [Trigger.MENTION, Trigger.COMMAND]
        assert [one.state for one in noted] == [RequestState.DELIVERED] * 2
        assert [one.answered for one in noted] == [True, True]
        assert [one.error for one in noted] == [None, None]
        assert all(one.message_ids for one in noted)
        for entry, shown in zip(noted, (mention, command), strict=True):
            assert len(entry.shown) == len(shown.evidence) + shown.hidden

    # --- limits and failures

    async def test_who_asks_too_often_is_told_when_to_come_back(self, stand: Stand) -> None:
        needs(stand, Ability.LIMITS)
        await restart(stand, RATE_PER_USER="2")
        for _ in range(2):
            await stand.ask(QUESTION)
        refused = await stand.ask(QUESTION)
        told = re.escape(texts.slow_down(77)).replace("77", r"([1-9]|[1-5]\d|60)")
        assert re.search(told, refused.words)
        assert refused.evidence == {}
        assert CLAIM in (await stand.ask(QUESTION, by=OTHER)).words

    async def test_an_index_that_is_missing_is_told_with_an_id(self, stand: Stand) -> None:
        await stand.stop()
        for found in (stand.folder / "data").iterdir():
            if found.is_dir():
                found.rename(found.with_name(f"{found.name}-away"))
        await stand.start()
        answer = await stand.ask(QUESTION)
        [entry] = await journal(stand, 1)
        assert entry.error == "IndexUnavailable"
        assert texts.ERRORS["error_index"] in answer.words
        assert entry.request_id in answer.words

    # --- verdicts

    @restarted
    async def test_that_an_answer_helped_is_noted(self, stand: Stand, restarts: bool) -> None:
        needs(stand, Ability.FEEDBACK)
        answer = await stand.ask(CLAIM)
        await restart_if(stand, restarts)
        thanks = await stand.follow(answer, texts.HELPFUL)
        assert texts.THANKS in thanks.words
        assert thanks.readers == {ASKER}
        [entry] = await journal(stand, 1)
        assert entry.feedback == (Feedback.HELPFUL,)

    @restarted
    @pytest.mark.parametrize("reason", [Feedback.MISATTRIBUTED, Feedback.WRONG_SIDE])
    async def test_what_is_wrong_with_an_answer_is_asked_and_noted(
        self, stand: Stand, reason: Feedback, restarts: bool
    ) -> None:
        needs(stand, Ability.FEEDBACK)
        answer = await stand.ask(CLAIM)
        asked = await stand.follow(answer, texts.NOT_HELPFUL)
        assert texts.WHAT_IS_WRONG in asked.words
        assert asked.readers == {ASKER}
        assert [one.feedback for one in await journal(stand, 1)] == [()]
        await restart_if(stand, restarts)
        assert texts.THANKS in (await stand.choose(asked, reason.value)).words
        assert [one.feedback for one in await journal(stand, 1)] == [(reason,)]

    # --- what is kept

    async def test_help_names_things_as_the_platform_does(self, stand: Stand) -> None:
        told = await stand.help()
        assert [one for one in stand.guide if one not in told.words] == []
        assert told.readers == {ASKER}

    async def test_privacy_tells_what_is_kept_and_how_it_goes(self, stand: Stand) -> None:
        needs(stand, Ability.PRIVACY)
        told = await stand.privacy()
        lines = (*texts.PRIVACY, texts.forget_with(stand.forgets_with))
        assert [one for one in lines if one not in told.words] == []
        assert told.readers == {ASKER}

    async def test_forgetting_removes_what_somebody_asked_and_nothing_else(
        self, stand: Stand
    ) -> None:
        needs(stand, Ability.PRIVACY)
        answer = await stand.ask(CLAIM)
        await stand.ask(QUESTION, by=OTHER)
        await journal(stand, 2)
        asked = await stand.forget_me()
        assert texts.FORGET_WARNING in asked.words
        assert asked.readers == {ASKER}
        assert await entries_of(stand.folder, stand.platform, stand.asker_id)
        done = await stand.follow(asked, texts.FORGET)
        assert texts.forgotten(1) in done.words
        assert done.readers == {ASKER}
        assert await entries_of(stand.folder, stand.platform, stand.asker_id) == []
        said = [one.text for one in await journal(stand, 2)]
        assert [text is None for text in said] == [True, False]
        assert texts.UNKNOWN_REQUEST in (await stand.why(answer)).words

    # --- keeping nothing

    @restarted
    async def test_opting_out_is_asked_about_and_removes_what_was_kept(
        self, stand: Stand, restarts: bool
    ) -> None:
        needs(stand, Ability.PRIVACY)
        answer = await stand.ask(CLAIM)
        await stand.ask(QUESTION, by=OTHER)
        await journal(stand, 2)
        asked = await stand.follow(await stand.privacy(), texts.OPT_OUT)
        for sentence in (texts.OPT_OUT_WARNING, texts.FORGET_WARNING):
            assert sentence in asked.words
        assert await entries_of(stand.folder, stand.platform, stand.asker_id)
        await restart_if(stand, restarts)
        done = await stand.follow(asked, texts.OPT_OUT)
        assert f"{texts.OPTED_OUT} {texts.forgotten(1)}" in done.words
        assert asked.readers == done.readers == {ASKER}
        assert await entries_of(stand.folder, stand.platform, stand.asker_id) == []
        said = [one.text for one in await journal(stand, 2)]
        assert [text is None for text in said] == [True, False]
        assert texts.CANNOT_RECALL in (await stand.why(answer)).words

    @restarted
    async def test_who_has_opted_out_is_answered_and_nothing_is_kept(
        self, stand: Stand, restarts: bool
    ) -> None:
        needs(stand, Ability.PRIVACY)
        before = await stand.ask(CLAIM)
        await opt_out(stand)
        await restart_if(stand, restarts)
        answer = await stand.ask(CLAIM)
        assert answer.evidence == before.evidence
        assert texts.NO_RECORD in answer.words
        assert (before.offers != (), answer.offers) == (True, ())
        *_, entry = await journal(stand, 2)
        assert told_by(entry) == {}
        assert (entry.state, entry.answered) == (RequestState.DELIVERED, True)
        assert await entries_of(stand.folder, stand.platform, stand.asker_id) == []

    @restarted
    async def test_who_has_opted_out_is_answered_once(self, stand: Stand, restarts: bool) -> None:
        needs(stand, Ability.PRIVACY)
        await opt_out(stand)
        first = await stand.ask(QUESTION)
        await journal(stand, 1)
        await restart_if(stand, restarts)
        assert [one.words for one in await stand.repeat()] == [first.words]

    @restarted
    async def test_privacy_tells_what_one_chose_and_offers_the_other(
        self, stand: Stand, restarts: bool
    ) -> None:
        needs(stand, Ability.PRIVACY)
        await opt_out(stand)
        await restart_if(stand, restarts)
        told = await stand.privacy()
        for sentence in (texts.KEEPS_NOTHING, texts.READS_OTHERS):
            assert sentence in told.words
        assert texts.PRIVACY[0] not in told.words
        assert told.offers == (texts.OPT_IN,)
        done = await stand.follow(told, texts.OPT_IN)
        assert texts.OPTED_IN in done.words
        assert done.readers == {ASKER}
        assert texts.WHY in (await stand.ask(CLAIM)).offers
        [entry] = await journal(stand, 1)
        assert entry.text is not None
        assert (await stand.privacy()).offers == (texts.OPT_OUT,)

    async def test_limits_hold_for_who_has_opted_out(self, stand: Stand) -> None:
        needs(stand, Ability.PRIVACY)
        needs(stand, Ability.LIMITS)
        await opt_out(stand)
        await restart(stand, RATE_PER_USER="2")
        for _ in range(2):
            assert (await stand.ask(QUESTION)).evidence
        refused = await stand.ask(QUESTION)
        assert refused.evidence == {}
        assert texts.slow_down(77).partition("77")[0] in refused.words
        assert (await stand.ask(QUESTION, by=OTHER)).evidence

    async def test_verdict_of_who_has_opted_out_is_not_noted_and_told_so(
        self, stand: Stand
    ) -> None:
        needs(stand, Ability.PRIVACY)
        needs(stand, Ability.FEEDBACK)
        answer = await stand.ask(CLAIM, by=OTHER)
        await opt_out(stand)
        told = await stand.follow(answer, texts.HELPFUL)
        assert texts.NOT_NOTED in told.words
        assert told.readers == {ASKER}
        assert [one.feedback for one in await journal(stand, 1)] == [()]

    # --- looking after it

    async def test_an_admin_has_the_documents_read_again_and_is_told_what_changed(
        self, stand: Stand
    ) -> None:
        needs(stand, Ability.ADMINS)
        add_trams(stand)
        report = await stand.administer("reindex")
        assert admin_texts.reindexed(1, 0, 0, 0).partition(";")[0] in report.words
        assert report.readers == {OTHER}
        assert TRAMS in (await stand.ask(ABOUT_TRAMS)).quotes.values()
        assert admin_texts.REINDEX_UNCHANGED in (await stand.administer("reindex")).words

    async def test_a_member_has_nothing_read_again(self, stand: Stand) -> None:
        needs(stand, Ability.ADMINS)
        add_trams(stand)
        await stand.administer("reindex", by=ASKER)
        assert TRAMS not in (await stand.ask(ABOUT_TRAMS)).words

    @pytest.mark.parametrize(
        "deed", ["reindex", "status", "channels", "channels deny", "log", "doctor"]
    )
    async def test_a_member_is_told_who_may(self, stand: Stand, deed: str) -> None:
        needs(stand, Ability.ADMINS)
        refused = await stand.administer(deed, by=ASKER)
        assert admin_texts.ADMINS_ONLY in refused.words
        assert refused.readers == {ASKER}

    async def test_the_owners_alone_may_where_that_is_set(self, stand: Stand) -> None:
        needs(stand, Ability.ADMINS)
        await restart(stand, ADMINS="owners", OWNERS=stand.owner)
        for deed in ("reindex", "log"):
            refused = await stand.administer(deed)
            assert admin_texts.OWNERS_ONLY in refused.words
        allowed = await stand.administer("reindex", by=ASKER)
        assert admin_texts.REINDEX_UNCHANGED in allowed.words

    async def test_an_owner_is_given_a_link_into_the_dashboard_that_is_good_once(
        self, stand: Stand
    ) -> None:
        needs(stand, Ability.ADMINS)
        settings = {"OWNERS": stand.owner, "WEB_ADMIN_PASSWORD_HASH": "$argon2id$"}
        await restart(stand, **settings)
        # One who looks after the place and is no owner gets none.
        refused = await stand.administer("dashboard")
        assert admin_texts.DASHBOARD_OWNERS_ONLY in refused.words
        assert refused.links == ()
        assert refused.readers == {OTHER}
        given = await stand.administer("dashboard", by=ASKER)
        assert admin_texts.login_link(10) in given.words
        assert given.readers == {ASKER}
        [link] = given.links
        site, _, token = link.rpartition("/")
        assert site == f"https://quotes.example.org{ENTER_PATH}"
        assert [await used(stand.folder, token) for _ in range(2)] == [True, False]

    async def test_an_owner_is_told_that_there_is_no_dashboard(self, stand: Stand) -> None:
        needs(stand, Ability.ADMINS)
        await restart(stand, OWNERS=stand.owner)
        told = await stand.administer("dashboard", by=ASKER)
        assert admin_texts.NO_DASHBOARD in told.words
        assert told.links == ()
        assert told.readers == {ASKER}

    async def test_a_second_reindex_has_to_wait(self, stand: Stand) -> None:
        needs(stand, Ability.ADMINS)
        await restart(stand, REINDEX_COOLDOWN_S="60")
        await stand.administer("reindex")
        second = await stand.administer("reindex")
        assert texts.cooling_down(0).partition("0")[0] in second.words

    async def test_a_reindex_names_the_posted_quotes_that_it_took_away(self, stand: Stand) -> None:
        needs(stand, Ability.ADMINS)
        await stand.ask(CLAIM)
        (stand.folder / "corpus" / "documents" / "trader.txt").unlink()
        report = await stand.administer("reindex")
        told = [one for one in range(1, 20) if admin_texts.quotes_lost(one) in report.words]
        assert len(told) == 1
        assert AGAINST in report.words
        assert CLAIM not in report.words

    async def test_a_quote_that_left_the_documents_is_not_shown_again(self, stand: Stand) -> None:
        needs(stand, Ability.ADMINS)
        answer = await stand.ask(CLAIM)
        (stand.folder / "corpus" / "documents" / "trader.txt").unlink()
        await stand.administer("reindex")
        shown = await stand.counterpoints(answer)
        assert AGAINST not in shown.words
        gone = [number for number in range(1, 20) if texts.quotes_gone(number) in shown.words]
        assert len(gone) == 1

    async def test_the_log_tells_what_was_asked_in_vain(self, stand: Stand) -> None:
        needs(stand, Ability.ADMINS)
        await stand.ask(QUESTION)
        await stand.ask(NOTHING)
        told = await stand.administer("log")
        assert NOTHING in told.words
        assert QUESTION not in told.words
        assert told.readers == {OTHER}

    async def test_the_status_tells_what_can_be_searched(self, stand: Stand) -> None:
        needs(stand, Ability.ADMINS)
        await stand.ask(QUESTION)
        [entry] = await journal(stand, 1)
        told = await stand.administer("status")
        assert texts.plural(4, "document") in told.words
        assert str(entry.corpus_version) in told.words

    async def test_a_channel_that_is_closed_gets_no_answer_until_it_is_opened(
        self, stand: Stand
    ) -> None:
        needs(stand, Ability.ADMINS)
        closed = await stand.administer("channels deny")
        assert admin_texts.CHANNEL_MODES[ChannelMode.DENY] in closed.words
        await restart(stand)
        refused = await stand.topic(TOPIC)
        assert texts.NOT_IN_CHANNEL in refused.words
        assert refused.evidence == {}
        assert refused.readers == {ASKER}
        await stand.administer("channels allow")
        assert (await stand.topic(TOPIC)).evidence
