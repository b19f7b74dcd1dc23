"""Fine-tune a cross-encoder: length-bucketed batches, AdamW, linear decay, hard or soft targets.

Called by `__main__`; what the pairs are is the business of `sets` and `mixing`. Any encoder that
transformers can put a classification head on will do: BERT and MPNet have been tried.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import AutoModelForSequenceClassification, PreTrainedModel

from bot.stance.training.sets import UNKNOWN, Pair

_log = logging.getLogger(__name__)

_MAX_LENGTH = 96
_MAX_CLAIM_CHARACTERS = 300
_MAX_TEXT_CHARACTERS = 1500
_BATCH = 32
_BUCKET = 50  # batches that are sorted by length together
_WARMUP = 0.06
_WEIGHT_DECAY = 0.01
_SMOOTHING = 0.05
_SAVE_EVERY = 400  # steps


def load_base(base: Path, *, frozen_layers: int = 0) -> PreTrainedModel:
    """Load an encoder, with a fresh three-way head if it has none.

    Its word embeddings do not train, nor do the lowest layers asked for. No dropout: a few passes
    over this much text do not overfit, and without it a step takes two thirds of the time.
    Attention is the plain one: on a CPU, for texts this short, a step of the fused one takes half
    as long again.
    """
    model: PreTrainedModel = AutoModelForSequenceClassification.from_pretrained(
        base,
        num_labels=3,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager",
    )
    frozen = ("word_embeddings.", *(f".layer.{number}." for number in range(frozen_layers)))
    for name, parameter in model.named_parameters():
        parameter.requires_grad = not any(part in name for part in frozen)
    return model


def narrow(model: PreTrainedModel, width: int) -> None:
    """Keep the `width` units of every feed-forward block whose weights are the largest.

    A unit counts what the norms of its weights, in and out, multiply to. Half of a layer's time
    goes into these blocks, and training makes up for what was cut.
    """
    for layer in model.base_model.encoder.layer:
        into, out = layer.intermediate.dense, layer.output.dense
        counts = into.weight.norm(dim=1) * out.weight.norm(dim=0)
        kept = counts.topk(width).indices.sort().values
        into.weight, into.bias = (
            torch.nn.Parameter(into.weight[kept].detach()),
            torch.nn.Parameter(into.bias[kept].detach()),
        )
        out.weight = torch.nn.Parameter(out.weight[:, kept].detach())
        into.out_features = out.in_features = width
    model.config.intermediate_size = width


def load_tokenizer(base: Path) -> Tokenizer:
    """Load the tokenizer, without the padding and truncation stored in its file."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MAX_LENGTH, strategy="only_second")
    return tokenizer


def train(
    model: PreTrainedModel,
    tokenizer: Tokenizer,
    epochs: Sequence[Sequence[Pair]],
    *,
    rate: float,
    random: Random,
    checkpoint: Path | None = None,
) -> None:
    """Train in place, one pass over each of the epochs.

    Args:
        model: What to train.
        tokenizer: What `load_tokenizer` gave.
        epochs: The pairs of each epoch.
        rate: The highest learning rate, reached after the warm-up.
        random: Orders the batches.
        checkpoint: Folder to save into, now and then and at the end of each epoch.
    """
    steps = sum((len(epoch) + _BATCH - 1) // _BATCH for epoch in epochs)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=_WEIGHT_DECAY, fused=True)
    warmup = max(1, int(_WARMUP * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warmup, (steps - step) / (steps - warmup + 1))
    )
    device = model.device
    model.train()
    step, running, started = 0, 0.0, time.monotonic()
    for epoch in epochs:
        for inputs, targets in _batches(model, tokenizer, epoch, random):
            with torch.autocast(device.type, dtype=torch.bfloat16):
                logits = model(**inputs).logits
            loss = torch.nn.functional.cross_entropy(logits.float(), targets.to(device))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            step += 1
            running = loss.item() if step == 1 else 0.98 * running + 0.02 * loss.item()
            if step % 25 == 0:
                seconds = time.monotonic() - started
                _log.info("step %d/%d loss %.3f after %.0f s", step, steps, running, seconds)
            if checkpoint is not None and step % _SAVE_EVERY == 0:
                model.save_pretrained(checkpoint)
        if checkpoint is not None:
            model.save_pretrained(checkpoint)
    model.eval()


def predict(model: PreTrainedModel, tokenizer: Tokenizer, pairs: Sequence[Pair]) -> Tensor:
    """Give the logits of pairs, ``(n, 3) float32``, in their order, by the float32 model."""
    model.eval()
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].claim) + len(pairs[i].text))
    logits = torch.zeros(len(pairs), 3)
    with torch.inference_mode():
        for start in range(0, len(order), 64):
            chosen = order[start : start + 64]
            inputs, _ = _tensors(model, tokenizer, [pairs[i] for i in chosen])
            logits[chosen] = model(**inputs).logits.float().cpu()
    return logits


