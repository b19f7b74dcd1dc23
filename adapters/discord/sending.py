"""Bring one message to Discord for each request, whatever happens on the way.

A post is a place for one message: shown the first time, edited from then on, so that a notice
becomes the answer. Nothing is posted twice: a message of a channel carries a nonce made from the
request's own id, by which Discord knows a repeated one, and the answer of an interaction is an
edit, which can be repeated. So a lost response is simply asked for again. A notice whose process
has died has the nonce too: what comes back and says something else is edited.

What may not be said in place is said elsewhere: an expired interaction is answered in the
channel, a channel that the bot may not write to in a direct message. Only when nothing of that
works does `show` raise a `DeliveryError`. Called by everything that answers.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Self, TypeVar

import aiohttp
import discord

from adapters.discord import layout
from adapters.discord.escaping import escaped_line
from bot import texts
from bot.errors import DeliveryError

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")
View = discord.ui.LayoutView

PAUSES_S = (0.3, 1.0, 3.0)
"""Seconds before each further attempt when a response was lost or a server failed."""
GIVE_WAY_S = 1.0
"""Seconds that another process has to begin with an interaction that it may have acknowledged."""

# docs.discord.com/developers/topics/opcodes-and-status-codes, JSON error codes.
UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
UNKNOWN_WEBHOOK = 10015
UNKNOWN_INTERACTION = 10062
ALREADY_ACKNOWLEDGED = 40060
INVALID_TOKEN = 50027
INVALID_FORM = 50035
_POST = "post"
_GONE = frozenset({UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, INVALID_TOKEN})

FAILURES = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What is raised when Discord refuses, or cannot be reached."""


async def persistently(
    attempt: Callable[[], Awaitable[_Result]], pauses_s: Sequence[float] = PAUSES_S
) -> _Result:
    """Do what may safely be done twice, again where its response was lost.

    A refusal is final and raised at once; `discord.py` waits out rate limits itself.
    """
    for pause in pauses_s:
        try:
            return await attempt()
        except (aiohttp.ClientError, OSError, discord.DiscordServerError) as error:
            _log.warning("discord_repeated", extra={"reason": type(error).__name__})
        await asyncio.sleep(pause)
    return await attempt()


class MessagePost:
    """The answer to a message, as a reply to it in its channel.

    Args:
        call: The message that is answered.
        is_asked: Whether its author wants an answer, and is written to where the channel is
            closed.
    """

    def __init__(self, call: discord.Message, *, is_asked: bool = True) -> None:
        self._call = call
        self._is_asked = is_asked
        self.detour: str | None = None
        self._sent: discord.Message | None = None

    async def open(self) -> bool:
        """Do nothing: a message needs no acknowledgement."""
        return True

    async def show(self, view: View) -> str:
        """Reply, or edit the reply; in a direct message where the channel is closed."""
        try:
            self._sent = await self._shown(view)
        except FAILURES as error:
            raise DeliveryError(f"Message {self._call.id} got no answer: {error}") from error
        return str(self._sent.id)

    async def stand_down(self) -> None:
        """Delete the notice, if one was posted."""
        sent, self._sent = self._sent, None
        if sent is not None:
            try:
                await sent.delete()
            except FAILURES as error:
                _log.warning("message_stays", extra={"id": sent.id, "reason": str(error)})

    async def tell(self, sentence: str) -> None:
        """Tell the asker what the channel need not know; with a sign or in it where all fails."""
        view = layout.refusal(sentence, str(self._call.id))
        for attempt in (
            lambda: _send_direct(self._call.author, view, self._call.id),
            lambda: self._call.add_reaction("\N{SPEAKER WITH CANCELLATION STROKE}"),
            lambda: self._reply(view),
        ):
            try:
                await attempt()
            except FAILURES as error:
                _log.info("telling_failed", extra={"id": self._call.id, "reason": str(error)})
            else:
                return
        _log.warning("refusal_untold", extra={"id": self._call.id})

    async def _shown(self, view: View) -> discord.Message:
        sent = self._sent
        if sent is not None:
            try:
                return await persistently(lambda: sent.edit(view=view))
            except discord.NotFound:
                _log.info("answer_deleted_meanwhile", extra={"id": sent.id})
                return sent  # somebody deleted it: it is not posted again
        try:
            return await self._reply(view)
        except discord.Forbidden as error:
            _log.warning("channel_closed", extra={"id": self._call.channel.id, "code": error.code})
            if not self._is_asked:
                raise
            self.detour = str(error.code)
        except discord.NotFound as error:
            if error.code == UNKNOWN_CHANNEL or not self._is_asked:
                raise
            _log.info("call_deleted", extra={"id": self._call.id})
        add_sentence(view, f"{texts.NOT_ALLOWED_THERE} {self._call.jump_url}")
        return await _send_direct(self._call.author, view, self._call.id)

    async def _reply(self, view: View) -> discord.Message:
        # Discord drops the reference itself when the message is deleted meanwhile.
        reference = self._call.to_reference(fail_if_not_exists=False)
        try:
            return await _send(self._call.channel, view, self._call.id, reference)
        except discord.HTTPException as error:
            if error.code not in (UNKNOWN_MESSAGE, INVALID_FORM):
                raise
            _log.warning("reference_refused", extra={"id": self._call.id, "reason": error.text})
        return await _send(self._call.channel, view, self._call.id)


