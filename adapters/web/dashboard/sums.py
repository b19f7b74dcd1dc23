"""The tables of the dashboard, made of what the log adds up to."""

from collections import Counter
from collections.abc import Sequence, Set
from itertools import chain
from math import ceil
from urllib.parse import quote

from adapters.web.dashboard.tables import Cell, Column, Linked, Look, Table, moment
from adapters.web.leaves import permalink_path
from bot import dashboard_texts as told
from bot.administration import Disputes, Oversight
from bot.errors import IndexUnavailable
from bot.ports.figures import PeriodCount, ShownCount
from bot.reading import Reading
from bot.texts import UNKNOWN_AUTHOR
from bot.types import Stance, Topic

DAY_S = 86_400
HOUR_S = 3_600
PERCENTILES = (0.5, 0.95, 0.99)
MOST_ROWS = 1_000
MOST_WORDINGS = 6


class Sums:
    """Makes the tables; ``days`` is how far they look back.

    Args:
        oversight: What the log adds up to.
        reading: Who says what in the documents.
    """

    def __init__(self, oversight: Oversight, reading: Reading) -> None:
        self._oversight = oversight
        self._reading = reading

    def since(self, days: int) -> float:
        """Return where the last days begin, in seconds since the epoch."""
        return self._oversight.clock() - days * DAY_S

    async def periods(self, days: int) -> list[PeriodCount]:
        """Return how much was asked in each hour of one day, or on each of several days."""
        length = period_s(days)
        since = self.since(days)
        found = {one.period: one for one in await self._oversight.figures.by_period(since, length)}
        first, last = int(since // length), int(self._oversight.clock() // length)
        empty = [PeriodCount(period) for period in range(first, last + 1)]
        return [found.get(one.period, one) for one in empty]

    async def asked(self, days: int) -> Table:
        """Return what was asked, by place and kind."""
        rows = await self._oversight.figures.asked(self.since(days))
        columns = (
            Column("platform", "Platform", Look.NAME),
            Column("community", "Community", Look.NAME),
            Column("channel", "Channel", Look.NAME),
            Column("kind", "Kind", Look.NAME),
            Column("requests", "Requests", Look.NUMBER),
            Column("answered", told.ANSWERED, Look.NUMBER),
            Column("unanswered", told.UNANSWERED, Look.NUMBER),
            Column("failed", told.FAILED, Look.NUMBER),
            Column("refused", told.REFUSED, Look.NUMBER),
            Column("other", told.OTHER, Look.NUMBER),
            Column("answer_rate", "Answer rate", Look.SHARE),
        )
        cells = [
            (
                one.platform,
                one.community_id,
                one.channel_id,
                told.KINDS[one.kind] if one.kind else None,
                one.requests,
                one.answered,
                one.unanswered,
                one.failed,
                one.refused,
                one.other,
                rate(one.answered, one.unanswered),
            )
            for one in rows[:MOST_ROWS]
        ]
        return Table("asked", told.ASKED, columns, cells, told.ASKED_TOLD)

    async def latency(self, days: int) -> Table:
        """Return how long answers took, over all and by period."""
        columns = (
            Column("from", "From", Look.WHEN),
            Column("replies", "Replies", Look.NUMBER),
            Column("p50_ms", "Median", Look.MS),
            Column("p95_ms", "95 %", Look.MS),
            Column("p99_ms", "99 %", Look.MS),
        )
        length = period_s(days)
        rows: list[tuple[Cell, ...]] = [
            (moment(one.period * length), len(one.took_ms), *percentiles(one.took_ms))
            for one in await self.periods(days)
            if one.took_ms
        ]
        return Table("latency", told.LATENCY, columns, rows)

    async def feedback(self, days: int) -> Table:
        """Return what members said of replies."""
        columns = (Column("said", "Said"), Column("times", "Times", Look.NUMBER))
        found = await self._oversight.figures.feedback(self.since(days))
        rows = [(told.FEEDBACKS[one], times) for one, times in found]
        return Table("feedback", told.FEEDBACK, columns, rows)

    async def missing(self, days: int) -> Table:
        """Return what was searched for in vain, similar words together."""
        columns = (
            Column("asked", "Asked"),
            Column("also", "Also asked as"),
            Column("times", "Times", Look.NUMBER),
            Column("last", "Last", Look.WHEN),
        )
        wants = await self._oversight.wants(self.since(days))
        rows = [
            (
                want.texts[0],
                " / ".join(want.texts[1 : MOST_WORDINGS + 1]) or None,
                want.times,
                moment(want.last_at),
            )
            for want in wants[:MOST_ROWS]
        ]
        return Table("missing", told.MISSING, columns, rows, told.MISSING_TOLD)

    async def quotes(self, days: int) -> Table:
        """Return which quotes were shown how often, and who says them."""
        columns = (
            Column("quote", "Quote"),
            Column("speaker", "Who says it"),
            Column("title", "Document"),
            Column("document_id", "Id", Look.NAME),
            Column("times", "Times", Look.NUMBER),
        )
        readable_ids = await self._readable_ids()
        rows = [
            (
                Linked(one.text, permalink_path(one.document_id, one.start, one.end, one.text)),
                speaker,
                _linked(one.title, one.document_id, readable_ids),
                one.document_id,
                one.times,
            )
            for one, speaker in await self._shown(days)
        ]
        return Table("quotes", told.QUOTES, columns, rows)

    async def speakers(self, days: int) -> Table:
        """Return who was quoted how often."""
        counts: Counter[str] = Counter()
        for one, speaker in await self._shown(days):
            counts[speaker or UNKNOWN_AUTHOR] += one.times
        columns = (Column("speaker", "Who"), Column("times", "Times", Look.NUMBER))
        return Table("speakers", told.SPEAKERS, columns, counts.most_common())

    async def documents(self, days: int) -> Table:
        """Return which documents were quoted how often."""
        counts: Counter[str] = Counter()
        titles: dict[str, str] = {}
        for one in await self._oversight.figures.shown(self.since(days), MOST_ROWS):
            counts[one.document_id] += one.times
            titles[one.document_id] = one.title
        columns = (
            Column("title", "Document"),
            Column("document_id", "Id", Look.NAME),
            Column("times", "Times", Look.NUMBER),
        )
        readable_ids = await self._readable_ids()
        rows = [
            (_linked(titles[one], one, readable_ids), one, times)
            for one, times in counts.most_common()
        ]
        return Table("documents", told.DOCUMENTS, columns, rows)

    async def ledger(self, days: int) -> Table:
        """Return how many quotes of either side were shown on each topic."""
        counts: dict[str, Counter[Stance]] = {}
        for one in await self._oversight.figures.sides(self.since(days)):
            counts.setdefault(one.topic, Counter())[one.stance] += one.times
        names = titles_of(self._reading.topics)
        columns = (
            Column("topic", "Topic"),
            Column("supports", told.STANCES[Stance.SUPPORTS], Look.NUMBER),
            Column("opposes", told.STANCES[Stance.OPPOSES], Look.NUMBER),
            Column("neutral", told.STANCES[Stance.NEUTRAL], Look.NUMBER),
            Column("share_of_supports", "Share of support", Look.SHARE),
        )
        rows = [
            (
                names.get(topic, topic),
                sides[Stance.SUPPORTS],
                sides[Stance.OPPOSES],
                sides[Stance.NEUTRAL],
                rate(sides[Stance.SUPPORTS], sides[Stance.OPPOSES]),
            )
            for topic, sides in counts.items()
        ]
        return Table("ledger", told.LEDGER, columns, rows, told.LEDGER_TOLD)

    async def disputes(self, _: int) -> Table:
        """Return the replies that members found wrong."""
        return self.of_disputes(await self._oversight.disputes())

    def of_disputes(self, disputes: Disputes) -> Table:
        """Return disputes as a table, for a page that looked them up already."""
        columns = (
            Column("request_id", "Request"),
            Column("last", "Last", Look.WHEN),
            Column("said", "Said"),
            Column("asked", "Asked"),
            Column("quotes", "Quotes", Look.NUMBER),
            Column("is_open", "State"),
        )
        rows = [
            (
                one.entry.request_id,
                moment(one.complaint.last_at),
                ", ".join(told.said_by(n, told.FEEDBACKS[f]) for f, n in one.complaint.counts),
                one.entry.query.text if one.entry.query else one.entry.text,
                len(one.quotes),
                told.OPEN if one.is_open else told.SETTLED,
            )
            for one in disputes.shown
        ]
        return Table("disputes", told.DISPUTES, columns, rows)

    async def rulings(self, _: int) -> Table:
        """Return what was decided and holds."""
        columns = (
            Column("number", "Number", Look.NUMBER),
            Column("made", "Decided", Look.WHEN),
            Column("ruling", "What"),
            Column("document_id", "Document"),
            Column("quote", "Quote"),
            Column("speaker", "Speaker"),
            Column("side", "Side"),
            Column("request_id", "Request"),
        )
        rows = [
            (
                one.number,
                moment(one.made_at),
                told.RULINGS[one.verdict],
                one.document_id or None,
                one.text or None,
                one.speaker,
                told.STANCES[one.stance] if one.stance else None,
                one.request_id,
            )
            for one in await self._oversight.holding()
        ]
        return Table("rulings", told.HELD, columns, rows)

    async def _readable_ids(self) -> set[str]:
        try:
            return {one.document_id for one in (await self._reading.shelf()).sources}
        except IndexUnavailable:
            return set()

    async def _shown(self, days: int) -> list[tuple[ShownCount, str | None]]:
        found = await self._oversight.figures.shown(self.since(days), MOST_ROWS)
        try:
            speakers: Sequence[str | None] = await self._reading.speakers_of(
                [(one.document_id, one.text) for one in found]
            )
        except IndexUnavailable:
            speakers = [None] * len(found)
        return list(zip(found, speakers, strict=True))


def _linked(title: str, document_id: str, readable_ids: Set[str]) -> Cell:
    """Return the title of a document, which leads to it where it can still be read."""
    if document_id not in readable_ids:
        return title
    return Linked(title, f"/d/{quote(document_id, safe='')}")


def period_s(days: int) -> int:
    """Return how long a period is, in seconds, where so many days are looked at."""
    return HOUR_S if days == 1 else DAY_S


def percentiles(took_ms: Sequence[float]) -> tuple[float | None, ...]:
    """Return the percentiles of sorted times by nearest rank; None where there is no time."""
    if not took_ms:
        return (None,) * len(PERCENTILES)
    return tuple(took_ms[max(ceil(share * len(took_ms)) - 1, 0)] for share in PERCENTILES)


def all_times(periods: Sequence[PeriodCount]) -> list[float]:
    """Return the times of all periods, sorted."""
    return sorted(chain.from_iterable(one.took_ms for one in periods))


def rate(part: int, rest: int) -> float | None:
    """Return the share of a part in the whole; None where there is nothing."""
    return part / (part + rest) if part + rest else None


def titles_of(topics: Sequence[Topic]) -> dict[str, str]:
    """Return the titles of topics by their slugs."""
    return {topic.slug: topic.title for topic in topics}
