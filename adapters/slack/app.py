"""The Bolt app: which listener takes what Slack tells, and hands it to who deals with it.

Holds nothing that a restart would miss: what was answered, set and staged is the core's to know.
The same listeners serve Socket Mode and HTTP. `serving` makes it.
"""

import logging
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.administering import Administering
from adapters.messaging.answering import Answering, Core
from adapters.messaging.guides import welcome_report
from adapters.messaging.recording import keeps
from adapters.messaging.working import Work
from adapters.slack import adding, blocks, examining, limits, views
from adapters.slack.admin import AdminCommands, files_in
from adapters.slack.authorizing import Authorizing
from adapters.slack.blocks import Message
from adapters.slack.commands import MANNERS, MemberCommands
from adapters.slack.gathering import Gathering
from adapters.slack.home import Home, home_view
from adapters.slack.mentions import Mentions
from adapters.slack.once import Once
from adapters.slack.pressing import Pressing, Records
from adapters.slack.profiles import Profiles
from adapters.slack.sending import FAILURES, ChannelPost, Place, code_of
from adapters.slack.translate import (
    PLATFORM,
    Call,
    Payload,
    from_command,
    from_message,
    from_press,
    is_said_by_a_person,
)
from bot import texts
from bot.administration import Administration, CorpusStatus
from bot.bootstrap import Application
from bot.commands import COMMANDS, MESSAGE_MENUS, SOURCE_ADMIN
from bot.errors import BotError
from bot.ports import Installations
from bot.types import Trigger

_log = logging.getLogger(__name__)

_ANY = re.compile("")


class Bot(Core, Records, Protocol):
    """What the app needs of the bot."""


