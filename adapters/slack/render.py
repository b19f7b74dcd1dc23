"""Lay a reply out for Slack: the headline, the quotes, what argues against them, the buttons.

Pure: from a `Reply` to a message that stays within Slack's limits by construction: whole quotes
wait for the next page when there is no room, and none is cut. Quotes are shown by
`bot.typography` and otherwise to the letter. `views` hands it out.
"""

from collections.abc import Iterator, Sequence

from adapters.messaging.lengths import clipped
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
from adapters.slack import blocks, escaping, limits
from adapters.slack.blocks import Block, Element, Message
from adapters.slack.sharing import Showing
from bot import texts
from bot.conversation.composing import FIRST_REPLY, ReplyLimits
from bot.types import Evidence, Query, Reply, Topic
from bot.typography import readable

# The longest that each part of a message may get, so that a quote always has room beside them.
_SENTENCE = 400
_NAME = 120
_TITLE = 200
_SHORT = 80
_LONGEST_QUOTE = 8_000
"""Units of a quote that is shown; the limit of a message leaves room beside it."""


def render_reply(
    reply: Reply,
    topics: Sequence[Topic] = (),
    *,
    first: ReplyLimits = FIRST_REPLY,
    about: Cited | None = None,
    note: str = "",
) -> Message:
    """Return the message that answers a request.

    Args:
        reply: The reply with all its evidence.
        topics: The topics of the corpus, for the names of suggestions.
        first: How much of each side is shown; the rest is behind a button.
        about: Whose message the reply is about, when it is not the request's own.
        note: A further sentence for the asker.
    """
    head = _header(reply, about, note)
    page = _page(reply, first, Seen(), blocks.weight(head))
    near = [_titles(topics).get(slug) or slug for slug in reply.suggestions if slug]
    lead = (
        texts.answers_message(about.author) if about is not None else "",
        reply.headline,
        note,
        f"{texts.NEAR_TOPICS} {', '.join(near)}" if near else "",
    )
    return Message(
        _fallback(lead, page),
        (
            *head,
            *_sides(reply, page),
            *_suggestions(reply, topics),
            *(_buttons(reply, page) if reply.answered and reply.is_kept else []),
        ),
        shares=reply.id if reply.answered and reply.is_kept else None,
        showing=str(Showing(ReplyLimits(page.seen.quotes, page.seen.counterpoints), about)),
    )


def render_more(reply: Reply, seen: Seen, gone: int = 0) -> Message:
    """Return the page that follows what was seen of a reply.

    Args:
        reply: The reply, as the journal remembers it.
        seen: What earlier pages showed.
        gone: Quotes of it that are no longer in the documents.
    """
    return _further(reply, seen, FURTHER, gone)


def render_counterpoints(reply: Reply, gone: int = 0) -> Message:
    """Return the counterpoints of a reply alone, from the first."""
    return _further(reply, Seen(len(reply.quotes), 0), COUNTERPOINTS_ALONE, gone)


def render_context(evidence: Evidence, before: str, after: str) -> Message:
    """Return a quote, in bold, between the sentences around it, where there is room for them."""
    said = readable(evidence.quote.text)
    attribution = blocks.section(*_attribution(evidence, 1))
    if limits.length(said) > _LONGEST_QUOTE:
        sentence = blocks.section(blocks.text(texts.TOO_LONG_TO_SHOW))
        return Message(
            escaping.escaped(texts.TOO_LONG_TO_SHOW), (blocks.rich(sentence, attribution),)
        )
    parts, room = [blocks.text(said, bold=True)], blocks.ROOM - limits.length(said) - 1_000
    for sentences, is_before in ((before, True), (after, False)):
        shown = readable(sentences)
        if shown.strip() and limits.length(shown) < room:
            room -= limits.length(shown) + 1
            apart = f"{shown} " if is_before else f" {shown}"
            parts.insert(0 if is_before else len(parts), blocks.text(apart))
    words = "".join(part["text"] for part in parts)
    quoted = blocks.quote(*parts)
    who = escaping.escaped(_who(evidence), 2 * _SENTENCE)
    told = escaping.escaped(words, blocks.TEXT_ROOM - limits.length(who) - 1)
    return Message(f"{told}\n{who}", (blocks.rich(quoted, attribution),))


# --- the head of a message ------------------------------------------------------


