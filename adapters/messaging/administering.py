"""Do what admins ask for. Who may is asked again each time, whatever a platform let through.

What they see is made by `reports`, what they do by `bot.administration`. An adapter says who asks
and where the answer is shown.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from adapters.messaging import reports
from adapters.messaging.posts import Post
from adapters.messaging.views import Views
from bot import admin_texts, texts
from bot.administration import (
    MOST_BYTES,
    Administration,
    AdminRequest,
    Finding,
    OnProgress,
    Progress,
)
from bot.errors import CorpusError, DeliveryError
from bot.types import ChannelMode, IndexReport

_log = logging.getLogger(__name__)

View = TypeVar("View")

FIRST_S = 0.3
"""Seconds until the first word on a reindex; one that is refused has been by then."""
EVERY_S = 2.0
"""Seconds between two words on how far a reindex has come: each edits a message again."""
LOGGED = 10
"""Requests that the log shows unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Admin:
    """Who asks for something that only admins may do.

    ``asked`` says who and where; ``request_id`` names the request in refusals;
    ``manages_community`` is what the platform says of them.
    """

    asked: AdminRequest
    request_id: str
    manages_community: bool


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request; ``fetch`` gets it, raising one of ``failures``."""

    name: str
    size: int
    fetch: Callable[[], Awaitable[bytes]]
    failures: tuple[type[Exception], ...]


class Administering(Generic[View]):
    """Looks after the documents and the bot for those who may.

    Args:
        administration: Does it.
        views: Lays out what is told.
        deaf: Returns why the bot cannot hear what is not for it; None when it can.
        every_s: Seconds between two words on how far a reindex has come.
    """

    def __init__(
        self,
        administration: Administration,
        views: Views[View],
        deaf: Callable[[], str | None] = lambda: None,
        every_s: float = EVERY_S,
    ) -> None:
        self._administration = administration
        self._views = views
        self._deaf = deaf
        self._every_s = every_s

    # --- the documents ------------------------------------------------------------

    async def reindex(self, by: Admin, post: Post[View]) -> None:
        """Read the documents again; tell how far it has come, and in the end what changed."""
        await self._by_editor(
            by,
            post,
            lambda: self._index(post, lambda note: self._administration.reindex(by.asked, note)),
            admin_texts.NOT_READ,
        )

    async def add(
        self,
        by: Admin,
        post: Post[View],
        file: Upload,
        *,
        title: str | None = None,
        author: str | None = None,
        url: str | None = None,
    ) -> None:
        """Read a document and show it; buttons publish it or throw it away."""

        async def stage() -> None:
            if file.size > MOST_BYTES:  # not even fetched
                await self._refuse(by, post, admin_texts.too_large(MOST_BYTES // 1_000_000))
                return
            try:
                content = await file.fetch()
            except file.failures as error:
                _log.warning("file_not_fetched", extra={"id": by.request_id, "reason": str(error)})
                await self._refuse(by, post, f"{admin_texts.NOT_FETCHED} {file.name}")
                return
            staged = await self._administration.stage(
                by.asked, file.name, content, title=title, author=author, url=url
            )
            await post.show(self._views.report(reports.staged_report(staged)))

        await self._by_editor(by, post, stage, admin_texts.NOT_STAGED)

    async def publish(self, by: Admin, post: Post[View], staged_id: str) -> None:
        """Take a staged document into the corpus."""
        await self._by_editor(
            by,
            post,
            lambda: self._index(
                post, lambda note: self._administration.publish(by.asked, staged_id, note)
            ),
            admin_texts.NOT_PUBLISHED,
        )

    async def discard(self, by: Admin, post: Post[View], staged_id: str) -> None:
        """Throw a staged document away."""

        async def discard() -> None:
            was_there = await self._administration.discard(by.asked, staged_id)
            sentence = admin_texts.DISCARDED if was_there else texts.STAGED_GONE
            await post.show(self._views.notice(sentence))

        await self._by_editor(by, post, discard)

    # --- the bot ------------------------------------------------------------------

    async def status(
        self, by: Admin, post: Post[View], further: Callable[[], Sequence[str]]
    ) -> None:
        """Say what is indexed and how the bot is doing; ``further`` is what the platform adds."""

        async def show() -> None:
            status = await self._administration.status()
            await post.show(self._views.report(reports.status_report(status, further())))

        await self._by_manager(by, post, show)

    async def list_channels(self, by: Admin, post: Post[View]) -> None:
        """Show what the bot does in channels."""

        async def show() -> None:
            asked = by.asked
            modes = await self._administration.channels(asked.platform, asked.community_id)
            await post.show(self._views.report(reports.channels_report(modes, self._deaf())))

        await self._by_manager(by, post, show)

    async def set_channel(
        self, by: Admin, post: Post[View], channel_id: str, mode: ChannelMode
    ) -> None:
        """Say what the bot does in a channel."""

        async def set_it() -> None:
            place = by.asked.platform, by.asked.community_id
            await self._administration.set_channel(*place, channel_id, mode)
            report = reports.channel_report(channel_id, mode, self._deaf())
            await post.show(self._views.report(report))

        await self._by_manager(by, post, set_it)

    async def log(
        self, by: Admin, post: Post[View], count: int | None, *, unanswered_only: bool
    ) -> None:
        """Show what was asked lately."""

        async def list_them() -> None:
            entries = await self._administration.log(
                by.asked.platform,
                by.asked.community_id,
                count or LOGGED,
                unanswered_only=unanswered_only,
            )
            report = reports.log_report(entries, unanswered_only=unanswered_only)
            await post.show(self._views.report(report))

        await self._by_editor(by, post, list_them)

    async def doctor(
        self,
        by: Admin,
        post: Post[View],
        examine: Callable[[], Awaitable[Sequence[Finding]]],
    ) -> None:
        """Look everything over and say what is wrong; ``examine`` looks at the platform."""

        async def show() -> None:
            found = [*await examine(), *await self._administration.findings()]
            await post.show(self._views.report(reports.findings_report(found)))

        await self._by_manager(by, post, show)

    async def dashboard(self, by: Admin, post: Post[View]) -> None:
        """Give an owner a link that logs them in to the dashboard once; ``post`` is private."""
        links = self._administration.login_links

        async def show() -> None:
            address = await links.make()
            _log.info("login_link_made", extra={"id": by.request_id})  # and never the link itself
            await post.show(self._views.report(reports.login_report(address)))

        # It shows what was asked in all communities: who manages one of them may not see that.
        owns = self._administration.is_owner(by.asked.platform, by.asked.user_id)
        refusal = links.missing if owns else admin_texts.DASHBOARD_OWNERS_ONLY
        await self._if(by, post, refusal, show, admin_texts.NOT_READ)

    # --- who, and how long ----------------------------------------------------------

    def may_edit(self, by: Admin) -> bool:
        """Whether somebody may do what the operator may have kept for the owners of the bot."""
        return self._administration.may_administer(
            by.asked.platform, by.asked.user_id, manages_community=by.manages_community
        )

    async def _by_editor(
        self,
        by: Admin,
        post: Post[View],
        deed: Callable[[], Awaitable[None]],
        lead: str = admin_texts.NOT_READ,
    ) -> None:
        """Do what concerns the corpus; ``lead`` says what was not done if that fails."""
        refusal = admin_texts.OWNERS_ONLY if by.manages_community else admin_texts.ADMINS_ONLY
        await self._if(by, post, None if self.may_edit(by) else refusal, deed, lead)

    async def _by_manager(
        self, by: Admin, post: Post[View], deed: Callable[[], Awaitable[None]]
    ) -> None:
        """Do what concerns this community alone."""
        refusal = None if by.manages_community else admin_texts.ADMINS_ONLY
        await self._if(by, post, refusal, deed, admin_texts.NOT_READ)

    async def _if(
        self,
        by: Admin,
        post: Post[View],
        refusal: str | None,
        deed: Callable[[], Awaitable[None]],
        lead: str,
    ) -> None:
        if refusal is not None:
            await self._refuse(by, post, refusal)
            return
        if not await post.open():
            return
        try:
            await deed()
        except CorpusError as error:  # an admin is told which file, and why
            _log.warning("corpus_refused", extra={"id": by.request_id, "reason": str(error)})
            await self._refuse(by, post, reports.not_done(lead, error))

    async def _refuse(self, by: Admin, post: Post[View], sentence: str) -> None:
        await post.show(self._views.refusal(sentence, by.request_id))

    async def _index(
        self, post: Post[View], run: Callable[[OnProgress], Awaitable[IndexReport]]
    ) -> None:
        """Run a reindex, tell now and then how far it has come, and show its outcome."""
        latest: list[Progress] = []

        def note(progress: Progress) -> None:
            latest[:] = [progress]  # called from another thread; one assignment

        running = asyncio.ensure_future(run(note))
        shown: list[Progress] | None = None
        while not running.done():
            wait_s = self._every_s if shown is not None else min(FIRST_S, self._every_s)
            await asyncio.wait([running], timeout=wait_s)
            if not running.done() and latest != shown:
                shown = list(latest)
                progress = reports.progress_report(shown[0] if shown else None)
                try:
                    await post.show(self._views.report(progress))
                except DeliveryError as error:
                    _log.warning("progress_untold", extra={"reason": str(error)})
        await post.show(self._views.report(reports.index_report(await running)))
