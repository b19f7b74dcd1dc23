"""Run the code that answers people over the field's benchmark files.

Reads BEIR corpora and queries and claim-text pairs; returns TREC runs and stances. Scoring
is for any tool that reads those formats. Called by ``counterpoint bench`` through
`bot.bootstrap`.
"""

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.corpus.sentences import sentence_spans
from bot.errors import ConfigError, CorpusError
from bot.indexing import Indexer, Progress
from bot.ports import Index, IndexStore, StanceModel
from bot.retrieval.search import Ranking, Search
from bot.stance.opposing import opposing_scores, repeats
from bot.types import Document, IndexReport, Passage, ReadDocument

_COUNTER_POOL = 50  # best matches whose side is looked at when counterpoints are ranked


@dataclass(frozen=True, slots=True)
class BenchmarkQuery:
    """A query of a benchmark file."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class RankedDocument:
    """A line of a TREC run: ``score`` in descending order of ``rank``, which counts from 1."""

    query_id: str
    document_id: str
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class BeirCorpus:
    """A BEIR corpus file as a source of documents; each text is one passage, or split."""

    file: Path
    sentences: bool = False

    @property
    def path(self) -> str:
        """Name of the source in the index."""
        return self.file.name

    @property
    def fingerprint(self) -> str:
        """Change with the file's bytes and with the way of splitting."""
        try:
            with self.file.open("rb") as opened:
                return f"{hashlib.file_digest(opened, 'sha256').hexdigest()}-{self.sentences}"
        except OSError as error:
            raise CorpusError(f"{self.file} cannot be read: {error}") from error

    def read(self) -> Sequence[ReadDocument]:
        """Return the texts as documents; raises CorpusError naming the line that is wrong."""
        documents = [self._document(row, line) for line, row in read_rows(self.file)]
        return [document for document in documents if document.passages]

    def _document(self, row: Mapping[str, Any], line: int) -> ReadDocument:
        name, title = _text(row, "_id", self.file, line), str(row.get("title") or "")
        text = f"{title} {_text(row, 'text', self.file, line)}".strip()
        document = Document(name, title, None, None, None, "benchmark", None, text, "")
        spans = sentence_spans(text) if self.sentences else [(0, len(text))] if text else []
        passages = tuple(
            Passage(f"{name}#{place}", name, start, end, position=place)
            for place, (start, end) in enumerate(spans)
        )
        return ReadDocument(document, passages)


class Evaluation:
    """Index, search and judge benchmark files.

    Args:
        store_in: Opens the index in a folder.
        indexer_of: Makes an indexer for a store.
        search: Ranks passages.
        stance: Judges sides.
    """

    def __init__(
        self,
        store_in: Callable[[Path], IndexStore],
        indexer_of: Callable[[IndexStore], Indexer],
        search: Search,
        stance: Callable[[], StanceModel],
    ) -> None:
        self._store_in = store_in
        self._indexer_of = indexer_of
        self._search = search
        self._stance = stance

    def index(
        self,
        corpus: Path,
        folder: Path,
        sentences: bool = False,
        on_progress: Callable[[Progress], None] = lambda _: None,
    ) -> IndexReport:
        """Index a BEIR corpus into a folder."""
        indexer = self._indexer_of(self._store_in(folder))
        return indexer.reindex([BeirCorpus(corpus, sentences)], on_progress)

    def rank(self, queries: Path, folder: Path, k: int) -> Iterator[RankedDocument]:
        """Rank documents for every query of a BEIR file.

        A query's first score is the calibrated probability that the corpus answers it, and
        the others fall from there as their matches do: scores compare over queries.
        """
        index = self._open(folder)
        for query in read_queries(queries):
            ranking = self._rank(index, query, k)
            best = ranking.matches[0].score if ranking.matches else 0.0
            scored = [
                (match.row, ranking.answerable * math.exp(match.score - best))
                for match in ranking.matches
            ]
            yield from _best_documents(index, query, scored, k)

    def counter(self, queries: Path, folder: Path, k: int) -> Iterator[RankedDocument]:
        """Rank documents as counterpoints to every query of a BEIR file."""
        index = self._open(folder)
        for query in read_queries(queries):
            ranking = self._rank(index, query, k)
            matches = self._search.oppose(index, ranking, 3 * k + 1)
            rows = [match.row for match in matches]
            relevance = np.array([match.score for match in matches], np.float32)
            pool = rows[:_COUNTER_POOL]
            texts = [
                index.document(passage.document_id).text[passage.start : passage.end]
                for passage in index.passages(pool)
            ]
            sides = self._stance().classify([(query.text, text) for text in texts])
            relevance[: len(pool)] = opposing_scores(relevance[: len(pool)], sides)
            copies = {at for at, text in enumerate(texts) if repeats(query.text, text)}
            order = [int(at) for at in np.argsort(-relevance, kind="stable")]
            ranked = [(rows[at], float(relevance[at])) for at in order if at not in copies]
            yield from _best_documents(index, query, ranked, k)

    def sides(self, pairs: Path) -> Iterator[Mapping[str, Any]]:
        """Judge every pair of a file of ``{"id", "claim", "text"}`` lines."""
        for line, row in read_rows(pairs):
            claim, text = _text(row, "claim", pairs, line), _text(row, "text", pairs, line)
            supports, opposes, neutral = self._stance().classify([(claim, text)])[0].tolist()
            probabilities = {"supports": supports, "opposes": opposes, "neutral": neutral}
            stance = max(probabilities, key=lambda side: probabilities[side])
            yield {"id": row.get("id"), "stance": stance, **probabilities}

    def _rank(self, index: Index, query: BenchmarkQuery, k: int) -> Ranking:
        # The query's own text may be indexed, and several passages may be one document's.
        return self._search.rank(index, query.text, 3 * k + 1)

    def _open(self, folder: Path) -> Index:
        index = self._store_in(folder).current()
        if index is None:
            raise ConfigError(f"{folder} holds no index; `counterpoint bench index` makes one.")
        return index


def _best_documents(
    index: Index, query: BenchmarkQuery, scored: Sequence[tuple[int, float]], k: int
) -> Iterator[RankedDocument]:
    passages = index.passages([row for row, _ in scored])
    seen = {query.id}
    for passage, (_, score) in zip(passages, scored, strict=True):
        if passage.document_id not in seen and len(seen) <= k:
            seen.add(passage.document_id)
            yield RankedDocument(query.id, passage.document_id, len(seen) - 1, score)


def read_queries(path: Path) -> list[BenchmarkQuery]:
    """Read a BEIR file of queries; raises CorpusError naming the line that is wrong."""
    return [
        BenchmarkQuery(_text(row, "_id", path, line), _text(row, "text", path, line))
        for line, row in read_rows(path)
    ]


def read_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Read the objects of a JSON Lines file with their line numbers, which count from 1.

    Raises:
        CorpusError: The file cannot be opened, or a line is no JSON object.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for line, text in enumerate(file, start=1):
                if text.strip():
                    yield line, _object(text, path, line)
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} cannot be read: {error}") from error


def _object(text: str, path: Path, line: int) -> Mapping[str, Any]:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:  # the latter for a million brackets
        raise CorpusError(f"{path}, line {line}: this is not JSON ({error}).") from error
    if not isinstance(row, dict):
        raise CorpusError(f"{path}, line {line}: this is no JSON object.")
    return row


def _text(row: Mapping[str, Any], key: str, path: Path, line: int) -> str:
    value = row.get(key)
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        raise CorpusError(f"{path}, line {line}: {key!r} has to be a text.")
    return value
