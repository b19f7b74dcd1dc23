"""The commands, their arguments and their help; what each does is its module's work.

Modules are imported by the command that needs them. `main` is the program's entry point.
"""

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.exits import ExitCode, UsageMistake
from adapters.cli.frame import framed, open_application
from adapters.cli.journal import journal_app, log_app
from bot.types import QueryKind

app = typer.Typer(
    help="Verbatim quotes and counterpoints from a body of texts.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
corpus_app = typer.Typer(
    help="The documents that the bot quotes.", no_args_is_help=True, rich_markup_mode=None
)
bench_app = typer.Typer(
    help="Run benchmark files in the field's formats (BEIR in, TREC runs out).",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(corpus_app, name="corpus")
app.add_typer(bench_app, name="bench")
app.add_typer(log_app, name="log")
app.add_typer(journal_app, name="journal")

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Index = Annotated[Path, typer.Option("--index", help="Folder of the benchmark's index.")]
Run = Annotated[Path, typer.Option("--run", help="File for the TREC run.", dir_okay=False)]
Depth = Annotated[int, typer.Option("--k", min=1, help="Documents a query, at most.")]
Queries = Annotated[Path, typer.Argument(help='A BEIR file: {"_id", "text"} a line.')]


def main() -> None:
    """Run the program on the process's arguments and exit with its code."""
    # A terminal or a locale that cannot show a character shows a stand-in; nothing fails.
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    app(prog_name="counterpoint")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"counterpoint {version('counterpoint-bot')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    pass


# --- asking ---------------------------------------------------------------------


@app.command()
@framed
def ask(
    text: Annotated[
        list[str] | None, typer.Argument(help="A question, a claim or a topic.")
    ] = None,
    topic: Annotated[bool, typer.Option("--topic", help="Take the text for a topic.")] = False,
    question: Annotated[
        bool, typer.Option("--question", help="Take the text for a question.")
    ] = False,
    claim: Annotated[bool, typer.Option("--claim", help="Take the text for a claim.")] = False,
    batch: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help='Answer a file of {"id", "query", "kind"?} lines; - is standard input. '
            "Needs --json.",
        ),
    ] = None,
    as_json: Json = False,
    shows_all: Annotated[bool, typer.Option("--all", help="Show everything found.")] = False,
    log: Annotated[
        bool | None,
        typer.Option(
            "--log/--no-log",
            help="Note what is asked in the journal; by default a single question is, a "
            "batch is not.",
        ),
    ] = None,
) -> ExitCode:
    """Answer with quotes and counterpoints. Builds the index first where there is none."""
    kinds = {QueryKind.TOPIC: topic, QueryKind.QUESTION: question, QueryKind.CLAIM: claim}
    chosen = [kind for kind, is_chosen in kinds.items() if is_chosen]
    if len(chosen) > 1:
        raise UsageMistake("Choose one of --topic, --question and --claim.")
    if (text is None) == (batch is None):
        raise UsageMistake("Give a text to ask, or --batch with a file of them.")
    if batch is not None and (chosen or shows_all or not as_json):
        raise UsageMistake("--batch goes with --json, and each line says its own kind.")

    from adapters.cli import asking

    application = open_application()
    if batch is not None:
        return asking.ask_batch(application, batch, keeps_log=log is True)
    request = asking.Request(None, " ".join(text or ()), chosen[0] if chosen else None)
    return asking.ask_one(
        application, request, as_json=as_json, shows_all=shows_all, keeps_log=log is not False
    )


@app.command()
@framed
def chat(
    thread: Annotated[str | None, typer.Option(metavar="NAME", help="The thread to open.")] = None,
    speaker: Annotated[str, typer.Option("--as", metavar="NAME", help="Who speaks.")] = "you",
) -> ExitCode:
    """Talk with the bot in this terminal, in threads and as several people."""
    from adapters.cli.indexing import ensure_index
    from adapters.console.chat import run_chat

    application = open_application()
    ensure_index(application)
    run_chat(application, speaker, thread)
    return ExitCode.OK


@app.command()
@framed
def serve(
    platform: Annotated[str | None, typer.Argument(help="Where; `serve` alone lists them.")] = None,
) -> ExitCode:
    """Serve a platform until it is stopped."""
    from adapters.cli import platforms

    return platforms.serve(open_application, platform)


# --- the corpus and its index ---------------------------------------------------


