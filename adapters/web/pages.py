"""Make pages from templates. Everything in them is escaped; what a page says stands in `bot`."""

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.messaging.printable import printable
from adapters.web.answers import Rendered, answer
from adapters.web.assets import Assets
from bot import page_texts, texts
from bot.typography import readable

_FOLDER = Path(__file__).parent / "templates"
_LEVEL = 5
_ALONE = "private, no-store"
"""For what only the one who asked may keep, and not for long."""


class Pages:
    """Makes pages.

    Args:
        assets: The style sheet and the script.
        public_url: Where readers reach the pages, without a slash at the end.
    """

    def __init__(self, assets: Assets, public_url: str) -> None:
        self.public_url = public_url.rstrip("/")
        self.environment = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.environment.filters["printable"] = printable
        self.environment.filters["readable"] = lambda text: printable(readable(text))
        self.environment.globals.update(
            asset=assets.address, pages=page_texts, texts=texts, public_url=self.public_url
        )

    def render(self, template: str, values: Mapping[str, Any]) -> str:
        """Return a page as text.

        Args:
            template: The file's name.
            values: What it shows, by the names in it; ``title`` at least.
        """
        return self.environment.get_template(template).render(values)

    def rendered(self, template: str, **values: Any) -> Rendered:
        """Return a page that many are shown, zipped as well; see `render`."""
        body = self.render(template, values).encode("utf-8", "replace")
        return Rendered.of(body, gzip.compress(body, _LEVEL, mtime=0))

    def respond(
        self,
        request: web.Request,
        template: str,
        *,
        status: int = 200,
        cache_control: str = _ALONE,
        **values: Any,
    ) -> web.Response:
        """Return a page as a response.

        Args:
            request: What is answered.
            template: The file's name.
            status: The status.
            cache_control: How long it may be kept; by default nobody keeps it.
            **values: What the page shows, by the names in it; ``title`` at least.
        """
        body = self.render(template, values).encode("utf-8", "replace")
        return answer(request, Rendered.of(body), cache_control=cache_control, status=status)
