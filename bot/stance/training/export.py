"""Write a trained model as one int8 ONNX file.

Weights of matrix products are stored per output channel and multiplied in int8 (activations are
quantised at run time); the word embeddings are stored as int8 with one scale a word. `__main__`
calls `export` once training is done.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from transformers import BertForSequenceClassification

_OPSET = 17
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def export(checkpoint: Path, scratch: Path, target: Path) -> None:
    """Write the float32 graph and the int8 graph of a checkpoint.

    Args:
        checkpoint: Folder that `fit.train` saved.
        scratch: Folder for the float32 graph, ``stance.fp32.onnx``.
        target: The int8 file to write, about 23 MB.
    """
    model = BertForSequenceClassification.from_pretrained(checkpoint, attn_implementation="eager")
    model.eval()
    float32 = scratch / "stance.fp32.onnx"
    example = torch.ones(2, 8, dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the TorchScript exporter: it needs no onnxscript
        torch.onnx.export(
            model,
            (example, example, example),
            str(float32),
            input_names=list(_INPUTS),
            output_names=["logits"],
            dynamic_axes={name: {0: "pair", 1: "token"} for name in _INPUTS},
            opset_version=_OPSET,
            dynamo=False,
        )
    prepared = scratch / "stance.prepared.onnx"
    quant_pre_process(str(float32), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(
        prepared,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )
    graph = onnx.load(target)
    _shrink_embeddings(graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, target)


def _shrink_embeddings(model: onnx.ModelProto) -> None:
    """Store the word embeddings as int8 rows and one float32 scale a row."""
    table = next(t for t in model.graph.initializer if "word_embeddings" in t.name)
    lookup = next(node for node in model.graph.node if table.name in node.input)
    rows = numpy_helper.to_array(table)
    scale = np.maximum(np.abs(rows).max(axis=1, keepdims=True) / 127, 1e-12).astype(np.float32)
    small = np.rint(rows / scale).astype(np.int8)
    model.graph.initializer.remove(table)
    model.graph.initializer.append(numpy_helper.from_array(small, "words.int8"))
    model.graph.initializer.append(numpy_helper.from_array(scale, "words.scale"))
    ids, output = lookup.input[1], lookup.output[0]
    replacement = [
        helper.make_node("Gather", ["words.int8", ids], ["words.row"]),
        helper.make_node("Cast", ["words.row"], ["words.float"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["words.scale", ids], ["words.row_scale"]),
        helper.make_node("Mul", ["words.float", "words.row_scale"], [output]),
    ]
    position = list(model.graph.node).index(lookup)
    model.graph.node.remove(lookup)
    for offset, node in enumerate(replacement):
        model.graph.node.insert(position + offset, node)
