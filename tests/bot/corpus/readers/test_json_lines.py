import json

import pytest

from bot.corpus.readers.json_lines import read
from bot.corpus.readers.limits import DEFAULT_LIMITS, ReadLimits, Unreadable


def test_each_line_is_a_document() -> None:
    lines = [
        {"id": 7, "text": "Bees\r\nneed\u2028flowers.", "title": "Bees", "license": "MIT", "x": []},
        {"text": "Lawns \ud83d\udc1d\ud800.", "date": "2024", "url": None, "kind": ""},
    ]
    source = json.dumps(lines[0]) + "\r\n\n" + json.dumps(lines[1], ensure_ascii=True)
    first, second = read(source.encode(), DEFAULT_LIMITS)
    assert first.text == "Bees\nneed\u2028flowers."
    assert first.metadata == {"id": "7", "title": "Bees", "licence": "MIT"}
    assert first.blocks is None
    assert second.text == "Lawns \U0001f41d\ufffd."
    assert second.metadata == {"date": "2024"}


def test_changed_line_leaves_the_others_as_they_were() -> None:
    before = read(b'{"text": "one"}\n{"text": "two"}', DEFAULT_LIMITS)
    after = read(b'{"text": "ONE"}\n\n{"text": "two"}\n', DEFAULT_LIMITS)
    assert before[0].sha256 != after[0].sha256
    assert before[1].sha256 == after[1].sha256


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": ', "no valid JSON"),
        ("[1]", "should be an object"),
        ('{"title": "x"}', 'no "text"'),
        ('{"text": " "}', 'no "text"'),
        ('{"text": ["x"]}', 'no "text"'),
        ("[" * 200_000, "nested too deeply"),
        ('{"text": ' + "9" * 5000 + "}", "absurd length"),
    ],
)
def test_bad_line_is_named(line: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=f"Line 3 cannot be used.*{reason}"):
        read(f'{{"text": "one"}}\n\n{line}\n'.encode(), DEFAULT_LIMITS)


def test_file_without_documents_is_told() -> None:
    with pytest.raises(Unreadable, match="holds no document"):
        read(b"\n \n", DEFAULT_LIMITS)


def test_characters_of_all_documents_are_counted_together() -> None:
    with pytest.raises(Unreadable, match=r"Line 2 .* more than 5 characters"):
        read(b'{"text": "one"}\n{"text": "two"}', ReadLimits(max_characters=5))
