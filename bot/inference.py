"""Open ONNX graphs, each run on one thread of the caller's, with int8 sums that are exact.

`bot.retrieval.encoder` and `bot.stance.model` open theirs here.
"""

from pathlib import Path

import numpy as np
import onnxruntime

# One product of unsigned (1, 4) "a" by a signed (4, 16) matrix of nothing but 127, as int32 "y".
_PROBE = (
    b'\x08\x08:\x90\x01\n\x18\n\x01a\n\x01b\x12\x01y"\rMatMulInteger\x12\x01g*K\x08\x04\x08\x10'
    b"\x10\x03B\x01bJ@" + b"\x7f" * 64 + b"Z\x11\n\x01a\x12\x0c\n\n\x08\x02\x12\x06\n\x00\n\x02"
    b"\x08\x04b\x11\n\x01y\x12\x0c\n\n\x08\x06\x12\x06\n\x00\n\x02\x08\x10B\x04\n\x00\x10\r"
)
_LARGEST = np.full((1, 4), 255, np.uint8)
_EXACT = 4 * 255 * 127


def open_session(path: Path) -> onnxruntime.InferenceSession:
    """Open a graph; its runs take one thread each, and many may run at once.

    Raises:
        Exception: It cannot be read; onnxruntime has no base class for its errors.
    """
    options = _on_one_thread()
    if not is_exact():
        # Products of unsigned bytes alone do not overflow; where none do, they are twice as slow.
        options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def is_exact() -> bool:
    """Tell whether the fast product of int8 matrices is exact on this processor.

    Without VNNI instructions x86 adds two products in 16 bits, which overflow in silence.
    """
    probe = onnxruntime.InferenceSession(
        _PROBE, _on_one_thread(), providers=["CPUExecutionProvider"]
    )
    (product,) = probe.run(["y"], {"a": _LARGEST})
    return bool((product == _EXACT).all())


def _on_one_thread() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
