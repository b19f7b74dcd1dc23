"""When a request to Slack is made again.

`slack_sdk` repeats whatever it got no response to, which posts twice when only the response was
lost, and it does not wait out rate limits. Here a request is made again when it was never sent,
when Slack asked to wait, or when it may safely be made twice. What may not, `sending` looks for.
Used by every client that the adapter makes.
"""

import asyncio
from typing import ClassVar
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

SAFE = frozenset(
    {
        "auth.test",
        "apps.connections.open",
        "assistant.threads.setStatus",
        "assistant.threads.setSuggestedPrompts",
        "chat.delete",
        "chat.getPermalink",
        "chat.update",
        "conversations.history",
        "conversations.open",
        "conversations.replies",
        "files.info",
        "users.info",
        "views.publish",
    }
)
"""Methods of which a second call changes nothing more than the first."""

PAUSES_S = (0.3, 1.0, 3.0)
"""Seconds before each further attempt."""
LONGEST_WAIT_S = 60
"""Seconds that Slack may ask to wait for; a longer wait is an error."""

LOST = (aiohttp.ClientError, TimeoutError, OSError)
"""What is raised when no response came, whether or not the request arrived."""
_SERVER_ERRORS = frozenset({500, 502, 503, 504})


class WaitAsTold(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack says and asks again."""

    def __init__(self) -> None:
        super().__init__(max_retry_count=len(PAUSES_S))

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is None or response.status_code != 429:
            return False
        headers = {name.lower(): values for name, values in response.headers.items()}
        wait = (headers.get("retry-after") or ["1"])[0]
        return wait.isdecimal() and int(wait) <= LONGEST_WAIT_S


class RepeatWhatIsSafe(AsyncRetryHandler):
    """Repeats what was never sent, and what may be done twice when its response was lost."""

    _pauses_s: ClassVar = PAUSES_S

    def __init__(self) -> None:
        super().__init__(max_retry_count=len(PAUSES_S))

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if isinstance(error, aiohttp.ClientConnectorError):
            return True  # no connection, so nothing arrived
        is_safe = urlsplit(request.url).path.rpartition("/")[2] in SAFE
        is_lost = isinstance(error, LOST)
        has_failed = response is not None and response.status_code in _SERVER_ERRORS
        return is_safe and (is_lost or has_failed)

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        """Wait a little longer each time."""
        state.next_attempt_requested = True
        await asyncio.sleep(self._pauses_s[min(state.current_attempt, len(self._pauses_s) - 1)])
        state.increment_current_attempt()


def handlers() -> list[AsyncRetryHandler]:
    """Return when a client makes a request again."""
    return [WaitAsTold(), RepeatWhatIsSafe()]