class InteractionPost:
    """The answer to a command, a menu or a button.

    Args:
        interaction: What is answered.
        is_private: Whether the asker alone sees it.
    """

    def __init__(self, interaction: discord.Interaction, *, is_private: bool) -> None:
        self._interaction = interaction
        self._is_private = is_private
        self.detour: str | None = None
        self._is_open = False
        self._is_lost = False
        self._is_shared = False
        self._elsewhere: discord.Message | None = None

    @classmethod
    def of_begun(cls, interaction: discord.Interaction) -> Self:
        """Return the post that was opened for an interaction, or a new one for the asker alone."""
        post = interaction.extras.get(_POST)
        return post if isinstance(post, cls) else cls(interaction, is_private=True)

    async def open(self) -> bool:
        """Acknowledge at once: there are three seconds for this, and then a quarter of an hour.

        Returns:
            False when the interaction was delivered twice, and another has answered it.
        """
        self._interaction.extras[_POST] = self
        await self._respond(
            lambda: self._interaction.response.defer(ephemeral=self._is_private, thinking=True)
        )
        return not (self._is_shared and await self._was_answered())

    async def show(self, view: View) -> str:
        """Answer, or replace the answer; in the channel where the interaction has expired."""
        try:
            return await self._shown(view)
        except FAILURES as error:
            told = f"Interaction {self._interaction.id} got no answer: {error}"
            raise DeliveryError(told) from error

    async def stand_down(self) -> None:
        """Say that there was an answer: Discord shows that something is coming.

        Says nothing where another may have acknowledged the interaction: it answers.
        """
        if not self._is_shared:
            await self.show(layout.notice(texts.ALREADY_ANSWERED))

    async def _shown(self, view: View) -> str:
        if not self._is_open and not self._is_lost:
            await self._respond(
                lambda: self._interaction.response.send_message(
                    view=view, ephemeral=self._is_private, suppress_embeds=True
                )
            )
            if self._is_open:
                return str(self._interaction.id)
        if self._is_open and not self._is_lost:
            try:
                edit = self._interaction.edit_original_response
                return str((await persistently(lambda: edit(view=view))).id)
            except discord.HTTPException as error:
                if error.code not in _GONE:
                    raise
                self._lose(error)
        return str((await self._show_elsewhere(view)).id)

    async def _respond(self, respond: Callable[[], Awaitable[object]]) -> None:
        attempts = 0

        async def attempt() -> None:
            nonlocal attempts
            attempts += 1
            await respond()

        try:
            await persistently(attempt)
        except discord.HTTPException as error:
            if error.code in _GONE:
                self._lose(error)
                return
            if error.code != ALREADY_ACKNOWLEDGED:
                raise
            # An earlier attempt did arrive. Where there was none of ours, it is one that
            # discord.py made within the call, or one of another process.
            self._is_shared = attempts == 1
        self._is_open = True

    async def _was_answered(self) -> bool:
        """Let another begin, and tell whether it has answered already."""
        _log.info("interaction_shared", extra={"id": self._interaction.id})
        await asyncio.sleep(GIVE_WAY_S)
        try:
            shown = await persistently(self._interaction.original_response)
        except FAILURES as error:
            told = {"id": self._interaction.id, "reason": str(error)}
            _log.warning("answer_unknown", extra=told)
            return False  # an answer too many is an edit; none would be silence
        return not shown.flags.loading

    def _lose(self, error: discord.HTTPException) -> None:
        self._is_lost = True
        self.detour = str(error.code)
        _log.warning("interaction_lost", extra={"id": self._interaction.id, "code": error.code})

    async def _show_elsewhere(self, view: View) -> discord.Message:
        """Answer in the channel, or directly: what is private, and where the bot is no member."""
        sent = self._elsewhere
        if sent is not None:
            return await persistently(lambda: sent.edit(view=view))
        user, channel = self._interaction.user, self._interaction.channel
        add_sentence(view, f"{user.display_name}: {texts.ANSWER_IN_CHANNEL}")
        if not self._is_private and isinstance(channel, discord.abc.Messageable):
            try:
                self._elsewhere = await _send(channel, view, self._interaction.id)
                return self._elsewhere
            except (discord.Forbidden, discord.NotFound) as error:
                _log.warning("channel_closed", extra={"id": channel.id, "code": error.code})
        self._elsewhere = await _send_direct(user, view, self._interaction.id)
        return self._elsewhere


def add_sentence(view: View, sentence: str) -> None:
    """Add a plain sentence to a message, for which its maker has left room."""
    view.add_item(layout.text(f"-# {escaped_line(sentence, 280)}"))


async def _send(
    place: discord.abc.Messageable,
    view: View,
    request: int,
    reference: discord.MessageReference | None = None,
) -> discord.Message:
    send = partial(place.send, view=view, nonce=str(request), suppress_embeds=True)
    if reference is not None:
        send = partial(send, reference=reference, mention_author=False)
    sent = await persistently(send)
    if _words_of(sent.components) != _words_of(view.children):
        # The nonce is known: this is what was posted before, by a process that is gone.
        _log.info("notice_found", extra={"id": sent.id})
        return await persistently(lambda: sent.edit(view=view))
    return sent


def _words_of(components: Iterable[object]) -> list[str]:
    """Return the words of a message's texts, in order; Discord may trim space."""
    words: list[str] = []
    for one in components:
        words += getattr(one, "content", "").split()
        words += _words_of(getattr(one, "children", ()))
    return words


async def _send_direct(
    user: discord.User | discord.Member, view: View, request: int
) -> discord.Message:
    # Another channel: the nonce may be the same.
    return await _send(user, view, request)
