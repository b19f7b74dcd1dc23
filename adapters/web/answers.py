"""Answer with a body that was made before: in the encoding that is taken, or as not modified."""

import hashlib
from dataclasses import dataclass
from typing import Self

from aiohttp import ETag, web

REVALIDATED = "public, max-age=0, must-revalidate"
"""For what changes with the next reindex."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body, its tag that changes when it does, and the body zipped where that was worth it."""

    body: bytes
    zipped: bytes | None
    tag: str

    @classmethod
    def of(cls, body: bytes, zipped: bytes | None = None) -> Self:
        """Return a body with its tag."""
        return cls(body, zipped, hashlib.sha256(body).hexdigest()[:20])


def answer(
    request: web.Request,
    rendered: Rendered,
    *,
    content_type: str = "text/html",
    cache_control: str = REVALIDATED,
    status: int = 200,
) -> web.Response:
    """Return a response with a body, or 304 when the browser has it already.

    Args:
        request: What is answered.
        rendered: The body.
        content_type: What it is; in UTF-8 where it is text.
        cache_control: How long it may be kept.
        status: The status where it is sent.
    """
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "").casefold()
    is_zipped = takes_gzip and rendered.zipped is not None
    tag = f"{rendered.tag}-gz" if is_zipped else rendered.tag
    headers = {"Cache-Control": cache_control, "Vary": "Accept-Encoding"}
    if request.method in ("GET", "HEAD") and status == 200 and _has(request, tag):
        response = web.Response(status=304, headers=headers)
        response.etag = tag
        return response
    body = rendered.zipped if is_zipped else rendered.body
    charset = None if content_type == "image/png" else "utf-8"
    response = web.Response(
        status=status, body=body, headers=headers, content_type=content_type, charset=charset
    )
    if is_zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.etag = tag
    return response


def _has(request: web.Request, tag: str) -> bool:
    known: tuple[ETag, ...] = request.if_none_match or ()
    return any(one.value in (tag, "*") for one in known)
