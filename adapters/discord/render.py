"""Lay a reply out for Discord: the headline, the quotes, what argues against them, the buttons.

Pure: from a `Reply` to a message of Components V2 that stays within Discord's limits by
construction: whole quotes wait for the next page when there is no room, and none is cut. Quotes
are shown by `bot.typography` and otherwise to the letter. `views` hands it out.
"""

from collections.abc import Sequence
from functools import partial

import discord

from adapters.discord import layout, limits
from adapters.discord.buttons import Button
from adapters.discord.escaping import escaped, escaped_line, quoted
from adapters.messaging.links import is_loopback, linkable
from adapters.messaging.paging import (
    COUNTERPOINTS_ALONE,
    FURTHER,
    Page,
    Seen,
    detail_of,
    page_of,
)
from adapters.messaging.presses import Action, Press
from adapters.messaging.reports import DOT, STANCES
from adapters.messaging.sides import argued_against, judges_other_words
from adapters.messaging.surroundings import Cited
from bot import texts
from bot.conversation.composing import FIRST_REPLY, ReplyLimits
from bot.types import Evidence, Query, Reply, Topic
from bot.typography import readable

QUOTES_COLOUR = 0x3B82F6
COUNTERPOINTS_COLOUR = 0xF59E0B

# The longest that each part of a message may get, so that a quote always has room beside them.
_SENTENCE = 400
_NAME = 120
_TITLE = 200
_SHORT = 80


def render_reply(
    reply: Reply,
    topics: Sequence[Topic] = (),
    *,
    first: ReplyLimits = FIRST_REPLY,
    about: Cited | None = None,
    note: str = "",
) -> discord.ui.LayoutView:
    """Return the message that answers a request.

    Args:
        reply: The reply with all its evidence.
        topics: The topics of the corpus, for the names of suggestions.
        first: How much of each side is shown; the rest is behind a button.
        about: Whose message the reply is about, when it is not the request's own.
        note: A further sentence for the asker.
    """
    header = _header(reply, about, note)
    page, sides = _sides(reply, first, Seen(), limits.length(header))
    return layout.message(
        layout.text(header),
        *sides,
        *_suggestions(reply, topics),
        *layout.row(_buttons(reply, page) if reply.answered and reply.is_kept else []),
    )


def render_more(reply: Reply, seen: Seen, gone: int = 0) -> discord.ui.LayoutView:
    """Return the page that follows what was seen of a reply.

    Args:
        reply: The reply, as the journal remembers it.
        seen: What earlier pages showed.
        gone: Quotes of it that are no longer in the documents.
    """
    return _further(reply, seen, FURTHER, gone)


def render_counterpoints(reply: Reply, gone: int = 0) -> discord.ui.LayoutView:
    """Return the counterpoints of a reply alone, from the first."""
    return _further(reply, Seen(len(reply.quotes), 0), COUNTERPOINTS_ALONE, gone)


def render_context(evidence: Evidence, before: str, after: str) -> discord.ui.LayoutView:
    """Return a quote, in bold, between the sentences around it, where there is room for them."""
    told = _attribution(evidence, "")
    body = f"**{escaped(readable(evidence.quote.text))}**"
    room = layout.ROOM - limits.length(told) - limits.length(body)
    if room < 0:
        return layout.message(layout.text(f"{escaped(texts.TOO_LONG_TO_SHOW)}\n{told}"))
    parts = [body]
    for sentences, is_before in ((before, True), (after, False)):
        shown = escaped(readable(sentences))
        if shown and limits.length(shown) < room:
            room -= limits.length(shown) + 1
            parts.insert(0 if is_before else len(parts), shown)
    return layout.message(layout.text(f"> {' '.join(parts)}\n{told}"))


# --- the head of a message ------------------------------------------------------


def _header(reply: Reply, about: Cited | None, note: str) -> str:
    said = []
    if about is not None:
        author = escaped_line(texts.answers_message(about.author), _NAME)
        said.append(f"-# {author} {linkable(about.url) or ''}".rstrip())
    said.append(f"**{escaped_line(reply.headline, _SENTENCE)}**")
    query = reply.query
    if query and query.claim and reply.answered and judges_other_words(query):
        said.append(f"-# {escaped_line(texts.sides_on(query.claim), _SENTENCE)}")
    if note:
        said.append(escaped_line(note, _SENTENCE))
    if reply.suggestions:
        said.append(escaped_line(texts.NEAR_TOPICS))
    return "\n".join(said)


# --- quotes ---------------------------------------------------------------------


