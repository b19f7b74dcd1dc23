"""The way into the dashboard and out of it, and who may pass."""

import asyncio
import logging
import re
import secrets
from collections.abc import Mapping
from math import ceil

from aiohttp import web

from adapters.web.askers import Turnstile, asker_of
from adapters.web.dashboard.passwords import fits
from adapters.web.dashboard.sessions import Session, Sessions
from adapters.web.failing import failure
from adapters.web.keys import PAGES
from adapters.web.security import Handler
from bot import dashboard_texts
from bot.ports import Accounts

_log = logging.getLogger(__name__)

START = "/dashboard"
LOGIN = "/dashboard/login"
TRIES_A_MINUTE = 5

SESSION = web.RequestKey("session", Session)
"""Under this name a request holds the session that it belongs to."""
TOKEN = "token"  # noqa: S105 (a field's name)
"""The field of a form that brings its token."""

_OWN = re.compile(r"/dashboard(?:/[a-z]+)*(?:\?days=\d{1,2})?", re.ASCII)


class Entrance:
    """Lets those in who know the password, or have a link that was made for an owner in chat.

    Args:
        sessions: Makes and reads sessions.
        accounts: Knows which have ended, and which links are good.
        password_hash: What the password has to fit.
        is_secure: Whether browsers come by https.
        trusts_proxy: Whether X-Forwarded-For tells who comes.
    """

    def __init__(
        self,
        sessions: Sessions,
        accounts: Accounts,
        password_hash: str,
        *,
        is_secure: bool,
        trusts_proxy: bool,
    ) -> None:
        self._sessions = sessions
        self._accounts = accounts
        self._password_hash = password_hash
        self._is_secure = is_secure
        self._trusts_proxy = trusts_proxy
        # A browser takes a cookie of this name over https only, and from this very host.
        self._cookie = "__Host-counterpoint" if is_secure else "counterpoint"
        self._form_cookie = f"{self._cookie}-login"
        self._tries = Turnstile(TRIES_A_MINUTE, 0)
        self._one_at_a_time = asyncio.Lock()

    def guarded(self, handler: Handler) -> Handler:
        """Return a handler that only those reach who are logged in.

        A form has to bring the token of its session along.
        """

        async def handle(request: web.Request) -> web.StreamResponse:
            session = await self._session_of(request)
            is_form = request.method not in ("GET", "HEAD")
            if session is None:
                if is_form:
                    return failure(request, 403, dashboard_texts.NOT_ENTERED)
                return _see(f"{LOGIN}?next={_next_of(request.path_qs)}")
            if is_form and not await self._is_own_form(request, session.id):
                return failure(request, 403, dashboard_texts.STALE_FORM)
            request[SESSION] = session
            response = await handler(request)
            renewed = self._sessions.renewed(session)
            if renewed is not None and request.path != f"{START}/logout":
                self._keep(response, renewed)
            return response

        return handle

    def values(self, request: web.Request) -> Mapping[str, str]:
        """Return what every page of a session needs for its forms."""
        session = request[SESSION]
        return {TOKEN: self._sessions.token(session.id)}

    async def form(self, request: web.Request) -> web.StreamResponse:
        """Answer with the form to log in."""
        if await self._session_of(request) is not None:
            return _see(_next_of(request.query.get("next", "")))
        return self._login(request, _next_of(request.query.get("next", "")))

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Log somebody in who knows the password."""
        refusal = await self._refusal(request)
        if refusal is not None:
            return refusal
        fields = await request.post()
        password, onward = str(fields.get("password", "")), str(fields.get("next", ""))
        async with self._one_at_a_time:  # each takes 64 MB and a core for a moment
            is_right = await asyncio.to_thread(fits, password, self._password_hash)
        if not is_right:
            _log.warning("login_failed")
            return self._login(request, _next_of(onward), dashboard_texts.WRONG_PASSWORD)
        return self._admitted(_next_of(onward), "password")

    async def invitation(self, request: web.Request) -> web.StreamResponse:
        """Answer with the page of a link, which a look does not use up: programs look as well."""
        if await self._session_of(request) is not None:
            return _see(START)
        return self._page(request, "link")

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Log somebody in by a link, and use it up."""
        refusal = await self._refusal(request)
        if refusal is not None:
            return refusal
        if not await self._accounts.use_link(request.match_info["link"]):
            _log.warning("login_failed")
            return self._page(request, "link", dashboard_texts.LINK_GONE)
        return self._admitted(START, "link")

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Log somebody out: their cookie is good for nothing any more, wherever it went."""
        session = request[SESSION]
        await self._accounts.end_session(session.id, session.until)
        response = _see(LOGIN)
        response.del_cookie(self._cookie, path="/", secure=self._is_secure)
        return response

    async def _session_of(self, request: web.Request) -> Session | None:
        session = self._sessions.read(request.cookies.get(self._cookie, ""))
        if session is None or await self._accounts.has_ended(session.id):
            return None
        return session

    async def _is_own_form(self, request: web.Request, session_id: str) -> bool:
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return False
        token = (await request.post()).get(TOKEN)
        return (
            bool(session_id)
            and isinstance(token, str)
            and self._sessions.is_token(session_id, token)
        )

    async def _refusal(self, request: web.Request) -> web.Response | None:
        """Return why nobody may try to log in by this form now; None when they may."""
        if not await self._is_own_form(request, request.cookies.get(self._form_cookie, "")):
            return failure(request, 403, dashboard_texts.STALE_FORM)
        wait_s = self._tries.wait_s(asker_of(request, trusts_proxy=self._trusts_proxy))
        if wait_s <= 0:
            return None
        seconds = ceil(wait_s)
        told = dashboard_texts.too_many_tries(seconds)
        return failure(request, 429, told, headers={"Retry-After": str(seconds)})

    def _admitted(self, onward: str, way: str) -> web.Response:
        _log.info("logged_in", extra={"way": way})
        response = _see(onward)
        self._keep(response, self._sessions.begin())
        response.del_cookie(self._form_cookie, path="/", secure=self._is_secure)
        return response

    def _login(self, request: web.Request, onward: str, told: str | None = None) -> web.Response:
        return self._page(request, "login", told, onward=onward)

    def _page(
        self, request: web.Request, name: str, told: str | None = None, **values: str
    ) -> web.Response:
        """Return a page with a form that logs in; ``told`` says why the last one did not."""
        known = request.cookies.get(self._form_cookie, "")
        form_id = known if re.fullmatch(r"[\w-]{32}", known) else secrets.token_urlsafe(24)
        response = request.app[PAGES].respond(
            request,
            f"dashboard/{name}.html",
            status=403 if told else 200,
            title=dashboard_texts.ENTER,
            told=told,
            token=self._sessions.token(form_id),
            desk=dashboard_texts,
            **values,
        )
        response.set_cookie(
            self._form_cookie,
            form_id,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=self._is_secure,
        )
        return response

    def _keep(self, response: web.StreamResponse, session: Session) -> None:
        response.set_cookie(
            self._cookie,
            self._sessions.written(session),
            max_age=self._sessions.lifetime_s(session),
            path="/",
            httponly=True,
            samesite="Strict",
            secure=self._is_secure,
        )


def _next_of(asked: str) -> str:
    """Return where somebody wanted to go, if that is a page of the dashboard."""
    return asked if _OWN.fullmatch(asked) and asked != LOGIN else START


def _see(address: str) -> web.Response:
    return web.Response(
        status=303, headers={"Location": address, "Cache-Control": "private, no-store"}
    )
