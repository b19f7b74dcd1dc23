"""What the pages carry: 100 requests a second on loopback, beside a server that does no work.

    python -m tests.benchmarks.web_load [--rate 100] [--seconds 20]

Serves the seeds and a document of five megabytes by ``counterpoint serve web`` in a process of its
own, opens the long document once while nothing is held, then asks for pages at a steady rate,
whether or not the ones before were answered: permalinks are followed to the marked quote. The
rival is aiohttp sending bodies of the same lengths from memory.
"""

import argparse
import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import numpy as np
from aiohttp import web

from bot.bootstrap import Application
from bot.corpus.quoting import permalink
from bot.corpus.raw import RawDocument
from bot.corpus.splitting import read_document
from bot.ports import PreparedDocument
from bot.settings import Settings
from tests.benchmarks.measuring import SEEDS, Timing, print_header

_LONG = 5_000_000
_READY_S = 60.0
_SENTENCE = "The clerk of the harbour wrote down which ship came in, what it carried, and on day"


def main() -> None:
    """Print what the pages carry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=100.0, help="requests a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long")
    parser.add_argument("--seed", type=int, default=7, help="of the choice of pages")
    chosen = parser.parse_args()
    print_header(chosen.seed, [SEEDS])
    asyncio.run(_run(chosen.rate, chosen.seconds, random.Random(chosen.seed)))  # noqa: S311


async def _run(rate: float, seconds: float, chance: random.Random) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = _prepare(folder)
        async with _served(folder) as address, aiohttp.ClientSession() as client:
            for path in ("/d/ledger", "/d/ledger?page=50", paths["permalink"][-1]):
                took, length = await _asked(client, f"{address}{path}")
                print(f"first opened  {path[:44]:44}  {took:7.1f} ms  {length / 1000:6.0f} kB")
            for every in paths.values():
                for path in every:
                    await _asked(client, f"{address}{path}")
            kinds = list(paths)
            plan = [(kind := chance.choice(kinds), chance.choice(paths[kind]))
                    for _ in range(int(rate * seconds))]  # fmt: skip
            times, lengths = await _steadily(client, address, plan, rate)
        everything = [one for each in times.values() for one in each]
        for kind, each in sorted(times.items()):
            print(f"{kind:12}  {Timing.of(each)}   p99 {np.percentile(each, 99):7.1f} ms")
        ours = Timing.of(everything)
        print(f"{'all':12}  {ours}   p99 {np.percentile(everything, 99):7.1f} ms")
        async with _rival() as address, aiohttp.ClientSession() as client:
            plan = [("rival", f"/{length}") for length in lengths]
            times, _ = await _steadily(client, address, plan, rate)
        rival = Timing.of(times["rival"])
        print(f"{'aiohttp bare':12}  {rival}")
        print(f"p95 is {ours.p95_ms / rival.p95_ms:.1f} times that of aiohttp sending from memory")


def _prepare(folder: Path) -> dict[str, list[str]]:
    """Index the seeds and a long document; returns paths of each kind."""
    shutil.copytree(SEEDS, folder / "corpus")
    application = Application(_settings(folder))
    application.reindex()
    _add_ledger(application)
    index = application.store.current()
    if index is None:
        raise RuntimeError("nothing was published")
    permalinks = []
    for document_id in index.document_ids():
        document = index.document(document_id)
        passages = index.passages(index.rows_of(document_id))
        for one in passages[:: max(1, len(passages) // 25)]:
            text = document.text[one.start : one.end]
            permalinks.append(permalink("", document_id, one.start, one.end, text))
    return {
        "corpus": ["/"],
        "document": [f"/d/{one}" for one in index.document_ids()],
        "long": [f"/d/ledger?page={number}" for number in range(1, 60)],
        "topic": [f"/t/{topic.slug}" for topic in application.knowledge().topics],
        "permalink": permalinks,
        "style": ["/static/style.css"],
    }


def _add_ledger(application: Application) -> None:
    """Add the long document, with vectors of no meaning: it is only read."""
    sentences = [f"{_SENTENCE} {number}." for number in range(_LONG // (len(_SENTENCE) + 8) + 1)]
    paragraphs = [" ".join(sentences[at : at + 6]) for at in range(0, len(sentences), 6)]
    text = "\n\n".join(
        f"Part {at // 40 + 1}\n\n{paragraph}" if at % 40 == 0 else paragraph
        for at, paragraph in enumerate(paragraphs)
    )
    read = read_document(RawDocument(text, None, "0" * 64, {"title": "The ledger"}), "ledger")
    count = len(read.passages)
    vectors = np.zeros((count, 1, application.encoder.dimension), np.float32)
    vectors[:, 0, 0] = 1.0
    writer = application.store.begin()
    try:
        for document_id in writer.fingerprints:
            writer.keep(document_id)
        terms = tuple(("ledger",) for _ in read.passages)
        writer.put(PreparedDocument(read, "1", terms, terms, tuple(vectors)))
        writer.build()
        writer.publish()
    finally:
        writer.close()
    print(f"the ledger: {len(text) / 1e6:.1f} million characters, {count} sentences")


def _settings(folder: Path) -> Settings:
    return Settings(corpus_dir=folder / "corpus", data_dir=folder / "data")


@asynccontextmanager
async def _served(folder: Path) -> AsyncIterator[str]:
    address = "http://127.0.0.1:8097"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from adapters.cli import main; main()", "serve", "web",
        env={**os.environ, "CORPUS_DIR": str(folder / "corpus"), "DATA_DIR": str(folder / "data"),
             "WEB_PORT": "8097", "PUBLIC_URL": address},
    )  # fmt: skip
    try:
        async with aiohttp.ClientSession() as client, asyncio.timeout(_READY_S):
            while True:
                try:
                    async with client.get(f"{address}/static/style.css"):
                        break
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.1)
        yield address
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def _rival() -> AsyncIterator[str]:
    body = b"a" * 1_000_000

    async def send(request: web.Request) -> web.Response:
        return web.Response(body=body[: int(request.match_info["length"])])

    app = web.Application()
    app.router.add_get("/{length}", send)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 8098).start()
    try:
        yield "http://127.0.0.1:8098"
    finally:
        await runner.cleanup()


async def _steadily(
    client: aiohttp.ClientSession, address: str, plan: Sequence[tuple[str, str]], rate: float
) -> tuple[dict[str, list[float]], list[int]]:
    """Ask for pages at a steady rate; returns how long each took, and how long each was."""
    times: dict[str, list[float]] = defaultdict(list)
    lengths: list[int] = []

    async def ask(kind: str, path: str) -> None:
        took, length = await _asked(client, f"{address}{path}")
        times[kind].append(took)
        lengths.append(length)

    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, (kind, path) in enumerate(plan):
            await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
            group.create_task(ask(kind, path))
    return times, lengths


async def _asked(client: aiohttp.ClientSession, url: str) -> tuple[float, int]:
    """Ask for a page and go where it leads; returns the milliseconds and the bytes."""
    started = time.perf_counter()
    async with client.get(url) as response:
        body = await response.read()
        if response.status != 200:
            raise RuntimeError(f"{url}: {response.status}")
    return (time.perf_counter() - started) * 1000, len(body)


if __name__ == "__main__":
    main()
