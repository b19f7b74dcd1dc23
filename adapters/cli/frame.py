"""What stands around every command: the settings, the log, errors and exit codes.

An error becomes one sentence on standard error and an exit code; a traceback is shown only
where ``LOG_LEVEL=DEBUG`` asks for it. Used by `commands`.
"""

import functools
import logging
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec

import typer

from adapters.cli.exits import ExitCode, UsageMistake, code_of
from adapters.cli.logs import configure_logging
from bot.errors import BotError
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.bootstrap import Application

_log = logging.getLogger(__name__)

Parameters = ParamSpec("Parameters")


def framed(command: Callable[Parameters, ExitCode]) -> Callable[Parameters, None]:
    """Run a command so that it ends with an exit code, whatever happens in it."""

    @functools.wraps(command)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        raise typer.Exit(_run(functools.partial(command, *args, **kwargs)))

    return run


def _run(command: Callable[[], ExitCode]) -> ExitCode:
    try:
        code = command()
        sys.stdout.flush()
    except UsageMistake as error:
        return _failed(str(error), ExitCode.USAGE)
    except BotError as error:
        return _failed(str(error), code_of(error))
    except BrokenPipeError:
        # What is still buffered would raise once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.CLOSED
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:  # the program's edge: the operator gets a sentence
        return _failed(_unforeseen(error), ExitCode.PROBLEM)
    return code


def _failed(sentence: str, code: ExitCode) -> ExitCode:
    _log.debug("command_failed", exc_info=True)
    complain(sentence)
    return code


def complain(sentence: str) -> None:
    """Say on standard error what went wrong."""
    from adapters.console.terminal import open_terminal

    open_terminal(is_error=True).say(f"Error: {sentence}")


def open_application() -> "Application":
    """Read the settings, begin to log, and return the application that they describe."""
    settings = read_settings()
    configure_logging(settings.log_level)
    from bot.bootstrap import Application

    return Application(settings)


def _unforeseen(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}."
    return (
        f"This should not have happened: {type(error).__name__}: {error}. "
        "Run it again with LOG_LEVEL=DEBUG for the details, and please report them."
    )
