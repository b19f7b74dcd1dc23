"""The queue of disputes: what members found wrong, and what is decided about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from adapters.web.dashboard.showing import Shower
from adapters.web.dashboard.tables import Look, moment, shown
from adapters.web.failing import failure
from adapters.web.leaves import permalink_path
from bot import dashboard_texts as told
from bot.administration import Dispute, Oversight
from bot.errors import IndexUnavailable
from bot.ports import Correction, QuoteRole, Ruling, Verdict
from bot.reading import Reading
from bot.types import Stance
from bot.typography import readable

PAGE = "/dashboard/disputes"
LONGEST_SPEAKER = 100
"""Characters."""


@dataclass(frozen=True, slots=True)
class _Disputed:
    """A quote of a disputed reply, ready to be shown."""

    role: str
    rank: int
    text: str
    title: str
    speaker: str | None
    stance: Stance
    path: str
    rulings: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class _Item:
    """A disputed reply, ready to be shown."""

    request_id: str
    asked: str | None
    claim: str | None
    place: str
    said: Sequence[str]
    quotes: Sequence[_Disputed]


class Deciding:
    """Shows disputes and notes what is decided.

    Args:
        oversight: Knows and notes it.
        reading: Knows who says what.
        shower: Makes pages of the dashboard.
    """

    def __init__(self, oversight: Oversight, reading: Reading, shower: Shower) -> None:
        self._oversight = oversight
        self._reading = reading
        self._shower = shower

    async def page(self, request: web.Request) -> web.StreamResponse:
        """Answer with the disputes and what holds."""
        disputes = await self._oversight.disputes()
        opened = [await self._item(one) for one in disputes.shown if one.is_open]
        settled = [await self._item(one) for one in disputes.shown if not one.is_open]
        return self._shower.page(
            request,
            "disputes.html",
            title=told.DISPUTES,
            opened=opened,
            settled=settled,
            in_all=disputes.opened,
            settled_in_all=disputes.settled,
            rulings=[
                (one, _told(one), shown(moment(one.made_at), Look.WHEN))
                for one in await self._oversight.holding()
            ],
            sides=told.STANCES,
            longest_speaker=LONGEST_SPEAKER,
            tables=[
                self._shower.sums.of_disputes(disputes),
                await self._shower.sums.rulings(0),
            ],
        )

    async def rule(self, request: web.Request) -> web.StreamResponse:
        """Note what was decided about a quote, or a whole reply."""
        fields = await request.post()
        request_id = str(fields.get("request", ""))
        try:
            verdict = Verdict(str(fields.get("verdict", "")))
            if verdict is Verdict.DISMISS:
                is_noted = await self._oversight.dismiss(request_id)
            else:
                speaker = " ".join(str(fields.get("speaker", "")).split())
                if len(speaker) > LONGEST_SPEAKER:
                    return failure(request, 400, told.SPEAKER_TOO_LONG)
                if verdict is Verdict.SPEAKER and not speaker:
                    return failure(request, 400, told.BAD_RULING)
                ruling = Ruling(
                    verdict,
                    request_id,
                    speaker=speaker if verdict is Verdict.SPEAKER else None,
                    stance=Stance(str(fields.get("side"))) if verdict is Verdict.SIDE else None,
                )
                role, rank = QuoteRole(str(fields.get("role"))), int(str(fields.get("rank")))
                is_noted = await self._oversight.rule(ruling, role, rank)
        except ValueError:
            is_noted = False
        return _back() if is_noted else failure(request, 400, told.BAD_RULING)

    async def undo(self, request: web.Request) -> web.StreamResponse:
        """Take back what was decided."""
        number = str((await request.post()).get("number", ""))
        if not (number.isascii() and number.isdigit() and len(number) <= 12):
            return failure(request, 400, told.NO_RULING)
        if not await self._oversight.undo(int(number)):
            return failure(request, 404, told.NO_RULING)
        return _back()

    async def _item(self, dispute: Dispute) -> _Item:
        entry = dispute.entry
        try:
            speakers = await self._reading.speakers_of(
                [(one.shown.document_id, one.text) for one in dispute.quotes]
            )
        except IndexUnavailable:
            speakers = [None] * len(dispute.quotes)
        quotes = [
            _Disputed(
                role=one.shown.role.value,
                rank=one.shown.rank,
                text=readable(one.text),
                title=one.title,
                speaker=speaker,
                stance=one.shown.stance,
                path=permalink_path(
                    one.shown.document_id, one.shown.start, one.shown.end, one.text
                ),
                rulings=[(ruling.number, _told(ruling)) for ruling in one.rulings],
            )
            for one, speaker in zip(dispute.quotes, speakers, strict=True)
        ]
        return _Item(
            request_id=entry.request_id,
            asked=entry.query.text if entry.query is not None else entry.text,
            claim=dispute.claim,
            place=told.asked_on(entry.platform, shown(moment(entry.begun_at), Look.WHEN)),
            said=[told.said_by(n, told.FEEDBACKS[one]) for one, n in dispute.complaint.counts],
            quotes=quotes,
        )


def _told(ruling: Correction) -> str:
    what = told.RULINGS[ruling.verdict]
    if ruling.speaker:
        return f"{what}: {ruling.speaker}"
    return f"{what}: {told.STANCES[ruling.stance]}" if ruling.stance else what


def _back() -> web.Response:
    return web.Response(status=303, headers={"Location": PAGE, "Cache-Control": "no-store"})
