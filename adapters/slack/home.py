"""The Home tab: what the bot knows, how to ask, what is kept, and for admins how it is doing.

`home_view` is pure. A `HomePost` shows the answer to what is pressed there, above the rest.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.guides import help_report, privacy_report
from adapters.messaging.lengths import clipped
from adapters.messaging.presses import Action, Press
from adapters.messaging.reports import DOT, Line, Moment, Report, Shape, Strong
from adapters.slack import blocks, limits
from adapters.slack.blocks import Block, Message
from adapters.slack.commands import MANNERS, topic_menu
from adapters.slack.escaping import unescaped
from adapters.slack.sending import FAILURES, forms_of, undelivered
from adapters.slack.translate import Call
from bot import admin_texts, texts
from bot.administration import CorpusStatus
from bot.types import Topic

_DOCUMENTS_NAMED = 10
_TOPICS_NAMED = 20
_TITLE = 150
_RESULT_BLOCKS = 40
"""Blocks of a result that are shown above the rest, which takes half of a view."""


@dataclass(frozen=True, slots=True)
class Home:
    """What the Home tab tells somebody.

    ``status`` is None when it cannot be told now; ``may_edit`` whether they may renew the corpus,
    ``kept_days`` for how many days is kept what they ask, 0 for ever, and ``keeps`` whether any
    of it is; None when that is not known.
    """

    status: CorpusStatus | None
    topics: Sequence[Topic]
    manages: bool
    may_edit: bool
    kept_days: int = 0
    keeps: bool | None = None


def home_view(home: Home, result: Sequence[Block] = ()) -> dict[str, Any]:
    """Return the Home tab.

    Args:
        home: What it tells.
        result: The answer to what was pressed last.
    """
    shown = [*result[:_RESULT_BLOCKS], *([blocks.divider()] if result else [])]
    shown += [*_knowledge(home), *_admin(home), *_guide(), *_privacy(home)]
    return {"type": "home", "blocks": shown[: limits.VIEW_BLOCKS]}


class HomePost:
    """The answer to a button of the Home tab, in the tab itself.

    Args:
        client: Speaks for the bot in the workspace.
        call: What is answered.
        home: Returns what the tab tells otherwise, which an answer may have changed.
    """

    def __init__(
        self, client: AsyncWebClient, call: Call, home: Callable[[], Awaitable[Home]]
    ) -> None:
        self._client = client
        self._call = call
        self._home = home
        self.detour: str | None = None

    async def open(self) -> bool:
        """Do nothing: the listener acknowledged the press."""
        return True

    async def show(self, view: Message) -> str:
        """Show the tab with the answer on top."""
        home = await self._home()
        words = blocks.notice(unescaped(view.text)).blocks  # a tab has no text of its own
        *earlier, last = (home_view(home, form["blocks"] or words) for form in forms_of(view))
        for shown in earlier:
            with suppress(*FAILURES):
                return await self._publish(shown)
        try:
            return await self._publish(last)
        except FAILURES as error:
            raise undelivered(self._call, error) from error

    async def stand_down(self) -> None:
        """Say nothing: there was an answer."""

    async def _publish(self, view: dict[str, Any]) -> str:
        await self._client.views_publish(user_id=self._call.user_id, view=view)
        return self._call.id


def _knowledge(home: Home) -> list[Block]:
    lines = [*_corpus(home.status), *_topics(home.topics)]
    menu = [topic_menu()] if home.topics else []
    return [*blocks.report(Report(texts.HOME_TITLE, tuple(lines))).blocks, *menu]


def _corpus(status: CorpusStatus | None) -> Iterator[Line]:
    if status is None or status.version is None:
        yield Line.of(admin_texts.NOT_INDEXED)
        return
    yield Line.of(texts.knows(status.documents, status.passages, status.topics))
    if status.built_at is not None:
        read = (f"{admin_texts.READ_LAST} ", Moment(status.built_at))
        yield Line.of(*read, f", {status.version}")
    named = status.titles[:_DOCUMENTS_NAMED]
    for title in named:
        yield Line.of(clipped(title, _TITLE), shape=Shape.ITEM)
    if len(named) < len(status.titles):
        yield Line.of(texts.left_out(len(status.titles) - len(named)))


def _topics(topics: Sequence[Topic]) -> Iterator[Line]:
    if topics:
        named = [topic.title or topic.slug for topic in topics[:_TOPICS_NAMED]]
        yield Line.of(Strong(texts.HOME_TOPICS), f": {DOT.join(named)}")


def _guide() -> list[Block]:
    return list(blocks.report(help_report(MANNERS)).blocks)


def _privacy(home: Home) -> list[Block]:
    told = privacy_report(MANNERS, home.kept_days, home.keeps)
    buttons = [
        blocks.button(Press(Action.EXPORT).on_button, texts.EXPORT),
        blocks.button(Press(Action.FORGET).on_button, texts.FORGET, "danger"),
        *map(blocks.choice, told.choices),
    ]
    return [*blocks.report(replace(told, choices=())).blocks, *blocks.row(buttons)]


def _admin(home: Home) -> list[Block]:
    if not home.manages and not home.may_edit:
        return []
    buttons = []
    if home.may_edit:
        buttons.append(
            blocks.button(Press(Action.REINDEX).on_button, admin_texts.REINDEX, "primary")
        )
        buttons.append(blocks.button(Press(Action.LOG).on_button, admin_texts.UNANSWERED_BUTTON))
    if home.manages:
        buttons.append(blocks.button(Press(Action.DOCTOR).on_button, admin_texts.DOCTOR_BUTTON))
    return [blocks.header(texts.HOME_ADMIN), *blocks.row(buttons)]
