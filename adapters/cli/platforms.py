"""Which platforms ``counterpoint serve`` can start: a table that each adapter adds itself to.

An adapter's module has a function ``serve(application)``, which returns when it is stopped.
It is imported only when it is asked for.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from adapters.cli.exits import ExitCode, UsageMistake
from adapters.cli.indexing import ensure_index
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.bootstrap import Application

    Serve = Callable[[Application], None]


@dataclass(frozen=True, slots=True)
class Platform:
    """A place where the bot can be used; ``module`` holds ``serve(application)``.

    ``pages`` holds what its web server shows as well, if the packages for that are installed.
    """

    name: str
    description: str
    module: str
    pages: str | None = None

    def load(self) -> "Serve":
        """Import the adapter.

        Raises:
            ConfigError: A package that it needs is not installed.
        """
        try:
            module = importlib.import_module(self.module)
        except ModuleNotFoundError as error:
            raise ConfigError(
                f"{self.name} needs the package {error.name}, which is not installed. "
                f"pip install 'counterpoint-bot[{self.name}]' brings it."
            ) from error
        if self.pages is None:
            return cast("Serve", module.serve)
        try:
            pages = importlib.import_module(self.pages)
        except ModuleNotFoundError:
            return cast("Serve", module.serve)
        return partial(module.serve, pages=pages.make_app)


PLATFORMS = (
    Platform("console", "one conversation in this terminal", "adapters.console.chat"),
    Platform("discord", "a Discord bot", "adapters.discord.serving"),
    Platform("slack", "a Slack app", "adapters.slack.serving", pages="adapters.web.app"),
    Platform("web", "pages to read and search in a browser", "adapters.web.serving"),
)

_TURN_S = 0.001
"""Seconds that a thread may keep the interpreter while others wait for it; Python's own are 5 ms.

Searches compute in threads, and the event loop, which has to acknowledge in time, stands in line
behind them after each wait.
"""


def serve(
    open_application: "Callable[[], Application]",
    name: str | None,
    platforms: Sequence[Platform] = PLATFORMS,
) -> ExitCode:
    """Serve a platform until it is stopped.

    Args:
        open_application: Opens what is served, once the platform is known.
        name: The platform; None where none was named.
        platforms: Those that can be served.

    Raises:
        UsageMistake: No such platform; the message lists those that there are.
    """
    chosen = next((platform for platform in platforms if platform.name == name), None)
    if chosen is None:
        known = "; ".join(f"{platform.name} ({platform.description})" for platform in platforms)
        mistake = f"There is no platform {name!r}." if name else "Name a platform."
        raise UsageMistake(f"{mistake} This version serves: {known}.")
    sys.setswitchinterval(_TURN_S)
    start = chosen.load()
    application = open_application()
    ensure_index(application)
    start(application)
    return ExitCode.OK
