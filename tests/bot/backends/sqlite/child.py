"""A second process for the tests of the journal: ``python -m ... child WHAT PATH``.

``write`` answers request after request with several callers at once and prints each
request id when the journal has acknowledged it, until somebody kills it. ``begin`` waits
for a line on its standard input, begins the requests 0 to 49, prints a line for each
(the number, whether it was new, its request id) and stays alive. ``hold`` begins the
request "held", prints its request id and stays alive; ``look`` does the same with what nobody
asked. ``fill`` writes into a file that may
not grow for long, prints each request id that is acknowledged and then the error; when a line
comes on its standard input the file may grow again, and it prints the next request id.
"""

import asyncio
import itertools
import resource
import sys
import time
import uuid
from pathlib import Path

from bot.backends.sqlite import SqliteJournal
from bot.errors import JournalError
from bot.ports import TextPolicy
from bot.types import Trigger
from tests.fakes.journal import a_reply, an_interaction

SHARED_REQUESTS = 50
_CALLERS = 8
_ROOM = 1_000_000


def _say(*words: object) -> None:
    print(*words, flush=True)


async def _answer_for_ever(journal: SqliteJournal) -> None:
    async def answer() -> None:
        while True:
            receipt = await journal.begin(an_interaction(id=uuid.uuid4().hex))
            _say("begun", receipt.request_id)
            await journal.finish(receipt.request_id, a_reply())
            _say("finished", receipt.request_id)
            await journal.delivered(receipt.request_id, ["m1"])
            _say("delivered", receipt.request_id)

    await asyncio.gather(*(answer() for _ in range(_CALLERS)))


async def _begin_shared(journal: SqliteJournal) -> None:
    _say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    for number in range(SHARED_REQUESTS):
        receipt = await journal.begin(an_interaction(id=str(number)))
        _say(number, receipt.is_new, receipt.request_id)
    # Stays alive: what a process left unfinished is new to others once it has gone.
    await asyncio.to_thread(sys.stdin.readline)


async def _hold(journal: SqliteJournal) -> None:
    receipt = await journal.begin(an_interaction(id="held"))
    _say(receipt.request_id)
    await asyncio.to_thread(sys.stdin.readline)


async def _look(journal: SqliteJournal) -> None:
    said = an_interaction(id="held", asker_id="gwen", trigger=Trigger.AUTO)
    _say((await journal.begin(said)).request_id)
    await asyncio.to_thread(sys.stdin.readline)


async def _fill(journal: SqliteJournal) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_ROOM, hard))
    try:
        for number in itertools.count():
            receipt = await journal.begin(an_interaction(id=str(number), text="x" * 5_000))
            _say("begun", receipt.request_id)
    except JournalError as error:
        _say("failed", error.retryable, error)
    await asyncio.to_thread(sys.stdin.readline)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    receipt = await journal.begin(an_interaction(id="after"))
    _say("begun", receipt.request_id)


async def _main(what: str, path: Path) -> None:
    tasks = {
        "write": _answer_for_ever,
        "begin": _begin_shared,
        "hold": _hold,
        "look": _look,
        "fill": _fill,
    }
    async with await SqliteJournal.open(
        path, clock=time.time, new_id=lambda: uuid.uuid4().hex, text_policy=TextPolicy.FULL
    ) as journal:
        await tasks[what](journal)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], Path(sys.argv[2])))
