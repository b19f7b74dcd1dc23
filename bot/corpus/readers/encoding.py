"""Turn the bytes of a text file into text.

UTF-8 is tried first, since nothing else looks like it by accident; then byte order
marks, UTF-16 without one, and at last charset-normalizer's guess. Called by the readers
of text formats.
"""

import codecs
import re
import string

from charset_normalizer import from_bytes

from bot.corpus.readers.limits import Unreadable

# The longer mark first: UTF-32-LE's begins with UTF-16-LE's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TEXT = (
    "It does not look like text. If it is a text, open it in an editor and save it as UTF-8; "
    "if it is another kind of file, give it the ending of its kind."
)
# Under this share of broken sequences, a UTF-8 file is damaged rather than not UTF-8.
_DAMAGED_SHARE = 0.1
_PLAIN = frozenset(string.ascii_letters)
# Letters of French, German, Spanish, Portuguese, Italian, Dutch and the Nordic languages.
_WESTERN_LETTERS = frozenset("àâäáãåæçèéêëìíîïñòóôöõøœùúûüýÿßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜÝŸªº")
# Quotation marks, dashes, currencies and the like; inverted marks only where a word begins.
_WESTERN_SIGNS = frozenset(
    "\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026\u2022\u20ac\u2122"
    "\xa0\xa1\xa3\xa7\xa9\xab\xae\xb0\xb1\xb7\xbb\xbc\xbd\xbe\xbf"
)
_INVERTED_IN_WORD = re.compile("[^\\W_][\xa1\xbf]")
_WESTERN_ODD_SHARE = 0.2


def decode(data: bytes) -> str:
    """Return the text of a file, without a byte order mark.

    Args:
        data: All bytes of the file.

    Raises:
        Unreadable: The bytes are no text in any encoding that is known.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    wide = _wide_encoding(data)
    if wide is not None:
        return data.decode(wide, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data)


def _wide_encoding(data: bytes) -> str | None:
    """Recognise UTF-16 without a mark: nearly every other byte of Western text is zero.

    Few texts say so little that this could be an accident, hence the least length.
    """
    if len(data) < 64 or len(data) % 2:
        return None
    half = len(data) // 2
    high_first = data[0::2].count(0) / half
    low_first = data[1::2].count(0) / half
    if min(high_first, low_first) > 0.05 or max(high_first, low_first) < 0.7:
        return None
    return "utf-16-be" if high_first > low_first else "utf-16-le"


def _as_western(data: bytes) -> str | None:
    """Return the text if it reads as Western Windows: few odd letters, all beside plain ones.

    charset-normalizer needs more than a few sentences to tell "für" from Chinese; in other
    alphabets nearly every letter is one that Western Windows has beyond ASCII.
    """
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    if _INVERTED_IN_WORD.search(text):
        return None
    letters = [character for character in text if character.isalpha()]
    odd = [character for character in letters if character not in _PLAIN]
    beyond = [character for character in text if not character.isascii()]
    if any(not character.isalpha() and character not in _WESTERN_SIGNS for character in beyond):
        return None
    if len(odd) > len(letters) * _WESTERN_ODD_SHARE or set(odd) - _WESTERN_LETTERS:
        return None
    return text


def _decode_legacy(data: bytes) -> str:
    repaired = data.decode("utf-8", errors="replace")
    broken = repaired.count("\ufffd")
    beyond_ascii = len(repaired) - len(repaired.encode("ascii", errors="ignore"))
    if broken <= beyond_ascii * _DAMAGED_SHARE:
        return repaired
    if b"\0" in data:
        raise Unreadable(_NOT_TEXT)
    western = _as_western(data)
    if western is not None:
        return western
    matches = from_bytes(data)
    best = matches.best()
    if best is None:
        raise Unreadable(_NOT_TEXT)
    for match in matches:
        # Of guesses that read equally well, the encoding of Western Windows is by far
        # the commonest; charset-normalizer lists them by name.
        reads_as_well = match.chaos <= best.chaos and match.coherence >= best.coherence
        if match.encoding == "cp1252" and reads_as_well:
            return str(match)
    return str(best)
