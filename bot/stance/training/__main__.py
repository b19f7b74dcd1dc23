"""Train the stance model, then write its int8 form, calibrate it and measure both."""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path
from random import Random

import numpy as np
import torch
from transformers import BertForSequenceClassification

from bot.stance.model import LABELS, OnnxStanceModel
from bot.stance.training import data, evaluate, export, fit
from bot.stance.training.data import NEUTRAL, Pair
from bot.stance.training.evaluate import Array, Calibration

_log = logging.getLogger("bot.stance.training")

_NLI_PAIRS = 20_000
_NLI_RATE = 8e-5
_STANCE_ROUNDS = ((2, 6e-5), (1, 4e-5))  # epochs and highest rate; each decays to nothing

_MAX_LENGTH = 128  # at run time; a quote of 400 characters and a claim fit in
_MAX_CLAIM = 48
_OFF_TOPIC_DEV = 1000


def main() -> None:
    """Read the arguments and run the stages in order."""
    arguments = _parse()
    out: Path = arguments.out
    (out / "model").mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(message)s",
        handlers=[logging.StreamHandler(), logging.FileHandler(out / "training.log")],
    )
    torch.set_num_threads(arguments.threads)
    if not arguments.export_only:
        _train(
            arguments.data,
            arguments.base,
            out,
            arguments.fraction,
            arguments.seed,
            resume=arguments.resume,
        )
    _write(arguments.base, out)
    report = _measure(arguments.data, arguments.base, out, arguments.seed)
    (out / "figures.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    _log.info("figures: %s", json.dumps(report))


def _train(
    folder: Path, base: Path, out: Path, fraction: float, seed: int, *, resume: bool
) -> None:
    """Run both stages, or only the last round, and leave the weights at ``checkpoint/stance``."""
    torch.manual_seed(seed)
    random = Random(seed)  # noqa: S311 - sampling, to be repeated
    checkpoint = out / "checkpoint"
    tokenizer = fit.load_tokenizer(base)
    model = fit.load_base(checkpoint / "stance" if resume else base)
    nli, stance = data.nli_rows(folder), data.stance_rows(folder)
    _log.info("nli %d, stance %s", len(nli), {name: len(rows) for name, rows in stance.items()})
    if not resume:
        first = random.sample(nli, min(len(nli), int(_NLI_PAIRS * fraction)))
        fit.train(
            model, tokenizer, [first], rate=_NLI_RATE, random=random, checkpoint=checkpoint / "nli"
        )
    for count, rate in _STANCE_ROUNDS[-1:] if resume else _STANCE_ROUNDS:
        epochs = [
            data.stance_epoch(stance, nli, fraction=fraction, random=random) for _ in range(count)
        ]
        fit.train(
            model, tokenizer, epochs, rate=rate, random=random, checkpoint=checkpoint / "stance"
        )


def _write(base: Path, out: Path) -> None:
    """Write the int8 graph and the tokenizer into ``out/model``, not yet calibrated."""
    target = out / "model" / "stance.int8.onnx"
    export.export(out / "checkpoint" / "stance", out, target)
    tokenizer = fit.load_tokenizer(base)
    tokenizer.no_truncation()
    tokenizer.save(str(out / "model" / "tokenizer.json"), pretty=False)
    _write_card(out / "model", Calibration(1.0, (0.0, 0.0, 0.0)))
    _log.info("wrote %s, %.1f MB", target.name, target.stat().st_size / 1e6)


def _write_card(folder: Path, calibration: Calibration) -> None:
    """Write model.json, which `bot.stance.model` reads."""
    fields = {
        "format": 1,
        "labels": list(LABELS),
        "max_length": _MAX_LENGTH,
        "max_claim": _MAX_CLAIM,
        "temperature": round(calibration.temperature, 6),
        "bias": [round(value, 6) for value in calibration.bias],
    }
    (folder / "model.json").write_text(json.dumps(fields, indent=1) + "\n", encoding="utf-8")


def _measure(folder: Path, base: Path, out: Path, seed: int) -> dict[str, object]:
    """Predict the dev sets with both forms, calibrate the int8 one and give the figures."""
    sets = data.dev_sets(folder)
    sets["off_topic_dev"] = evaluate.off_topic_dev(sets, _OFF_TOPIC_DEV, seed)
    model = BertForSequenceClassification.from_pretrained(out / "checkpoint" / "stance")
    tokenizer = fit.load_tokenizer(base)
    shipped = OnnxStanceModel(out / "model")
    float32: dict[str, Array] = {}
    int8: dict[str, Array] = {}
    for name, pairs in sets.items():
        float32[name] = fit.predict(model, tokenizer, pairs).double().numpy()
        uncalibrated = shipped.classify([(pair.claim, pair.text) for pair in pairs])
        int8[name] = np.log(np.maximum(uncalibrated, 1e-9)).astype(np.float64)
        _log.info("predicted %s", name)
    calibration, figures = _calibrate(sets, int8)
    _write_card(out / "model", calibration)
    for name, pairs in sets.items():
        labels = evaluate.labels_of(pairs)
        figures[name] = {
            "float32": evaluate.as_fields(evaluate.score(evaluate.softmax(float32[name]), labels)),
            "int8": evaluate.as_fields(evaluate.score(calibration.apply(int8[name]), labels)),
            "int8_uncalibrated": evaluate.as_fields(
                evaluate.score(evaluate.softmax(int8[name]), labels)
            ),
        }
    return figures


def _calibrate(
    sets: dict[str, list[Pair]], logits: dict[str, Array]
) -> tuple[Calibration, dict[str, object]]:
    """Fit the calibration on a mixture in which every set and "neutral" weigh the same."""
    neutral = [i for i, pair in enumerate(sets["nli_held_out"]) if pair.label == NEUTRAL]
    parts = [
        *((sets[name], logits[name], 1.0) for name in data.STANCE_DEV),
        (sets["off_topic_dev"], logits["off_topic_dev"], 0.5),
        ([sets["nli_held_out"][i] for i in neutral], logits["nli_held_out"][neutral], 0.5),
    ]
    pairs = [pair for rows, _, _ in parts for pair in rows]
    stacked = np.concatenate([rows for _, rows, _ in parts])
    weights = np.concatenate([np.full(len(rows), share / len(rows)) for rows, _, share in parts])
    labels = evaluate.labels_of(pairs)
    claims = [pair.claim for pair in pairs]
    calibration = evaluate.fit_calibration(stacked, labels, weights)
    probabilities = calibration.apply(stacked)
    before, after = evaluate.crossfit_error(stacked, labels, weights, claims)
    return calibration, {
        "temperature": calibration.temperature,
        "bias": calibration.bias,
        "ece_uncalibrated": before,
        "ece_crossfit": after,
        "opposes_precision_recall": evaluate.opposing_precision(probabilities, labels, weights),
    }


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.stance.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with stance/ and nli/")
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument("--fraction", type=float, default=1.0, help="share of the data to use")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--resume", action="store_true", help="repeat the last round on the checkpoint under --out"
    )
    parser.add_argument(
        "--export-only", action="store_true", help="start from the checkpoint under --out"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
