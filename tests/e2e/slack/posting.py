"""Events, commands and interactions as signed requests to the bot's own URL.

https://docs.slack.dev/apis/events-api/using-http-request-urls; only events are sent again.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.e2e.slack.delivery import EVENT, INTERACTION, MOST_RETRIES, Attempt, Delivery
from tests.e2e.slack.signing import Flaw, signed

Heard = Callable[[Delivery, Attempt], None]


class Posting:
    """Posts to ``url``; nothing is sent while that is empty.

    Args:
        secret: What requests are signed with.
        heard: Called with each first acknowledgement.
    """

    def __init__(self, secret: str, heard: Heard) -> None:
        self.url = ""
        self.ack_timeout_s = 3.0
        self.retry_pauses_s: tuple[float, ...] = (0.0, 0.05, 0.1)
        """Slack's are nothing, a minute and five minutes."""
        self.lost_acks = 0
        """How many attempts of everything get an answer that never arrives."""
        self._secret = secret
        self._heard = heard
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, delivery: Delivery) -> None:
        """Post it soon, and again if it is an event that the bot does not take in."""
        task = asyncio.get_running_loop().create_task(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def replay(self, delivery: Delivery) -> int:
        """Post the last attempt again, byte for byte, and return the status."""
        last = delivery.attempts[-1]
        attempt = delivery.begin("replay")
        attempt.raw, attempt.headers = last.raw, last.headers
        await self._post(delivery, attempt)
        return attempt.status or 0

    async def forge(self, kind: str, payload: dict[str, Any], flaw: Flaw | None) -> int:
        """Post something signed with a flaw, once, and return the status."""
        delivery = Delivery(kind, payload)
        attempt = delivery.begin()
        self._write(delivery, attempt, flaw)
        await self._post(delivery, attempt)
        return attempt.status or 0

    async def close(self) -> None:
        """Give up what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _deliver(self, delivery: Delivery) -> None:
        most = MOST_RETRIES if delivery.kind == EVENT else 0
        reason = ""
        for number in range(most + 1):
            if number:
                await asyncio.sleep(self.retry_pauses_s[number - 1])
            attempt = delivery.begin(reason)
            self._write(delivery, attempt)
            reason = await self._post(delivery, attempt)
            if not reason:
                return
        delivery.is_lost = True

    def _write(self, delivery: Delivery, attempt: Attempt, flaw: Flaw | None = None) -> None:
        payload = delivery.payload
        kind = "application/json"
        if delivery.kind == EVENT:
            attempt.raw = json.dumps(payload).encode()
        else:
            kind = "application/x-www-form-urlencoded"
            told = {"payload": json.dumps(payload)} if delivery.kind == INTERACTION else payload
            attempt.raw = urlencode(told).encode()
        attempt.headers = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            **signed(self._secret, attempt.raw, flaw),
        }
        if attempt.number:
            attempt.headers["X-Slack-Retry-Num"] = str(attempt.number)
            attempt.headers["X-Slack-Retry-Reason"] = attempt.reason

    async def _post(self, delivery: Delivery, attempt: Attempt) -> str:
        """Post an attempt; return why it has to be sent again, or nothing."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        was_acked = delivery.is_acked
        timeout = aiohttp.ClientTimeout(total=self.ack_timeout_s)
        try:
            async with self._session.post(
                self.url, data=attempt.raw, headers=attempt.headers, timeout=timeout
            ) as response:
                body = _read(await response.text())
                if attempt.number < self.lost_acks:
                    return "http_timeout"
                attempt.answer(response.status, body)
                stop = response.headers.get("X-Slack-No-Retry") == "1"
        except TimeoutError:
            return "http_timeout"
        except aiohttp.ClientError:
            return "connection_failed"
        if attempt.is_acked:
            if not was_acked:
                self._heard(delivery, attempt)
            return ""
        return "" if stop else "http_error"


def _read(text: str) -> Any:
    """Return the JSON of an answer, or its text if it is none."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
