"""The pages of the dashboard that are looked at, their tables as files, and their plots."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from adapters.web.dashboard import plots
from adapters.web.dashboard.corpus import OPENED, CorpusTables
from adapters.web.dashboard.entering import Entrance
from adapters.web.dashboard.sums import Sums, all_times, percentiles, rate
from adapters.web.dashboard.tables import (
    Look,
    Table,
    as_csv,
    as_json,
    moment,
    path_of,
    shown,
)
from adapters.web.keys import PAGES
from bot import admin_texts
from bot import dashboard_texts as told
from bot.administration import Administration
from bot.errors import BotError
from bot.types import Feedback

USUAL_DAYS = 7
MOST_ROWS = 50
"""Rows of a table that a page shows; its files have all."""

MakeTable = Callable[[int], Awaitable[Table]]

_ALONE = "private, no-store"


class Shower:
    """Shows what the log adds up to.

    Args:
        sums: Makes the tables.
        corpus: Makes those of the corpus.
        entrance: Knows what the forms of a session need.
        administration: Knows what serves.
    """

    def __init__(
        self,
        sums: Sums,
        corpus: CorpusTables,
        entrance: Entrance,
        administration: Administration,
    ) -> None:
        self.sums = sums
        self._corpus = corpus
        self._entrance = entrance
        self._administration = administration
        self._tables: Mapping[str, MakeTable] = {
            "asked": sums.asked,
            "latency": sums.latency,
            "feedback": sums.feedback,
            "missing": sums.missing,
            "quotes": sums.quotes,
            "speakers": sums.speakers,
            "documents": sums.documents,
            "ledger": sums.ledger,
            "corpus": corpus.corpus_table,
            "reindexes": corpus.reindex_table,
            "reindex-changes": corpus.change_table,
            "reindex-failures": corpus.failure_table,
            "gone-quotes": corpus.gone_table,
            "disputes": sums.disputes,
            "rulings": sums.rulings,
        }

    def page(self, request: web.Request, template: str, **values: Any) -> web.Response:
        """Return a page of the dashboard."""
        return request.app[PAGES].respond(
            request,
            f"dashboard/{template}",
            desk=told,
            here=request.path,
            shown=shown,
            path_of=path_of,
            most_rows=MOST_ROWS,
            **{"days": None, **self._entrance.values(request), **values},
        )

    async def overview(self, request: web.Request) -> web.StreamResponse:
        """Answer with how much was asked, answered and liked."""
        days = _days(request)
        asked, feedback = await self.sums.asked(days), await self.sums.feedback(days)
        periods = await self.sums.periods(days)
        median, slowest, _ = percentiles(all_times(periods))
        said = {row[0]: int(str(row[1])) for row in feedback.rows}
        helpful = said.pop(told.FEEDBACKS[Feedback.HELPFUL], 0)
        answered, unanswered = (sum(int(str(row[at])) for row in asked.rows) for at in (5, 6))
        return self.page(
            request,
            "overview.html",
            title=told.OVERVIEW,
            days=days,
            headlines=[
                (shown(sum(int(str(row[4])) for row in asked.rows), Look.NUMBER), told.REQUESTS),
                (shown(rate(answered, unanswered), Look.SHARE), told.ANSWER_RATE),
                (shown(median, Look.MS), told.MEDIAN),
                (shown(slowest, Look.MS), told.SLOWEST),
                (shown(rate(helpful, sum(said.values())), Look.SHARE), told.HELPFUL_SHARE),
            ],
            plots=[("asked", told.PLOT_ASKED), ("latency", told.PLOT_LATENCY)],
            tables=[asked, feedback, await self.sums.latency(days)],
        )

    async def missing(self, request: web.Request) -> web.StreamResponse:
        """Answer with what was searched for in vain."""
        days = _days(request)
        table = await self.sums.missing(days)
        return self.page(request, "sums.html", title=told.MISSING, days=days, plots=[],
                         tables=[table])  # fmt: skip

    async def shown(self, request: web.Request) -> web.StreamResponse:
        """Answer with what was shown, and how even the sides were."""
        days = _days(request)
        tables = [
            await self.sums.ledger(days),
            await self.sums.speakers(days),
            await self.sums.documents(days),
            await self.sums.quotes(days),
        ]
        drawn = [("ledger", told.PLOT_LEDGER)] if tables[0].rows else []
        return self.page(request, "sums.html", title=told.SHOWN, days=days, plots=drawn,
                         tables=tables)  # fmt: skip

    async def corpus(self, request: web.Request) -> web.StreamResponse:
        """Answer with what the last reindexes did, which quotes are gone, and the documents."""
        try:
            status = await self._administration.status()
            version, built_at = status.version, status.built_at
        except BotError:
            version, built_at = None, None
        day = shown(moment(built_at), Look.WHEN)
        gone = await self._corpus.gone()
        return self.page(
            request,
            "corpus.html",
            title=told.CORPUS,
            lead=f"{told.VERSION} {version}, {told.read_on(day)}." if version else None,
            opened=OPENED,
            reindexes=await self._corpus.reindexes(),
            gone=gone,
            gone_told=admin_texts.quotes_lost(len(gone)) if gone else None,
            readable_ids=await self._corpus.documents(),
            documents=await self._corpus.corpus_table(0),
        )

    async def table(self, request: web.Request) -> web.StreamResponse:
        """Answer with a table as a file."""
        name, form = request.match_info["name"], request.match_info["form"]
        make = self._tables.get(name)
        if make is None:
            raise web.HTTPNotFound
        table = await make(_days(request))
        body, kind = (
            (as_csv(table), "text/csv") if form == "csv" else (as_json(table), "application/json")
        )
        headers = {
            "Content-Disposition": f'attachment; filename="counterpoint-{name}.{form}"',
            "Cache-Control": _ALONE,
        }
        return web.Response(
            body=body.encode("utf-8", "replace"), content_type=kind, charset="utf-8",
            headers=headers,
        )  # fmt: skip

    async def plot(self, request: web.Request) -> web.StreamResponse:
        """Answer with a plot as an SVG file."""
        name, days = request.match_info["name"], _days(request)
        try:
            theme = plots.Theme(request.query.get("theme", plots.Theme.LIGHT))
            size = plots.Size(request.query.get("size", plots.Size.WIDE))
        except ValueError:
            raise web.HTTPNotFound from None
        if name == "ledger":
            svg = await asyncio.to_thread(plots.ledger, await self.sums.ledger(days), theme, size)
        elif name in ("asked", "latency"):
            draw = plots.asked if name == "asked" else plots.latency
            svg = await asyncio.to_thread(draw, await self.sums.periods(days), days, theme, size)
        else:
            raise web.HTTPNotFound
        headers = {
            "Cache-Control": _ALONE,
            "Content-Security-Policy": plots.policy(svg),
        }
        return web.Response(body=svg, content_type="image/svg+xml", headers=headers)


def _days(request: web.Request) -> int:
    """Return how far to look back; raises HTTPNotFound for a span that there is not."""
    asked = request.query.get("days", str(USUAL_DAYS))
    days = next((one for one in told.SPANS if str(one) == asked), None)
    if days is None:
        raise web.HTTPNotFound
    return days
