"""Fine-tune the cross-encoder: length-bucketed batches, AdamW, linear decay.

Called by `__main__`; what the pairs are is `data`'s business.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import BertForSequenceClassification

from bot.stance.training.data import Pair

_log = logging.getLogger(__name__)

MAX_LENGTH = 96
_BATCH = 32
_BUCKET = 50  # batches that are sorted by length together
_WARMUP = 0.06
_WEIGHT_DECAY = 0.01


def load_base(base: Path) -> BertForSequenceClassification:
    """Load an encoder, with a fresh three-way head if it has none; its word embeddings freeze."""
    model = BertForSequenceClassification.from_pretrained(base, num_labels=3)
    model.bert.embeddings.word_embeddings.weight.requires_grad = False
    return model


def load_tokenizer(base: Path) -> Tokenizer:
    """Load the tokenizer, without the padding and truncation stored in its file."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_LENGTH, strategy="only_second")
    return tokenizer


def train(
    model: BertForSequenceClassification,
    tokenizer: Tokenizer,
    epochs: Sequence[Sequence[Pair]],
    *,
    rate: float,
    random: Random,
    checkpoint: Path,
) -> None:
    """Train in place, one pass over each of the epochs, and save a checkpoint after each.

    Args:
        model: What to train.
        tokenizer: What `load_tokenizer` gave.
        epochs: The pairs of each epoch.
        rate: The highest learning rate, reached after the warm-up.
        random: Orders the batches.
        checkpoint: Folder to save into.
    """
    steps = sum((len(epoch) + _BATCH - 1) // _BATCH for epoch in epochs)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=_WEIGHT_DECAY, fused=True)
    warmup = max(1, int(_WARMUP * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warmup, (steps - step) / (steps - warmup + 1))
    )
    model.train()
    step, running, started = 0, 0.0, time.monotonic()
    for number, epoch in enumerate(epochs, start=1):
        for inputs, labels in _batches(tokenizer, epoch, random):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(**inputs).logits
            loss = torch.nn.functional.cross_entropy(logits.float(), labels)
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
        model.save_pretrained(checkpoint)
        _log.info("epoch %d of %d saved", number, len(epochs))
    model.eval()


def predict(
    model: BertForSequenceClassification, tokenizer: Tokenizer, pairs: Sequence[Pair]
) -> Tensor:
    """Give the logits of pairs, ``(n, 3) float32``, in their order, by the float32 model."""
    model.eval()
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].claim) + len(pairs[i].text))
    logits = torch.zeros(len(pairs), 3)
    with torch.inference_mode():
        for start in range(0, len(order), 64):
            chosen = order[start : start + 64]
            inputs, _ = _tensors(tokenizer, [pairs[i] for i in chosen])
            logits[chosen] = model(**inputs).logits
    return logits


def _batches(
    tokenizer: Tokenizer, pairs: Sequence[Pair], random: Random
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
            yield _tensors(tokenizer, batch)


def _tensors(tokenizer: Tokenizer, pairs: Sequence[Pair]) -> tuple[dict[str, Tensor], Tensor]:
    """Turn pairs into the model's inputs, padded to the longest, and their labels."""
    encodings = tokenizer.encode_batch([(pair.claim[:300], pair.text) for pair in pairs])
    longest = max(len(encoding.ids) for encoding in encodings)
    for encoding in encodings:
        encoding.pad(longest)
    inputs = {
        "input_ids": torch.tensor([encoding.ids for encoding in encodings]),
        "attention_mask": torch.tensor([encoding.attention_mask for encoding in encodings]),
        "token_type_ids": torch.tensor([encoding.type_ids for encoding in encodings]),
    }
    return inputs, torch.tensor([pair.label for pair in pairs])
