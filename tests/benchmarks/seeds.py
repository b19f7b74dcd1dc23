"""Score the answers on the seed documents by a gold set, beside two rivals.

    python -m tests.benchmarks.seeds --gold GOLD.jsonl --scorer SCORER.py

GOLD holds one object a line with "id", "query" and "kind"; SCORER is called with GOLD, the
replies and the folder of the seed documents, and prints the figures. The rivals answer every
query with the three best sentences of bm25s, or of the bare encoder, and no counterpoints.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.bootstrap import Application
from bot.evaluation import read_rows
from bot.settings import Settings
from tests.benchmarks.measuring import SEEDS, arguments_for, print_header, print_load
from tests.benchmarks.rivals import Rival, rivals_on

_SHOWN = 3

Row = Mapping[str, Any]
"""A line of one of the files, whose shapes are the program's and the scorer's contracts."""


def ask_all(gold: Iterable[Row], folder: Path) -> Path:
    """Have the program answer the gold queries; returns the file of its replies."""
    batch, replies = folder / "batch.jsonl", folder / "counterpoint.jsonl"
    _write(batch, (_request(row) for row in gold))
    environment = {**os.environ, "CORPUS_DIR": str(SEEDS), "DATA_DIR": str(folder / "data")}
    program = Path(sys.executable).with_name("counterpoint")
    with replies.open("w", encoding="utf-8") as out:
        subprocess.run(
            [program, "ask", "--batch", batch, "--json"], env=environment, stdout=out, check=True
        )
    return replies


def _request(row: Row) -> Row:
    kind = {"kind": "topic"} if row.get("kind") == "topic" else {}
    return {"id": row["id"], "query": row["query"], **kind}


def answer_by_rivals(gold: Iterable[Row], folder: Path) -> dict[str, Path]:
    """Answer the gold queries by each rival over the index that the program built."""
    application = Application(Settings(corpus_dir=SEEDS, data_dir=folder / "data"))
    index = application.store.current()
    if index is None:
        raise SystemExit("the seeds were not indexed")
    texts = [
        index.document(passage.document_id).text[passage.start : passage.end]
        for passage in index.passages(range(index.size))
    ]
    bm25, bare = rivals_on(index, application.encoder)
    rivals: dict[str, Rival] = {"bm25s": bm25, "bare encoder": bare}
    files = {}
    for name, rival in rivals.items():
        files[name] = folder / f"{name}.jsonl"
        replies = []
        for row in gold:
            rows = rival.rank(row["query"], _SHOWN)[0]
            quotes = [{"text": texts[at]} for at in rows]
            reply = {"answered": bool(quotes), "quotes": quotes, "counterpoints": []}
            replies.append({"id": row["id"], **reply})
        _write(files[name], replies)
    return files


def _write(path: Path, rows: Iterable[Row]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def main() -> None:
    """Answer, score and print."""
    parser = arguments_for(__doc__)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--scorer", type=Path)
    arguments = parser.parse_args()
    if not (arguments.gold and arguments.scorer):
        print("Skipped: --gold and --scorer name the gold set and the program that scores by it.")
        return
    gold = [row for _, row in read_rows(arguments.gold)]
    print_header(arguments.seed, [SEEDS, arguments.gold])
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = {"counterpoint": ask_all(gold, folder)} | answer_by_rivals(gold, folder)
        for name, replies in files.items():
            print(f"\n{name}, {len(gold)} queries", flush=True)
            command = [sys.executable, arguments.scorer, arguments.gold, replies]
            subprocess.run([*command, SEEDS / "documents"], check=True)
    print()
    print_load()


if __name__ == "__main__":
    main()