class SlackApp:
    """Counterpoint on Slack.

    Args:
        bot: Answers.
        administration: Serves admins.
        application: Knows the documents around quotes, and the settings.
        client: How Slack is reached; each request gets one like it.
        authorizing: Tells by which token the bot speaks in a workspace.
        installations: What workspaces gave; None where there is but one.
        oauth: How workspaces install the bot; None where there is but one.
        connection: The socket, for what the doctor looks at; None for HTTP.
    """

    def __init__(
        self,
        bot: Bot,
        administration: Administration,
        application: Application,
        client: AsyncWebClient,
        authorizing: Authorizing,
        installations: Installations | None = None,
        oauth: AsyncOAuthSettings | None = None,
        connection: examining.Connection | None = None,
    ) -> None:
        self.work = Work()
        self._bot = bot
        self._administration = administration
        self._installations = installations
        settings = application.settings
        profiles = Profiles()
        gathering = Gathering(profiles)
        answering: Answering[Message] = Answering(bot, views, texts.CONVERSATION_HIDDEN)
        administering: Administering[Message] = Administering(administration, views)
        self._kept_days = settings.log_retention_days
        self._members = MemberCommands(
            answering,
            gathering,
            administration,
            lambda: bot.topics,
            bot,
            self.work,
            self._kept_days,
        )
        self._admin = AdminCommands(
            administering,
            profiles,
            self.work,
            connection,
            settings.public_url,
            for_many=oauth is not None,
        )
        self._pressing = Pressing(
            bot, application.around, self._members, self._admin, profiles, self._home, self.work
        )
        self._mentions = Mentions(
            answering, gathering, administration, lambda: bot.topics, self.work
        )
        # Bolt reads the environment as well, and would say at each start that it need not have.
        logging.getLogger("slack_bolt.AsyncApp").addFilter(
            lambda record: record.getMessage() != warning_client_prioritized_and_token_skipped()
        )
        self.bolt = AsyncApp(
            client=client,
            signing_secret=settings.slack_signing_secret or "",
            authorize=authorizing,  # type: ignore[arg-type]  # Bolt takes these too, by their class
            oauth_settings=oauth,
            request_verification_enabled=settings.slack_mode == "http",
            user_facing_authorize_error_message=texts.NOT_INSTALLED,
        )
        self._register()

    def _register(self) -> None:
        app = self.bolt
        app.use(Once(self.work).let_through)
        # Bolt asks one listener after the other, so what comes most often goes first.
        app.event("app_mention")(self._on_message)
        app.event("message")(self._on_message)
        for command in COMMANDS:
            app.command(command.slack_name)(self._on_command)
        for menu in MESSAGE_MENUS:
            app.message_shortcut(menu.trigger.value)(self._on_shortcut)
        app.action(_ANY)(self._on_action)
        app.options(_ANY)(self._on_options)
        app.view(adding.CALLBACK_ID)(self._on_form)
        app.event("app_home_opened")(self._on_home)
        app.event("member_joined_channel")(self._on_join)
        app.event("app_uninstalled")(self._on_uninstalled)
        app.event("tokens_revoked")(self._on_revoked)
        app.error(_on_error)

    # --- what people do -------------------------------------------------------------

    async def _on_message(
        self,
        client: AsyncWebClient,
        event: Payload,
        body: Payload,
        context: AsyncBoltContext,
    ) -> None:
        own_id = context.bot_user_id or ""
        is_for_us = is_said_by_a_person(event) and event.get("channel_type") == "im"
        if is_for_us and (files := files_in(event)):
            call = from_message(event, body)
            with self.work.held():  # until somebody attends to it
                by = await self._admin.who(client, call)
            if self._admin.may_edit(by) or not call.text.strip():
                await self._admin.add(client, call, adding.Form(files))
                return
        await self._mentions.take(client, event, body, own_id)

    async def _on_command(self, ack: AsyncAck, client: AsyncWebClient, body: Payload) -> None:
        await ack()
        call = from_command(body, time.time())
        if body["command"] == SOURCE_ADMIN.slack_name:
            await self._admin.run(client, call)
        else:
            await self._members.run(str(body["command"]), client, call)

    async def _on_shortcut(self, ack: AsyncAck, client: AsyncWebClient, body: Payload) -> None:
        await ack()
        call, trigger = from_press(body, time.time()), Trigger(body["callback_id"])
        await self._members.look_into(client, call, body["message"], trigger)

    async def _on_action(
        self, ack: AsyncAck, client: AsyncWebClient, body: Payload, action: Payload
    ) -> None:
        await ack()
        await self._pressing.press(client, from_press(body, time.time()), action)

    async def _on_options(self, ack: AsyncAck, payload: Payload) -> None:
        await ack(options=self._members.topics_like(str(payload.get("value") or "")))

    async def _on_form(self, ack: AsyncAck, client: AsyncWebClient, body: Payload) -> None:
        await ack()
        form = adding.read_form(body["view"])
        await self._admin.add(client, from_press(body, time.time()), form)

    # --- the app's own place --------------------------------------------------------

    async def _on_home(self, client: AsyncWebClient, event: Payload, body: Payload) -> None:
        call = _of_home(event, body)
        try:
            if event.get("tab") == "messages":
                await client.assistant_threads_setSuggestedPrompts(
                    channel_id=str(event["channel"]),
                    title=texts.PROMPTS_TITLE,
                    prompts=self._prompts(),
                )
            else:
                home = await self._home(client, call)
                await client.views_publish(user_id=call.user_id, view=home_view(home))
        except FAILURES as error:
            _log.warning("home_refused", extra={"user": call.user_id, "code": code_of(error)})

    async def _home(self, client: AsyncWebClient, call: Call) -> Home:
        by = await self._admin.who(client, call)
        status: CorpusStatus | None = None
        try:
            status = await self._administration.status()
        except BotError as error:
            _log.warning("status_unknown", extra={"reason": str(error)})
        may_edit = self._admin.may_edit(by)
        are_kept = await keeps(self._bot, PLATFORM, call.asker_id)
        return Home(
            status, self._bot.topics, by.manages_community, may_edit, self._kept_days, are_kept
        )

    def _prompts(self) -> list[dict[str, str]]:
        topics = [
            {"title": topic.title or topic.slug, "message": topic.title or topic.slug}
            for topic in self._bot.topics[: limits.PROMPTS - 1]
        ]
        return [*topics, {"title": texts.PROMPT_HELP, "message": texts.PROMPT_HELP}]

    async def _on_join(
        self, client: AsyncWebClient, event: Payload, body: Payload, context: AsyncBoltContext
    ) -> None:
        """Say hello to a workspace, once, in the first channel that the bot is let into."""
        if event.get("user") != context.bot_user_id:
            return
        call = _of_home(event, body)
        with self.work.held():
            try:
                if await self._administration.greet(PLATFORM, call.community_id):
                    post = ChannelPost(client, call, Place(str(event["channel"])), is_asked=False)
                    await post.show(blocks.report(welcome_report(MANNERS)))
            except BotError as error:
                _log.warning("welcome_failed", extra={"reason": str(error)})

    # --- leaving --------------------------------------------------------------------

    async def _on_uninstalled(self, body: Payload) -> None:
        """Delete all that a workspace gave, set and asked."""
        if self._installations is not None:
            call = _of_home({}, body)
            await self._installations.forget_community(PLATFORM, call.community_id)
            _log.warning("uninstalled", extra={"community": call.community_id})

    async def _on_revoked(self, event: Payload, body: Payload) -> None:
        """Delete tokens that count no more."""
        if self._installations is None:
            return
        community = _of_home({}, body).community_id
        tokens: Mapping[str, Sequence[str]] = event.get("tokens") or {}
        for user_id in tokens.get("oauth") or ():
            await self._installations.forget(PLATFORM, community, user_id)
        if tokens.get("bot"):
            await self._installations.forget(PLATFORM, community)


def _of_home(event: Payload, body: Payload) -> Call:
    """Return the call of an event that is no message."""
    about = {"channel": "", "ts": str(body.get("event_time") or 0), "user": ""}
    return from_message(about | {"user": str(event.get("user") or "")}, body)


async def _on_error(error: Exception, body: Mapping[str, Any]) -> None:
    """Log what nobody foresaw; what a person waits for has been told by `attend`."""
    told = {"type": body.get("type"), "reason": str(error)}
    _log.error("listener_failed", extra=told, exc_info=error)
