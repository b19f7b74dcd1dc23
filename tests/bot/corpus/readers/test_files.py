from pathlib import Path

import pytest

from bot.corpus.readers import ReadLimits, find_files


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.md", "deep/c.VTT", ".hidden/d.txt", ".e.txt", "~$f.docx", "g.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    return tmp_path


def names(files: tuple[Path, ...], root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in files]


def test_folder_gives_its_files_sorted_and_without_hidden_ones(talks: Path) -> None:
    assert names(find_files([talks]).files, talks) == ["a.md", "b.txt", "deep/c.VTT"]


def test_file_of_another_kind_is_reported(talks: Path) -> None:
    [failure] = find_files([talks]).failures
    assert failure.path == str(talks / "g.png")
    assert ".docx" in failure.reason


def test_file_named_twice_is_found_once(talks: Path) -> None:
    (talks / "link.txt").symlink_to(talks / "b.txt")
    found = find_files([talks / "b.txt", str(talks), f"{talks}/*.txt"])
    assert names(found.files, talks) == ["a.md", "b.txt", "deep/c.VTT"]


def test_pattern_reaches_into_folders(talks: Path) -> None:
    found = find_files([f"{talks}/**/*.[vV][tT][tT]"])
    assert names(found.files, talks) == ["deep/c.VTT"]
    assert found.failures == ()


def test_file_whose_name_looks_like_a_pattern_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "talk [2024].txt"
    path.write_text("x")
    assert find_files([str(path)]).files == (path,)


def test_hidden_file_is_found_when_it_is_named(talks: Path) -> None:
    assert names(find_files([talks / ".e.txt"]).files, talks) == [".e.txt"]


def test_folders_that_link_in_a_circle_are_searched_once(talks: Path) -> None:
    (talks / "deep" / "up").symlink_to(talks, target_is_directory=True)
    assert names(find_files([talks]).files, talks) == ["a.md", "b.txt", "deep/c.VTT"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nowhere", "no such file or folder"),
        ("no*where", "No file matches"),
        ("a\0b", "Check its"),
    ],
)
def test_path_that_names_nothing_is_reported(tmp_path: Path, path: str, reason: str) -> None:
    found = find_files([f"{tmp_path}/{path}"])
    assert found.files == ()
    assert reason in found.failures[0].reason


def test_broken_link_is_reported(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    assert "broken link" in find_files([tmp_path]).failures[0].reason
    assert "no such file" in find_files([tmp_path / "gone.txt"]).failures[0].reason


def test_folder_too_deep_is_reported_and_the_rest_found(talks: Path) -> None:
    found = find_files([talks], ReadLimits(max_depth=0))
    assert names(found.files, talks) == ["a.md", "b.txt"]
    assert found.failures[0].path == str(talks / "deep")


def test_too_many_files_are_reported(talks: Path) -> None:
    found = find_files([talks], ReadLimits(max_files=1))
    assert names(found.files, talks) == ["a.md"]
    assert "more than 1 files" in found.failures[0].reason


def test_unpacked_slack_export_is_one_find(tmp_path: Path) -> None:
    export = tmp_path / "export"
    (export / "general").mkdir(parents=True)
    for name in ("users.json", "channels.json", "general/2024-05-01.json"):
        (export / name).write_text("[]")
    assert find_files([tmp_path]).files == (export,)
    assert find_files([export]).files == (export,)
