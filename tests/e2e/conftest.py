"""What the tests of the bot on every platform share: its models loaded, its corpus indexed."""

import pytest

from bot.bootstrap import Application
from bot.settings import read_settings
from tests.e2e.corpus import write_corpus


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Application:
    """An application with its models loaded and the corpus indexed; not to be changed."""
    folder = tmp_path_factory.mktemp("e2e")
    write_corpus(folder / "corpus")
    chosen = {"CORPUS_DIR": str(folder / "corpus"), "DATA_DIR": str(folder / "data")}
    application = Application(read_settings(chosen, env_file=None))
    application.reindex()
    application.stance.classify([("warm", "up")])
    return application
