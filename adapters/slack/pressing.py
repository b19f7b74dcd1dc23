"""Do what buttons and menus say, from the core's records alone: no memory, so no expiry."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.attending import attend
from adapters.messaging.guides import forget_report, opt_out_report
from adapters.messaging.posts import Post
from adapters.messaging.presses import Action, Press
from adapters.messaging.recording import Recording
from adapters.messaging.recording import Records as Rated
from adapters.messaging.working import Work
from adapters.slack import blocks, views
from adapters.slack.admin import AdminCommands
from adapters.slack.blocks import Message
from adapters.slack.commands import MemberCommands, question_of, telling
from adapters.slack.exporting import Records as Kept
from adapters.slack.exporting import export
from adapters.slack.home import Home, HomePost
from adapters.slack.once import Known
from adapters.slack.profiles import Profiles
from adapters.slack.responding import ResponsePost
from adapters.slack.sending import ChannelPost, Place
from adapters.slack.sharing import Showing
from adapters.slack.translate import PLATFORM, Call, Payload
from bot import texts
from bot.errors import DeliveryError, DeliveryUnknown
from bot.types import Feedback, QueryKind, Quote

_log = logging.getLogger(__name__)


class Records(Rated, Kept, Protocol):
    """What buttons need of the bot."""


class Pressing:
    """Does what buttons say.

    Args:
        records: The bot's records.
        around: Returns what stands before and after a quote; may take a while.
        members: Asks the topic of a suggestion.
        admin: Publishes documents, and does what admins press in the Home tab.
        profiles: Knows by which name somebody shares an answer.
        home: Returns what the Home tab tells somebody.
        work: What the process holds.
    """

    def __init__(
        self,
        records: Records,
        around: Callable[[Quote], tuple[str, str]],
        members: MemberCommands,
        admin: AdminCommands,
        profiles: Profiles,
        home: Callable[[AsyncWebClient, Call], Awaitable[Home]],
        work: Work,
    ) -> None:
        self._records = records
        self._recording: Recording[Message] = Recording(PLATFORM, records, around, views)
        self._members = members
        self._admin = admin
        self._profiles = profiles
        self._home = home
        self._work = work
        self._shared = Known()

    async def press(self, client: AsyncWebClient, call: Call, action: Payload) -> None:
        """Do what a button or a menu says."""
        press, chosen = press_of(action)
        post: Post[Message]
        if call.channel_id:
            post = ResponsePost(client, call)
        else:
            post = HomePost(client, call, lambda: self._home(client, call))
        await attend(
            call.id,
            self._work,
            lambda: self._do(client, call, post, press, chosen),
            telling(post, call),
        )

    async def _do(
        self,
        client: AsyncWebClient,
        call: Call,
        post: Post[Message],
        press: Press | None,
        chosen: str | None,
    ) -> None:
        recording, asker = self._recording, call.asker_id
        match press:
            case Press(Action.HELPFUL, request_id):
                await post.show(await recording.rated(request_id, asker, Feedback.HELPFUL))
            case Press(Action.NOT_HELPFUL, request_id):
                await post.show(recording.reasons(request_id))
            case Press(Action.REASON, request_id) if chosen in set(Feedback):
                replaced = _in_place(client, call, post)
                await replaced.show(await recording.rated(request_id, asker, Feedback(chosen)))
            case Press(Action.TOPIC, _, slug) if chosen or slug:
                await self._ask_topic(client, call, post, chosen or slug)
            case Press(Action.SHARE, request_id, showing):
                await self._share(client, call, request_id, Showing.parse(showing))
            case Press(Action.FORGET, ""):
                await post.show(blocks.report(forget_report(call.user_id)))
            case Press(Action.FORGET):
                replaced = _in_place(client, call, post)
                await replaced.show(await recording.forgotten(asker))
            case Press(Action.OPT_OUT, ""):
                await post.show(blocks.report(opt_out_report(call.user_id)))
            case Press(Action.OPT_OUT):
                replaced = _in_place(client, call, post)
                await replaced.show(await recording.opted_out(asker))
            case Press(Action.OPT_IN):
                replaced = _in_place(client, call, post)
                await replaced.show(await recording.opted_in(asker))
            case Press(Action.EXPORT):
                await export(client, call, self._records, post)
            case Press(Action.MORE | Action.COUNTERPOINTS | Action.WHY | Action.CONTEXT):
                await post.show(await recording.recalled(press, asker))
            case Press(Action.PUBLISH, staged_id):
                await self._admin.publish(client, call, staged_id)
            case Press(Action.DISCARD, staged_id):
                await self._admin.discard(client, call, staged_id)
            case Press(Action.REINDEX):
                await self._admin.reindex(client, call, post)
            case Press(Action.LOG):
                await self._admin.do(client, call, post, self._admin.log)
            case Press(Action.DOCTOR):
                await self._admin.do(client, call, post, self._admin.doctor(client))
            case _:
                await post.show(blocks.refusal(texts.STALE_BUTTON, call.id))

    async def _ask_topic(
        self, client: AsyncWebClient, call: Call, post: Post[Message], slug: str
    ) -> None:
        if not call.channel_id:  # in the Home tab: an answer belongs among the messages
            direct = ChannelPost(client, call, Place(call.user_id))
            await self._members.ask(client, call.saying(slug), direct, kind=QueryKind.TOPIC)
            await post.show(blocks.notice(texts.SENT_DIRECTLY))
            return
        await self._members.ask(client, call.saying(slug), post, kind=QueryKind.TOPIC)

    async def _share(
        self, client: AsyncWebClient, call: Call, request_id: str, showing: Showing
    ) -> None:
        """Show everybody an answer that the asker alone saw, under the asker's name."""
        here = ResponsePost(client, call, replaces=True)
        recalled = await self._records.recall(request_id)
        if recalled is None:
            await here.show(await self._recording.unknown(request_id, call.asker_id))
            return
        if not (recalled.reply.quotes or recalled.reply.counterpoints):
            await here.show(blocks.notice(texts.quotes_gone(recalled.gone)))
            return
        beside = ResponsePost(client, call)  # so that the answer stays where it is not shared
        if not await self._members.may_speak(call, beside):
            return
        name = f"{request_id}:{call.channel_id}:{call.ts}"
        if not self._shared.is_new(name):
            return  # a second press while the first is being attended to
        profile = await self._profiles.of(client, call.team_id, call.user_id)
        shown = views.reply(recalled.reply, first=showing.first, about=showing.about)
        asked = question_of(recalled.reply.query) if showing.about is None else ""
        lead = texts.shared_by(profile.name, asked)
        told = blocks.with_sentence(replace(shown, shares=None), lead)
        try:
            await ResponsePost(client, call, is_private=False, detours=False).show(told)
        except DeliveryError as error:
            self._shared.forget(name)
            if isinstance(error, DeliveryUnknown):
                raise  # whoever pressed sees whether it is there, and may press again
            _log.warning("not_shared", extra={"id": call.id, "reason": str(error)})
            await beside.show(blocks.refusal(texts.NOT_SHARED, request_id))
            return
        await here.show(blocks.notice(texts.IS_SHARED))


def press_of(action: Payload) -> tuple[Press | None, str | None]:
    """Return what was pressed, and what was chosen in a menu; None for what nobody knows.

    Slack's own thumbs say which of them it was in their values.
    """
    press = Press.parse(str(action.get("value") or "")) or Press.parse(str(action["action_id"]))
    chosen: Mapping[str, Any] = action.get("selected_option") or {}
    return press, str(chosen["value"]) if chosen.get("value") else None


def _in_place(client: AsyncWebClient, call: Call, post: Post[Message]) -> Post[Message]:
    """Return a post that replaces the question whose answer was pressed."""
    return ResponsePost(client, call, replaces=True) if call.channel_id else post
