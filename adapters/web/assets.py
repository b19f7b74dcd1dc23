"""Hand out the style sheet and the script; their addresses change when they do.

They are read once, when the server starts: nothing that a request names is looked up on a disk.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from adapters.web.answers import Rendered, answer

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOR_GOOD = "public, max-age=31536000, immutable"
_FOR_NOW = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is handed out, with its type and the short name of its content."""

    rendered: Rendered
    content_type: str
    version: str


class Assets:
    """The files of a folder, by their names."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._assets: Mapping[str, Asset] = {
            path.name: _asset(path) for path in sorted(folder.iterdir()) if path.suffix in _TYPES
        }

    def address(self, name: str) -> str:
        """Return the address of a file; raises KeyError when there is none of that name."""
        return f"/static/{name}?v={self._assets[name].version}"

    async def handle(self, request: web.Request) -> web.Response:
        """Hand a file out."""
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        is_named = request.query.get("v") == asset.version
        return answer(
            request,
            asset.rendered,
            content_type=asset.content_type,
            cache_control=_FOR_GOOD if is_named else _FOR_NOW,
        )


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    rendered = Rendered.of(body, gzip.compress(body, mtime=0))
    return Asset(rendered, _TYPES[path.suffix], hashlib.sha256(body).hexdigest()[:12])
