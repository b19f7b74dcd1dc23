"""Read the subjects of a debate and the spellings of names: `topics.toml`, `aliases.toml`.

Matching a query with them is left to `bot.conversation` and `bot.retrieval`.
`bot.corpus.library` calls this.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.corpus.manifest import SLUG, read_toml
from bot.errors import CorpusError
from bot.types import Topic

Aliases = Mapping[str, tuple[str, ...]]
"""Canonical name to the other spellings of it."""

_REQUIRED = {
    "title": "write two or three words that name the topic",
    "description": "write one neutral sentence on what the debate is about",
    "proposition": "write a statement that can be argued for and against",
}
_KEYS = ("title", "aliases", "description", "proposition")


def read_topics(path: Path) -> tuple[Topic, ...]:
    """Read the topics, in the order of the file; a file that does not exist holds none.

    Raises:
        CorpusError: A topic cannot be used. The message names the file, the topic, the key
            and the way out.
    """
    topics = tuple(_topic(path, slug, keys) for slug, keys in read_toml(path).items())
    owners: dict[str, str] = {}
    for topic in topics:
        for name in dict.fromkeys(map(_folded, (topic.slug, topic.title, *topic.aliases))):
            other = owners.setdefault(name, topic.slug)
            if other != topic.slug:
                raise CorpusError(
                    f"{path}, [{topic.slug}]: {name!r} already leads to [{other}];"
                    " take it out of one of them"
                )
    return topics


def read_aliases(path: Path) -> Aliases:
    """Read the spellings of names; a file that does not exist holds none.

    Raises:
        CorpusError: A spelling stands for two names, or a value is no list of text.
    """
    aliases: dict[str, tuple[str, ...]] = {}
    owners: dict[str, str] = {}
    for name, spellings in read_toml(path).items():
        aliases[name] = _texts(f"{path}, {name!r}", "the spellings", spellings)
        for spelling in dict.fromkeys(map(_folded, (name, *aliases[name]))):
            other = owners.setdefault(spelling, name)
            if other != name:
                raise CorpusError(
                    f"{path}: {spelling!r} stands for {other!r} and for {name!r};"
                    " take it out of one of them"
                )
    return aliases


def _topic(path: Path, slug: str, keys: Any) -> Topic:
    where = f"{path}, [{slug}]"
    if not isinstance(keys, dict):
        raise CorpusError(f"{path}: {slug!r} stands outside of a topic; write [{slug}] above it")
    if not SLUG.fullmatch(slug):
        raise CorpusError(
            f"{where}: the name may hold small letters, digits and single hyphens only"
        )
    unknown = [key for key in keys if key not in _KEYS]
    if unknown:
        raise CorpusError(f"{where}: unknown key {unknown[0]!r}; the keys are {', '.join(_KEYS)}")
    topic = Topic(
        slug=slug,
        title=_required(where, keys, "title"),
        aliases=_texts(where, "aliases", keys.get("aliases", [])),
        description=_required(where, keys, "description"),
        proposition=_required(where, keys, "proposition"),
    )
    if topic.proposition.endswith(("?", "？")):  # noqa: RUF001 (full-width)
        raise CorpusError(f"{where}: proposition is a question; {_REQUIRED['proposition']}")
    return topic


def _required(where: str, keys: Mapping[str, object], key: str) -> str:
    text = keys.get(key)
    if not isinstance(text, str) or not text.strip():
        raise CorpusError(f"{where}: {key} is missing; {_REQUIRED[key]}")
    return text.strip()


def _texts(where: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise CorpusError(f'{where}: {key} must be a list of texts, such as ["one", "two"]')
    return tuple(text.strip() for text in value)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
