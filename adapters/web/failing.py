"""Turn whatever goes wrong into a page that says what it was, with an id where one helps.

The id is in the log beside the error, so that an operator finds it.
"""

import logging
import uuid

from aiohttp import web

from adapters.web.keys import PAGES
from adapters.web.security import Handler, told_path
from bot import page_texts, texts
from bot.errors import BotError, TooSoon

_log = logging.getLogger(__name__)


@web.middleware
async def show_failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer with a page where a handler raised."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return failure(request, error.status, headers=_kept(error))
    except TimeoutError:
        _log.warning("page_too_slow", extra={"path": told_path(request)})
        return failure(request, 504)
    except TooSoon as error:
        return too_soon(request, error.seconds)
    except BotError as error:
        request_id = uuid.uuid4().hex[:12]
        told = {"request_id": request_id, "path": told_path(request), "reason": str(error)}
        _log.warning("page_refused", extra=told)
        status = 503 if error.retryable else 500
        sentence = texts.ERRORS.get(error.key, texts.ERRORS[BotError.key])
        return failure(request, status, sentence, request_id)
    except Exception:  # the adapter's edge: a reader is shown a page with an id
        request_id = uuid.uuid4().hex[:12]
        where = {"request_id": request_id, "path": told_path(request)}
        _log.exception("page_failed", extra=where)
        return failure(request, 500, request_id=request_id)


def too_soon(request: web.Request, seconds: int) -> web.Response:
    """Return the page for somebody who asks too often."""
    headers = {"Retry-After": str(seconds)}
    return failure(request, 429, texts.slow_down(seconds), headers=headers)


def failure(
    request: web.Request,
    status: int,
    sentence: str | None = None,
    request_id: str | None = None,
    headers: dict[str, str] | None = None,
) -> web.Response:
    """Return the page for a status.

    Args:
        request: What is answered.
        status: The HTTP status, 400 or more.
        sentence: What happened; by default what the status means.
        request_id: What to name when asking for help.
        headers: What is sent beside the page.
    """
    heading, told = page_texts.FAILURES.get(
        status, page_texts.FAILURES[500 if status >= 500 else 400]
    )
    response = request.app[PAGES].respond(
        request,
        "failure.html",
        status=status,
        title=heading,
        sentence=sentence or told,
        request_id=request_id,
    )
    response.headers.update(headers or {})
    return response


def _kept(error: web.HTTPException) -> dict[str, str]:
    """Return the headers of a refusal that say how to go on."""
    wanted = ("Allow", "Retry-After", "Connection")
    return {name: error.headers[name] for name in wanted if name in error.headers}
