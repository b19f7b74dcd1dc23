"""The Home tab: what the bot knows, how to ask, what is kept, and for admins how it is doing.

`home_view` is pure. A `HomePost` shows the answer to what is pressed there, above the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.guides import help_report, privacy_report
from adapters.messaging.presses import Action, Press
from adapters.messaging.reports import Line, Moment, Report, Shape
from adapters.slack import blocks, limits
from adapters.slack.blocks import Block, Message
from adapters.slack.commands import MANNERS, topic_menu
from adapters.slack.sending import FAILURES, forms_of, undelivered
from adapters.slack.translate import Call
from bot import admin_texts, texts
from bot.administration import CorpusStatus
from bot.types import Topic

_TOPICS_NAMED = 20
_RESULT_BLOCKS = 40
"""Blocks of a result that are shown above the rest, which takes half of a view."""


@dataclass(frozen=True, slots=True)
class Home:
    """What the Home tab tells somebody.

    ``status`` is None when it cannot be told now; ``may_edit`` whether they may renew the corpus.
    """

    status: CorpusStatus | None
    topics: Sequence[Topic]
    manages: bool
    may_edit: bool


def home_view(home: Home, result: Sequence[Block] = ()) -> dict[str, Any]:
    """Return the Home tab.

    Args:
        home: What it tells.
        result: The answer to what was pressed last.
    """
    shown = [*result[:_RESULT_BLOCKS], *([blocks.divider()] if result else [])]
    shown += [*_knowledge(home), *_guide(), *_privacy(), *_admin(home)]
    return {"type": "home", "blocks": shown[: limits.VIEW_BLOCKS]}


class HomePost:
    """The answer to a button of the Home tab, in the tab itself.

    Args:
        client: Speaks for the bot in the workspace.
        call: What is answered.
        home: What the tab tells otherwise.
    """

    def __init__(self, client: AsyncWebClient, call: Call, home: Home) -> None:
        self._client = client
        self._call = call
        self._home = home
        self.detour: str | None = None

    async def open(self) -> bool:
        """Do nothing: the listener acknowledged the press."""
        return True

    async def show(self, view: Message) -> str:
        """Show the tab with the answer on top."""
        [*_, last] = forms = list(forms_of(view))
        for form in forms:
            try:
                await self._client.views_publish(
                    user_id=self._call.user_id, view=home_view(self._home, form["blocks"])
                )
                return self._call.id
            except FAILURES as error:
                if form is last:
                    raise undelivered(self._call, error) from error
        return self._call.id

    async def stand_down(self) -> None:
        """Say nothing: there was an answer."""


def _knowledge(home: Home) -> list[Block]:
    lines: list[Line] = []
    status = home.status
    if status is None or status.version is None:
        lines.append(Line.of(admin_texts.NOT_INDEXED))
    else:
        lines.append(Line.of(texts.knows(status.documents, status.passages, status.topics)))
        if status.built_at is not None:
            read = (f"{admin_texts.READ_LAST} ", Moment(status.built_at))
            lines.append(Line.of(*read, f", {status.version}"))
    lines += [
        Line.of(topic.title or topic.slug, shape=Shape.ITEM)
        for topic in home.topics[:_TOPICS_NAMED]
    ]
    menu = [topic_menu()] if home.topics else []
    return [*blocks.report(Report(texts.HOME_TITLE, tuple(lines))).blocks, *menu]


def _guide() -> list[Block]:
    return list(blocks.report(help_report(MANNERS)).blocks)


def _privacy() -> list[Block]:
    buttons = [
        blocks.button(Press(Action.EXPORT).on_button, texts.EXPORT),
        blocks.button(Press(Action.FORGET).on_button, texts.FORGET, "danger"),
    ]
    return [*blocks.report(privacy_report(MANNERS)).blocks, *blocks.row(buttons)]


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
