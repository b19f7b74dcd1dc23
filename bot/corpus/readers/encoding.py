"""Turn the bytes of a text file into text.

UTF-8 is tried first, since nothing else looks like it by accident; then byte order
marks, UTF-16 without one, and at last charset-normalizer's guess. Called by the readers
of text formats.
"""

import codecs

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


def _decode_legacy(data: bytes) -> str:
    repaired = data.decode("utf-8", errors="replace")
    broken = repaired.count("\ufffd")
    beyond_ascii = len(repaired) - len(repaired.encode("ascii", errors="ignore"))
    if broken <= beyond_ascii * _DAMAGED_SHARE:
        return repaired
    if b"\0" in data:
        raise Unreadable(_NOT_TEXT)
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
