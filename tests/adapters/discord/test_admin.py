import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import pytest

from adapters.discord.admin import AdminCommands
from adapters.messaging.working import Work
from bot import admin_texts, texts
from bot.administration import MOST_BYTES, AdminRequest, Progress, Stage
from bot.commands import SOURCE_ADMIN
from bot.errors import CorpusError
from bot.types import DocumentChange, IndexReport
from tests.adapters.discord.reader import read
from tests.adapters.discord.refusing import Request, refusal

REPORT = IndexReport("v2", "v1", (DocumentChange("a", "Trams", "added", 3),), (), 1, 3, 0.1)
STEP = Progress(Stage.READING, "a.txt", 1, 2, 10, 30)


class FakeAdministration:
    """Reindexes when it is let, and tells one step meanwhile."""

    def __init__(self, *, may: bool = True) -> None:
        self.may = may
        self.steps: Callable[[Progress], None] | None = None
        self.is_let = asyncio.Event()

    def may_administer(self, platform: str, user_id: str, *, manages_community: bool) -> bool:
        return self.may

    async def reindex(self, by: AdminRequest, on_progress: Callable[[Progress], None]) -> Any:
        self.steps = on_progress
        await self.is_let.wait()
        return REPORT

    async def stage(self, *_: Any, **__: Any) -> Any:
        raise CorpusError("/srv/staged/t.txt: It holds nothing to quote.")


class AdminInteraction(Request):
    """An interaction of somebody who manages the server, or does not."""

    def __init__(self, *, manages: bool = True, **how: Any) -> None:
        super().__init__(**how)
        self.guild_id = 1
        self.permissions = discord.Permissions(manage_guild=manages)
        self.was_shown = asyncio.Event()

    async def edit_original_response(self, view: Any) -> Any:
        try:
            return await super().edit_original_response(view)
        finally:
            self.was_shown.set()

    @property
    def told(self) -> list[str]:
        return [
            read("\n".join(one.content for one in view.children if hasattr(one, "content"))).text
            for view in self.shown
        ]


def commands(administration: FakeAdministration) -> AdminCommands:
    stand_in: Any = administration
    client: Any = None
    return AdminCommands(client, stand_in, Work(), every_s=0.01)


async def run(name: str, administration: FakeAdministration, request: Any, **options: Any) -> None:
    handlers = commands(administration).handlers
    await handlers[f"{SOURCE_ADMIN.name} {name}"](request, **options)


async def test_every_subcommand_has_a_handler() -> None:
    handlers = commands(FakeAdministration()).handlers
    assert set(handlers) == {f"{SOURCE_ADMIN.name} {sub.name}" for sub in SOURCE_ADMIN.subcommands}


async def test_a_reindex_tells_that_it_began_how_far_it_is_and_what_changed() -> None:
    administration, request = FakeAdministration(), AdminInteraction()
    running = asyncio.create_task(run("reindex", administration, request))
    await asyncio.wait_for(request.was_shown.wait(), 5)
    request.was_shown.clear()
    assert administration.steps is not None
    administration.steps(STEP)
    await asyncio.wait_for(request.was_shown.wait(), 5)
    administration.is_let.set()
    await running
    assert request.told[0] == admin_texts.REINDEX_STARTED
    assert request.told[1] == admin_texts.reindexing(1, "2", 10, 30)
    assert admin_texts.reindexed(1, 0, 0, 3) in request.told[2]


async def test_progress_that_cannot_be_told_does_not_stop_a_reindex() -> None:
    failures = [refusal(0, 400)]

    def fail() -> None:
        if failures:
            raise failures.pop()

    administration, request = FakeAdministration(), AdminInteraction(edit=fail)
    running = asyncio.create_task(run("reindex", administration, request))
    await asyncio.wait_for(request.was_shown.wait(), 5)
    administration.is_let.set()
    await running
    assert admin_texts.reindexed(1, 0, 0, 3) in request.told[-1]


@pytest.mark.parametrize(
    ("manages", "refusal_told"), [(True, admin_texts.OWNERS_ONLY), (False, admin_texts.ADMINS_ONLY)]
)
async def test_whoever_may_not_is_told_who_may(manages: bool, refusal_told: str) -> None:
    request = AdminInteraction(manages=manages)
    await run("reindex", FakeAdministration(may=False), request)
    assert request.told == [f"{refusal_told}\n{texts.named('9')}"]


@pytest.mark.parametrize("name", ["reindex", "log"])
async def test_what_is_kept_for_the_owners_is_refused_to_who_manages_the_server(name: str) -> None:
    request = AdminInteraction(manages=True)
    await run(name, FakeAdministration(may=False), request)
    assert request.told == [f"{admin_texts.OWNERS_ONLY}\n{texts.named('9')}"]


async def test_status_is_for_those_who_manage_the_server() -> None:
    request = AdminInteraction(manages=False)
    await run("status", FakeAdministration(), request)
    assert request.told == [f"{admin_texts.ADMINS_ONLY}\n{texts.named('9')}"]


class File:
    """An attachment that says how large it is."""

    filename = "t.txt"

    def __init__(self, size: int, failure: Exception | None = None) -> None:
        self.size = size
        self.failure = failure

    async def read(self) -> bytes:
        if self.failure is not None:
            raise self.failure
        assert self.size <= MOST_BYTES, "it was fetched all the same"
        return b"text"


async def test_a_file_that_is_too_large_is_not_even_fetched() -> None:
    request = AdminInteraction()
    await run("add", FakeAdministration(), request, file=File(MOST_BYTES + 1))
    assert request.told == [f"{admin_texts.too_large(25)}\n{texts.named('9')}"]


@pytest.mark.parametrize(
    "failure", [refusal(10008, 404), aiohttp.ClientPayloadError("cut"), TimeoutError()]
)
async def test_a_file_that_cannot_be_fetched_is_named(failure: Exception) -> None:
    request = AdminInteraction()
    await run("add", FakeAdministration(), request, file=File(4, failure))
    assert request.told == [f"{admin_texts.NOT_FETCHED} t.txt\n{texts.named('9')}"]


async def test_a_file_that_cannot_be_used_is_refused_with_the_reason() -> None:
    request = AdminInteraction()
    await run("add", FakeAdministration(), request, file=File(4))
    reason = f"{admin_texts.NOT_STAGED} t.txt: It holds nothing to quote."
    assert request.told == [f"{reason}\n{texts.named('9')}"]
