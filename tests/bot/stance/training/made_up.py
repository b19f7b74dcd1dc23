"""Write sets in the form of the public ones."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

FILES = (
    *(f"stance/{name}_dev" for name in ("perspectrum", "argkp", "arg_rank_30k")),
    *(f"stance/{name}_train" for name in ("perspectrum", "argkp", "arg_rank_30k")),
    "stance/ibm_claim_stance_train",
    "nli/mnli_dev",
    "nli/snli_dev",
)


def write_pairs(folder: Path, name: str, rows: Iterable[tuple[str, str, str]]) -> None:
    """Write (claim, text, stance) rows as one set of pairs."""
    _write(
        folder / f"{name}.jsonl",
        (
            {"id": str(number), "claim": claim, "text": text, "stance": stance}
            for number, (claim, text, stance) in enumerate(rows)
        ),
    )


def write_arguments(folder: Path, arguments: Mapping[str, tuple[str, str]]) -> None:
    """Write (title, text) by id as the corpus of arguments."""
    _write(
        folder / "counter" / "arguana" / "corpus.jsonl",
        ({"_id": name, "title": title, "text": text} for name, (title, text) in arguments.items()),
    )


def _write(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
