import threading
from collections.abc import Callable

import pytest

from adapters.messaging.paging import detail_of
from adapters.messaging.presses import Action, Press
from adapters.messaging.recording import Recording, keeps
from bot import texts
from bot.errors import JournalError
from bot.types import Feedback, Quote, Recalled
from tests.adapters.messaging.evidence import claim_reply
from tests.adapters.messaging.plain import PlainViews

REPLY = claim_reply(quotes=5, counterpoints=2)
ABOUT = REPLY.id


class FakeRecords:
    """Knows one reply, unless it was forgotten."""

    def __init__(self, *, knows: bool = True, gone: int = 0) -> None:
        self.rated: list[tuple[str, str, str, Feedback]] = []
        self.forgot: list[tuple[str, str]] = []
        self.out: set[tuple[str, str]] = set()
        self._knows = knows
        self._gone = gone

    async def recall(self, request_id: str) -> Recalled | None:
        return Recalled(REPLY, self._gone) if self._knows and request_id == ABOUT else None

    async def rate(self, request_id: str, platform: str, asker_id: str, feedback: Feedback) -> bool:
        self.rated.append((request_id, platform, asker_id, feedback))
        return self._knows

    async def forget(self, platform: str, asker_id: str) -> int:
        self.forgot.append((platform, asker_id))
        return 3

    async def opt_out(self, platform: str, asker_id: str) -> int:
        self.out.add((platform, asker_id))
        return 3

    async def opt_in(self, platform: str, asker_id: str) -> None:
        self.out.remove((platform, asker_id))

    async def has_opted_out(self, platform: str, asker_id: str) -> bool:
        return (platform, asker_id) in self.out


def around(quote: Quote) -> tuple[str, str]:
    return "Before. ", " After."


def recording(
    records: FakeRecords, around: Callable[[Quote], tuple[str, str]] = around
) -> Recording[str]:
    return Recording("slack", records, around, PlainViews())


async def test_what_a_member_thinks_is_noted_under_their_name() -> None:
    records = FakeRecords()
    told = await recording(records).rated(ABOUT, "U1", Feedback.OFF_TOPIC)
    assert told == texts.THANKS
    assert records.rated == [(ABOUT, "slack", "U1", Feedback.OFF_TOPIC)]


@pytest.mark.parametrize("action", [Action.MORE, Action.COUNTERPOINTS, Action.WHY, Action.CONTEXT])
async def test_a_reply_that_is_not_known_any_more_is_told_with_its_id(action: Action) -> None:
    expected = f"{texts.UNKNOWN_REQUEST} [{ABOUT}]"
    known = recording(FakeRecords(knows=False))
    assert await known.recalled(Press(action, ABOUT), "U1") == expected
    assert await known.rated(ABOUT, "U1", Feedback.HELPFUL) == expected


async def test_whoever_forgets_is_told_how_much_it_was() -> None:
    records = FakeRecords()
    assert await recording(records).forgotten("U1") == texts.forgotten(3)
    assert records.forgot == [("slack", "U1")]


async def test_whoever_opts_out_is_told_so_and_how_much_was_removed() -> None:
    records = FakeRecords()
    told = await recording(records).opted_out("U1")
    assert told == f"{texts.OPTED_OUT} {texts.forgotten(3)}"
    assert records.out == {("slack", "U1")}
    assert await recording(records).opted_in("U1") == texts.OPTED_IN
    assert records.out == set()


@pytest.mark.parametrize("action", [Action.MORE, Action.COUNTERPOINTS, Action.WHY, Action.CONTEXT])
async def test_who_has_opted_out_is_told_why_a_reply_cannot_be_made_again(action: Action) -> None:
    records = FakeRecords(knows=False)
    await records.opt_out("slack", "U1")
    press = Press(action, ABOUT)
    assert await recording(records).recalled(press, "U1") == texts.CANNOT_RECALL
    assert await recording(records).unknown(ABOUT, "U1") == texts.CANNOT_RECALL
    others = await recording(records).recalled(press, "U2")
    assert others == f"{texts.UNKNOWN_REQUEST} [{ABOUT}]"


async def test_who_has_opted_out_is_told_that_their_verdict_is_not_noted() -> None:
    records = FakeRecords(knows=False)
    await records.opt_out("slack", "U1")
    assert await recording(records).rated(ABOUT, "U1", Feedback.HELPFUL) == texts.NOT_NOTED


async def test_who_has_opted_out_sees_more_of_what_is_kept() -> None:
    records = FakeRecords()
    await records.opt_out("slack", "U1")
    told = await recording(records).recalled(Press(Action.WHY, ABOUT), "U1")
    assert texts.searched_for("Trams are good", "claim") in told


class UnreadableRecords(FakeRecords):
    """Cannot tell who has opted out."""

    async def has_opted_out(self, platform: str, asker_id: str) -> bool:
        raise JournalError("disk gone")


async def test_records_that_cannot_be_read_do_not_tell_what_is_kept(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert await keeps(UnreadableRecords(), "slack", "U1") is None
    assert caplog.messages == ["journal_failed"]


async def test_it_is_told_whether_what_one_asks_is_kept() -> None:
    records = FakeRecords()
    assert await keeps(records, "slack", "U1") is True
    await records.opt_out("slack", "U1")
    assert await keeps(records, "slack", "U1") is False
    assert await keeps(records, "discord", "U1") is True


async def test_more_begins_where_the_last_page_ended() -> None:
    told = await recording(FakeRecords(gone=1)).recalled(Press(Action.MORE, ABOUT, "3-2"), "U1")
    assert told.split("\n") == ["1 gone", *(f"{n + 1} Trams carry people. {n}" for n in (3, 4))]


async def test_counterpoints_are_shown_alone() -> None:
    told = await recording(FakeRecords()).recalled(Press(Action.COUNTERPOINTS, ABOUT), "U1")
    assert told.split("\n")[1:] == [f"{n + 6} Trams carry people. Not {n}" for n in (0, 1)]


async def test_why_tells_what_was_searched_for() -> None:
    told = await recording(FakeRecords()).recalled(Press(Action.WHY, ABOUT), "U1")
    assert texts.searched_for("Trams are good", "claim") in told


async def test_context_is_found_by_the_quote_and_fetched_off_the_event_loop() -> None:
    threads = []

    def slow(quote: Quote) -> tuple[str, str]:
        threads.append(threading.current_thread())
        return around(quote)

    press = Press(Action.CONTEXT, ABOUT, detail_of(REPLY.counterpoints[1], 7))
    told = await recording(FakeRecords(), slow).recalled(press, "U1")
    assert told == "Before. [Trams carry people. Not 1] After."
    assert threads != [threading.main_thread()]


async def test_context_of_a_quote_that_is_gone_is_told() -> None:
    press = Press(Action.CONTEXT, ABOUT, "1-0123456789ab")
    assert await recording(FakeRecords()).recalled(press, "U1") == texts.quotes_gone(1)


def test_an_answer_that_did_not_help_is_asked_about() -> None:
    assert recording(FakeRecords()).reasons(ABOUT).startswith(texts.WHAT_IS_WRONG)
