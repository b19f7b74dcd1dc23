"""Say how two generations differ, document by document. Called by `reindex`."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace

from bot.ports import Index
from bot.types import DocumentChange, ReadDocument


def find_changes(old: Index | None, new: Index, put: Collection[str]) -> Iterator[DocumentChange]:
    """Yield what happened to each document, in the order of their ids.

    Args:
        old: What served before, if anything did.
        new: What is about to serve.
        put: Ids of the documents that were not simply carried over.
    """
    before = old.titles() if old else {}
    after = new.titles()
    for document_id in sorted(before.keys() | after.keys()):
        if document_id not in after:
            removed = len(old.rows_of(document_id)) if old else 0
            title = before[document_id]
            yield DocumentChange(document_id, title, "removed", quotes_removed=removed)
            continue
        title = after[document_id]
        if document_id not in before:
            added = len(new.rows_of(document_id))
            yield DocumentChange(document_id, title, "added", quotes_added=added)
        elif document_id not in put or old is None:
            yield DocumentChange(document_id, title, "kept")
        else:
            yield _compare(document_id, old, new)


def _compare(document_id: str, old: Index, new: Index) -> DocumentChange:
    """Return how a document that was put again differs: perhaps only in its preparation."""
    before, quotes_before = _content(old, document_id)
    after, quotes_after = _content(new, document_id)
    return DocumentChange(
        document_id,
        after.document.title,
        "kept" if before == after else "changed",
        quotes_added=(quotes_after - quotes_before).total(),
        quotes_removed=(quotes_before - quotes_after).total(),
    )


def _content(index: Index, document_id: str) -> tuple[ReadDocument, Counter[str]]:
    document = replace(index.document(document_id), sha256="")
    passages = tuple(index.passages(index.rows_of(document_id)))
    quotes = Counter(document.text[passage.start : passage.end] for passage in passages)
    return ReadDocument(document, passages), quotes