@app.command()
@framed
def reindex(as_json: Json = False) -> ExitCode:
    """Bring the index up to what the corpus holds now, and say what changed."""
    from adapters.cli import indexing

    return indexing.reindex(open_application(), as_json=as_json)


@corpus_app.command("list")
@framed
def corpus_list(as_json: Json = False) -> ExitCode:
    """List the documents."""
    from adapters.cli import corpus

    return corpus.list_documents(open_application(), as_json=as_json)


@corpus_app.command("show")
@framed
def corpus_show(
    id: Annotated[str, typer.Argument(help="The document's id, as `corpus list` names it.")],
    as_json: Json = False,
) -> ExitCode:
    """Show a document as it is read, sentence by sentence."""
    from adapters.cli import corpus

    return corpus.show_document(open_application(), id, as_json=as_json)


@corpus_app.command("validate")
@framed
def corpus_validate(as_json: Json = False) -> ExitCode:
    """Read everything and name whatever is wrong."""
    from adapters.cli import corpus

    return corpus.validate(open_application(), as_json=as_json)


@corpus_app.command("add")
@framed
def corpus_add(
    path: Annotated[Path, typer.Argument(help="The file to copy into the corpus.")],
    title: Annotated[str | None, typer.Option(help="As its readers know it.")] = None,
    author: Annotated[str | None, typer.Option(help="Who wrote or said it.")] = None,
    date: Annotated[str | None, typer.Option(help="2025-01-30, 2025-01 or 2025.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it was published.")] = None,
    kind: Annotated[str | None, typer.Option(help="Article, transcript, comments ...")] = None,
    licence: Annotated[str | None, typer.Option(help="What its owner allows.")] = None,
    as_json: Json = False,
) -> ExitCode:
    """Copy a document into the corpus; what is not told stays unknown."""
    from adapters.cli import corpus

    known = corpus.Metadata(title, author, date, url, kind, licence)
    return corpus.add(open_application(), path, known, as_json=as_json)


@app.command()
@framed
def topics(as_json: Json = False) -> ExitCode:
    """List the topics of the corpus."""
    from adapters.cli import corpus

    return corpus.list_topics(open_application(), as_json=as_json)


@app.command()
@framed
def doctor(as_json: Json = False) -> ExitCode:
    """Check the installation and say what is wrong with it."""
    from adapters.cli import doctor

    return doctor.doctor(open_application(), as_json=as_json)


@app.command("slack-manifest")
@framed
def slack_manifest() -> ExitCode:
    """Print the manifest of the Slack app for the settings at hand."""
    from adapters.cli.manifest import write_manifest
    from bot.settings import read_settings

    return write_manifest(read_settings())


@app.command("web-password")
@framed
def web_password() -> ExitCode:
    """Read a password for the dashboard and print its hash for the settings."""
    from adapters.cli.passwords import print_hash

    return print_hash()


# --- benchmarks -----------------------------------------------------------------


@bench_app.command("index")
@framed
def bench_index(
    corpus: Annotated[Path, typer.Argument(help='A BEIR file: {"_id", "title", "text"} a line.')],
    index: Index,
    sentences: Annotated[
        bool, typer.Option("--sentences", help="Split each text as documents are split.")
    ] = False,
    as_json: Json = False,
) -> ExitCode:
    """Index a corpus into a folder of its own."""
    from adapters.cli import bench

    return bench.index(open_application(), corpus, index, sentences=sentences, as_json=as_json)


@bench_app.command("search")
@framed
def bench_search(queries: Queries, index: Index, run: Run, k: Depth = 100) -> ExitCode:
    """Rank the indexed texts for every query."""
    from adapters.cli import bench

    return bench.search(open_application(), queries, index, k, run)


@bench_app.command("counter")
@framed
def bench_counter(queries: Queries, index: Index, run: Run, k: Depth = 100) -> ExitCode:
    """Rank the indexed texts as counterpoints to every query."""
    from adapters.cli import bench

    return bench.counter(open_application(), queries, index, k, run)


@bench_app.command("stance")
@framed
def bench_stance(
    pairs: Annotated[Path, typer.Argument(help='{"id", "claim", "text"} a line.')],
    out: Annotated[Path, typer.Option("--out", help="File for the sides.", dir_okay=False)],
) -> ExitCode:
    """Judge which side each text takes on its claim."""
    from adapters.cli import bench

    return bench.stance(open_application(), pairs, out)
