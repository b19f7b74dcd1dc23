"""The commands ``log`` and ``journal``: their arguments and help; what they do is `remembering`'s.

Modules are imported by the command that needs them. Added to the program by `commands`.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.exits import ExitCode
from adapters.cli.frame import framed, open_application

log_app = typer.Typer(
    help="What was asked, and what came of it.", no_args_is_help=True, rich_markup_mode=None
)
journal_app = typer.Typer(
    help="Keep the journal: copy it, put a copy back, look it over.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Format(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSONL = "jsonl"


Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Most = Annotated[int, typer.Option("-n", "--number", min=1, help="How many, at most.")]
Platform = Annotated[str | None, typer.Option("--platform", help="Only those of this platform.")]
Since = Annotated[
    str | None,
    typer.Option("--since", help="A day or time (2025-01-30, UTC), or how long ago: 7d, 12h, 30m."),
]


@log_app.command("tail")
@framed
def log_tail(
    number: Most = 20,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with whatever comes, until Ctrl-C.")
    ] = False,
    platform: Platform = None,
    as_json: Json = False,
) -> ExitCode:
    """Show the last interactions, the newest at the end."""
    from adapters.cli import remembering

    return remembering.tail(open_application(), number, platform, follows=follow, as_json=as_json)


@log_app.command("search")
@framed
def log_search(
    text: Annotated[list[str], typer.Argument(help="Words as they were typed or searched for.")],
    number: Most = 50,
    platform: Platform = None,
    since: Since = None,
    as_json: Json = False,
) -> ExitCode:
    """Find interactions by their words, the newest at the end."""
    from adapters.cli import remembering

    return remembering.search(
        open_application(), " ".join(text), number, platform, since, as_json=as_json
    )


@log_app.command("unanswered")
@framed
def log_unanswered(
    number: Most = 50,
    platform: Platform = None,
    as_json: Json = False,
) -> ExitCode:
    """List what was asked and not found, the most frequent first."""
    from adapters.cli import remembering

    return remembering.unanswered(open_application(), number, platform, as_json=as_json)


@log_app.command("export")
@framed
def log_export(
    form: Annotated[Format, typer.Option("--format", help="csv for tables, jsonl for programs.")],
    since: Since = None,
    platform: Platform = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="File to write; standard output without.", dir_okay=False),
    ] = None,
) -> ExitCode:
    """Write all interactions, the first one first."""
    from adapters.cli import remembering

    is_csv = form is Format.CSV
    return remembering.export(open_application(), since, platform, out, is_csv=is_csv)


@log_app.command("stats")
@framed
def log_stats(
    since: Since = None,
    platform: Platform = None,
    as_json: Json = False,
) -> ExitCode:
    """Count what was asked, answered and thought of it, and how long it took."""
    from adapters.cli import remembering

    return remembering.stats(open_application(), since, platform, as_json=as_json)


@journal_app.command("backup")
@framed
def journal_backup(
    file: Annotated[
        Path, typer.Argument(help="The file to write; it must not exist yet.", dir_okay=False)
    ],
    as_json: Json = False,
) -> ExitCode:
    """Copy the journal and its key; safe while the bot runs."""
    from adapters.cli import keeping

    return keeping.back_up(open_application(), file, as_json=as_json)


@journal_app.command("restore")
@framed
def journal_restore(
    file: Annotated[
        Path, typer.Argument(help="A file that `journal backup` wrote.", dir_okay=False)
    ],
    as_json: Json = False,
) -> ExitCode:
    """Put a copy in the journal's place; only while the bot is stopped."""
    from adapters.cli import keeping

    return keeping.restore(open_application(), file, as_json=as_json)


@journal_app.command("check")
@framed
def journal_check(as_json: Json = False) -> ExitCode:
    """Look the whole journal over, and say what is wrong with it."""
    from adapters.cli import keeping

    return keeping.check(open_application(), as_json=as_json)
