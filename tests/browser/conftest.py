"""One server and one Chromium for all tests of this folder, and a visit for each."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.house import CHROMIUM, MISSING, House, Visit, launched, served, visiting

Visiting = Callable[..., AbstractAsyncContextManager[Visit]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say of each test here why it is skipped, where it is."""
    for item in items:
        if item.path.parent.name == "browser" and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The seeds, served by a process of its own."""
    async with served(tmp_path_factory.mktemp("browser")) as house:
        yield house


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with launched() as browser:
        yield browser


@pytest.fixture
def visiting_as(browser: Browser, house: House) -> Visiting:
    """Open a browser with options of one's own."""
    return partial(visiting, browser, house)


@pytest_asyncio.fixture(loop_scope="session")
async def visit(visiting_as: Visiting) -> AsyncIterator[Visit]:
    """A browser as most people have it."""
    async with visiting_as() as visit:
        yield visit
