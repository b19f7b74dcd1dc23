"""Under which names the web application holds what its parts share."""

from collections.abc import Callable

from aiohttp import web

from adapters.messaging.working import Work
from adapters.web.pages import Pages
from bot.bootstrap import Application, Core

CORE = web.AppKey("core", Core)
APPLICATION = web.AppKey("application", Application)
PAGES = web.AppKey("pages", Pages)
WORK = web.AppKey("work", Work)
CARD_OF: web.AppKey[Callable[[str], str]] = web.AppKey("card_of", Callable)  # type: ignore[arg-type]  # no class
"""Returns the address of a quote's picture on this site, by the quote's id; may be missing."""
