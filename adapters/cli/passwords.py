"""Print the hash of a password for the dashboard."""

import getpass
import sys

import typer

from adapters.cli.exits import ExitCode
from bot.errors import ConfigError


def print_hash() -> ExitCode:
    """Read a password, twice from a terminal or once from a pipe, and print its hash.

    Raises:
        ConfigError: It is too short, or the two differ, or a package is missing.
    """
    try:
        from adapters.web.dashboard.passwords import hashed
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"A password needs the package {error.name}, which is not installed. "
            "pip install 'counterpoint-bot[web]' brings it."
        ) from error
    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != password:
            raise ConfigError("These were two different passwords.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    typer.echo(f"WEB_ADMIN_PASSWORD_HASH='{hashed(password)}'")
    return ExitCode.OK
