"""The pages that answer: a search, and a topic with both its sides.

A search is a question as on any platform: noted, and limited. A topic's page is read like a
document: what it shows depends on the index alone, so that it is made once and not noted.
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.messaging.sides import argued_against, judges_other_words
from adapters.web.answers import REVALIDATED, Rendered, answer
from adapters.web.askers import Turnstile, asker_of
from adapters.web.evidence import shown
from adapters.web.failing import failure, too_soon
from adapters.web.holding import Held
from adapters.web.keys import APPLICATION, CORE, PAGES
from adapters.web.pages import Pages
from bot import page_texts
from bot.conversation.composing import FIRST_REPLY
from bot.types import Interaction, QueryKind, Reply, Stance, Topic, Trigger, Visibility

if TYPE_CHECKING:
    from bot.reading import Reading
    from bot.service import Bot
    from bot.settings import Settings

PLATFORM = "web"
"""What the journal calls this platform; all searches are in one channel of it."""
LONGEST_QUESTION = 500
"""Characters."""

_TOPICS_HELD = 256
_NOBODY = "reader"
_ASKED = "private, max-age=60"
"""Going back to an answer does not ask again."""
_ERROR_STATUS = {"error_index": 503, "error_journal": 503, "error_index_busy": 503}


def add_routes(app: web.Application) -> None:
    """Add the pages that answer to the application."""
    core = app[CORE]
    answering = Answering(core.bot, core.reading, app[PAGES], app[APPLICATION].settings)
    app.router.add_get("/search", answering.search)
    app.router.add_get("/t/{slug}", answering.topic)


class Answering:
    """Answers those who search.

    Args:
        bot: The core.
        reading: Says what serves, and which topics there are.
        pages: Makes the pages.
        settings: The limits, and whom to believe about addresses.
        clock: Seconds since the epoch, UTC.
        new_id: Makes ids of requests.
    """

    def __init__(
        self,
        bot: "Bot",
        reading: "Reading",
        pages: Pages,
        settings: "Settings",
        clock: Callable[[], float] = time.time,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._bot = bot
        self._quiet = bot.unnoted()
        self._reading = reading
        self._pages = pages
        self._trusts_proxy = settings.web_trust_proxy
        self._turnstile = Turnstile(settings.rate_per_user, settings.rate_per_channel)
        self._clock = clock
        self._new_id = new_id
        self._topics = Held[Rendered](_TOPICS_HELD)
        self._in_hand: dict[tuple[str, Topic], asyncio.Lock] = {}

    # --- a search -------------------------------------------------------------------

    async def search(self, request: web.Request) -> web.StreamResponse:
        """Answer a question, a claim or a topic."""
        asked = " ".join(request.query.get("q", "").split())
        if len(asked) > LONGEST_QUESTION:
            return failure(request, 400, page_texts.QUESTION_TOO_LONG)
        if not asked or request.method == "HEAD":
            return self._page(request, asked, None)
        if not _is_visit(request):
            return failure(request, 403, page_texts.NOT_BY_ITSELF)
        asker = asker_of(request, trusts_proxy=self._trusts_proxy)
        wait_s = self._turnstile.wait_s(asker)
        if wait_s > 0:
            return too_soon(request, ceil(wait_s))
        reply = await self._bot.handle(self._interaction(asked, asker))
        if reply is None:  # only an id that was used before
            raise web.HTTPServiceUnavailable
        if reply.error is not None:
            return _apology(request, reply)
        response = self._page(request, asked, reply)
        await self._bot.delivered(reply, [reply.id])
        return response

    def _interaction(self, asked: str, asker: str) -> Interaction:
        return Interaction(
            id=self._new_id(),
            platform=PLATFORM,
            community_id=PLATFORM,
            channel_id=PLATFORM,
            asker_id=asker,
            text=asked,
            trigger=Trigger.DIRECT,
            created_at=self._clock(),
            visibility=Visibility.ASKER,
        )

    def _page(self, request: web.Request, asked: str, reply: Reply | None) -> web.Response:
        names = {topic.slug: topic.title for topic in self._bot.topics}
        query = reply.query if reply is not None else None
        claim = query.claim if query is not None else None
        return self._pages.respond(
            request,
            "search.html",
            cache_control=_ASKED,
            title=asked or page_texts.SEARCH,
            asked=asked,
            reply=reply,
            claim=claim,
            sides_on=claim if query is not None and judges_other_words(query) else None,
            against=argued_against(query),
            quotes=shown(reply.quotes if reply else (), takes_sides=claim is not None),
            counterpoints=shown(
                reply.counterpoints if reply else (), takes_sides=claim is not None
            ),
            first=FIRST_REPLY,
            suggestions=[
                (slug, names[slug])
                for slug in (reply.suggestions if reply else ())
                if slug in names
            ],
            topic=query.topic if query is not None and query.topic in names else None,
        )

    # --- a topic --------------------------------------------------------------------

    async def topic(self, request: web.Request) -> web.StreamResponse:
        """Answer with both sides of a topic."""
        slug = request.match_info["slug"]
        topic = next((one for one in self._reading.topics if one.slug == slug), None)
        if topic is None:
            return failure(request, 404, page_texts.NO_TOPIC)
        key = (await self._reading.version(), topic)
        rendered = self._topics.get(key)
        if rendered is None:
            # Of those who come at once, one looks it up.
            async with self._in_hand.setdefault(key, asyncio.Lock()):
                made = self._topics.get(key) or await self._topic(topic)
                self._in_hand.pop(key, None)
            if isinstance(made, Reply):
                return _apology(request, made)
            rendered = self._topics.put(key, made)
        return answer(request, rendered, cache_control=REVALIDATED)

    async def _topic(self, topic: Topic) -> Rendered | Reply:
        asked = Interaction(
            id=self._new_id(),
            platform=PLATFORM,
            community_id=PLATFORM,
            channel_id=PLATFORM,
            asker_id=_NOBODY,
            text=topic.slug,
            trigger=Trigger.DIRECT,
            created_at=self._clock(),
            kind=QueryKind.TOPIC,
        )
        reply = await self._quiet.handle(asked)
        if reply is None:
            raise web.HTTPServiceUnavailable
        if reply.error is not None:
            return reply
        supporting = [one for one in reply.quotes if one.stance is Stance.SUPPORTS]
        bearing = [one for one in reply.quotes if one.stance is not Stance.SUPPORTS]
        return self._pages.rendered(
            "topic.html",
            title=topic.title,
            topic=topic,
            reply=reply,
            supporting=shown(supporting, takes_sides=False),
            opposing=shown(reply.counterpoints, takes_sides=False),
            bearing=shown(bearing, takes_sides=False),
            canonical=f"/t/{topic.slug}",
        )


def _apology(request: web.Request, reply: Reply) -> web.Response:
    status = 429 if reply.error == "error_rate" else _ERROR_STATUS.get(reply.error or "", 500)
    headers = {"Retry-After": "60"} if status in (429, 503) else {}
    return failure(request, status, reply.headline, headers=headers)


def _is_visit(request: web.Request) -> bool:
    """Whether somebody opens the page, and no other site or browser fetches it unasked."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    is_fetched = request.headers.get("Sec-Fetch-Dest", "document") != "document"
    return "prefetch" not in purpose and not is_fetched
