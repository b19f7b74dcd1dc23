"""A folder of public sets, as small as they can be."""

from pathlib import Path

import pytest

from tests.bot.stance.training.made_up import FILES, write_arguments, write_pairs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        write_pairs(tmp_path, name, [(f"{name} is good", f"{name} helps", "supports")])
    write_arguments(tmp_path, {})
    return tmp_path
