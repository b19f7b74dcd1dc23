"""Put the web application together; each part adds its own routes."""

from aiohttp import web
from prometheus_client import CollectorRegistry

from adapters.messaging.working import Work
from adapters.web import cards, operating, reader, searching
from adapters.web.assets import Assets
from adapters.web.dashboard import routes as dashboard
from adapters.web.failing import show_failures
from adapters.web.keys import APPLICATION, CORE, PAGES, WORK
from adapters.web.pages import Pages
from adapters.web.security import LONGEST_BODY, add_headers, handled_within, sent_within
from bot.bootstrap import Application, Core

ROBOTS = "User-agent: *\nDisallow: /search\n"
"""A search is a question that somebody asks, not a page to collect."""


def make_app(core: Core, application: Application) -> web.Application:
    """Return the web application.

    Args:
        core: What answers and what is read.
        application: Counterpoint as the operator set it up.
    """
    registry = CollectorRegistry()
    # The first stands around the others.
    app = web.Application(
        middlewares=[
            sent_within(),
            operating.metered(registry),
            show_failures,
            handled_within(),
        ],
        client_max_size=LONGEST_BODY,
    )
    assets = Assets()
    app[CORE] = core
    app[APPLICATION] = application
    app[PAGES] = Pages(assets, application.settings.public_url)
    app[WORK] = Work()
    app.on_response_prepare.append(add_headers)
    app.router.add_get("/static/{name}", assets.handle)
    app.router.add_get("/robots.txt", _robots)
    reader.add_routes(app)
    searching.add_routes(app)
    cards.add_routes(app)
    dashboard.add_routes(app)
    operating.add_routes(app, registry)
    return app


async def _robots(_: web.Request) -> web.Response:
    return web.Response(text=ROBOTS, headers={"Cache-Control": "public, max-age=3600"})
