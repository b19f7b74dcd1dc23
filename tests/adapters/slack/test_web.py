"""Which requests reach the bot by HTTP, in an application of its own or within another."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings

from adapters.slack.installing import InstallationStore, StateStore, sealer_from
from adapters.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from adapters.slack.web import add_routes
from tests.adapters.slack.installed import NEW_KEY
from tests.e2e.slack.grants import BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET
from tests.e2e.slack.signing import Flaw, signed
from tests.fakes.clock import ManualClock
from tests.fakes.installations import MemoryInstallations

BODY = b'{"type": "event_callback", "event": {"type": "app_mention"}, "team_id": "T1"}'


def bolt(heard: list[str], *, for_many: bool = False) -> AsyncApp:
    """Return an app that notes what it hears."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token=BOT_TOKEN)

    async def mentioned(event: dict[str, str]) -> None:
        heard.append(event["type"])

    kept = MemoryInstallations(ManualClock())
    oauth = AsyncOAuthSettings(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        installation_store=InstallationStore(kept, sealer_from(NEW_KEY)),
        state_store=StateStore(kept, ManualClock()),
    )
    app = AsyncApp(
        signing_secret=SIGNING_SECRET,
        authorize=None if for_many else authorize,
        oauth_settings=oauth if for_many else None,
    )
    app.event("app_mention")(mentioned)
    return app


@asynccontextmanager
async def served(app: AsyncApp, secret: str | None) -> AsyncIterator[str]:
    """Serve the routes beside another page; yields the address."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="A page")

    server = web.Application()
    server.router.add_get("/", page)
    add_routes(server, app, secret)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def status(method: str, url: str, **told: object) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, allow_redirects=False, **told) as response,  # type: ignore[arg-type]  # as its callers say
    ):
        return response.status


def headers(flaw: Flaw | None = None) -> dict[str, str]:
    return {"Content-Type": "application/json", **signed(SIGNING_SECRET, BODY, flaw)}


async def test_what_slack_signed_is_passed_on() -> None:
    heard: list[str] = []
    async with served(bolt(heard), SIGNING_SECRET) as address:
        told = await status("POST", f"{address}{EVENTS_PATH}", data=BODY, headers=headers())
    assert (told, heard) == (200, ["app_mention"])


@pytest.mark.parametrize("flaw", Flaw, ids=lambda flaw: flaw.value)
async def test_what_slack_did_not_sign_is_refused(flaw: Flaw) -> None:
    heard: list[str] = []
    async with served(bolt(heard), SIGNING_SECRET) as address:
        told = await status("POST", f"{address}{EVENTS_PATH}", data=BODY, headers=headers(flaw))
    assert (told, heard) == (401, [])


async def test_nothing_is_taken_by_http_where_a_socket_brings_it() -> None:
    async with served(bolt([]), None) as address:
        told = await status("POST", f"{address}{EVENTS_PATH}", data=BODY, headers=headers())
    assert told == 404


async def test_the_other_pages_of_the_application_are_let_be() -> None:
    async with served(bolt([]), SIGNING_SECRET) as address:
        assert await status("GET", f"{address}/") == 200
        assert await status("GET", f"{address}{EVENTS_PATH}") == 405


@pytest.mark.parametrize(("for_many", "expected"), [(False, 404), (True, 200)])
async def test_only_an_app_for_many_can_be_installed(for_many: bool, expected: int) -> None:
    async with served(bolt([], for_many=for_many), None) as address:
        assert await status("GET", f"{address}{INSTALL_PATH}") == expected


async def test_nobody_comes_back_from_an_installation_that_was_not_begun() -> None:
    async with served(bolt([], for_many=True), None) as address:
        assert await status("GET", f"{address}{REDIRECT_PATH}?code=1&state=made-up") == 400
