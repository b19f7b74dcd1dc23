"""Read a file in a process of its own, which is ended when it takes too long.

Parsers of PDF, Word and HTML are large, and some file will find the loop or the memory
leak in them. The process gets a bound on wall-clock time everywhere and on address space
on Linux. It starts in about 0.2 s, and answers in JSON rather than in pickles: what a
hostile file may have brought it to say can then be a wrong text at worst.

`read_isolated` runs in the caller's process, `main` in the other one.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from math import ceil
from pathlib import Path
from typing import Any

from bot.corpus.raw import Block, BlockKind, RawDocument
from bot.corpus.readers.limits import ReadLimits, Unreadable
from bot.corpus.readers.registry import Format, format_named

_log = logging.getLogger(__name__)

# The child finds modules where its parent does, whatever its working directory is.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from bot.corpus.readers.isolation import main; main()"
)
_TOO_MUCH_MEMORY = "It needs more memory to read than is allowed. Split it, or save it as .txt."


def read_isolated(data: bytes, known: Format, limits: ReadLimits) -> list[RawDocument]:
    """Return the documents of a file, read in another process.

    Args:
        data: The file's bytes.
        known: Its format.
        limits: Bounds; ``max_seconds`` and ``max_memory_bytes`` hold for the process.

    Raises:
        Unreadable: The reader says so, or it was ended or crashed.
    """
    order = json.dumps({"format": known.name, "limits": asdict(limits)}).encode()
    command = [sys.executable, "-c", _START, json.dumps(sys.path)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and code, nothing of the file
            command, input=order + b"\n" + data, capture_output=True, timeout=limits.max_seconds
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(
            f"It could not be read within {limits.max_seconds:g} seconds. Save it anew from "
            "the program it came from, or as .txt."
        ) from error
    if done.returncode != 0 or not done.stdout:
        _log.debug("reader of %s ended with %s", known.name, done.returncode)
        raise Unreadable(
            f"It is damaged, or no {known.name} file: its reader broke off. Save it anew from "
            "the program it came from, or as .txt."
        )
    return _received(json.loads(done.stdout))


def main() -> None:
    """Read one file as ordered on standard input, answer on standard output.

    The order is a line of JSON that names format and limits; the file's bytes follow.
    """
    order: Any = json.loads(sys.stdin.buffer.readline())
    limits = ReadLimits(**order["limits"])
    _bound_process(limits)
    logging.disable()
    sys.stdout.buffer.write(answer(format_named(order["format"]), sys.stdin.buffer.read(), limits))


def answer(known: Format, data: bytes, limits: ReadLimits) -> bytes:
    """Return a JSON object with the ``documents`` of a file, or the ``reason`` why not."""
    found: dict[str, object]
    try:
        documents = known.load()(data, limits)
        found = {"documents": [_sent(document) for document in documents]}
    except Unreadable as error:
        found = {"reason": str(error)}
    except MemoryError:
        found = {"reason": _TOO_MUCH_MEMORY}
    return json.dumps(found, ensure_ascii=False).encode()


def _bound_process(limits: ReadLimits) -> None:
    """Bound the address space, and the time of a process whose parent was killed."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    space = pages * resource.getpagesize() + limits.max_memory_bytes
    for kind, wanted in (
        (resource.RLIMIT_AS, space),
        (resource.RLIMIT_CPU, ceil(limits.max_seconds) + 1),
    ):
        hard = resource.getrlimit(kind)[1]
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (allowed, hard))


def _sent(document: RawDocument) -> Mapping[str, object]:
    blocks = document.blocks
    return {
        "text": document.text,
        "blocks": None if blocks is None else [asdict(block) for block in blocks],
        "sha256": document.sha256,
        "metadata": dict(document.metadata),
    }


def _received(answer: Any) -> list[RawDocument]:
    if "reason" in answer:
        raise Unreadable(answer["reason"])
    documents = []
    for sent in answer["documents"]:
        blocks = sent["blocks"]
        if blocks is not None:
            blocks = tuple(Block(**{**block, "kind": BlockKind(block["kind"])}) for block in blocks)
        documents.append(RawDocument(sent["text"], blocks, sent["sha256"], sent["metadata"]))
    return documents
