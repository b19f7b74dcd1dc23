"""Load the shipped encoder once for all tests here."""

import pytest

from bot.retrieval.encoder import OnnxEncoder


@pytest.fixture(scope="session")
def encoder() -> OnnxEncoder:
    return OnnxEncoder()
