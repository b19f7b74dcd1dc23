"""The program `counterpoint`: what operators and newcomers start.

`main` is the entry point. `commands` lists the commands, one module each does the work;
`frame` opens the application and turns errors into a sentence and an exit code. Nothing heavy
is imported before a command needs it, so that ``--help`` answers at once.
"""

from adapters.cli.commands import main

__all__ = ["main"]
