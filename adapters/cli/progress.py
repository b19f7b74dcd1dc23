"""Show how far a long command has come, on standard error and only to a person.

Used by the commands that index or run benchmarks.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

from adapters.console.terminal import open_console

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

Item = TypeVar("Item")


class IndexStep(Protocol):
    """What a reindex tells of how far it has come."""

    @property
    def files(self) -> int:
        """Files looked at."""

    @property
    def files_total(self) -> int | None:
        """Files there are; None when that is not known."""

    @property
    def sentences(self) -> int:
        """Sentences encoded."""

    @property
    def sentences_found(self) -> int:
        """Sentences found so far that have to be encoded."""


@contextmanager
def index_progress() -> Iterator[Callable[[IndexStep], None]]:
    """Show the progress of a reindex while the block runs; yields what is told of it."""
    with _bars() as bars:
        files = bars.add_task("Reading documents", total=None)
        sentences = bars.add_task("Encoding sentences", total=None, visible=False)

        def show(progress: IndexStep) -> None:
            bars.update(files, completed=progress.files, total=progress.files_total)
            bars.update(
                sentences,
                completed=progress.sentences,
                total=progress.sentences_found,
                visible=progress.sentences_found > 0,
            )

        yield show


def with_progress(items: Iterable[Item], total: int, label: str) -> Iterator[Item]:
    """Yield items and show how many of ``total`` have come."""
    with _bars() as bars:
        task = bars.add_task(label, total=total)
        for item in items:
            yield item
            bars.advance(task)


def _bars() -> "Bars":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = open_console(is_error=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
