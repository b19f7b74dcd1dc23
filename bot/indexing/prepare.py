"""Make a read document into what an index stores, and know when it need not be done again.

Reading is `bot.corpus`'s; terms come from the analyser, vectors from the encoder. Called
by `reindex`.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Protocol, Self

import numpy as np

from bot.ports import Encoder, PreparedDocument, Vectors
from bot.types import ReadDocument

_REVISION = "2"
"""Names the way this module prepares documents; another one prepares them all again."""


class SourceFile(Protocol):
    """A file of the corpus, not read yet."""

    @property
    def path(self) -> str:
        """The file's name inside the corpus, unique and the same on every machine."""

    @property
    def fingerprint(self) -> str:
        """Change with the file's bytes, its metadata and the way of reading; cheap to ask."""

    def read(self) -> Sequence[ReadDocument]:
        """Return the documents in the file; raises CorpusError when it cannot be read."""


class TermAnalyzer(Protocol):
    """Turns a text into the terms that lexical search counts."""

    @property
    def version(self) -> str:
        """Change whenever a text may have other terms."""

    def terms(self, text: str) -> list[str]:
        """Return the terms of a text in order, repeats included."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """How texts are made ready, beside the analyser and the encoder.

    ``matching_text`` returns what is matched of a text (links as their labels, say);
    ``windows`` the further texts that stand for a long passage, none for a short one.
    ``in_context`` makes, of the vectors of a document's passages and of the headings above
    them (both ``(n, d)``), further vectors that know what stands around a passage.
    ``version`` names all three: a change prepares every document again.
    """

    matching_text: Callable[[str], str] = str
    windows: Callable[[str], Sequence[str]] = lambda _: ()
    in_context: Callable[[Vectors, Vectors], Vectors] | None = None
    version: str = "plain"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is remembered of an indexed document.

    ``source`` stands for the file's path, ``encoding`` for the way to make vectors,
    ``file`` for all that the file's documents follow from, ``content`` for all that this
    one does.
    """

    source: str
    encoding: str
    file: str
    content: str

    def __str__(self) -> str:
        return ".".join((self.source, self.encoding, self.file, self.content))

    @classmethod
    def parse(cls, written: str) -> Self | None:
        """Return what was written by `str`, or None for anything else."""
        parts = written.split(".")
        return cls(*parts) if len(parts) == 4 else None


class Preparer:
    """Makes read documents into what an index stores."""

    def __init__(self, encoder: Encoder, analyzer: TermAnalyzer, preparation: Preparation) -> None:
        self.encoder = encoder
        self._analyzer = analyzer
        self._preparation = preparation
        self.encoding = digest(_REVISION, encoder.name, preparation.version)[:12]

    def fingerprint(self, file: SourceFile) -> Fingerprint:
        """Return the fingerprint of a file's documents, short of their content."""
        made_by = (self.encoding, self._analyzer.version)
        return Fingerprint(
            source=digest_source(file.path),
            encoding=self.encoding,
            file=digest(file.fingerprint, *made_by)[:32],
            content="",
        )

    def content(self, read: ReadDocument) -> str:
        """Return what stands for all that a document's entry in the index follows from."""
        record = asdict(replace(read.document, sha256=""))
        passages = [asdict(passage) for passage in read.passages]
        made_by = (self.encoding, self._analyzer.version)
        return digest(json.dumps([record, passages]), *made_by)[:32]

    def texts(self, read: ReadDocument) -> list[list[str]]:
        """Return the texts to encode of each passage, its own first."""
        texts = []
        for passage in read.passages:
            text = self._preparation.matching_text(read.document.text[passage.start : passage.end])
            texts.append([text, *self._preparation.windows(text)])
        return texts

    def prepare(
        self, read: ReadDocument, fingerprint: Fingerprint, vectors: Sequence[Vectors]
    ) -> PreparedDocument:
        """Add terms and vectors to a read document; ``vectors`` are those of `texts`."""
        text = read.document.text
        terms = [self.terms(text[passage.start : passage.end]) for passage in read.passages]
        title = self.terms(read.document.title)
        sections = {
            section: self.terms(section or "")
            for section in {passage.section for passage in read.passages}
        }
        around = [(), *terms, ()]
        context = tuple(
            (*title, *sections[passage.section], *around[place], *around[place + 2])
            for place, passage in enumerate(read.passages)
        )
        vectors = self._with_context(read, vectors)
        return PreparedDocument(read, str(fingerprint), tuple(terms), context, tuple(vectors))

    def _with_context(self, read: ReadDocument, vectors: Sequence[Vectors]) -> Sequence[Vectors]:
        mix = self._preparation.in_context
        if mix is None or len(vectors) < 2:  # a passage alone has its title in itself, or none
            return vectors
        names = list(dict.fromkeys(filter(None, (passage.section for passage in read.passages))))
        title, *sections = self.encoder.encode([read.document.title, *names])
        of_section = dict(zip(names, sections, strict=True))
        none = np.zeros_like(title)
        headings = np.stack(
            [title + of_section.get(passage.section or "", none) for passage in read.passages]
        )
        mixed = mix(np.stack([one[0] for one in vectors]), headings)
        return [np.vstack([one, around]) for one, around in zip(vectors, mixed, strict=True)]

    def terms(self, text: str) -> tuple[str, ...]:
        """Return the terms of what is matched of a text."""
        return tuple(self._analyzer.terms(self._preparation.matching_text(text)))


def digest_source(path: str) -> str:
    """Return what stands for a file's path in the fingerprints of its documents."""
    return digest(path)[:16]


def digest(*parts: str) -> str:
    """Return a hash of texts, each told apart from the next."""
    content = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        content.update(len(encoded).to_bytes(8, "big") + encoded)
    return content.hexdigest()
