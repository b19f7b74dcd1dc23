"""Answer one request: call the core once, render the reply once, bring it to one message.

    interaction -> bot.handle -> views.reply -> post -> bot.delivered

Used for whatever calls the bot; an adapter's modules translate and choose the place of the
answer.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

from adapters.messaging.paging import limits_for
from adapters.messaging.posts import Post
from adapters.messaging.surroundings import NOTHING, Surroundings
from adapters.messaging.views import Views
from bot import texts
from bot.errors import DeliveryError
from bot.types import Interaction, Reply, Topic, Trigger

_log = logging.getLogger(__name__)

View = TypeVar("View")

QUEUE_FROM = 5
"""How many have to wait before an asker is told of it."""
NOTICE_AFTER_S = 1.0
"""Seconds that an asker waits untold: most answers come sooner than a notice would."""
NOTICES_AT_ONCE = 4
"""Notices on their way to a platform; hundreds at once would keep heartbeats waiting."""


class Core(Protocol):
    """What answering needs of the bot."""

    @property
    def waiting(self) -> int:
        """How many requests are being answered."""

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of the corpus."""

    async def handle(self, interaction: Interaction) -> Reply | None:
        """Answer an interaction; None for a duplicate."""

    async def delivered(self, reply: Reply, message_ids: Sequence[str]) -> None:
        """Note that a reply was shown."""

    async def undelivered(self, reply: Reply, error: str) -> None:
        """Note what kept a reply from where it was asked for."""


class Answering(Generic[View]):
    """Answers requests.

    Args:
        bot: The core.
        views: Lays replies out.
        hidden: What an asker is told when the platform withholds what was said around a call.
        notice_after_s: Seconds before an asker is told that many are waiting.
    """

    def __init__(
        self,
        bot: Core,
        views: Views[View],
        hidden: str,
        notice_after_s: float = NOTICE_AFTER_S,
    ) -> None:
        self._bot = bot
        self._views = views
        self._hidden = hidden
        self._notice_after_s = notice_after_s
        self._notices = asyncio.Semaphore(NOTICES_AT_ONCE)

    async def answer(
        self, asked: Interaction, post: Post[View], surroundings: Surroundings = NOTHING
    ) -> None:
        """Answer a request in a post; one that was answered before is left at that.

        Args:
            asked: The request.
            post: Where the answer is shown.
            surroundings: The conversation that the request was made in.
        """
        handled = asyncio.ensure_future(self._bot.handle(asked))
        await asyncio.sleep(0)  # so that it is counted, also when many come at once
        place = self._bot.waiting
        if place > QUEUE_FROM and asked.trigger is not Trigger.AUTO:
            await self._tell_of_queue(handled, place, post)
        reply = await handled
        if reply is None:
            await post.stand_down()
            return
        if asked.trigger is Trigger.AUTO and not reply.answered:
            return  # nobody asked
        about = await surroundings.author_of(reply.query.answers if reply.query else None)
        is_deaf = reply.query is None and reply.error is None and surroundings.is_withheld
        is_bare = reply.answered and not reply.is_kept
        view = self._views.reply(
            reply,
            self._bot.topics,
            first=limits_for(asked.trigger),
            about=about,
            note=self._hidden if is_deaf else texts.NO_RECORD if is_bare else "",
        )
        try:
            message_id = await post.show(view)
        except DeliveryError as error:
            await self._apologise(asked, reply, post, error)
        else:
            await self._bot.delivered(reply, [message_id])
            if post.detour is not None:
                await self._bot.undelivered(reply, post.detour)

    async def _tell_of_queue(
        self, handled: "asyncio.Future[Reply | None]", place: int, post: Post[View]
    ) -> None:
        await asyncio.wait([handled], timeout=self._notice_after_s)
        async with self._notices:
            if handled.done():
                return
            try:
                await post.show(self._views.notice(texts.queued(place)))
            except DeliveryError as error:
                _log.warning("notice_undelivered", extra={"reason": str(error)})

    async def _apologise(
        self, asked: Interaction, reply: Reply, post: Post[View], error: DeliveryError
    ) -> None:
        told = {"request_id": reply.id, "reason": str(error)}
        await self._bot.undelivered(reply, error.code or type(error).__name__)
        if asked.trigger is Trigger.AUTO:  # nobody waits
            _log.warning("delivery_failed", extra=told)
            return
        _log.error("delivery_failed", extra=told)
        with suppress(DeliveryError):
            await post.show(self._views.notice(texts.error(error.key, reply.id)))
