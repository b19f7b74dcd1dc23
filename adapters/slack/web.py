"""Take what Slack sends by HTTP, and the installation by other workspaces; an aiohttp application.

It can be a part of a larger one. Only what Slack signed is passed on: a request with a time stamp
that is no number is refused here, where Bolt would fail.
"""

import logging
import re

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from adapters.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH

_log = logging.getLogger(__name__)

MOST_BYTES = 2**20
"""Of a request; the largest of Slack's hold a message of 40,000 characters, twice."""

_TIMESTAMP = re.compile(r"\d{1,12}", re.ASCII)


def add_routes(app: web.Application, bolt: AsyncApp, signing_secret: str | None) -> None:
    """Add Slack's routes to a web application.

    Args:
        app: Where they are added.
        bolt: What takes the requests.
        signing_secret: What Slack signs them with; None where none come by HTTP.
    """
    if signing_secret is not None:
        verifier = SignatureVerifier(signing_secret)

        async def take(request: web.Request) -> web.Response:
            body = await _body_of(request)
            if body is None or not is_signed(verifier, body, request):
                _log.warning("signature_refused", extra={"remote": request.remote})
                return web.Response(status=401, text="This request is not signed by Slack.")
            told = AsyncBoltRequest(
                body=body, query=request.query_string, headers=dict(request.headers)
            )
            return await to_aiohttp_response(await bolt.async_dispatch(told))

        app.router.add_post(EVENTS_PATH, take)
    flow = bolt.oauth_flow
    if flow is not None:

        async def install(request: web.Request) -> web.Response:
            return await to_aiohttp_response(
                await flow.handle_installation(await to_bolt_request(request))
            )

        async def redirect(request: web.Request) -> web.Response:
            return await to_aiohttp_response(
                await flow.handle_callback(await to_bolt_request(request))
            )

        app.router.add_get(INSTALL_PATH, install)
        app.router.add_get(REDIRECT_PATH, redirect)


async def _body_of(request: web.Request) -> str | None:
    """Return the body, however little the application takes otherwise; None for too large a one."""
    body = b""
    while len(body) <= MOST_BYTES and (more := await request.content.read(2**16)):
        body += more
    return body.decode("utf-8", "replace") if len(body) <= MOST_BYTES else None


def is_signed(verifier: SignatureVerifier, body: str, request: web.Request) -> bool:
    """Whether Slack signed a request, within the last five minutes."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not (_TIMESTAMP.fullmatch(timestamp) and signature.isascii()):
        return False
    return verifier.is_valid(body, timestamp, signature)
