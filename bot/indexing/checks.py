"""Look at what was read and at what was built before anything serves. Called by `reindex`."""

from collections.abc import Collection

from bot.errors import IndexUnavailable
from bot.indexing.prepare import Preparer
from bot.ports import Index
from bot.types import ReadDocument

_SMOKE_QUERIES = 5
_SMOKE_DEPTH = 100
_SMOKE_SLACK = 0.01
"""What bytes and a sketch may take from the cosine of a vector with itself."""


def find_flaw(read: ReadDocument) -> str | None:
    """Say what is wrong with a document's passages, in a sentence's end; None when nothing.

    Every passage lies inside the text, holds more than white space, and begins where the
    one before has ended or later.
    """
    if not read.passages:
        return "it holds no sentence that could be quoted"
    end = 0
    for passage in read.passages:
        where = f"passage {passage.id!r} ({passage.start} to {passage.end})"
        if passage.document_id != read.document.id:
            return f"{where} belongs to {passage.document_id!r}"
        if not 0 <= passage.start < passage.end <= len(read.document.text):
            return f"{where} is not inside the text of {len(read.document.text)} characters"
        if passage.start < end:
            return f"{where} begins before the one before it ends"
        if not read.document.text[passage.start : passage.end].strip():
            return f"{where} is blank"
        end = passage.end
    return None


def check_index(index: Index, put: Collection[str], preparer: Preparer) -> None:
    """Raise IndexUnavailable unless an index gives back what was put, and finds it.

    What was carried over was checked when it was put, and is left alone: the check costs
    in proportion to the change.
    """
    for document_id in put:
        flaw = find_flaw(_read_back(index, document_id))
        if flaw:
            raise _unsound(f"the document {document_id!r} came back wrong: {flaw}")
    sample = sorted(put)
    for document_id in sample[:: max(1, len(sample) // _SMOKE_QUERIES)]:
        rows = index.rows_of(document_id)
        _search(index, rows[len(rows) // 2], preparer)


def _search(index: Index, row: int, preparer: Preparer) -> None:
    """Raise IndexUnavailable unless a passage is found by its own words and vector."""
    (passage,) = index.passages([row])
    text = index.document(passage.document_id).text[passage.start : passage.end]
    terms = dict.fromkeys(preparer.terms(text), 1.0)
    found, _ = index.match(terms, _SMOKE_DEPTH)
    if terms and row not in found and len(found) < _SMOKE_DEPTH:
        raise _unsound(f"the passage {passage.id!r} is not found by its own words")
    vector = index.vectors([row])[0]
    _, cosines = index.nearest(vector, 1)
    if not len(cosines) or cosines[0] < vector @ vector - _SMOKE_SLACK:
        raise _unsound(f"the passage {passage.id!r} is not found by its own vector")


def _read_back(index: Index, document_id: str) -> ReadDocument:
    passages = index.passages(index.rows_of(document_id))
    return ReadDocument(index.document(document_id), tuple(passages))


def _unsound(reason: str) -> IndexUnavailable:
    return IndexUnavailable(
        f"The new index failed its checks and does not serve: {reason}. The old one stays. "
        "This is a fault of the program: please report it with this message."
    )
