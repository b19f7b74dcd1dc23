"""``counterpoint ask``: one question, or a file of them.

A single question is answered as a platform would have it answered and noted in the journal;
a batch, which is how quality is measured, is not noted unless that is asked for.
"""

import json
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.cli.exits import ExitCode, UsageMistake
from adapters.cli.indexing import ensure_index
from adapters.cli.output import write_json
from adapters.cli.records import reply_record
from adapters.console.render import render_reply
from adapters.console.running import open_bot
from adapters.console.terminal import open_terminal
from bot.ports import COMMAND_LINE
from bot.types import Interaction, QueryKind, Reply, Trigger

if TYPE_CHECKING:
    from bot.bootstrap import Application
    from bot.service import Bot

PLATFORM = COMMAND_LINE
_HERE = "local"


@dataclass(frozen=True, slots=True)
class Request:
    """One question; ``id`` is the asker's own name for it, None when it has none."""

    id: str | None
    query: str
    kind: QueryKind | None = None


def ask_one(
    application: "Application",
    request: Request,
    *,
    as_json: bool,
    shows_all: bool,
    keeps_log: bool,
) -> ExitCode:
    """Answer a question on standard output."""
    ensure_index(application, keeps_log=keeps_log)
    with open_bot(application, keeps_log) as (runner, bot):
        reply = runner.run(_answered(bot, request))
        if as_json:
            write_json(reply_record(reply, reply.id, request.query, request.kind))
        else:
            terminal = open_terminal()
            terminal.write(render_reply(reply, None if shows_all else "add --all"))
        sys.stdout.flush()
        runner.run(bot.delivered(reply, ()))
    return code_of_reply(reply)


def ask_batch(application: "Application", file: str, *, keeps_log: bool) -> ExitCode:
    """Answer every line of a file, or of standard input for ``-``, in order.

    A file is read to its end before the first question is asked, so that a bad line costs
    nothing. Standard input is answered line by line, so that a program can converse.
    """
    requests: Iterable[Request]
    if file == "-":
        requests = read_requests(sys.stdin, "standard input")
    else:
        requests = list(read_requests(_lines_of(file), file))
    ensure_index(application, keeps_log=keeps_log)
    code = ExitCode.OK
    with open_bot(application, keeps_log) as (runner, bot):
        for request in requests:
            reply = runner.run(_answered(bot, request))
            write_json(reply_record(reply, request.id or reply.id, request.query, request.kind))
            runner.run(bot.delivered(reply, ()))
            code = max(code, code_of_reply(reply))
    return code


def read_requests(lines: Iterable[str], name: str) -> Iterator[Request]:
    """Read ``{"id", "query"}`` objects, ``"kind"`` optional, one a line; blank lines pass.

    Args:
        lines: The lines.
        name: Where they come from, for messages.

    Raises:
        UsageMistake: A line cannot be used; the message names it.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _request(json.loads(line))
            except RecursionError:
                raise UsageMistake(f"{name}, line {number}: it is nested too deeply.") from None
            except ValueError as error:
                raise UsageMistake(f"{name}, line {number}: {error}") from None


def _request(row: Any) -> Request:
    """Return the request in a parsed line; ValueError says what is wrong with it."""
    if not isinstance(row, dict):
        raise ValueError('each line has to be an object such as {"id": "1", "query": "..."}')
    id, query, kind = row.get("id"), row.get("query"), row.get("kind")
    if isinstance(id, bool) or not isinstance(id, str | int):
        raise ValueError('"id" has to be a text or a whole number')
    if not isinstance(query, str):
        raise ValueError('"query" has to be a text')
    return Request(str(id), query, None if kind is None else _kind(kind))


def _kind(name: Any) -> QueryKind:
    try:
        return QueryKind(name)
    except ValueError:
        kinds = ", ".join(QueryKind)
        raise ValueError(f'"kind" has to be one of {kinds}, or be left out') from None


async def _answered(bot: "Bot", request: Request) -> Reply:
    reply = await bot.handle(
        Interaction(
            id=uuid.uuid4().hex,
            platform=PLATFORM,
            community_id=_HERE,
            channel_id=_HERE,
            asker_id=_HERE,
            text=request.query,
            trigger=Trigger.COMMAND,
            created_at=time.time(),
            kind=request.kind,
        )
    )
    if reply is None:  # every id is new, so nothing can be a duplicate
        raise RuntimeError("the bot took a new question for a duplicate")
    return reply


def code_of_reply(reply: Reply) -> ExitCode:
    """Tell a corpus without an answer, which is fine, from a bot that failed."""
    return ExitCode.OK if reply.error is None else ExitCode.PROBLEM


def _lines_of(file: str) -> list[str]:
    try:
        return Path(file).read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise UsageMistake(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageMistake(f"{file} is not UTF-8 text; save it as UTF-8.") from None
