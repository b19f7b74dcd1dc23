"""Files stay small, well named and documented, and know nothing of the corpus they serve."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.checkout import ROOT, modules, name_of, pages

LONGEST_FILE = 400
NAMES_THAT_SAY_NOTHING = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}
EVERYTHING = modules("bot", "adapters", "tests")
SHORTEST_NAME = 4  # letters of an author's name that are looked for

Named = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def names_in_seeds() -> Iterator[str]:
    """Yield the names that the seeds are about, and the words of their authors' names."""
    aliases = tomllib.loads((ROOT / "seeds" / "aliases.toml").read_text("utf-8"))
    yield from aliases
    documents = tomllib.loads((ROOT / "seeds" / "documents.toml").read_text("utf-8"))
    for document in documents["document"]:
        yield from re.findall(rf"\w{{{SHORTEST_NAME},}}", document.get("author", ""))


def undocumented(node: ast.Module | Named, name: str) -> Iterator[str]:
    """Yield the public names below a node that have no docstring, the node's own first."""
    if not ast.get_docstring(node):
        yield name
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    for child in node.body:
        if isinstance(child, Named) and not child.name.startswith("_"):
            yield from undocumented(child, f"{name}.{child.name}")


def test_a_file_fits_into_a_head() -> None:
    length = {path: len(path.read_text("utf-8").splitlines()) for path in EVERYTHING}
    assert [name_of(path) for path in EVERYTHING if length[path] > LONGEST_FILE] == []


def test_a_module_is_named_for_what_it_does() -> None:
    named = {path: {path.stem, path.parent.name} for path in EVERYTHING}
    assert [name_of(path) for path in EVERYTHING if named[path] & NAMES_THAT_SAY_NOTHING] == []


def test_every_public_name_has_a_docstring() -> None:
    found: list[str] = []
    for path in modules("bot", "adapters"):
        text = path.read_text("utf-8")
        if text.strip():  # a package that holds nothing itself has nothing to tell
            found += undocumented(ast.parse(text), name_of(path))
    assert found == []


def test_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path in modules("tests")}
    assert [name_of(one) for one in folders if not (one / "__init__.py").is_file()] == []


def test_no_name_of_the_seeds_stands_in_the_code() -> None:
    names = "|".join(re.escape(name) for name in names_in_seeds())
    pattern = re.compile(rf"\b(?:{names})\b", re.IGNORECASE)
    found = [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in modules("bot", "adapters")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    pattern = re.compile(r"(?<![\w.])/(?:home/\w|root/|Users/\w|work/)")
    texts = [*modules("bot", "adapters", "tests"), *pages(), ROOT / "uv.lock"]
    texts += [ROOT / name for name in ("pyproject.toml", "justfile", ".env.example", ".ci/run")]
    own = Path(__file__)
    found = [name_of(one) for one in texts if one != own and pattern.search(one.read_text("utf-8"))]
    assert found == []
