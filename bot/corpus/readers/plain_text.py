"""Read .txt: the words as they are; their structure is found elsewhere."""

import hashlib

from bot.corpus.raw import RawDocument
from bot.corpus.readers.building import CharacterBudget, plain_document
from bot.corpus.readers.encoding import decode
from bot.corpus.readers.limits import ReadLimits


def read(data: bytes, limits: ReadLimits) -> list[RawDocument]:
    """Return the one document of a text file.

    Raises:
        Unreadable: It is no text, an empty one, or too long.
    """
    text = decode(data)
    CharacterBudget(limits).spend(len(text))
    return [plain_document(text, hashlib.sha256(data).hexdigest(), {})]