def _header(reply: Reply, about: Cited | None, note: str) -> list[Block]:
    parts: list[Element] = []
    if about is not None:
        author = escaping.line(texts.answers_message(about.author), _NAME)
        address = linkable(about.url)
        parts.append(blocks.section(*([blocks.link(address, author)] if address else
                                      [blocks.text(author)])))  # fmt: skip
    headline = escaping.line(reply.headline, _SENTENCE)
    parts.append(blocks.section(blocks.text(headline, bold=True)))
    said = [blocks.rich(*parts)]
    query = reply.query
    if query and query.claim and reply.answered and judges_other_words(query):
        said.append(blocks.small(clipped(texts.sides_on(query.claim), _SENTENCE)))
    for sentence in (note, texts.NEAR_TOPICS if reply.suggestions else ""):
        if sentence:
            said.append(blocks.rich(blocks.section(blocks.text(clipped(sentence, _SENTENCE)))))
    return said


# --- quotes ---------------------------------------------------------------------


def _further(reply: Reply, seen: Seen, most: ReplyLimits, gone: int) -> Message:
    lost = texts.quotes_gone(gone) if gone else ""
    page = _page(reply, most, seen, limits.length(lost))
    if not page.quotes and not page.counterpoints:
        return blocks.notice(" ".join(part for part in (lost, texts.NO_MORE) if part))
    head = [blocks.small(lost)] if lost else []
    further = blocks.row(_more(reply, page))
    told = _fallback((lost, reply.headline), page)
    return Message(told, (*head, *_sides(reply, page), *further))


def _page(reply: Reply, most: ReplyLimits, seen: Seen, header: int) -> Page:
    heading = blocks.weight(_counterpoints_heading(reply.query))
    room = blocks.ROOM - header - heading

    def size(evidence: Evidence) -> int:
        return min(room, blocks.weight(_told(evidence, 999, takes_sides=True)))

    return page_of(reply, most, room, size, seen)


def _sides(reply: Reply, page: Page) -> Iterator[Block]:
    takes_sides = bool(reply.query and reply.query.claim)
    for found, heading in (
        (page.quotes, []),
        (page.counterpoints, _counterpoints_heading(reply.query)),
    ):
        if not found:
            continue
        yield from heading
        for number, evidence in found:
            yield _told(evidence, number, takes_sides=takes_sides)
        if reply.is_kept:
            yield from blocks.row([_context(reply, one, number) for number, one in found])


def _counterpoints_heading(query: Query | None) -> list[Block]:
    why = argued_against(query)
    lead = [blocks.divider(), blocks.header(texts.COUNTERPOINTS)]
    return [*lead, blocks.small(clipped(why, _SENTENCE))] if why else lead


def _told(evidence: Evidence, number: int, *, takes_sides: bool) -> Block:
    """Return a quote and what a reader is told about it."""
    said = readable(evidence.quote.text)
    stance = f"{STANCES[evidence.stance]}{DOT}" if takes_sides else ""
    lead = [blocks.text(str(number), bold=True), blocks.text(f"{DOT}{stance}")]
    attribution = blocks.section(*lead, *_attribution(evidence, number))
    if limits.length(said) > _LONGEST_QUOTE:
        return blocks.rich(blocks.section(blocks.text(texts.TOO_LONG_TO_SHOW)), attribution)
    return blocks.rich(blocks.quote(blocks.text(said)), attribution)


def _attribution(evidence: Evidence, number: int) -> list[Element]:
    """Return who says a quote, where and when, with the ways to read it in its place."""
    quote, source = evidence.quote, evidence.source
    who = escaping.line(quote.speaker or source.author or "", _NAME) or texts.UNKNOWN_AUTHOR
    parts = [blocks.text(who, bold=True)]
    parts += [blocks.text(f"{DOT}{one}") for one in _place(evidence)]
    if quote.reported:
        parts += [blocks.text(DOT), blocks.text(texts.REPORTED, bold=True)]
    # What leads to the bot's own machine is dead for everybody else; a button shows the context.
    permalink = None if is_loopback(quote.permalink) else linkable(quote.permalink)
    if permalink is not None:
        title = escaping.line(source.title, _TITLE) or texts.OPEN_SOURCE
        cited = blocks.citation(permalink, texts.OPEN_SOURCE, number, title)
        parts += [blocks.text(DOT), cited]
    if original := linkable(source.url or ""):
        parts += [blocks.text(DOT), blocks.link(original, texts.ORIGINAL)]
    return parts


