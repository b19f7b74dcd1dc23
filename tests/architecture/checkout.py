"""The files of the checkout that the tests of its architecture and its documents look at."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def modules(*folders: str) -> list[Path]:
    """Return the Python files below folders of the checkout, in order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def pages() -> list[Path]:
    """Return every page of documentation, in order."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "seeds" / "README.md"]
    return sorted([*found, *(ROOT / "bot").rglob("*.md")])


def name_of(path: Path) -> str:
    """Return a file's name as seen from the root of the checkout."""
    return path.relative_to(ROOT).as_posix()
