"""Topics and aliases are checked, and told where they are wrong."""

from pathlib import Path

import pytest

from bot.corpus.topics import read_aliases, read_topics
from bot.errors import CorpusError
from bot.types import Topic

BODY = 'title = "Walls"\ndescription = "On walls."\nproposition = "Pears need walls."\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "list.toml"
    path.write_text(text, "utf-8")
    return path


def test_topics_are_read_in_order(tmp_path: Path) -> None:
    text = f'[warm-walls]\n{BODY}aliases = ["brick"]\n[frost]\n' + BODY.replace("Walls", "Frost")
    assert read_topics(written(tmp_path, text)) == (
        Topic("warm-walls", "Walls", ("brick",), "On walls.", "Pears need walls."),
        Topic("frost", "Frost", (), "On walls.", "Pears need walls."),
    )


def test_missing_lists_are_empty(tmp_path: Path) -> None:
    assert read_topics(tmp_path / "topics.toml") == ()
    assert read_aliases(tmp_path / "aliases.toml") == {}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[walls\n", ["not valid TOML", "line 1"]),
        ('title = "Walls"', ["'title'", "[title]"]),
        (f"[Warm_Walls]\n{BODY}", ["[Warm_Walls]", "hyphens"]),
        (f"[walls]\n{BODY}colour = 1", ["[walls]", "'colour'", "proposition"]),
        ('[walls]\ntitle = "Walls"\ndescription = "On walls."', ["proposition is missing"]),
        (f"[walls]\n{BODY}".replace("walls.", "walls?"), ["proposition is a question"]),
        (f'[walls]\n{BODY}aliases = "brick"', ["aliases", "list"]),
        (f'[walls]\n{BODY}[bricks]\n{BODY.replace("W", "B")}aliases = ["WALLS"]', ["'walls'"]),
    ],
)
def test_topic_errors_name_the_file_the_place_and_the_way_out(
    tmp_path: Path, text: str, named: list[str]
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(CorpusError) as error:
        read_topics(path)
    assert [part for part in [str(path), *named] if part not in str(error.value)] == []


def test_aliases_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, '"Conference" = ["konferenz", "confrence"]\n')
    assert read_aliases(path) == {"Conference": ("konferenz", "confrence")}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('"A" = ["x"]\n"B" = ["X"]', ["'x'", "'A'", "'B'"]),
        ('"A" = ["b"]\n"B" = []', ["'b'", "'A'", "'B'"]),
        ('"A" = "x"', ["'A'", "list"]),
        ('"A" = [1]', ["'A'", "list"]),
    ],
)
def test_alias_errors_name_both_names(tmp_path: Path, text: str, named: list[str]) -> None:
    path = written(tmp_path, text)
    with pytest.raises(CorpusError) as error:
        read_aliases(path)
    assert [part for part in [str(path), *named] if part not in str(error.value)] == []
