"""Look a whole journal over, for an operator. Called by `journal`."""

from pathlib import Path

import aiosqlite

from bot.backends.sqlite.migrations import schema_version
from bot.ports import JournalHealth

_LAST_WRITE = """
SELECT max(begun_at, coalesce(finished_at, begun_at),
    coalesce((SELECT max(delivered_at) FROM deliveries d WHERE d.request_id = i.request_id),
        begun_at))
FROM interactions i ORDER BY number DESC LIMIT 1
"""


async def health_of(reader: aiosqlite.Connection, path: Path) -> JournalHealth:
    """Return what there is to know of a journal, and what is wrong with its file."""
    problems = [
        str(row[0])
        for row in await reader.execute_fetchall("PRAGMA integrity_check")
        if row[0] != "ok"
    ]
    problems += [
        f"a row of {row[0]} belongs to no interaction"
        for row in await reader.execute_fetchall("PRAGMA foreign_key_check")
    ]
    ((interactions,),) = await reader.execute_fetchall("SELECT count(*) FROM interactions")
    newest = list(await reader.execute_fetchall(_LAST_WRITE))
    return JournalHealth(
        location=str(path),
        schema_version=await schema_version(reader),
        size_bytes=_size_bytes(path),
        interactions=interactions,
        last_write=newest[0][0] if newest else None,
        problems=tuple(problems),
    )


def _size_bytes(path: Path) -> int:
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
