"""BM25 over analysed terms, on tantivy.

Terms arrive ready (folded, stemmed): a passage's own go into ``body``, those around it
into ``context``, joined by spaces and split at spaces, nothing else. A query is built
from terms, never parsed from a string, so that no character in it means anything.

Statistics include passages that were deleted since their segment was written, which
`rebuild_is_due` bounds. Callers: `generation` reads, `writer` writes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from shutil import copyfile

import numpy as np
import tantivy
from numpy.typing import NDArray

from bot.backends.embedded.files import link_or_copy

_TOKENIZER = "given_terms"
_BODY, _CONTEXT, _DOCUMENT, _KEY = "body", "context", "document", "key"
_HEAP_BYTES = 64_000_000
_MUTABLE = ("meta.json", ".managed.json")
_LOCKS = ".lock"

_TIES = 16
"""How many times the limit is fetched at most to see the whole of a tie at the cut."""

# What would split a term in two or could not be written down becomes a letter that no
# analyser yields, so that every term has exactly one token.
_SPACES = str.maketrans(dict.fromkeys("\t\n\x0b\x0c\r ", "\ufffd"))
_LONGEST_TERM_BYTES = 1_000
_TOKENS_HELD = 100_000


@dataclass(frozen=True, slots=True)
class LexicalPassage:
    """The terms of one passage under its key; ``document`` is what it is deleted by."""

    key: int
    document: int
    terms: tuple[str, ...]
    context_terms: tuple[str, ...]


def count_dead(folder: Path) -> int:
    """Return how many deleted passages an index still carries in its statistics."""
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    deletes = (segment["deletes"] for segment in meta["segments"])
    return sum(found["num_deleted_docs"] for found in deletes if found)


def rebuild_is_due(alive: int, dead: int) -> bool:
    """Say whether to write everything anew rather than add to what is there.

    A small index is written in well under a second, and then ranks exactly as if it had
    never changed; a large one may hold one dead passage to two living ones.
    """
    return alive <= 5_000 or dead * 2 > alive


def write(
    folder: Path,
    passages: Iterable[LexicalPassage],
    base: Path | None = None,
    removed: Iterable[int] = (),
) -> None:
    """Write an index of passages into an empty folder.

    Args:
        folder: An existing, empty folder.
        passages: What is added.
        base: The folder of an index to start from. It stays as it is: segments are never
            written twice, so the new index shares their files.
        removed: Numbers of documents of ``base`` that are left out.
    """
    if base is not None:
        for file in base.iterdir():
            if file.name in _MUTABLE:
                copyfile(file, folder / file.name)
            elif not file.name.endswith(_LOCKS):
                link_or_copy(file, folder / file.name)
    index = _open(folder)
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
    for number in removed:
        # Not delete_documents_by_term: in tantivy-py 0.27 that takes every number for a
        # signed one, and then finds none in an unsigned field, without an error.
        one = tantivy.Query.term_query(index.schema, _DOCUMENT, number)
        writer.delete_documents_by_query(one)
    token = lru_cache(maxsize=_TOKENS_HELD)(_token)
    for passage in passages:
        document = tantivy.Document()
        document.add_text(_BODY, " ".join(map(token, passage.terms)))
        document.add_text(_CONTEXT, " ".join(map(token, passage.context_terms)))
        document.add_unsigned(_DOCUMENT, passage.document)
        document.add_unsigned(_KEY, passage.key)
        writer.add_document(document)
    # The commit brings every file it wrote to the disk before it returns.
    writer.commit()
    writer.wait_merging_threads()


class LexicalReader:
    """One written index; safe in several threads."""

    def __init__(self, folder: Path, context_boost: float) -> None:
        index = _open(folder, existing=True)
        self._schema = index.schema
        self._searcher = index.searcher()
        self._context_boost = context_boost

    @property
    def size(self) -> int:
        """Number of passages."""
        return self._searcher.num_docs

    def search(
        self, weights: Mapping[str, float], limit: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return keys and scores of the best passages, and all that tie with the last.

        The score is the sum over terms of weight x (bm25 in the body + boost x bm25 in the
        context). More than ``limit`` may be returned, so that the caller can order a tie;
        a tie of more than 16 times the limit is cut.
        """
        clauses = list(self._clauses(weights))
        if not clauses or limit < 1 or not self.size:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        query = tantivy.Query.boolean_query(clauses)
        fetch = limit + 1
        while True:
            hits = self._searcher.search(query, fetch, count=False).hits
            tied = len(hits) == fetch and hits[-1][0] == hits[limit - 1][0]
            if not tied or fetch > _TIES * limit:
                break
            fetch *= 4
        keys = self._searcher.fast_field_values(_KEY, [address for _, address in hits])
        return np.array(keys, np.int64), np.array([score for score, _ in hits], np.float32)

    def _clauses(
        self, weights: Mapping[str, float]
    ) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
        for term, weight in weights.items():
            token = _token(term)
            for field, boost in ((_BODY, weight), (_CONTEXT, weight * self._context_boost)):
                if token and boost > 0:
                    exact = tantivy.Query.term_query(self._schema, field, token, "freq")
                    yield tantivy.Occur.Should, tantivy.Query.boost_query(exact, boost)


def _open(folder: Path, existing: bool = False) -> tantivy.Index:
    """Open the index in ``folder``, or make one; the tokenizer is not kept with its files."""
    if existing:
        index = tantivy.Index.open(str(folder))
    else:
        fields = tantivy.SchemaBuilder()
        for name in (_BODY, _CONTEXT):
            fields.add_text_field(name, tokenizer_name=_TOKENIZER, index_option="freq")
        fields.add_unsigned_field(_DOCUMENT, indexed=True)
        fields.add_unsigned_field(_KEY, fast=True)
        index = tantivy.Index(fields.build(), path=str(folder))
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENIZER, analyzer)
    return index


def _token(term: str) -> str:
    """Return the one token that a term is indexed by; nothing for an empty or endless one."""
    encoded = term.translate(_SPACES).encode("utf-8", "replace")
    return encoded.decode("utf-8") if len(encoded) <= _LONGEST_TERM_BYTES else ""
