import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from adapters.messaging.administering import LOGGED, Admin, Administering, Upload
from bot import admin_texts, texts
from bot.administration import (
    ENTER_PATH,
    LINK_S,
    MOST_BYTES,
    AdminRequest,
    CorpusStatus,
    Finding,
    Health,
    LoginLinks,
    Progress,
    Stage,
    StagedDocument,
)
from bot.errors import CorpusError, StagedGone
from bot.types import ChannelMode, DocumentChange, IndexReport
from tests.adapters.messaging.plain import PlainViews
from tests.adapters.messaging.posting import FakePost
from tests.fakes.accounts import MemoryAccounts
from tests.fakes.clock import CountingIds, ManualClock

REPORT = IndexReport("v2", "v1", (DocumentChange("a", "Trams", "added", 3),), (), 1, 3, 0.1)
STEP = Progress(Stage.READING, "a.txt", 1, 2, 10, 30)
STAGED = StagedDocument("id1", "t.txt", "On trams", None, None, 9, ("One.",))
ID = "T1:C1:1700000000.000001"


class FakeAdministration:
    """Does everything at once, but a reindex when it is let; remembers what it was asked for."""

    def __init__(
        self,
        *,
        may: bool = True,
        error: Exception | None = None,
        links: LoginLinks | None = None,
    ) -> None:
        self.login_links = links or LoginLinks(None, "", has_password=False)
        self.asked: list[Any] = []
        self.steps: Callable[[Progress], None] | None = None
        self.is_let = asyncio.Event()
        self._may = may
        self._error = error

    def may_administer(self, platform: str, user_id: str, *, manages_community: bool) -> bool:
        return self._may

    def is_owner(self, platform: str, user_id: str) -> bool:
        return (platform, user_id) == ("slack", "U1") and self._may

    async def reindex(self, by: AdminRequest, note: Callable[[Progress], None]) -> IndexReport:
        self.steps = note
        await self.is_let.wait()
        return REPORT

    async def stage(self, by: AdminRequest, name: str, content: bytes, **known: Any) -> Any:
        self.asked.append((name, content, known))
        if self._error is not None:
            raise self._error
        return STAGED

    async def publish(self, by: AdminRequest, staged_id: str, note: Any) -> IndexReport:
        if self._error is not None:
            raise self._error
        self.asked.append(staged_id)
        return REPORT

    async def discard(self, by: AdminRequest, staged_id: str) -> bool:
        return staged_id == STAGED.id

    async def status(self) -> CorpusStatus:
        return CorpusStatus("v1", 4, 400, 2, 1_700_000_000.0)

    async def findings(self) -> list[Finding]:
        return [Finding("journal", Health.OK, "Sound.")]

    async def channels(self, *place: str) -> dict[str, ChannelMode]:
        self.asked.append(place)
        return {"C1": ChannelMode.AUTO}

    async def set_channel(self, *what: Any) -> None:
        self.asked.append(what)

    async def log(self, *what: Any, unanswered_only: bool) -> list[Any]:
        self.asked.append((*what, unanswered_only))
        return []


def administering(
    administration: FakeAdministration, deaf: Callable[[], str | None] = lambda: None
) -> Administering[str]:
    stand_in: Any = administration
    return Administering(stand_in, PlainViews(), deaf, every_s=0.01)


def admin(*, manages: bool = True) -> Admin:
    return Admin(AdminRequest("slack", "T1", "U1"), ID, manages)


def upload(size: int = 4, failure: Exception | None = None) -> Upload:
    async def fetch() -> bytes:
        if failure is not None:
            raise failure
        assert size <= MOST_BYTES, "it was fetched all the same"
        return b"text"

    return Upload("t.txt", size, fetch, (TimeoutError, OSError))


# --- the documents


async def test_a_reindex_tells_that_it_began_how_far_it_is_and_what_changed() -> None:
    administration, post = FakeAdministration(), FakePost()
    running = asyncio.create_task(administering(administration).reindex(admin(), post))
    await asyncio.wait_for(post.was_shown.wait(), 5)
    post.was_shown.clear()
    assert administration.steps is not None
    administration.steps(STEP)
    await asyncio.wait_for(post.was_shown.wait(), 5)
    administration.is_let.set()
    await running
    assert post.shown[0] == admin_texts.REINDEX_STARTED
    assert post.shown[1] == admin_texts.reindexing(1, "2", 10, 30)
    assert admin_texts.reindexed(1, 0, 0, 3) in post.shown[2]


async def test_how_far_a_reindex_is_is_not_told_twice() -> None:
    administration, post = FakeAdministration(), FakePost()
    running = asyncio.create_task(administering(administration).reindex(admin(), post))
    await asyncio.wait_for(post.was_shown.wait(), 5)
    await asyncio.sleep(0.05)
    administration.is_let.set()
    await running
    assert len(post.shown) == 2


