"""A bot whose disk is full answers without the log, or refuses where the log is required."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.test_bootstrap import settings_in

ROOT = Path(__file__).parents[2]

PROGRAM = """
import asyncio, resource, sys
from pathlib import Path
from bot.bootstrap import Application
from bot.settings import Settings
from tests.fakes.journal import an_interaction

async def main(corpus, data, log_required):
    settings = Settings(
        corpus_dir=Path(corpus), data_dir=Path(data), log_required=log_required == "true"
    )
    application = Application(settings)
    application.reindex()
    async with application.bot() as bot:
        size = settings.journal_path.with_name("journal.db-wal").stat().st_size
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        reply = await bot.handle(an_interaction(text="School uniforms should be compulsory."))
        print(reply.answered, reply.error, flush=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        reply = await bot.handle(an_interaction(id="2", text="School uniforms are good."))
        async with await application.open_journal() as journal:
            print(reply.error, len([one async for one in journal.recent(9)]), flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("log_required", "said"), [("false", "True None"), ("true", "False error_journal")]
)
def test_full_disk_stops_answers_only_where_the_log_is_required(
    tmp_path: Path, log_required: str, said: str
) -> None:
    settings = settings_in(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(settings.corpus_dir), str(settings.data_dir),
         log_required],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [said, "None 1"]  # with room again, it notes again
    assert "journal_failed" in done.stderr or log_required == "true"
