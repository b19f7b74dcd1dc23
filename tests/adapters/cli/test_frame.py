"""Exit codes, errors, logs, the registry of platforms, and what the documentation says of them."""

import logging
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from adapters.cli.commands import app
from adapters.cli.exits import MEANINGS, ExitCode, UsageMistake, code_of
from adapters.cli.frame import framed
from adapters.cli.logs import EventFormatter, configure_logging
from adapters.cli.platforms import PLATFORMS, Platform, serve
from adapters.console.chat import HELP
from bot.errors import BotError, ConfigError, CorpusError, IndexBusy, IndexUnavailable, JournalError
from tests.adapters.conftest import Run, own_logging

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "command-line.md"


def code_after(error: BaseException) -> int:
    @framed
    def command() -> ExitCode:
        raise error

    with pytest.raises(typer.Exit) as ended:
        command()
    return ended.value.exit_code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (IndexBusy("x"), ExitCode.BUSY),
        (IndexUnavailable("x"), ExitCode.INDEX),
        (JournalError("x"), ExitCode.JOURNAL),
        (ConfigError("x"), ExitCode.SETUP),
        (CorpusError("x"), ExitCode.SETUP),
        (BotError("x"), ExitCode.PROBLEM),
    ],
)
def test_errors_have_codes(error: BotError, code: ExitCode) -> None:
    assert code_of(error) is code
    assert code_after(error) == code


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (UsageMistake("Say what."), ExitCode.USAGE, "Error: Say what.\n"),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, ""),
        (OSError(28, "No space left", "/disk"), ExitCode.PROBLEM, "Error: /disk: No space left.\n"),
        (OSError(28, "No space left"), ExitCode.PROBLEM, "Error: No space left.\n"),
    ],
)
def test_every_end_has_its_code_and_sentence(
    error: BaseException, code: ExitCode, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_after(error) == code
    assert capsys.readouterr() == ("", sentence)


def test_unforeseen_error_is_a_sentence_and_no_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert code_after(ZeroDivisionError("oops")) == ExitCode.PROBLEM
    told = capsys.readouterr().err
    assert told.startswith("Error: This should not have happened: ZeroDivisionError: oops.")
    assert "Traceback" not in told


def test_debugging_shows_the_traceback(counterpoint: Run) -> None:
    plain = counterpoint("reindex", CORPUS_DIR="/no/such/folder")
    debugging = counterpoint("reindex", CORPUS_DIR="/no/such/folder", LOG_LEVEL="debug")

    assert plain.code is debugging.code is ExitCode.SETUP
    assert plain.err.count("\n") == 1
    assert "Traceback" in debugging.err


def test_bad_setting_is_named(counterpoint: Run) -> None:
    outcome = counterpoint("topics", SEARCH_THREADS="many")

    assert outcome.code is ExitCode.SETUP
    assert outcome.err == "Error: SEARCH_THREADS='many' is not a number.\n"


def test_version_is_printed(counterpoint: Run) -> None:
    assert re.fullmatch(r"counterpoint \d+\.\d+\S*\n", counterpoint("--version").out)


def test_help_draws_no_boxes(counterpoint: Run) -> None:
    assert counterpoint("bench", "search", "--help").out.isascii()


def test_completion_can_be_shown(counterpoint: Run) -> None:
    outcome = counterpoint(_COUNTERPOINT_COMPLETE="source_bash")

    assert "complete -o default -F _counterpoint_completion counterpoint" in outcome.out


# --- the log --------------------------------------------------------------------


def test_event_is_one_line_with_its_fields() -> None:
    record = logging.makeLogRecord(
        {"msg": "request_refused", "levelname": "WARNING", "reason": "two\nlines \x1b[31m"}
    )

    assert EventFormatter(shows_tracebacks=False).format(record) == (
        "WARNING request_refused reason='two\\nlines \\x1b[31m'"
    )


def test_logging_is_set_up_once_however_often_it_is_asked_for() -> None:
    handlers = logging.getLogger().handlers[:]
    with own_logging():
        configure_logging("ERROR")
        configure_logging("WARNING")
        assert len(logging.getLogger().handlers) == len(handlers) + 1


# --- platforms ------------------------------------------------------------------


@pytest.mark.parametrize("name", [None, "carrier-pigeon"])
def test_unknown_platform_is_told_which_there_are(counterpoint: Run, name: str | None) -> None:
    outcome = counterpoint("serve", *([name] if name else []))

    assert outcome.code is ExitCode.USAGE
    assert "console (one conversation in this terminal)" in outcome.err


def test_platforms_that_are_listed_can_be_loaded() -> None:
    assert all(callable(platform.load()) for platform in PLATFORMS)


def test_platform_whose_package_is_missing_names_it(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        (tmp_path / "pigeon_adapter.py").write_text("import no_such_package\n")
        patch.syspath_prepend(tmp_path)
        with pytest.raises(ConfigError, match=r"no_such_package.*counterpoint-bot\[pigeon\]"):
            Platform("pigeon", "by air", "pigeon_adapter").load()


def test_no_application_is_opened_for_an_unknown_platform() -> None:
    def open_application() -> Any:
        raise AssertionError

    with pytest.raises(UsageMistake, match="carrier-pigeon"):
        serve(open_application, "carrier-pigeon", ())


def test_a_loop_that_serves_gets_its_turn_soon() -> None:
    seen: list[float] = []

    def open_application() -> Any:
        seen.append(sys.getswitchinterval())
        raise ConfigError("That is enough.")

    usual = sys.getswitchinterval()
    try:
        with pytest.raises(ConfigError):
            serve(open_application, "console")
    finally:
        sys.setswitchinterval(usual)
    assert seen == [pytest.approx(0.001)]


# --- the documentation ----------------------------------------------------------


def test_exit_codes_are_documented() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", REFERENCE.read_text("utf-8"), re.MULTILINE)

    assert {int(code): meaning for code, meaning in rows} == {
        int(code): meaning for code, meaning in MEANINGS.items()
    }
    assert set(MEANINGS) == set(ExitCode)


def test_chat_commands_are_documented() -> None:
    reference = REFERENCE.read_text("utf-8")

    assert [f"`{typed}`" for typed, _ in HELP if f"`{typed}`" not in reference] == []


def test_every_command_and_option_is_documented() -> None:
    reference = REFERENCE.read_text("utf-8")
    missing = []
    for path, command in _commands(typer.main.get_command(app), "counterpoint"):
        section = reference.partition(f"## `{path}")[2].partition("\n## ")[0]
        options = {name for parameter in command.params for name in parameter.opts}
        expected = {name for name in options if name.startswith("--")} - {"--help"}
        missing += [f"{path} {name}" for name in expected if name not in section]
        missing += [] if section else [path]

    assert missing == []


def _commands(command: Any, path: str) -> list[tuple[str, Any]]:
    inner = getattr(command, "commands", {})
    if not inner:
        return [(path, command)]
    return [leaf for name, one in inner.items() for leaf in _commands(one, f"{path} {name}")]
