"""Publish one generation after another until somebody kills the process.

Run by `test_store` as a child: ``python -m tests.bot.backends.embedded.build_forever FOLDER``.
"""

import sys
from itertools import count
from pathlib import Path

from bot.backends.embedded import EmbeddedStore
from tests.contracts.index_contract import DIMENSION, ENCODER, prepare, publish

DOCUMENTS, SENTENCES = 6, 40


def build_forever(folder: Path) -> None:
    """Change one document in each round; say so once the first generation serves."""
    store = EmbeddedStore(folder, ENCODER, DIMENSION)
    for round_ in count():
        changed = round_ % DOCUMENTS
        names = [f"d{number}" for number in range(DOCUMENTS)]
        put = names if round_ == 0 else [names[changed]]
        sentences = [f"Round {round_} sentence {number}." for number in range(SENTENCES)]
        publish(
            store,
            *(prepare(name, sentences, fingerprint=str(round_)) for name in put),
            keep=[name for name in names if name not in put],
        )
        if round_ == 0:
            sys.stdout.write("serving\n")
            sys.stdout.flush()


if __name__ == "__main__":
    build_forever(Path(sys.argv[1]))
