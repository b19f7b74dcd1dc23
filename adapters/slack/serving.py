"""Serve Slack until the process is told to stop. Called by ``counterpoint serve slack``.

By Socket Mode or by HTTP, for one workspace by its token or for many by OAuth: the same listeners
each time. On SIGTERM or SIGINT what is held is finished within STOP_TIMEOUT_S.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.connecting import noting
from adapters.messaging.listening import Runner, listen, say_where
from adapters.messaging.stopping import until_stopped
from adapters.messaging.working import Work
from adapters.slack.app import SlackApp
from adapters.slack.authorizing import Authorizing, Many
from adapters.slack.examining import missing_scopes
from adapters.slack.installing import InstallationStore, StateStore, sealer_from
from adapters.slack.manifest import (
    INSTALL_PATH,
    REDIRECT_PATH,
    is_for_many,
    read_manifest,
    scopes_of,
)
from adapters.slack.retrying import LOST, handlers
from adapters.slack.sending import code_of
from adapters.slack.sockets import Socket
from adapters.slack.translate import PLATFORM
from adapters.slack.web import add_routes
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.bootstrap import Application, Core
    from bot.settings import Settings

_log = logging.getLogger(__name__)

_TIMEOUT_S = 30
_TICKET = re.compile(r"ticket=[^&'\"\s]*")
_HOW_TO = "docs/how-to/slack.md takes you there step by step."


MakePages = Callable[["Core", "Application"], web.Application]
"""Makes what the web server shows besides what it takes from Slack: the reader's pages."""


def serve(application: "Application", pages: MakePages | None = None) -> None:
    """Serve Slack until it is stopped.

    Args:
        application: What is served.
        pages: Makes further pages, where a web server listens anyway.

    Raises:
        ConfigError: A token or a secret is missing or refused; the message says what to do.
    """
    check(application.settings)
    asyncio.run(serve_until_stopped(application, pages))


def check(settings: "Settings") -> None:
    """Raise ConfigError when the settings do not suffice to serve Slack."""
    if is_for_many(settings):
        if not (settings.slack_client_id and settings.slack_client_secret):
            raise ConfigError(
                "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together: set both for many "
                f"workspaces, or none for one. {_HOW_TO}"
            )
        sealer_from(settings.slack_encryption_key or "")
    elif not settings.slack_bot_token:
        raise ConfigError(
            "SLACK_BOT_TOKEN is not set. Create an app from the manifest, install it, and copy the "
            f"token (xoxb-...) from its page OAuth & Permissions. {_HOW_TO}"
        )
    if settings.slack_mode == "http" and not settings.slack_signing_secret:
        raise ConfigError(
            "SLACK_SIGNING_SECRET is not set, but SLACK_MODE=http takes signed requests. Copy it "
            f"from the app's page Basic Information. {_HOW_TO}"
        )
    if settings.slack_mode == "socket" and not settings.slack_app_token:
        raise ConfigError(
            "SLACK_APP_TOKEN is not set. Make an app-level token (xapp-...) with the scope "
            f"connections:write on the app's page Basic Information. {_HOW_TO}"
        )


class _Handler(AsyncSocketModeHandler):
    """Passes on what comes through the socket; a stop waits until it is acknowledged."""

    work: Work

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as its base does
        with self.work.held():
            await super().handle(client, req)


def _without_ticket(record: logging.LogRecord) -> bool:
    """Take from a line of slack_sdk's what opens a socket, and the traceback that has it too."""
    record.msg, record.args = _TICKET.sub("ticket=...", record.getMessage()), ()
    record.exc_info = None
    return True


async def serve_until_stopped(application: "Application", pages: MakePages | None = None) -> None:
    """Serve Slack in the running loop until SIGTERM or SIGINT; raises as `serve` does."""
    settings = application.settings
    async with application.open() as core, _session() as session:
        client = AsyncWebClient(
            base_url=settings.slack_api_base_url,
            timeout=_TIMEOUT_S,
            session=session,
            retry_handlers=handlers(),
        )
        oauth, many = _many(settings, core, client)
        operator = await _operator(client, settings) if many is None else None
        ping_interval = settings.slack_socket_ping_interval
        socket = Socket(ping_interval) if settings.slack_mode == "socket" else None
        app = SlackApp(
            core.bot,
            core.administration,
            application,
            client,
            Authorizing(operator, many),
            core.installations,
            oauth,
            socket,
        )
        further = pages(core, application) if pages is not None else None
        connection = _Connection(app, settings, client, socket, further)
        async with _noting(core, socket):
            await until_stopped(
                connection.run(),
                connection.close,
                app.work,
                core.administration,
                settings.stop_timeout_s,
            )


def _noting(core: "Core", socket: Socket | None) -> AbstractAsyncContextManager[None]:
    """Note how the socket is; by HTTP there is none that could be down."""
    if socket is None or core.vitals is None:
        return nullcontext()
    return noting(core.vitals.gateways, PLATFORM, socket.gateway)


