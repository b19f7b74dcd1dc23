"""A site over the corpus, made once, and one for each test."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.bootstrap import Application
from bot.settings import Settings
from tests.adapters.web.corpus import write_corpus
from tests.adapters.web.site import Site, serving


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Application:
    """An application whose index serves; not to be changed."""
    folder = tmp_path_factory.mktemp("web")
    settings = Settings(
        corpus_dir=write_corpus(folder / "corpus"),
        data_dir=folder / "data",
        public_url="https://quotes.example.org",
        rate_per_user=0,
        rate_per_channel=0,
    )
    application = Application(settings)
    application.reindex()
    return application


@pytest.fixture
async def site(application: Application) -> AsyncIterator[Site]:
    """A site over the corpus."""
    async with serving(application) as site:
        yield site


@pytest.fixture
def own(application: Application, tmp_path: Path) -> Application:
    """An application with a corpus of its own that a test may change, not indexed yet."""
    settings = Settings(
        corpus_dir=write_corpus(tmp_path / "corpus"),
        data_dir=tmp_path / "data",
        rate_per_user=0,
        rate_per_channel=0,
    )
    own = Application(settings)
    # The models are the slow part, and the same for all.
    own.__dict__["encoder"] = application.encoder
    own.__dict__["stance"] = application.stance
    return own


@pytest.fixture(autouse=True)
def _events(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
