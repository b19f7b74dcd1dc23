"""Answer messages that call the bot.

A message calls by a mention, in a direct message, or by being written where the bot may speak
unasked. Slack tells of a mention twice, as a mention and as a message; both have the same id.
What is said around it is fetched only when the message itself says too little.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress

from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.answering import Answering
from adapters.messaging.attending import attend
from adapters.messaging.channels import ChannelSettings, mode_of
from adapters.messaging.surroundings import NOTHING
from adapters.messaging.working import Work
from adapters.slack import blocks
from adapters.slack.blocks import Message
from adapters.slack.gathering import Gathering
from adapters.slack.once import Known
from adapters.slack.sending import FAILURES, ChannelPost, Place
from adapters.slack.translate import (
    Call,
    Payload,
    from_message,
    interaction,
    is_said_by_a_person,
    mentions,
)
from bot import texts
from bot.conversation.asking import to_query
from bot.conversation.gate import should_speak
from bot.errors import DeliveryError
from bot.types import ChannelMode, Topic, Trigger

_log = logging.getLogger(__name__)


class Mentions:
    """Answers messages.

    Args:
        answering: Answers requests.
        gathering: Fetches conversations.
        channels: Knows where the bot may speak.
        topics: Returns the topics of the corpus.
        work: What the process holds.
    """

    def __init__(
        self,
        answering: Answering[Message],
        gathering: Gathering,
        channels: ChannelSettings,
        topics: Callable[[], Sequence[Topic]],
        work: Work,
    ) -> None:
        self._answering = answering
        self._gathering = gathering
        self._channels = channels
        self._topics = topics
        self._work = work
        self._called = Known()
        self._statuses: set[asyncio.Task[None]] = set()

    async def take(
        self, client: AsyncWebClient, event: Payload, body: Payload, own_id: str
    ) -> None:
        """Answer a message if it is for the bot."""
        trigger = trigger_of(event, own_id)
        if trigger is None:
            return
        call = from_message(event, body)
        if trigger is not Trigger.AUTO and not self._called.is_new(call.id):
            return  # the other of the two events
        post = ChannelPost(
            client,
            call,
            Place(call.channel_id, call.thread_ts or call.ts),
            is_asked=trigger is not Trigger.AUTO,
        )

        async def tell(sentence: str) -> None:
            if trigger is not Trigger.AUTO:
                with suppress(DeliveryError):
                    await post.show(blocks.refusal(sentence, call.id))

        await attend(call.id, self._work, lambda: self._answer(client, call, trigger, post), tell)

    async def _answer(
        self, client: AsyncWebClient, call: Call, trigger: Trigger, post: ChannelPost
    ) -> None:
        asked = interaction(call, trigger)
        mode = ChannelMode.ALLOW
        if not call.is_direct:
            mode = await mode_of(self._channels, asked)
        auto_channels = (asked.channel_id,) if mode is ChannelMode.AUTO else ()
        if not should_speak(
            asked, is_self=False, is_bot=False, is_edit=False, auto_channels=auto_channels
        ):
            return
        if mode is ChannelMode.DENY:
            direct = ChannelPost(client, call, Place(call.user_id))
            await direct.show(blocks.refusal(texts.NOT_IN_CHANNEL, call.id))
            return
        with self._status(client, call, post) if call.is_direct else nullcontext():
            surroundings = NOTHING
            if trigger is not Trigger.AUTO and to_query(asked, self._topics()) is None:
                surroundings = await self._gathering.gather(client, call)
                asked = interaction(call, trigger, context=surroundings.messages)
            await self._answering.answer(asked, post, surroundings)

    @contextmanager
    def _status(self, client: AsyncWebClient, call: Call, post: ChannelPost) -> Iterator[None]:
        """Say that the answer is looked for; Slack takes it away when one is posted there."""
        answered = asyncio.Event()

        async def show(status: str) -> None:
            thread_ts = call.thread_ts or call.ts or ""
            await client.assistant_threads_setStatus(
                channel_id=call.channel_id, thread_ts=thread_ts, status=status
            )

        async def tell() -> None:
            try:
                await show(texts.SEARCHING)
                is_late = answered.is_set()  # so that it may not be taken away
                await answered.wait()
                if is_late or not post.is_in_place:
                    await show("")
            except FAILURES as error:
                _log.info("status_refused", extra={"id": call.id, "reason": str(error)})

        task = asyncio.create_task(tell())
        self._statuses.add(task)
        task.add_done_callback(self._statuses.discard)
        try:
            yield
        finally:
            answered.set()


def trigger_of(event: Payload, own_id: str) -> Trigger | None:
    """Return how a message calls the bot; None when it does not."""
    if not is_said_by_a_person(event) or event.get("user") == own_id:
        return None
    if event.get("channel_type") == "im" or str(event.get("channel", "")).startswith("D"):
        return Trigger.DIRECT
    if event.get("type") == "app_mention" or mentions(str(event.get("text") or ""), own_id):
        return Trigger.MENTION
    return Trigger.AUTO if event.get("text") else None
