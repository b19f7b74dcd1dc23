"""A plain bot on Bolt that says what it is told, to try the loopback Slack with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.e2e.slack.grants import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.e2e.slack.server import LoopbackSlack

QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
AGAIN: dict[str, Any] = {
    "type": "actions",
    "elements": [
        {
            "type": "button",
            "action_id": "again",
            "text": {"type": "plain_text", "text": "Again"},
            "value": "x",
        },
        {"type": "external_select", "action_id": "topics", "min_query_length": 0},
    ],
}


class EchoBot:
    """A bot that says what it is told; ``heard`` holds the kinds and ids of its events."""

    def __init__(self, server: LoopbackSlack) -> None:
        self.server = server
        self.heard: list[tuple[str, str]] = []
        self.client = client_of(server)
        self.app = AsyncApp(client=self.client, signing_secret=SIGNING_SECRET)
        self.app.event("app_mention")(self.mentioned)
        self.app.event("message")(self.message)
        self.app.event("app_home_opened")(self.home)
        self.app.command("/say")(self.command)
        self.app.action("again")(self.again)
        self.app.options("topics")(self.topics)
        self.app.shortcut("look")(self.look)
        self.app.view("form")(self.form)

    def kinds(self) -> list[str]:
        """Return the kinds of the events so far."""
        return [kind for kind, _ in self.heard]

    async def mentioned(self, event: dict[str, Any], body: dict[str, Any], say: Any) -> None:
        self.heard.append(("app_mention", body["event_id"]))
        text = f"heard {event['text'].rpartition('> ')[2]}"
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}, AGAIN]
        thread_ts = event.get("thread_ts") or event["ts"]
        await say(text=text, blocks=blocks, thread_ts=thread_ts, **QUIET)

    async def message(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        self.heard.append((event.get("subtype", "message"), body["event_id"]))

    async def home(self, event: dict[str, Any]) -> None:
        block = {"type": "section", "text": {"type": "mrkdwn", "text": event["tab"]}}
        view = {"type": "home", "blocks": [block]}
        await self.client.views_publish(user_id=event["user"], view=view)

    async def command(self, ack: Any, respond: Any, body: dict[str, Any]) -> None:
        if body["text"] == "at once":
            await ack(text="said at once")
            return
        await ack()
        await respond(text=f"said {body['text']}")

    async def again(self, ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="again", replace_original=False)

    async def topics(self, ack: Any, payload: dict[str, Any]) -> None:
        text = {"type": "plain_text", "text": f"{payload['value']}!"}
        await ack(options=[{"text": text, "value": "chosen"}])

    async def look(self, ack: Any, shortcut: dict[str, Any]) -> None:
        await ack()
        element = {"type": "plain_text_input", "action_id": "why"}
        label = {"type": "plain_text", "text": "Why?"}
        view = {
            "type": "modal",
            "callback_id": "form",
            "title": {"type": "plain_text", "text": "Look"},
            "submit": {"type": "plain_text", "text": "Send"},
            "private_metadata": shortcut["message"]["text"],
            "blocks": [{"type": "input", "block_id": "b", "label": label, "element": element}],
        }
        await self.client.views_open(trigger_id=shortcut["trigger_id"], view=view)

    async def form(self, ack: Any, view: dict[str, Any]) -> None:
        await ack()
        self.heard.append(("form", view["state"]["values"]["b"]["why"]["value"]))


def client_of(server: LoopbackSlack, token: str = BOT_TOKEN) -> AsyncWebClient:
    """Return a client that repeats nothing."""
    return AsyncWebClient(token=token, base_url=server.api_base, retry_handlers=[])


@asynccontextmanager
async def over_socket(server: LoopbackSlack) -> AsyncIterator[EchoBot]:
    """Run a bot in Socket Mode."""
    bot = EchoBot(server)
    handler = AsyncSocketModeHandler(bot.app, APP_TOKEN, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it so
    await server.until(lambda: server.socket.is_connected)
    try:
        yield bot
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it so


@asynccontextmanager
async def over_http(server: LoopbackSlack) -> AsyncIterator[EchoBot]:
    """Run a bot behind a URL."""
    bot = EchoBot(server)
    runner = web.AppRunner(bot.app.web_app("/slack/events"))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.events_url = f"http://{host}:{port}/slack/events"
    try:
        yield bot
    finally:
        await runner.cleanup()
