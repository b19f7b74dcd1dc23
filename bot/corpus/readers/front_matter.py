"""Read the few lines of metadata that may stand at the head of a Markdown file.

    ---
    title: Bees and lawns
    author: "Ann Lee"
    date: 2024-05-01
    ---

Also ``+++`` and ``key = value``. Only simple pairs are understood; lists, nested values
and comments are passed over. Called by the Markdown reader.
"""

import re
from collections.abc import Mapping

from bot.corpus.readers.building import known

_FENCES = {"---": ":", "+++": "="}
_NAMES = {
    "title": "title",
    "author": "author",
    "authors": "author",
    "date": "date",
    "url": "url",
    "kind": "kind",
    "licence": "licence",
    "license": "licence",
}
_PAIR = re.compile(r"([A-Za-z][\w.-]*)[ \t]*([:=])(?:[ \t]+(.*)|[ \t]*)$")
_PASSED_OVER = re.compile(r"[ \t#-]|$")
_MAX_LINES = 100


def split_front_matter(text: str) -> tuple[Mapping[str, str], str]:
    r"""Return the metadata at the head of a text, and the text after it.

    A text that merely begins with a rule (``---``) is left whole: every line up to the
    second fence has to look like metadata, and one of them has to be a pair.

    Args:
        text: A text with ``\n`` as its line end.
    """
    first, _, rest = text.partition("\n")
    sign = _FENCES.get(first.rstrip())
    if sign is None:
        return {}, text
    lines = rest.split("\n", _MAX_LINES)
    pairs: list[tuple[str, object]] = []
    found_pair = False
    for index, line in enumerate(lines[:_MAX_LINES]):
        if line.rstrip() == first.rstrip():
            return (known(pairs), "\n".join(lines[index + 1 :])) if found_pair else ({}, text)
        pair = _PAIR.match(line)
        if pair and pair[2] == sign:
            found_pair = True
            key = _NAMES.get(pair[1].lower())
            if key is not None:
                pairs.append((key, _unquoted(pair[3] or "")))
        elif not _PASSED_OVER.match(line):
            break
    return {}, text


def _unquoted(value: str) -> str | None:
    """Return a scalar without its quotes, or None for a list or a nested value."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return None if value[:1] in ("[", "{", "|", ">") else value