async def test_progress_that_cannot_be_told_does_not_stop_a_reindex() -> None:
    administration, post = FakeAdministration(), FakePost(failures=1)
    running = asyncio.create_task(administering(administration).reindex(admin(), post))
    await asyncio.wait_for(post.was_shown.wait(), 5)
    administration.is_let.set()
    await running
    [told] = post.shown
    assert admin_texts.reindexed(1, 0, 0, 3) in told


async def test_a_request_that_another_process_answers_is_left_to_it() -> None:
    administration, post = FakeAdministration(), FakePost(is_open=False)
    await administering(administration).reindex(admin(), post)
    assert (post.shown, administration.steps) == ([], None)


async def test_a_document_is_shown_as_it_was_read() -> None:
    administration, post = FakeAdministration(), FakePost()
    await administering(administration).add(admin(), post, upload(), title="T", author=None)
    known = {"title": "T", "author": None, "url": None}
    assert administration.asked == [("t.txt", b"text", known)]
    [told] = post.shown
    assert f"({admin_texts.PUBLISH})" in told


async def test_a_file_that_is_too_large_is_not_even_fetched() -> None:
    post = FakePost()
    await administering(FakeAdministration()).add(admin(), post, upload(MOST_BYTES + 1))
    assert post.shown == [f"{admin_texts.too_large(MOST_BYTES // 1_000_000)} [{ID}]"]


@pytest.mark.parametrize("failure", [TimeoutError(), ConnectionResetError("cut")])
async def test_a_file_that_cannot_be_fetched_is_named(failure: Exception) -> None:
    post = FakePost()
    await administering(FakeAdministration()).add(admin(), post, upload(failure=failure))
    assert post.shown == [f"{admin_texts.NOT_FETCHED} t.txt [{ID}]"]


async def test_a_file_that_cannot_be_used_is_refused_with_the_reason() -> None:
    post, error = FakePost(), CorpusError("/srv/staged/t.txt: It holds nothing to quote.")
    await administering(FakeAdministration(error=error)).add(admin(), post, upload())
    assert post.shown == [f"{admin_texts.NOT_STAGED} t.txt: It holds nothing to quote. [{ID}]"]


async def test_a_document_is_published_and_what_changed_is_told() -> None:
    administration, post = FakeAdministration(), FakePost()
    await administering(administration).publish(admin(), post, STAGED.id)
    assert administration.asked == [STAGED.id]
    assert admin_texts.reindexed(1, 0, 0, 3) in post.shown[-1]


async def test_a_document_that_waits_no_more_is_told() -> None:
    post = FakePost()
    gone = FakeAdministration(error=StagedGone("gone"))
    await administering(gone).publish(admin(), post, STAGED.id)
    assert post.shown == [f"{texts.STAGED_GONE} [{ID}]"]


@pytest.mark.parametrize(
    ("staged_id", "told"), [(STAGED.id, admin_texts.DISCARDED), ("id2", texts.STAGED_GONE)]
)
async def test_a_document_is_thrown_away_if_it_is_still_there(staged_id: str, told: str) -> None:
    post = FakePost()
    await administering(FakeAdministration()).discard(admin(), post, staged_id)
    assert post.shown == [told]


# --- the bot


async def test_status_tells_what_is_indexed_and_what_the_platform_adds() -> None:
    post = FakePost()
    await administering(FakeAdministration()).status(admin(), post, lambda: ["Far away."])
    [told] = post.shown
    assert admin_texts.status(4, 400, 2, "v1") in told
    assert "Far away." in told


async def test_channels_are_those_of_the_admins_own_community() -> None:
    administration, post = FakeAdministration(), FakePost()
    looks_after = administering(administration, lambda: "Deaf.")
    await looks_after.list_channels(admin(), post)
    await looks_after.set_channel(admin(), post, "C2", ChannelMode.AUTO)
    assert administration.asked == [("slack", "T1"), ("slack", "T1", "C2", ChannelMode.AUTO)]
    assert ["Deaf." in told for told in post.shown] == [True, True]
    assert "#C2" in post.shown[1]


@pytest.mark.parametrize(("count", "asked"), [(None, LOGGED), (3, 3)])
async def test_the_log_is_that_of_the_admins_own_community(count: int | None, asked: int) -> None:
    administration, post = FakeAdministration(), FakePost()
    await administering(administration).log(admin(), post, count, unanswered_only=True)
    assert administration.asked == [("slack", "T1", asked, True)]
    assert post.shown == [admin_texts.NOTHING_UNANSWERED]


