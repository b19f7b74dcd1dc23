"""Load the shipped stance model once for all tests here."""

from random import Random

import pytest

from bot.stance.model import MODEL_FOLDER, OnnxStanceModel


@pytest.fixture(scope="session")
def model() -> OnnxStanceModel:
    return OnnxStanceModel(MODEL_FOLDER)


@pytest.fixture
def random() -> Random:
    return Random(0)  # noqa: S311 - reproducible, not secret