def soften(
    model: PreTrainedModel, tokenizer: Tokenizer, pairs: Sequence[Pair], share: float
) -> list[Pair]:
    """Mix a teacher's probabilities into the targets of pairs.

    Distillation as in Hinton et al. (2015), at temperature 1. A pair without a label of its own
    gets the teacher's probabilities alone.

    Args:
        model: The teacher.
        tokenizer: The teacher's.
        pairs: What the student will be trained on.
        share: What the teacher counts beside the label, in [0, 1].
    """
    with torch.autocast(model.device.type, dtype=torch.bfloat16):
        said = predict(model, tokenizer, pairs).softmax(dim=1)
    own = torch.stack([_target(pair) for pair in pairs])
    weight = torch.tensor([1.0 if pair.label == UNKNOWN else share for pair in pairs])[:, None]
    mixed = (weight * said + (1 - weight) * own).tolist()
    return [replace(pair, soft=tuple(row)) for pair, row in zip(pairs, mixed, strict=True)]


def _batches(
    model: PreTrainedModel, tokenizer: Tokenizer, pairs: Sequence[Pair], random: Random
) -> Iterator[tuple[dict[str, Tensor], Tensor]]:
    """Yield batches of pairs of like length, in random order."""
    shuffled = random.sample(pairs, len(pairs))
    for start in range(0, len(shuffled), _BATCH * _BUCKET):
        bucket = sorted(
            shuffled[start : start + _BATCH * _BUCKET], key=lambda p: len(p.claim) + len(p.text)
        )
        batches = [bucket[i : i + _BATCH] for i in range(0, len(bucket), _BATCH)]
        random.shuffle(batches)
        for batch in batches:
            yield _tensors(model, tokenizer, batch)


def _tensors(
    model: PreTrainedModel, tokenizer: Tokenizer, pairs: Sequence[Pair]
) -> tuple[dict[str, Tensor], Tensor]:
    """Turn pairs into the model's inputs, padded to the longest, and their targets."""
    encodings = tokenizer.encode_batch(
        [(pair.claim[:_MAX_CLAIM_CHARACTERS], pair.text[:_MAX_TEXT_CHARACTERS]) for pair in pairs]
    )
    longest = max(len(encoding.ids) for encoding in encodings)
    for encoding in encodings:
        encoding.pad(longest, pad_id=model.config.pad_token_id)
    columns: dict[str, list[Any]] = {
        "input_ids": [encoding.ids for encoding in encodings],
        "attention_mask": [encoding.attention_mask for encoding in encodings],
    }
    if model.config.model_type == "bert":
        columns["token_type_ids"] = [encoding.type_ids for encoding in encodings]
    inputs = {name: torch.tensor(rows, device=model.device) for name, rows in columns.items()}
    return inputs, torch.stack([_target(pair) for pair in pairs])


def _target(pair: Pair) -> Tensor:
    """Give the probabilities that a pair is trained towards, ``(3,) float32``."""
    if pair.soft is not None:
        return torch.tensor(pair.soft)
    even = torch.full((3,), 1 / 3)
    if pair.label == UNKNOWN:
        return even
    return _SMOOTHING * even + (1 - _SMOOTHING) * torch.eye(3)[pair.label]
