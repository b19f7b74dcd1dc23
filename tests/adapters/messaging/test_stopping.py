import asyncio
import logging
import signal
from typing import Any

import pytest

from adapters.messaging.stopping import until_stopped
from adapters.messaging.working import Work


class Connection:
    """A connection that runs until it is closed, or ends with an error."""

    def __init__(self, error: Exception | None = None) -> None:
        self.done: list[str] = []
        self.work = Work()
        self.is_up = asyncio.Event()
        self._error = error
        self._closed = asyncio.Event()

    async def run(self) -> None:
        self.is_up.set()
        if self._error is not None:
            raise self._error
        await self._closed.wait()
        self.done.append("run")

    async def close(self) -> None:
        self.done.append("close")
        self._closed.set()

    def stop(self) -> None:
        self.done.append("reindex broken off")

    async def serve(self, timeout_s: float = 5.0) -> None:
        administration: Any = self
        await until_stopped(self.run(), self.close, self.work, administration, timeout_s)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_connection(number: int) -> None:
    connection = Connection()
    serving = asyncio.create_task(connection.serve())
    await connection.is_up.wait()
    signal.raise_signal(number)
    await asyncio.wait_for(serving, 5)
    assert connection.work.is_stopping
    assert connection.done == ["reindex broken off", "close", "run"]


async def test_what_is_held_is_finished_while_there_is_a_connection() -> None:
    connection = Connection()
    serving = asyncio.create_task(connection.serve())
    await connection.is_up.wait()
    with connection.work.held():
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0.02)
        assert connection.done == ["reindex broken off"]
    await asyncio.wait_for(serving, 5)
    assert connection.done[-1] == "run"


async def test_a_stop_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    connection = Connection()
    with connection.work.held():
        serving = asyncio.create_task(connection.serve(timeout_s=0.01))
        await connection.is_up.wait()
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait_for(serving, 5)
    [record] = caplog.records
    assert (record.message, record.levelno) == ("stopped", logging.WARNING)
    assert vars(record)["unfinished"] == 1


async def test_what_ends_a_connection_is_passed_on_and_signals_are_let_be() -> None:
    connection = Connection(ConnectionError("refused"))
    with pytest.raises(ConnectionError, match="refused"):
        await connection.serve()
    assert connection.done == ["close"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
