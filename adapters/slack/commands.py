"""What the commands of members do, the shortcuts of messages, and the topics that are offered.

`admin` has the commands of admins.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.answering import Answering
from adapters.messaging.attending import attend
from adapters.messaging.channels import ChannelSettings, mode_of
from adapters.messaging.guides import Manners, forget_report, help_report, privacy_report
from adapters.messaging.posts import Post
from adapters.messaging.presses import Action, Press
from adapters.messaging.recording import OptOuts, keeps
from adapters.messaging.reports import Report
from adapters.messaging.topics import TopicFinder
from adapters.messaging.working import Work
from adapters.slack import blocks, limits
from adapters.slack.blocks import Block, Message
from adapters.slack.gathering import Gathering
from adapters.slack.responding import ResponsePost
from adapters.slack.translate import PLATFORM, Call, Payload, interaction, text_of
from bot import texts
from bot.commands import FORGET_ME, HELP, PRIVACY, SOURCE
from bot.conversation.asking import to_query
from bot.errors import DeliveryError
from bot.types import ChannelMode, Query, QueryKind, Topic, Trigger, Visibility

MANNERS = Manners(texts.MENU_ON_SLACK, FORGET_ME.slack_name)
"""How Slack calls things."""
IN_CHANNEL = "in-channel"
"""The word at the end of a command that has everybody see the answer."""


class MemberCommands:
    """What everybody may do.

    Args:
        answering: Answers requests.
        gathering: Knows who wrote a message.
        channels: Knows where the bot may speak.
        topics: Returns the topics of the corpus.
        records: Knows who wants nothing kept.
        work: What the process holds.
        kept_days: For how many days is kept what they ask; 0 for ever.
    """

    def __init__(
        self,
        answering: Answering[Message],
        gathering: Gathering,
        channels: ChannelSettings,
        topics: Callable[[], Sequence[Topic]],
        records: OptOuts,
        work: Work,
        kept_days: int = 0,
    ) -> None:
        self._kept_days = kept_days
        self._answering = answering
        self._gathering = gathering
        self._channels = channels
        self._topics = topics
        self._records = records
        self._finder = TopicFinder(topics, limits.OPTION_VALUE)
        self._work = work

    async def run(self, name: str, client: AsyncWebClient, call: Call) -> None:
        """Do what a command says, by the name that Slack knows it under."""
        post = ResponsePost(client, call)
        words = call.text.split()
        if _is_public(words) and len(words) == 1:  # with nothing that could be asked there
            words = []
        if name == SOURCE.slack_name and not words:
            await self._attend(call, post, lambda: post.show(choose_topic()))
        elif name == HELP.slack_name or (name == SOURCE.slack_name and words == ["help"]):
            await self._tell(call, post, help_report(MANNERS))
        elif name == PRIVACY.slack_name:
            await self._attend(call, post, lambda: self._tell_privacy(call, post))
        elif name == FORGET_ME.slack_name:
            await self._tell(call, post, forget_report(call.user_id))
        else:
            await self._source(client, call, words)

    async def ask(
        self,
        client: AsyncWebClient,
        call: Call,
        post: Post[Message],
        visibility: Visibility = Visibility.ASKER,
        kind: QueryKind | None = None,
        aside: Post[Message] | None = None,
    ) -> None:
        """Answer what a call asks, in a post; ``aside`` is where a refusal goes, if elsewhere."""
        asked = interaction(call, Trigger.COMMAND, visibility, kind=kind)
        if await self.may_speak(call, aside or post):
            await self._answering.answer(asked, post)

    async def look_into(
        self, client: AsyncWebClient, call: Call, message: Payload, trigger: Trigger
    ) -> None:
        """Answer what a message says, on whose menu somebody chose a shortcut."""
        post = ResponsePost(client, call)

        async def look() -> None:
            if not await self.may_speak(call, post):
                return
            if not text_of(message).strip():
                await post.show(blocks.refusal(texts.NOTHING_TO_READ, call.id))
                return
            surroundings = self._gathering.about(client, call, message)
            asked = interaction(call, trigger, Visibility.ASKER, context=surroundings.messages)
            await self._answering.answer(asked, post, surroundings)

        await self._attend(call, post, look)

    async def may_speak(self, call: Call, post: Post[Message]) -> bool:
        """Return whether the channel is open to the bot; the asker is told when it is not."""
        mode = await mode_of(self._channels, interaction(call, Trigger.COMMAND))
        if mode is not ChannelMode.DENY:
            return True
        await post.show(blocks.refusal(texts.NOT_IN_CHANNEL, call.id))
        return False

    def topics_like(self, typed: str) -> list[dict[str, Any]]:
        """Return entries of a menu for what was typed of a topic's name."""
        found = self._finder.find(typed, limits.OPTIONS)
        return [blocks.option(topic.title or topic.slug, topic.slug) for topic in found]

    async def _source(self, client: AsyncWebClient, call: Call, words: Sequence[str]) -> None:
        is_public = len(words) > 1 and _is_public(words)
        asked, question = call, ""
        if is_public:
            asked = call.saying(call.text.rstrip()[: -len(IN_CHANNEL)].rstrip())
            question = question_of(to_query(interaction(asked, Trigger.COMMAND), self._topics()))
        lead = texts.asked(question) if question else ""
        post = ResponsePost(client, call, is_private=not is_public, lead=lead)
        seen_by = Visibility.EVERYONE if is_public else Visibility.ASKER
        aside = ResponsePost(client, call)  # why there is no answer concerns the asker alone
        await self._attend(call, aside, lambda: self.ask(client, asked, post, seen_by, aside=aside))

    async def _tell(self, call: Call, post: ResponsePost, report: Report) -> None:
        await self._attend(call, post, lambda: post.show(blocks.report(report)))

    async def _tell_privacy(self, call: Call, post: ResponsePost) -> None:
        are_kept = await keeps(self._records, PLATFORM, call.asker_id)
        await post.show(blocks.report(privacy_report(MANNERS, self._kept_days, are_kept)))

    async def _attend(self, call: Call, post: ResponsePost, deed: Callable[[], Any]) -> None:
        await attend(call.id, self._work, deed, telling(post, call))


def _is_public(words: Sequence[str]) -> bool:
    """Whether the last of some words asks for an answer that all can see."""
    return bool(words) and words[-1].lower() == IN_CHANNEL


def telling(post: Post[Message], call: Call) -> Callable[[str], Any]:
    """Return what tells whoever called a sentence, as well as that can be done."""

    async def tell(sentence: str) -> None:
        with suppress(DeliveryError):
            await post.show(blocks.refusal(sentence, call.id))

    return tell


def question_of(query: Query | None) -> str:
    """Return what was asked, for those who did not see it; a topic is named in its answer."""
    return query.text if query is not None and query.kind is not QueryKind.TOPIC else ""


def choose_topic() -> Message:
    """Return a message with a menu of topics, in which typing helps."""
    lead = blocks.rich(blocks.section(blocks.text(texts.CHOOSE_OR_TYPE)))
    return Message(texts.CHOOSE_OR_TYPE, (lead, topic_menu()))


def topic_menu() -> Block:
    """Return a menu whose entries are found while a member types."""
    menu = {
        "type": "external_select",
        "action_id": Press(Action.TOPIC).on_menu,
        "placeholder": blocks.plain(texts.CHOOSE_TOPIC, limits.PLACEHOLDER),
        "min_query_length": 0,
    }
    return blocks.row([menu])[0]
