"""Views that are plain text: what a platform would show, without its markup."""

from collections.abc import Sequence

from adapters.messaging.lengths import length
from adapters.messaging.paging import Page, Seen, page_of
from adapters.messaging.reports import Address, Channel, Moment, Part, Report, Strong
from adapters.messaging.surroundings import Cited
from bot.conversation.composing import ReplyLimits
from bot.types import Evidence, Reply, Topic

ROOM = 4000


class PlainViews:
    """Lays everything out as lines of text."""

    def reply(
        self,
        reply: Reply,
        topics: Sequence[Topic],
        *,
        first: ReplyLimits,
        about: Cited | None,
        note: str,
    ) -> str:
        cited = [f"{about.author} {about.url}"] if about else []
        page = page_of(reply, first, ROOM, _size)
        return "\n".join([*cited, reply.headline, *_quotes(page), *([note] if note else [])])

    def more(self, reply: Reply, seen: Seen, gone: int) -> str:
        first = ReplyLimits(quotes=3, counterpoints=3)
        return "\n".join([f"{gone} gone", *_quotes(page_of(reply, first, ROOM, _size, seen))])

    def counterpoints(self, reply: Reply, gone: int) -> str:
        return self.more(reply, Seen(len(reply.quotes), 0), gone)

    def context(self, evidence: Evidence, before: str, after: str) -> str:
        return f"{before}[{evidence.quote.text}]{after}"

    def report(self, report: Report) -> str:
        lines = ["".join(map(_part, line.parts)) for line in report.lines]
        buttons = [f"({choice.label})" for choice in report.choices]
        return "\n".join([*([report.title] if report.title else []), *lines, *buttons])

    def notice(self, sentence: str) -> str:
        return sentence

    def refusal(self, sentence: str, request_id: str) -> str:
        return f"{sentence} [{request_id}]"


def _quotes(page: Page) -> list[str]:
    return [f"{n} {one.quote.text}" for n, one in (*page.quotes, *page.counterpoints)]


def _size(evidence: Evidence) -> int:
    return length(evidence.quote.text)


def _part(part: Part) -> str:
    match part:
        case Strong(words):
            return words
        case Moment(at):
            return f"<{at:.0f}>"
        case Channel(channel_id):
            return f"#{channel_id}"
        case Address(url):
            return url
        case _:
            return part
