"""Answer messages that call the bot, those of now and those that were missed.

A message calls by a mention, by a mention of the bot's own role, in a direct message, or by
being written where the bot may speak unasked. What is said around it is fetched only when the
message itself says too little. Called by `client`.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

import discord

from adapters.discord.gathering import gather
from adapters.discord.sending import FAILURES, MessagePost, View, persistently
from adapters.discord.translate import from_message, is_call, is_said_by_a_person
from adapters.messaging.answering import Answering
from adapters.messaging.channels import ChannelSettings, mode_of
from adapters.messaging.surroundings import NOTHING
from bot import texts
from bot.conversation.asking import to_query
from bot.conversation.gate import should_speak
from bot.errors import BotError
from bot.types import ChannelMode, Topic, Trigger

_log = logging.getLogger(__name__)

Place = discord.TextChannel | discord.VoiceChannel | discord.Thread | discord.DMChannel
"""Where a call may have been missed."""
MOST_MISSED = 100
"""Messages of a channel that are looked at for calls that were missed."""


class Mentions:
    """Answers messages.

    Args:
        answering: Answers requests.
        channels: Knows where the bot may speak.
        topics: Returns the topics of the corpus.
        reads_content: Whether Discord tells what messages say that do not call the bot.
    """

    def __init__(
        self,
        answering: Answering[View],
        channels: ChannelSettings,
        topics: Callable[[], Sequence[Topic]],
        *,
        reads_content: bool,
    ) -> None:
        self._answering = answering
        self._channels = channels
        self._topics = topics
        self._reads_content = reads_content
        self._held: set[int] = set()

    async def take(self, message: discord.Message, own_id: int, *, is_missed: bool = False) -> None:
        """Answer a message if it is for the bot; a refusal of a missed one is not told."""
        trigger = self._trigger(message, own_id)
        if trigger is None or message.id in self._held:
            return
        self._held.add(message.id)
        try:
            await self._answer(message, trigger, is_missed)
        except BotError as error:
            _log.error("message_failed", extra={"id": message.id, "reason": str(error)})
            await self._tell_trouble(message, trigger, error.key, is_missed=is_missed)
        except Exception:  # the adapter's edge: nobody is left without a word
            _log.exception("message_failed", extra={"id": message.id})
            await self._tell_trouble(message, trigger, "error_internal", is_missed=is_missed)
        finally:
            self._held.discard(message.id)

    async def take_missed(self, places: Iterable[Place], since: datetime, own_id: int) -> None:
        """Answer calls that came while nobody listened, oldest first.

        A call that the bot has answered is left alone; so is, by the core's journal, one that it
        has dealt with in any other way. A mere notice is no answer. What was edited may not have
        called at all when it was written.
        """
        for place in places:
            try:
                found = await persistently(partial(_said_since, place, since))
            except discord.Forbidden as error:  # a channel like many: nothing is amiss
                _log.debug("look_back_refused", extra={"id": place.id, "code": error.code})
                continue
            except FAILURES as error:
                _log.warning("look_back_failed", extra={"id": place.id, "reason": str(error)})
                continue
            answered = {
                message.reference.message_id
                for message in found
                if message.author.id == own_id
                and message.reference is not None
                and len(message.components) > 1
            }
            for message in reversed(found):
                trigger = self._trigger(message, own_id)
                is_settled = message.id in answered or message.edited_at is not None
                if not is_settled and trigger in (Trigger.MENTION, Trigger.DIRECT):
                    _log.info("missed_call_found", extra={"id": message.id})
                    await self.take(message, own_id, is_missed=True)

    async def _tell_trouble(
        self, message: discord.Message, trigger: Trigger, key: str, *, is_missed: bool
    ) -> None:
        if trigger is not Trigger.AUTO and not is_missed:
            await MessagePost(message).tell(texts.error(key, str(message.id)))

    def _trigger(self, message: discord.Message, own_id: int) -> Trigger | None:
        if not is_said_by_a_person(message):
            return None
        if message.guild is None:
            return Trigger.DIRECT
        if is_call(message, own_id):
            return Trigger.MENTION
        return Trigger.AUTO if self._reads_content and message.content else None

    async def _answer(self, message: discord.Message, trigger: Trigger, is_missed: bool) -> None:
        asked = from_message(message, trigger)
        mode = ChannelMode.ALLOW
        if message.guild is not None:
            mode = await mode_of(self._channels, asked)
        auto_channels = (asked.channel_id,) if mode is ChannelMode.AUTO else ()
        if not should_speak(
            asked, is_self=False, is_bot=False, is_edit=False, auto_channels=auto_channels
        ):
            return
        post = MessagePost(message, is_asked=trigger is not Trigger.AUTO)
        if mode is ChannelMode.DENY:
            if not is_missed:
                await post.tell(texts.NOT_IN_CHANNEL)
            return
        surroundings = NOTHING
        if trigger is not Trigger.AUTO and to_query(asked, self._topics()) is None:
            surroundings = await gather(message)
            asked = from_message(message, trigger, surroundings.messages)
        await self._answering.answer(asked, post, surroundings)


async def _said_since(place: Place, since: datetime) -> list[discord.Message]:
    history = place.history(limit=MOST_MISSED, after=since, oldest_first=False)
    return [message async for message in history]