async def test_the_doctor_looks_at_the_platform_and_at_the_rest() -> None:
    async def examine() -> Sequence[Finding]:
        return [Finding("scopes", Health.PROBLEM, "Missing.")]

    post = FakePost()
    await administering(FakeAdministration()).doctor(admin(), post, examine)
    [told] = post.shown
    assert told.startswith(admin_texts.DOCTOR_FOUND)
    assert told.index("Missing.") < told.index("Sound.")


# --- the way into the dashboard


def links_into(
    accounts: MemoryAccounts | None, site: str = "https://quotes.example.org"
) -> LoginLinks:
    return LoginLinks(accounts, site, True, ManualClock(), CountingIds("secret"))


async def test_an_owner_gets_a_link_that_is_noted_and_in_no_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    accounts, post = MemoryAccounts(ManualClock()), FakePost()
    administration = FakeAdministration(links=links_into(accounts))
    # Who owns the bot need not manage the place.
    await administering(administration).dashboard(admin(manages=False), post)
    address = f"https://quotes.example.org{ENTER_PATH}/secret1"
    assert post.shown == [f"{admin_texts.login_link(10)}\n{address}"]
    assert accounts.links == {"secret1": ManualClock().now + LINK_S}
    assert caplog.messages == ["login_link_made"]
    assert "secret1" not in str([vars(one) for one in caplog.records])


@pytest.mark.parametrize("manages", [True, False])
async def test_who_is_no_owner_gets_no_link_and_is_told_why(manages: bool) -> None:
    accounts, post = MemoryAccounts(ManualClock()), FakePost()
    administration = FakeAdministration(may=False, links=links_into(accounts))
    await administering(administration).dashboard(admin(manages=manages), post)
    assert post.shown == [f"{admin_texts.DASHBOARD_OWNERS_ONLY} [{ID}]"]
    assert accounts.links == {}


@pytest.mark.parametrize(
    ("links", "told"),
    [
        (LoginLinks(None, "", has_password=False), admin_texts.NO_DASHBOARD),
        (LoginLinks(None, "", has_password=True), admin_texts.NO_DASHBOARD_LOG),
    ],
)
async def test_an_owner_is_told_what_the_dashboard_lacks(links: LoginLinks, told: str) -> None:
    post = FakePost()
    await administering(FakeAdministration(links=links)).dashboard(admin(), post)
    assert post.shown == [f"{told} [{ID}]"]


async def test_a_request_that_another_process_answers_makes_no_second_link() -> None:
    accounts, post = MemoryAccounts(ManualClock()), FakePost(is_open=False)
    administration = FakeAdministration(links=links_into(accounts))
    await administering(administration).dashboard(admin(), post)
    assert (post.shown, accounts.links) == ([], {})


async def test_an_owner_is_told_where_a_link_leads_that_is_good_on_one_machine() -> None:
    accounts, post = MemoryAccounts(ManualClock()), FakePost()
    administration = FakeAdministration(links=links_into(accounts, "http://127.0.0.1:8080"))
    await administering(administration).dashboard(admin(), post)
    [told] = post.shown
    assert told.endswith(admin_texts.DASHBOARD_IS_LOCAL)


# --- who may


async def deeds(looks_after: Administering[str], by: Admin, post: FakePost) -> None:
    """Ask for everything that the operator may have kept for the owners."""
    await looks_after.reindex(by, post)
    await looks_after.add(by, post, upload(failure=AssertionError("it was fetched")))
    await looks_after.publish(by, post, STAGED.id)
    await looks_after.discard(by, post, STAGED.id)
    await looks_after.log(by, post, None, unanswered_only=False)


@pytest.mark.parametrize(
    ("manages", "told"), [(True, admin_texts.OWNERS_ONLY), (False, admin_texts.ADMINS_ONLY)]
)
async def test_whoever_may_not_is_told_who_may(manages: bool, told: str) -> None:
    administration, post = FakeAdministration(may=False), FakePost()
    await deeds(administering(administration), admin(manages=manages), post)
    assert post.shown == [f"{told} [{ID}]"] * 5
    assert administration.asked == []


async def test_what_concerns_a_community_is_for_those_who_manage_it() -> None:
    async def examine() -> Sequence[Finding]:
        raise AssertionError("it was looked at")

    administration, post = FakeAdministration(may=True), FakePost()
    looks_after, by = administering(administration), admin(manages=False)
    await looks_after.status(by, post, list)
    await looks_after.list_channels(by, post)
    await looks_after.set_channel(by, post, "C2", ChannelMode.DENY)
    await looks_after.doctor(by, post, examine)
    assert post.shown == [f"{admin_texts.ADMINS_ONLY} [{ID}]"] * 4
    assert administration.asked == []
