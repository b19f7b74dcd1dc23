"""Add the dashboard to the web application, where a password for it is set."""

import logging

from aiohttp import web

from adapters.web.dashboard.corpus import CorpusTables
from adapters.web.dashboard.deciding import PAGE as DISPUTES
from adapters.web.dashboard.deciding import Deciding
from adapters.web.dashboard.entering import LOGIN, START, Entrance
from adapters.web.dashboard.passwords import checked_hash
from adapters.web.dashboard.sessions import Sessions, session_key
from adapters.web.dashboard.showing import Shower
from adapters.web.dashboard.sums import Sums
from adapters.web.failing import failure
from adapters.web.keys import APPLICATION, CORE
from bot import dashboard_texts
from bot.administration import ENTER_PATH

_log = logging.getLogger(__name__)


def add_routes(app: web.Application) -> None:
    """Add the dashboard to the application; without a password there is none.

    Raises:
        ConfigError: The password's hash is none, or the key of the sessions cannot be used.
    """
    core, settings = app[CORE], app[APPLICATION].settings
    if settings.web_admin_password_hash is None:
        hint = "set WEB_ADMIN_PASSWORD_HASH to what `counterpoint web-password` prints"
        _log.info("no_dashboard", extra={"hint": hint})
        return
    password_hash = checked_hash(settings.web_admin_password_hash)
    key = session_key(settings.data_dir / "web.key")
    if core.oversight is None:
        app.router.add_get(START, _nothing)
        app.router.add_get(f"{START}/{{tail:.*}}", _nothing)
        return
    entrance = Entrance(
        Sessions(key, password_hash, core.oversight.clock),
        core.oversight.accounts,
        password_hash,
        is_secure=settings.public_url.startswith("https://"),
        trusts_proxy=settings.web_trust_proxy,
    )
    sums = Sums(core.oversight, core.reading)
    corpus = CorpusTables(core.oversight, core.reading)
    shower = Shower(sums, corpus, entrance, core.administration)
    deciding = Deciding(core.oversight, core.reading, shower)
    app.router.add_get(LOGIN, entrance.form)
    app.router.add_post(LOGIN, entrance.enter)
    app.router.add_get(f"{ENTER_PATH}/{{link}}", entrance.invitation)
    app.router.add_post(f"{ENTER_PATH}/{{link}}", entrance.accept)
    for path, look in (
        (START, shower.overview),
        (f"{START}/missing", shower.missing),
        (f"{START}/shown", shower.shown),
        (f"{START}/corpus", shower.corpus),
        (DISPUTES, deciding.page),
        (f"{START}/tables/{{name}}.{{form:csv|json}}", shower.table),
        (f"{START}/plots/{{name}}.svg", shower.plot),
    ):
        app.router.add_get(path, entrance.guarded(look))
    for path, act in (
        (f"{START}/logout", entrance.leave),
        (f"{START}/rulings", deciding.rule),
        (f"{START}/undo", deciding.undo),
    ):
        app.router.add_post(path, entrance.guarded(act))


async def _nothing(request: web.Request) -> web.Response:
    return failure(request, 503, dashboard_texts.NO_LOG)