def _place(evidence: Evidence) -> list[str]:
    quote, source = evidence.quote, evidence.source
    said = (
        escaping.line(source.title, _TITLE),
        escaping.line(source.date or texts.UNKNOWN_DATE, _SHORT),
        escaping.line(quote.locator or "", _SHORT),
    )
    return [part for part in said if part]


# --- what is read out, and shown where blocks fail --------------------------------


def _fallback(lead: Sequence[str], page: Page) -> str:
    """Return the message as a text: what leads, then whole quotes as long as there is room."""
    said = [escaping.escaped(escaping.line(one), _SENTENCE) for one in lead if one]
    room = blocks.TEXT_ROOM - limits.length("\n\n".join(said))
    quotes = [_read_out(number, evidence) for number, evidence in page.quotes]
    against = [_read_out(number, evidence) for number, evidence in page.counterpoints]
    if against:  # a heading goes with what it is the heading of
        against[0] = f"{texts.COUNTERPOINTS}\n\n{against[0]}"
    for told in (*quotes, *against):
        room -= limits.length(told) + 2
        if room < 0:
            break
        said.append(told)
    return "\n\n".join(said)


def _read_out(number: int, evidence: Evidence) -> str:
    left, right = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"
    said = escaping.escaped(readable(evidence.quote.text))
    return f"{number} {left}{said}{right} \N{EM DASH} {escaping.escaped(_who(evidence))}"


def _who(evidence: Evidence) -> str:
    quote, source = evidence.quote, evidence.source
    who = escaping.line(quote.speaker or source.author or "", _NAME) or texts.UNKNOWN_AUTHOR
    reported = [texts.REPORTED] if quote.reported else []
    return ", ".join([who, *_place(evidence), *reported])


# --- buttons --------------------------------------------------------------------


def _context(reply: Reply, evidence: Evidence, number: int) -> Element:
    press = Press(Action.CONTEXT, reply.id, detail_of(evidence, number))
    return blocks.button(press.on_button, f"{texts.CONTEXT} {number}")


def _more(reply: Reply, page: Page) -> list[Element]:
    if not page.left:
        return []
    press = Press(Action.MORE, reply.id, str(page.seen))
    return [blocks.button(press.on_button, texts.show_more(page.left), "primary")]


def _buttons(reply: Reply, page: Page) -> list[Block]:
    buttons = _more(reply, page)
    if reply.counterpoints:
        press = Press(Action.COUNTERPOINTS, reply.id)
        buttons.append(blocks.button(press.on_button, texts.COUNTERPOINTS))
    buttons.append(blocks.button(Press(Action.WHY, reply.id).on_button, texts.WHY))
    return [*blocks.row(buttons), _feedback(reply)]


def _feedback(reply: Reply) -> Block:
    """Return Slack's own thumbs; what they say is in their values."""
    sides = {
        f"{side}_button": {
            "text": blocks.plain(label, limits.BUTTON_LABEL),
            "accessibility_label": label,
            "value": Press(action, reply.id).on_button,
        }
        for side, action, label in (
            ("positive", Action.HELPFUL, texts.HELPFUL),
            ("negative", Action.NOT_HELPFUL, texts.NOT_HELPFUL),
        )
    }
    element = {"type": "feedback_buttons", "action_id": f"{FEEDBACK}:{reply.id}", **sides}
    return {"type": "context_actions", "elements": [element]}


FEEDBACK = "cp1-feedback"
"""How the name of the thumbs begins; which of them was pressed says its value."""


def _suggestions(reply: Reply, topics: Sequence[Topic]) -> list[Block]:
    titles = _titles(topics)
    asks = {slug: Press(Action.TOPIC, detail=slug) for slug in reply.suggestions if slug}
    return blocks.row(
        [
            blocks.button(press.on_button, titles.get(slug) or slug)
            for slug, press in list(asks.items())[: limits.ROW_BUTTONS]
            if press.fits(limits.ACTION_ID)
        ]
    )


def _titles(topics: Sequence[Topic]) -> dict[str, str]:
    return {topic.slug: topic.title for topic in topics}
