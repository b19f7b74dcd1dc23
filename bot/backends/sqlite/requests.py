"""Requests, from their beginning to the delivery of their reply.

Where the bot may speak uncalled, it looks at every message. What such a message says, whose it is
and where it stands is held in memory here until the reply is there, and written with an answer
only: what nobody asked and the bot did not answer never reaches the disk. Made by `journal`.
"""

from collections.abc import Sequence

from bot.backends.sqlite.opting_out import Sweeping
from bot.backends.sqlite.records import BeginRow
from bot.backends.sqlite.rows import Rows
from bot.backends.sqlite.writer import GroupedWriter
from bot.ports import RateLimits, Receipt
from bot.types import Interaction, Reply


class Requests:
    """Notes requests and replies.

    Args:
        rows: Makes rows of them.
        writer: Writes to the journal.
        sweeping: Removes what limits counted.
        lease_s: For how many seconds a request is held that nobody finishes.
    """

    def __init__(
        self, rows: Rows, writer: GroupedWriter, sweeping: Sweeping, lease_s: float
    ) -> None:
        self._rows = rows
        self._writer = writer
        self._sweeping = sweeping
        self._lease_s = lease_s
        self._unasked: dict[str, BeginRow] = {}

    async def begin(
        self, interaction: Interaction, request_id: str, now: float, limits: RateLimits | None
    ) -> Receipt:
        """Note a request, under this id if it is not known."""
        write = self._rows.begin(interaction, request_id, now, limits)
        receipt = await self._writer.submit(write)
        row = write.row
        if row.is_unasked and receipt.is_new:
            self._let_go(now - self._lease_s)
            self._unasked[receipt.request_id] = row._replace(request_id=receipt.request_id)
        if not receipt.is_kept or (row.is_unasked and row.per_channel):
            self._sweeping.begin()
        return receipt

    async def finish(self, request_id: str, reply: Reply, error: str | None, now: float) -> None:
        """Note a reply."""
        unasked = self._unasked.get(request_id)
        await self._writer.submit(self._rows.finish(request_id, reply, error, now, unasked))
        self._unasked.pop(request_id, None)

    async def deliver(self, request_id: str, message_ids: Sequence[str], now: float) -> None:
        """Note that a reply arrived."""
        await self._writer.submit(self._rows.deliver(request_id, message_ids, now))

    def _let_go(self, before: float) -> None:
        """Let go of what was begun before a moment: nobody finishes it any more."""
        for request_id in [one for one, row in self._unasked.items() if row.begun_at < before]:
            del self._unasked[request_id]
