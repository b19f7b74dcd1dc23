"""The training command, with a tenth of the public sets: above chance, and a graph that loads."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from bot.stance.model import OnnxStanceModel
from tests.architecture.checkout import ROOT

LIBRARIES = ("torch", "transformers", "onnx")
ABOVE_CHANCE = {"argkp_dev": 0.6, "arg_rank_30k_dev": 0.6, "perspectrum_dev": 0.55}


def folder_from(variable: str) -> Path:
    """Return the folder that a variable names, or skip the test."""
    path = Path(os.environ.get(variable) or os.devnull).absolute()
    if not path.is_dir():
        pytest.skip(f"{variable} names no folder")
    return path


@pytest.mark.slow
def test_training_on_a_tenth_ends_above_chance_with_a_graph_that_loads(tmp_path: Path) -> None:
    if missing := [name for name in LIBRARIES if find_spec(name) is None]:
        pytest.skip(f"training needs {', '.join(missing)}")
    data, base = folder_from("COUNTERPOINT_DATA"), folder_from("COUNTERPOINT_BASE")

    command = [sys.executable, "-m", "bot.stance.training", "--fraction", "0.1", "--threads", "2"]
    command += ["--data", str(data), "--base", str(base), "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-4000:]
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    for name, least in ABOVE_CHANCE.items():
        assert figures[name]["int8"]["side_macro_f1"] > least
    model = OnnxStanceModel(tmp_path / "model")
    sides = model.classify([("We should ban whaling", "Whales feel pain."), ("", "")])
    np.testing.assert_allclose(sides.sum(axis=1), 1, atol=1e-5)
