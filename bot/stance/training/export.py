"""Write a trained cross-encoder as an ONNX graph with int8 weights that is quick on one thread.

Three things make it quick: attention, bias and normalisation are fused into one node each; matrix
weights are int8 a column; and since the head reads the first token alone, the last layer computes
nothing but that token. `__main__` calls `export`; `bot.stance.model` runs what it writes.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from torch import Tensor, nn
from transformers import BertForSequenceClassification

_OPSET = 17
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class FirstToken(nn.Module):  # type: ignore[misc]  # torch has no types here
    """A BERT classifier whose last layer computes the first token only; the logits are the same."""

    def __init__(self, model: BertForSequenceClassification) -> None:
        """Wrap a model, which keeps its weights."""
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> Tensor:
        """Give the logits, ``(n, 3)``, of tokens, their mask and their segments, ``(n, t)``."""
        bert = self.model.bert
        hidden = bert.embeddings(input_ids=ids, token_type_ids=types)
        bias = (1.0 - mask[:, None, None, :].float()) * -10000.0
        *lower, last = bert.encoder.layer
        for layer in lower:
            hidden = _layer(layer, hidden, hidden, bias)
        first = _layer(last, hidden[:, :1], hidden, bias)[:, 0]
        logits: Tensor = self.model.classifier(torch.tanh(bert.pooler.dense(first)))
        return logits


def _layer(layer: nn.Module, asking: Tensor, asked: Tensor, bias: Tensor) -> Tensor:
    """Run one layer for the tokens `asking`, which attend to the tokens `asked`."""
    attention = layer.attention.self
    heads, size = attention.num_attention_heads, attention.attention_head_size
    count = asking.shape[0]
    query = attention.query(asking).view(count, -1, heads, size).transpose(1, 2)
    key = attention.key(asked).view(count, -1, heads, size).permute(0, 2, 3, 1)
    value = attention.value(asked).view(count, -1, heads, size).transpose(1, 2)
    shares = torch.softmax(query @ key / size**0.5 + bias, dim=-1)
    context = (shares @ value).transpose(1, 2).reshape(count, -1, heads * size)
    attended = layer.attention.output(context, asking)
    out: Tensor = layer.output(layer.intermediate(attended), attended)
    return out


def export(checkpoint: Path, scratch: Path, target: Path) -> None:
    """Write the float32 graph and the int8 graph of a checkpoint.

    Args:
        checkpoint: Folder of a BERT classifier that `fit.train` saved.
        scratch: Folder for the float32 graph, ``stance.fp32.onnx``.
        target: The int8 file to write, about 23 MB for six layers.
    """
    model = BertForSequenceClassification.from_pretrained(checkpoint).eval()
    float32 = scratch / "stance.fp32.onnx"
    example = torch.ones(2, 8, dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the TorchScript exporter: its graph is what gets fused
        torch.onnx.export(
            FirstToken(model),
            (example, example, example),
            str(float32),
            input_names=list(_INPUTS),
            output_names=["logits"],
            dynamic_axes={name: {0: "pair", 1: "token"} for name in _INPUTS},
            opset_version=_OPSET,
            dynamo=False,
        )
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False  # the word embeddings become int8 below
    config = model.config
    fused = optimizer.optimize_model(
        str(float32),
        "bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=options,
        opt_level=0,
    )
    prepared = scratch / "stance.fused.onnx"
    fused.save_model_to_file(str(prepared))
    quantize_dynamic(
        prepared,
        target,
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )
    graph = onnx.load(target)
    _shrink_embeddings(graph)
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
