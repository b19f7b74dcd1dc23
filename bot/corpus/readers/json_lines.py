"""Read .jsonl: one document a line.

A line is an object with ``text``, and, if known, ``id``, ``title``, ``author``, ``date``,
``url``, ``kind`` and ``licence`` (or ``license``). Other keys are left alone.
"""

import hashlib

from bot.corpus.raw import RawDocument
from bot.corpus.readers.building import CharacterBudget, known, plain_document
from bot.corpus.readers.encoding import decode
from bot.corpus.readers.json_values import as_text, parse_json
from bot.corpus.readers.limits import ReadLimits, Unreadable

_KEYS = ("id", "title", "author", "date", "url", "kind", "licence")


def read(data: bytes, limits: ReadLimits) -> list[RawDocument]:
    """Return the documents of a JSON Lines file, in order.

    Each is hashed by its own line, so that one changed line leaves the others as they were.

    Raises:
        Unreadable: A line cannot be used; the message names it. No line is skipped, since
            a text that silently is not there is worse than a file that is refused.
    """
    budget = CharacterBudget(limits)
    documents = []
    # Only "\n" ends a line: a string may hold U+2028, which str.splitlines would split at.
    for number, line in enumerate(decode(data).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            documents.append(_document(line.strip(), budget))
        except Unreadable as error:
            raise Unreadable(f"Line {number} cannot be used. {error}") from error
    if not documents:
        raise Unreadable("It holds no document. Each line should be an object with a text.")
    return documents


def _document(line: str, budget: CharacterBudget) -> RawDocument:
    value = parse_json(line)
    if not isinstance(value, dict):
        raise Unreadable('Each line should be an object such as {"text": "..."}.')
    text = as_text(value.get("text"))
    if not text.strip():
        raise Unreadable('It has no "text", or an empty one.')
    budget.spend(len(text))
    metadata = known([*((key, value.get(key)) for key in _KEYS), ("licence", value.get("license"))])
    return plain_document(text, hashlib.sha256(line.encode()).hexdigest(), metadata)
