"""What is installed, what it needs, and the files that say so, agree."""

import hashlib
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.checkout import ROOT

PUBLIC_HOSTS = {"https://pypi.org", "https://files.pythonhosted.org"}


@pytest.fixture(scope="module")
def project() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def locked() -> Any:
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    return next(one for one in lock["package"] if one["name"] == "counterpoint-bot")


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).casefold()


def name_and_bounds(requirement: str) -> tuple[str, str]:
    """Split "Name[extra]>=1,<2"; the bounds in a fixed order."""
    found = re.match(r"([\w.-]+)(?:\[[\w,]+\])?(.*)", requirement)
    assert found
    return normalised(found[1]), ",".join(sorted(found[2].replace(" ", "").split(",")))


def test_every_dependency_is_argued_for(project: Any) -> None:
    page = (ROOT / "docs" / "decisions" / "dependencies.md").read_text("utf-8")
    cells = re.findall(r"^\| ([^|]+) \| [\d.]+ \|", page, re.MULTILINE)
    argued = {name.strip() for cell in cells for name in cell.split(",") if "below" not in name}
    needed = {name_and_bounds(requirement)[0] for requirement in project["dependencies"]}
    assert {normalised(name) for name in argued} == needed


def test_every_development_dependency_is_named(project: Any) -> None:
    page = (ROOT / "docs" / "decisions" / "dependencies.md").read_text("utf-8")
    section = normalised(page.partition("## For development only")[2])
    names = [name_and_bounds(one)[0] for one in project["optional-dependencies"]["dev"]]
    assert [name for name in names if name not in section] == []


def test_the_lock_file_is_up_to_date(project: Any, locked: Any) -> None:
    stated = [name_and_bounds(requirement) for requirement in project["dependencies"]]
    for requirements in project["optional-dependencies"].values():
        stated += [name_and_bounds(requirement) for requirement in requirements]
    in_lock = [
        name_and_bounds(one["name"] + one.get("specifier", ""))
        for one in locked["metadata"]["requires-dist"]
    ]
    assert sorted(in_lock) == sorted(stated), "`just lock` brings uv.lock up to date"


def test_the_lock_file_names_public_registries_only() -> None:
    lock = (ROOT / "uv.lock").read_text("utf-8")
    assert set(re.findall(r"\w+://[^/\"]+", lock)) == PUBLIC_HOSTS


@pytest.mark.parametrize("package", ["bot", "adapters"])
def test_types_are_there_for_whoever_imports_us(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


def test_the_project_names_licence_files_that_exist(project: Any) -> None:
    missing = [one for one in project["license-files"] if not (ROOT / one).read_text().strip()]
    assert missing == []


@pytest.mark.parametrize(
    ("shipped", "told_in"),
    [
        ("bot/retrieval/model/encoder.int8.onnx", "NOTICE"),
        ("bot/stance/model/stance.int8.onnx", "bot/stance/MODEL_CARD.md"),
        ("adapters/web/fonts/SourceSerifPro-Regular.ttf", "NOTICE"),
    ],
)
def test_a_shipped_file_of_others_is_the_one_that_is_documented(shipped: str, told_in: str) -> None:
    digest = hashlib.sha256((ROOT / shipped).read_bytes()).hexdigest()
    assert digest in (ROOT / told_in).read_text("utf-8")


def test_the_changelog_tells_of_this_version(project: Any) -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## \[([^\]]+)\]", changelog, re.MULTILINE)
    assert headings[0] == "Unreleased" or headings[0] == project["version"]


def test_the_check_script_installs_as_the_readme_says() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    wanted = re.findall(r"\.venv/bin/pip install (.+?) &&", readme)
    installed = re.findall(r"/pip\" install(?: --[\w-]+)* (.+)$", script, re.MULTILINE)
    assert wanted == installed
    assert f"QUESTION={re.findall(r'counterpoint ask (.+)$', readme, re.MULTILINE)[0]}" in script


@pytest.mark.parametrize(
    "file",
    [
        "adapters/slack/manifest.json",
        "adapters/web/drawing.py",
        "adapters/web/fonts/LICENSE.txt",
        "adapters/web/fonts/SourceSerifPro-Regular.ttf",
        "adapters/web/templates/card.svg",
        "bot/py.typed",
    ],
)
def test_an_installed_package_brings_the_files_that_it_reads(file: str) -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    left_out = [one.strip("/") for one in (*wheel["exclude"], *ignored)]
    path = Path(file)
    assert (ROOT / path).is_file()
    assert path.parts[0] in wheel["packages"]
    within = [str(one) for one in (path, *path.parents, *map(Path, path.parts))]
    assert [one for one in within if any(fnmatch(one, pattern) for pattern in left_out)] == []


def test_an_installed_package_brings_its_seeds() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    included = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {Path(source).name: Path(target) for source, target in included.items()} == {
        "seeds": Path("bot/seeds")
    }
