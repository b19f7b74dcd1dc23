"""What admins do on Slack; `adapters.messaging.administering` does it.

A reindex and a document to look at are told in direct messages, which can be edited; what is seen
once, such as the status, beside the command.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.administering import Admin, Administering, Upload
from adapters.messaging.attending import attend
from adapters.messaging.posts import Post
from adapters.messaging.working import Work
from adapters.slack import blocks, examining
from adapters.slack.adding import Form, form_view
from adapters.slack.blocks import Message
from adapters.slack.commands import telling
from adapters.slack.manifest import read_manifest, scopes_of
from adapters.slack.profiles import Profiles
from adapters.slack.responding import ResponsePost
from adapters.slack.sending import FAILURES, ChannelPost, Place, code_of
from adapters.slack.translate import PLATFORM, Call, Payload
from bot import admin_texts
from bot.administration import MOST_BYTES, AdminRequest, Finding
from bot.commands import SOURCE_ADMIN
from bot.types import ChannelMode

_log = logging.getLogger(__name__)

Deed = Callable[[Admin, Post[Message]], Awaitable[None]]

_CHANNEL = re.compile(r"<#(\w+)(?:\|[^>]*)?>|([CG][A-Z0-9]{2,})")


class AdminCommands:
    """What those do who look after the documents and the bot.

    Args:
        administering: Does it.
        profiles: Knows who manages a workspace.
        work: What the process holds.
        connection: The socket; None where Slack delivers by HTTP.
        public_url: Where readers reach the pages of quotes.
        for_many: Whether there are many workspaces: ids of people are unique in one alone, so
            that owners are named with theirs (``slack:T1_U1``).
    """

    def __init__(
        self,
        administering: Administering[Message],
        profiles: Profiles,
        work: Work,
        connection: examining.Connection | None,
        public_url: str,
        *,
        for_many: bool = False,
    ) -> None:
        self._administering = administering
        self._profiles = profiles
        self._work = work
        self._connection = connection
        self._public_url = public_url
        self._for_many = for_many

    async def who(self, client: AsyncWebClient, call: Call) -> Admin:
        """Return who asks, and whether the workspace says that they manage it."""
        profile = await self._profiles.of(client, call.team_id, call.user_id)
        user_id = call.asker_id if self._for_many else call.user_id
        asked = AdminRequest(PLATFORM, call.community_id, user_id)
        return Admin(asked, call.id, profile.manages)

    def may_edit(self, by: Admin) -> bool:
        """Whether somebody may renew the corpus."""
        return self._administering.may_edit(by)

    # --- the command --------------------------------------------------------------

    async def run(self, client: AsyncWebClient, call: Call) -> None:
        """Do what ``/source-admin`` says."""
        here = ResponsePost(client, call)
        name, *arguments = call.text.split() or [""]
        administering = self._administering
        match name:
            case "reindex":
                await self._directly(client, call, here, administering.reindex)
            case "status":
                await self.do(client, call, here, self._status)
            case "channels":
                await self._channels(client, call, here, arguments)
            case "add":
                await self.do(client, call, here, lambda by, post: self._form(client, call, by))
            case "log":
                await self._log(client, call, here, arguments)
            case "doctor":
                await self.do(client, call, here, self.doctor(client))
            case "dashboard":
                await self.do(client, call, here, administering.dashboard)
            case _:
                await self._misused(call, here)

    async def do(self, client: AsyncWebClient, call: Call, post: Post[Message], deed: Deed) -> None:
        """Do something for an admin, and tell what went wrong."""

        async def known() -> None:
            await deed(await self.who(client, call), post)

        await attend(call.id, self._work, known, telling(post, call))

    # --- the documents ------------------------------------------------------------

    async def reindex(self, client: AsyncWebClient, call: Call, post: Post[Message]) -> None:
        """Read the documents again, and tell in a post how it goes."""
        await self.do(client, call, post, self._administering.reindex)

    async def publish(self, client: AsyncWebClient, call: Call, staged_id: str) -> None:
        """Take a staged document into the corpus; pressed under it."""
        await self.do(
            client,
            call,
            _beside(client, call),
            lambda by, post: self._administering.publish(by, post, staged_id),
        )

    async def discard(self, client: AsyncWebClient, call: Call, staged_id: str) -> None:
        """Throw a staged document away; pressed under it."""
        await self.do(
            client,
            call,
            _beside(client, call),
            lambda by, post: self._administering.discard(by, post, staged_id),
        )

    async def add(self, client: AsyncWebClient, call: Call, form: Form) -> None:
        """Read the files of a form, or of a direct message, and show each as it was read."""
        for file_id in form.file_ids:
            # A file in a direct message is answered in its thread, as a question is.
            post = ChannelPost(client, call, Place(call.user_id, call.thread_ts or call.ts))

            async def stage(by: Admin, post: Post[Message], file_id: str = file_id) -> None:
                await self._stage(client, by, post, file_id, form)

            await self.do(client, call, post, stage)

    async def _stage(
        self, client: AsyncWebClient, by: Admin, post: Post[Message], file_id: str, form: Form
    ) -> None:
        if not self.may_edit(by):  # says so, and asks Slack for nothing
            await self._administering.add(by, post, Upload(file_id, 0, _nothing, ()))
            return
        try:
            response = await client.files_info(file=file_id)
        except FAILURES as error:
            _log.warning("file_unknown", extra={"id": by.request_id, "reason": str(error)})
            sentence = f"{admin_texts.NOT_FETCHED} {file_id} ({code_of(error)})"
            await post.show(blocks.refusal(sentence, by.request_id))
            return
        file: dict[str, Any] = response.get("file") or {}
        is_elsewhere = bool(file.get("is_external"))  # where the bot's token may not be sent
        url = "" if is_elsewhere else str(file.get("url_private_download") or "")
        upload = Upload(
            str(file.get("name") or file_id),
            int(file.get("size") or 0),
            lambda: _fetched(client, url),
            (aiohttp.ClientError, OSError, TimeoutError),
        )
        await self._administering.add(
            by, post, upload, title=form.title, author=form.author, url=form.url
        )

    async def _form(self, client: AsyncWebClient, call: Call, by: Admin) -> None:
        here = ResponsePost(client, call)
        if not self.may_edit(by) or call.trigger_id is None:
            await self._administering.add(by, here, Upload("", 0, _nothing, ()))
            return
        try:
            await client.views_open(trigger_id=call.trigger_id, view=form_view())
        except FAILURES as error:
            # A form has to be opened within three seconds; a file can be sent at any time.
            _log.warning("form_refused", extra={"id": call.id, "reason": str(error)})
            await here.show(blocks.notice(admin_texts.SEND_FILE))

    # --- the bot ------------------------------------------------------------------

    def doctor(self, client: AsyncWebClient) -> Deed:
        """Return what looks everything over and says what is wrong."""

        async def examine() -> Sequence[Finding]:
            required = scopes_of(read_manifest())
            return await examining.examine(client, self._connection, required, self._public_url)

        return lambda by, post: self._administering.doctor(by, post, examine)

    async def log(self, by: Admin, post: Post[Message]) -> None:
        """Show what was asked in vain."""
        await self._administering.log(by, post, None, unanswered_only=True)

    async def _status(self, by: Admin, post: Post[Message]) -> None:
        await self._administering.status(
            by, post, lambda: [examining.socket_finding(self._connection).told]
        )

    async def _channels(
        self, client: AsyncWebClient, call: Call, here: ResponsePost, arguments: Sequence[str]
    ) -> None:
        action, *rest = arguments or ["list"]
        if action == "list" and not rest:
            await self.do(client, call, here, self._administering.list_channels)
            return
        channel = _CHANNEL.fullmatch(rest[0]) if rest else None
        if action not in set(ChannelMode) or len(rest) > 1 or (rest and channel is None):
            await self._misused(call, here, name="channels")
            return
        channel_id = call.channel_id if channel is None else channel[1] or channel[2]
        await self.do(
            client,
            call,
            here,
            lambda by, post: self._administering.set_channel(
                by, post, channel_id, ChannelMode(action)
            ),
        )

    async def _log(
        self, client: AsyncWebClient, call: Call, here: ResponsePost, arguments: Sequence[str]
    ) -> None:
        counts = [int(one) for one in arguments if re.fullmatch(r"[1-9]|1\d|2[0-5]", one)]
        shows = [one for one in arguments if one in ("unanswered", "all")]
        if len(counts) + len(shows) != len(arguments) or len(counts) > 1 or len(shows) > 1:
            await self._misused(call, here, name="log")
            return
        await self.do(
            client,
            call,
            here,
            lambda by, post: self._administering.log(
                by, post, counts[0] if counts else None, unanswered_only=shows != ["all"]
            ),
        )

    async def _misused(self, call: Call, here: ResponsePost, name: str | None = None) -> None:
        async def tell() -> None:
            await here.show(blocks.refusal(_usage(name), call.id))

        await attend(call.id, self._work, tell, telling(here, call))

    async def _directly(
        self, client: AsyncWebClient, call: Call, here: ResponsePost, deed: Deed
    ) -> None:
        """Do what takes a while, telling of it in a direct message."""

        async def begin(by: Admin, _: Post[Message]) -> None:
            if not self.may_edit(by):
                await deed(by, here)  # says why not
                return
            await deed(by, _Directly(here, ChannelPost(client, call, Place(call.user_id))))

        await self.do(client, call, here, begin)


class _Directly:
    """A post in the direct messages, of which is told where it was asked for.

    Args:
        here: Where it was asked for; says where to look, once there is something to see.
        direct: The post.
    """

    def __init__(self, here: ResponsePost, direct: ChannelPost) -> None:
        self._here = here
        self._direct = direct
        self._is_told = False
        self.detour: str | None = None

    async def open(self) -> bool:
        """Do nothing: the listener acknowledged the request."""
        return True

    async def show(self, view: Message) -> str:
        """Post, or edit what was posted."""
        if not self._is_told:
            self._is_told = True
            await self._here.show(blocks.notice(admin_texts.REPORTED_DIRECTLY))
        return await self._direct.show(view)

    async def stand_down(self) -> None:
        """Take back what was posted."""
        await self._direct.stand_down()


def files_in(event: Payload) -> tuple[str, ...]:
    """Return the ids of the files that came with a message."""
    return tuple(str(file["id"]) for file in event.get("files") or () if file.get("id"))


def _beside(client: AsyncWebClient, call: Call) -> ChannelPost:
    """Return a post in the direct messages with whoever called, in their thread if it is there."""
    return ChannelPost(
        client, call, Place(call.user_id, call.thread_ts if call.is_direct else None)
    )


async def _nothing() -> bytes:
    return b""


async def _fetched(client: AsyncWebClient, url: str) -> bytes:
    """Return what a file holds; Slack answers with a page to log in where it may not be read."""
    headers = {"Authorization": f"Bearer {client.token}"}
    timeout = aiohttp.ClientTimeout(total=60)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.get(url, headers=headers, allow_redirects=False) as response,
    ):
        if response.status != 200:
            raise aiohttp.ClientError(f"status {response.status}")
        content = b""
        while len(content) <= MOST_BYTES and (more := await response.content.read(2**16)):
            content += more
        return content


def _usage(name: str | None = None) -> str:
    usages = SOURCE_ADMIN.usage.split(" | ")
    fitting = [one for one in usages if name is None or one.split()[0] == name]
    return admin_texts.misused(f"{SOURCE_ADMIN.slack_name} {' | '.join(fitting)}")