class _Connection:
    """What brings events: a socket, a web server, or both."""

    def __init__(
        self,
        app: SlackApp,
        settings: "Settings",
        client: AsyncWebClient,
        socket: Socket | None,
        pages: web.Application | None,
    ) -> None:
        self._app = app
        self._settings = settings
        self._client = client
        self._socket = socket
        self._pages = pages
        self._runner: web.AppRunner | None = None
        self._handler: _Handler | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._closed = asyncio.Event()

    async def run(self) -> None:
        """Be connected until closed."""
        if self._socket is None or self._app.bolt.oauth_flow is not None:
            await self._listen()
        if self._socket is not None:
            await self._connect(self._socket)
        await self._closed.wait()

    async def close(self) -> None:
        """End it; safe to call before it began."""
        self._closed.set()
        if self._renewing is not None:
            self._renewing.cancel()
        if self._handler is not None:
            await self._handler.client.close()  # type: ignore[no-untyped-call]  # SDK
        if self._runner is not None:
            await self._runner.cleanup()

    async def _listen(self) -> None:
        settings = self._settings
        by_http = settings.slack_mode == "http"
        server = self._pages if self._pages is not None else web.Application()
        add_routes(server, self._app.bolt, settings.slack_signing_secret if by_http else None)
        self._runner = Runner(server)
        await listen(self._runner, settings)
        say_where(self._runner)

    async def _connect(self, socket: Socket) -> None:
        token = self._settings.slack_app_token or ""
        try:
            # The client itself would try for ever with a token that is refused.
            opened = await self._client.apps_connections_open(app_token=token)
        except SlackApiError as error:
            raise ConfigError(
                f"Slack refuses SLACK_APP_TOKEN ({code_of(error)}). Make an app-level token with "
                f"the scope connections:write, and enable Socket Mode. {_HOW_TO}"
            ) from error
        except (SlackClientError, *LOST) as error:
            raise _unreachable(self._settings, error) from error
        log = logging.getLogger(f"{__name__}.socket")
        log.addFilter(_without_ticket)
        # At DEBUG slack_sdk tells all that it hears.
        log.setLevel(max(logging.INFO, log.getEffectiveLevel()))
        self._handler = _Handler(
            self._app.bolt,
            token,
            logger=log,
            web_client=self._client,
            ping_interval=self._settings.slack_socket_ping_interval,
        )
        self._handler.work = self._app.work
        client = self._handler.client
        client.wss_uri = opened["url"]
        await socket.watch(client)
        self._renewing = asyncio.create_task(self._renew_address(client))
        await client.connect()  # type: ignore[no-untyped-call]  # SDK

    async def _renew_address(self, client: SocketModeClient) -> None:
        """Take from the client each address that it tries in vain: it would keep to it for ever."""
        while True:
            await asyncio.sleep(client.ping_interval)
            if not await client.is_connected():
                client.wss_uri = None  # so that it asks for another


async def _operator(client: AsyncWebClient, settings: "Settings") -> AuthorizeResult:
    """Return who the bot is by the operator's token, and log which permissions are missing."""
    try:
        told = await client.auth_test(token=settings.slack_bot_token)
    except SlackApiError as error:
        raise ConfigError(
            f"Slack refuses SLACK_BOT_TOKEN ({code_of(error)}). Copy it anew from the app's page "
            f"OAuth & Permissions. {_HOW_TO}"
        ) from error
    except (SlackClientError, *LOST) as error:
        raise _unreachable(settings, error) from error
    if missing := missing_scopes(told, scopes_of(read_manifest())):
        _log.error("scopes_missing", extra={"scopes": missing})
    return AuthorizeResult.from_auth_test_response(
        auth_test_response=told, bot_token=settings.slack_bot_token
    )


def _unreachable(settings: "Settings", error: Exception) -> ConfigError:
    return ConfigError(
        f"Slack cannot be reached at {settings.slack_api_base_url}: {error}. "
        "Check the network, and SLACK_API_BASE_URL if it is set."
    )


def _many(
    settings: "Settings", core: "Core", client: AsyncWebClient
) -> tuple[AsyncOAuthSettings | None, Many | None]:
    if not is_for_many(settings):
        return None, None
    if core.installations is None:
        raise ConfigError("Without its journal the bot cannot keep what workspaces give it.")
    store = InstallationStore(core.installations, sealer_from(settings.slack_encryption_key or ""))
    client_id, client_secret = settings.slack_client_id or "", settings.slack_client_secret or ""
    oauth = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=scopes_of(read_manifest()),
        user_scopes=[],
        redirect_uri=f"{settings.public_url.rstrip('/')}{REDIRECT_PATH}",
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        installation_store=store,
        installation_store_bot_only=True,
        state_store=StateStore(core.installations),
    )
    rotator = AsyncTokenRotator(client_id=client_id, client_secret=client_secret, client=client)
    return oauth, Many(store, rotator)


@asynccontextmanager
async def _session() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    connector = aiohttp.TCPConnector(limit=100, limit_per_host=50)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        yield session