def _further(reply: Reply, seen: Seen, most: ReplyLimits, gone: int) -> discord.ui.LayoutView:
    header = escaped_line(texts.quotes_gone(gone)) if gone else ""
    page, sides = _sides(reply, most, seen, limits.length(header))
    if not sides:
        return layout.notice(" ".join(part for part in (header, texts.NO_MORE) if part))
    head = [layout.text(f"-# {header}")] if header else []
    return layout.message(*head, *sides, *layout.row(_more(reply, page)))


def _sides(
    reply: Reply, most: ReplyLimits, seen: Seen, header: int
) -> tuple[Page, list[layout.Item]]:
    """Return a page of a reply, and its two boxes."""
    heading = _counterpoints_heading(reply.query)
    room = layout.ROOM - header - limits.length(heading)
    told = partial(_told, takes_sides=bool(reply.query and reply.query.claim), room=room)
    page = page_of(reply, most, room, lambda evidence: limits.length(told(evidence, 999)), seen)
    boxes = []
    for found, colour, head in (
        (page.quotes, QUOTES_COLOUR, []),
        (page.counterpoints, COUNTERPOINTS_COLOUR, [layout.text(heading)]),
    ):
        if found:
            shown = [layout.text(told(evidence, number)) for number, evidence in found]
            contexts = (
                [_context(reply, evidence, number) for number, evidence in found]
                if reply.is_kept
                else []
            )
            boxes.append(layout.box([*head, *shown, *layout.row(contexts)], colour))
    return page, boxes


def _counterpoints_heading(query: Query | None) -> str:
    why = argued_against(query)
    heading = f"### {escaped_line(texts.COUNTERPOINTS)}"
    return f"{heading}\n-# {escaped_line(why, _SENTENCE)}" if why else heading


def _told(evidence: Evidence, number: int, *, takes_sides: bool, room: int) -> str:
    """Return a quote and what a reader is told about it, in ``room`` characters at most."""
    stance = f"{STANCES[evidence.stance]}{DOT}" if takes_sides else ""
    attribution = _attribution(evidence, f"**{number}**{DOT}{stance}")
    body = quoted(readable(evidence.quote.text))
    if limits.length(body) + 1 + limits.length(attribution) > room:
        body = escaped(texts.TOO_LONG_TO_SHOW)
    return f"{body}\n{attribution}"


def _attribution(evidence: Evidence, lead: str) -> str:
    """Return who says a quote, where and when, with the ways to read it in its place."""
    quote, source = evidence.quote, evidence.source
    who = escaped_line(quote.speaker or source.author or "", _NAME)
    parts = [f"**{who or texts.UNKNOWN_AUTHOR}**", escaped_line(source.title, _TITLE)]
    parts.append(escaped_line(source.date or texts.UNKNOWN_DATE, _SHORT))
    if quote.locator:
        parts.append(escaped_line(quote.locator, _SHORT))
    if quote.reported:
        parts.append(f"**{escaped_line(texts.REPORTED)}**")
    # What leads to the bot's own machine is dead for everybody else; a button shows the context.
    permalink = "" if is_loopback(quote.permalink) else quote.permalink
    for label, url in ((texts.OPEN_SOURCE, permalink), (texts.ORIGINAL, source.url or "")):
        if address := linkable(url):
            parts.append(f"[{label}]({address})")
    return f"-# {lead}{DOT.join(part for part in parts if part)}"


# --- buttons --------------------------------------------------------------------


def _context(reply: Reply, evidence: Evidence, number: int) -> Button:
    press = Press(Action.CONTEXT, reply.id, detail_of(evidence, number))
    return Button.of(press, f"{texts.CONTEXT} {number}")


def _more(reply: Reply, page: Page) -> list[layout.Item]:
    if not page.left:
        return []
    press = Press(Action.MORE, reply.id, str(page.seen))
    return [Button.of(press, texts.show_more(page.left), discord.ButtonStyle.primary)]


def _buttons(reply: Reply, page: Page) -> list[layout.Item]:
    buttons = _more(reply, page)
    if reply.counterpoints:
        buttons.append(Button.of(Press(Action.COUNTERPOINTS, reply.id), texts.COUNTERPOINTS))
    for action, label in (
        (Action.HELPFUL, texts.HELPFUL),
        (Action.NOT_HELPFUL, texts.NOT_HELPFUL),
        (Action.WHY, texts.WHY),
    ):
        buttons.append(Button.of(Press(action, reply.id), label))
    return buttons


def _suggestions(reply: Reply, topics: Sequence[Topic]) -> list[layout.Item]:
    titles = {topic.slug: topic.title for topic in topics}
    asks = {slug: Press(Action.TOPIC, detail=slug) for slug in reply.suggestions}
    return layout.row(
        [
            Button.of(press, titles.get(slug) or slug)
            for slug, press in list(asks.items())[: limits.ROW_BUTTONS]
            if press.fits(limits.CUSTOM_ID) and slug
        ]
    )
