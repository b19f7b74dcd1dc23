"""A dashboard over a journal of a test's own."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.bootstrap import Application
from tests.adapters.web.dashboard.desk import HASH, Browser
from tests.adapters.web.site import Site, serving


@pytest.fixture
def kept(application: Application, own: Application) -> Application:
    """An application with a password, and an indexed corpus and a journal of its own."""
    # The same corpus: its index is copied rather than made again.
    without = shutil.ignore_patterns("journal*", "web.key")
    shutil.copytree(application.settings.data_dir, own.settings.data_dir, ignore=without)
    own.settings = replace(own.settings, web_admin_password_hash=HASH)
    return own


@pytest.fixture
async def desk(kept: Application) -> AsyncIterator[Site]:
    """A site with a dashboard."""
    async with serving(kept) as site:
        yield site


@pytest.fixture
async def browser(desk: Site) -> Browser:
    """A browser that is logged in."""
    browser = Browser(desk)
    assert (await browser.enter()).status == 303
    return browser
