"""Sessions of int8 graphs: exact sums on any processor, and no slower than need be."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from bot.inference import is_exact, open_session
from bot.stance.model import MODEL_FOLDER

_MODEL = MODEL_FOLDER / "stance.int8.onnx"
_IDS = np.random.default_rng(0).integers(1000, 20000, (4, 48))
_FEED = {
    "input_ids": _IDS,
    "attention_mask": np.ones_like(_IDS),
    "token_type_ids": np.zeros_like(_IDS),
}


def logits(session: onnxruntime.InferenceSession) -> np.ndarray:
    """Run the stance model's graph."""
    feed = {node.name: _FEED[node.name] for node in session.get_inputs()}
    return np.asarray(session.run(None, feed)[0])


def opened(precise: str) -> onnxruntime.InferenceSession:
    """Open the graph with the setting that keeps sums from overflowing ("1"), or without."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.x64quantprecision", precise)
    return onnxruntime.InferenceSession(str(_MODEL), options, providers=["CPUExecutionProvider"])


def test_sums_are_exact() -> None:
    exact = logits(opened("1"))
    assert np.array_equal(logits(open_session(_MODEL)), exact)


def test_the_fast_product_is_exact_just_where_the_probe_says_so() -> None:
    fast, exact = logits(opened("0")), logits(opened("1"))
    assert np.array_equal(fast, exact) == is_exact()


def test_a_session_runs_on_the_threads_of_its_caller() -> None:
    assert open_session(_MODEL).get_session_options().intra_op_num_threads == 1


def test_a_file_that_is_no_graph_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.onnx"
    path.write_bytes(b"no graph")
    with pytest.raises(Exception, match=r"no\.onnx"):
        open_session(path)
