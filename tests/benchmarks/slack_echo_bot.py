"""A bot that answers each mention with the mention: what Bolt and slack_sdk alone cost.

python -m tests.benchmarks.slack_echo_bot API_BASE BOT_TOKEN APP_TOKEN
python -m tests.benchmarks.slack_echo_bot API_BASE BOT_TOKEN SIGNING_SECRET PORT

With a port it takes signed HTTP, else it opens a socket.
"""

import asyncio
import sys
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def repeat(event: dict[str, Any], say: Any) -> None:
    """Send back in a thread what is told."""
    await say(text=event["text"], thread_ts=event["ts"], unfurl_links=False)


async def ignore() -> None:
    """Do nothing with what mentions nobody, or is told a second time."""


async def listen(app: AsyncApp, token: str) -> None:
    """Be connected by a socket until killed."""
    await AsyncSocketModeHandler(app, token).start_async()  # type: ignore[no-untyped-call]  # Bolt


def main() -> None:
    """Run until killed."""
    api_base, token, secret, *port = sys.argv[1:]
    client = AsyncWebClient(token=token, base_url=api_base)
    app = AsyncApp(client=client, signing_secret=secret)
    app.event("app_mention")(repeat)
    app.event("message")(ignore)
    if port:
        app.server(port=int(port[0]), host="127.0.0.1").start()
    else:
        asyncio.run(listen(app, secret))


if __name__ == "__main__":
    main()
