"""The documentation holds: links lead somewhere, commands and settings exist, quotes are real."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import typer.main

from adapters.cli.commands import app
from bot.corpus.library import read_corpus
from bot.settings import Settings
from bot.typography import readable
from tests.architecture.checkout import ROOT, name_of, pages

DOCS = ROOT / "docs"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CALL = re.compile(r"(?:^|[\s/`])counterpoint((?: +(?:\"[^\"]*\"|'[^']*'|[^\s`&|;]+))+)")
_SETTING = re.compile(r"^# ([A-Z_]+)=(.*)$", re.MULTILINE)
_HEAVIEST_PICTURE = 150_000
"""Bytes."""
_SETTING_ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\|", re.MULTILINE)


def prose(page: Path) -> str:
    """Return a page without its fenced code."""
    return _FENCE.sub("", page.read_text("utf-8"))


def code(page: Path) -> Iterator[str]:
    """Yield each line of shell code, fenced or indented, and each piece of code in the prose."""
    for language, block in _FENCE.findall(page.read_text("utf-8")):
        lines = block.splitlines()
        yield from (line for line in lines if language == "sh" or line.startswith("$ "))
    yield from re.findall(r"^ {4}(counterpoint .+)$", prose(page), re.MULTILINE)
    yield from re.findall(r"`([^`\n]+)`", prose(page))


def calls(page: Path) -> Iterator[list[str]]:
    """Yield the arguments of every call of the program that a page shows."""
    for line in code(page):
        for arguments in _CALL.findall(line):
            yield shlex.split(arguments)


def unknown_part(arguments: list[str]) -> str | None:
    """Return what the program does not know of a call: a command or an option."""
    command: Any = typer.main.get_command(app)
    for argument in arguments:
        options = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
        if argument.startswith("-"):
            if argument.partition("=")[0] not in {*options, "--help", "-"}:
                return argument
            if argument in ("--install-completion", "--show-completion"):
                return None
        elif hasattr(command, "commands") and not argument.isupper():
            if argument not in command.commands:
                return argument
            command = command.commands[argument]
    return None


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one).strip().lower().replace(" ", "-") for one in headings}


def default_of(setting: Any) -> str:
    """Return a setting's default as it is written in the environment."""
    default = setting.default
    if default is None:
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)


def leads_nowhere(page: Path, link: str) -> bool:
    """Whether a link of a page names a file or a heading that does not exist."""
    if link.startswith(("http://", "https://")):
        return False
    target, _, anchor = link.partition("#")
    file = (page.parent / target).resolve() if target else page
    return not file.exists() or bool(anchor and anchor not in anchors(file))


def test_every_link_leads_somewhere() -> None:
    links = [(page, link) for page in pages() for link in _LINK.findall(prose(page))]
    assert links
    assert [(name_of(page), link) for page, link in links if leads_nowhere(page, link)] == []


def test_every_command_on_a_page_exists() -> None:
    shown = [(page, call) for page in pages() for call in calls(page)]
    assert [(name_of(page), call) for page, call in shown if unknown_part(call)] == []


def test_the_commands_of_the_readme_are_looked_at() -> None:
    shown = [call[0] for call in calls(ROOT / "README.md")]
    assert shown.count("ask") == 3
    assert "chat" in shown


def test_every_process_of_the_procfile_can_be_started() -> None:
    processes = (ROOT / "Procfile").read_text("utf-8").splitlines()
    started = [shlex.split(line.partition(":")[2]) for line in processes]
    assert started
    for program, *arguments in started:
        assert program == "counterpoint"
        assert unknown_part(arguments) is None


def test_every_page_is_in_the_index() -> None:
    linked = {(DOCS / link).resolve() for link in _LINK.findall(prose(DOCS / "README.md"))}
    decisions = DOCS / "decisions"
    here = {page for page in DOCS.rglob("*.md") if page.parent != decisions}
    assert sorted(map(name_of, here - {DOCS / "README.md"} - linked)) == []
    assert decisions / "README.md" in linked


def test_every_decision_is_in_its_index() -> None:
    folder = DOCS / "decisions"
    linked = {(folder / link).resolve() for link in _LINK.findall(prose(folder / "README.md"))}
    pages_there = set(folder.glob("*.md")) - {folder / "README.md"}
    assert sorted(map(name_of, pages_there - linked)) == []


def test_every_setting_is_in_the_example_with_its_default() -> None:
    example = _SETTING.findall((ROOT / ".env.example").read_text("utf-8"))
    settings = [(one.metadata["env"], default_of(one)) for one in fields(Settings)]
    assert example == settings


def test_every_setting_is_in_the_reference_with_its_default() -> None:
    page = (DOCS / "reference" / "settings.md").read_text("utf-8")
    settings = [(one.metadata["env"], default_of(one)) for one in fields(Settings)]
    assert _SETTING_ROW.findall(page) == settings


def test_every_command_is_in_the_reference() -> None:
    page = (DOCS / "reference" / "command-line.md").read_text("utf-8")
    program: Any = typer.main.get_command(app)
    for name, command in program.commands.items():
        for sub in getattr(command, "commands", {"": None}):
            assert f"`counterpoint {name} {sub}".rstrip() in page


def test_the_readme_quotes_the_documents_to_the_letter() -> None:
    blocks = [block for _, block in _FENCE.findall((ROOT / "README.md").read_text("utf-8"))]
    answer = next(block for block in blocks if "“" in block)
    texts = [readable(read.document.text) for read in read_corpus(ROOT / "seeds").documents]
    squeezed = [" ".join(text.split()) for text in texts]
    # A quote begins beside its number and ends its line: quotation marks inside are its own.
    quotes = re.findall(r"^ *\d+ +“(.+?)”$", answer, re.MULTILINE | re.DOTALL)
    assert len(quotes) >= 2
    for quote in quotes:
        assert any(" ".join(quote.split()) in text for text in squeezed)


def test_every_picture_is_shown_and_light() -> None:
    text = "\n".join(page.read_text("utf-8") for page in pages())
    pictures = sorted((DOCS / "images").iterdir())
    assert [one.name for one in pictures if f"images/{one.name}" not in text] == []
    assert [one.name for one in pictures if one.stat().st_size > _HEAVIEST_PICTURE] == []
