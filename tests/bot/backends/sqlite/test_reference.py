"""docs/reference/journal.md tells the schema as it is."""

import re
import sqlite3
from pathlib import Path

from tests.bot.backends.sqlite.conftest import OpenJournal

_PAGE = Path(__file__).parents[4] / "docs" / "reference" / "journal.md"
_QUERIES = re.compile(r"```sql\n(.*?)```", re.DOTALL)
_TABLE = re.compile(r"^### `(\w+)`$(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
_COLUMN = re.compile(r"^\| `(\w+)` \| ([^|]+) \|", re.MULTILINE)


def _documented(page: str) -> dict[str, list[tuple[str, str]]]:
    return {table: _COLUMN.findall(section) for table, section in _TABLE.findall(page)}


def _real(path: Path) -> dict[str, list[tuple[str, str]]]:
    database = sqlite3.connect(path)
    names = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    schema = {
        table: [
            (name, f"{kind}, required" if required else kind)
            for _, name, kind, required, *_ in database.execute(f"PRAGMA table_info({table})")
        ]
        for (table,) in names
    }
    database.close()
    return schema


async def test_every_table_and_column_is_documented_and_exists(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal():
        pass
    assert _documented(_PAGE.read_text(encoding="utf-8")) == _real(path)


async def test_the_questions_on_the_page_run(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal():
        pass
    questions = _QUERIES.findall(_PAGE.read_text(encoding="utf-8"))
    assert questions
    database = sqlite3.connect(path)
    for question in questions:
        database.executescript(question)
    database.close()
