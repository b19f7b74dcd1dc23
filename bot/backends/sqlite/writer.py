"""One task that writes, for as many callers as there are: grouped commits.

Callers queue what they want written and wait. The task takes everything that has queued
up while it was busy, writes it in one transaction, and then wakes the callers: one sync
of the disk serves them all, and who is woken is on disk. What a write means is left to
the function that applies it (`operations`). Called by `journal`.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

import aiosqlite

from bot.backends.sqlite.failures import concerns_one_row

ResultT_co = TypeVar("ResultT_co", covariant=True)
ResultT = TypeVar("ResultT")


class Write(Generic[ResultT_co]):
    """Base of what can be written; the parameter is the type of the caller's answer."""

    __slots__ = ()


Apply = Callable[[aiosqlite.Connection, Sequence[Write[Any]]], Awaitable[Sequence[Any]]]
"""Writes inside an open transaction; returns one answer a write, in order."""

Explain = Callable[[Exception], Exception]
"""Turns what went wrong into what the callers are told."""


class GroupedWriter:
    """Writes in groups, each group one transaction, until it is closed.

    A transaction that fails by one of its rows is repeated row by row, so that only the
    culprit's caller hears of it. The task outlives every error.

    Args:
        connection: Opened without implicit transactions; the writer closes it.
        apply: Says how to write.
        explain: Says what callers are told of an error.
        max_batch: The most writes in one transaction, at least 1.
    """

    def __init__(
        self, connection: aiosqlite.Connection, apply: Apply, explain: Explain, max_batch: int
    ) -> None:
        self._connection = connection
        self._apply = apply
        self._explain = explain
        self._max_batch = max_batch
        self._queue: deque[tuple[Write[Any], asyncio.Future[Any]]] = deque()
        self._wake = asyncio.Event()
        self._closing = False
        self._task = asyncio.create_task(self._run(), name="journal writer")

    @property
    def closed(self) -> bool:
        """Whether nothing more is taken."""
        return self._closing

    async def submit(self, write: Write[ResultT]) -> ResultT:
        """Write durably and return the answer.

        A caller that is cancelled while it waits leaves its write in the queue.

        Raises:
            Exception: What ``explain`` made of the error.
        """
        future: asyncio.Future[ResultT] = asyncio.get_running_loop().create_future()
        self._queue.append((write, future))
        self._wake.set()
        return await future

    async def close(self) -> None:
        """Write what is queued, then close the connection. Safe to call twice."""
        self._closing = True
        self._wake.set()
        # A caller of close may be cancelled; the writing goes on to its end.
        await asyncio.shield(self._task)

    async def _run(self) -> None:
        try:
            while self._queue or not self._closing:
                await self._wake.wait()
                self._wake.clear()
                while self._queue:
                    size = min(len(self._queue), self._max_batch)
                    await self._write([self._queue.popleft() for _ in range(size)])
        finally:
            # Also when the loop is torn down around us: an open connection's thread would
            # keep the process from ending, and a caller must not wait for ever.
            self._closing = True
            for _, future in self._queue:
                future.cancel()
            await self._connection.close()

    async def _write(self, jobs: Sequence[tuple[Write[Any], asyncio.Future[Any]]]) -> None:
        try:
            answers = await self._transaction([write for write, _ in jobs])
        except Exception as error:  # handed on to the callers, none of it swallowed
            if len(jobs) > 1 and concerns_one_row(error):
                for job in jobs:
                    await self._write([job])
                return
            for _, future in jobs:
                if not future.done():
                    future.set_exception(self._explain(error))
            return
        except BaseException:  # the loop is torn down: nobody may be left waiting
            for _, future in jobs:
                future.cancel()
            raise
        for (_, future), answer in zip(jobs, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    async def _transaction(self, writes: Sequence[Write[Any]]) -> Sequence[Any]:
        try:
            await self._connection.execute_fetchall("BEGIN IMMEDIATE")
            answers = await self._apply(self._connection, writes)
            await self._connection.execute_fetchall("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # some errors make SQLite roll back by itself
                await self._connection.execute_fetchall("ROLLBACK")
            raise
        return answers
