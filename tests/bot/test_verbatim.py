"""Whatever a document holds: read, split, indexed and found, every quote is its slice."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.gathering import Gatherer, GatheringLimits
from bot.corpus.library import open_library
from bot.corpus.readers.registry import format_of
from bot.errors import ReadError
from bot.retrieval.analysis import Analyzer
from bot.retrieval.calibration import Calibration, Logistic
from bot.retrieval.search import Search
from bot.types import Query, QueryKind, Quote, ReadDocument, Stance
from tests.fakes.corpus import ReadFile, fill
from tests.fakes.index import MemoryIndex, MemoryStore
from tests.fakes.models import HashingEncoder, ScriptedStance

ENCODER = HashingEncoder()
ANALYZER = Analyzer()
EVERYTHING = GatheringLimits(
    answerable=0.0, relevant=0.0, candidates=200, quotes=500, counterpoints=500, duplicate=2.0
)
HALF = Logistic(0.0, {})
GATHERER = Gatherer(
    Search(ENCODER, ANALYZER, Calibration(HALF, HALF), lambda word: False),
    ScriptedStance(),
    "https://quotes.example.org",
    EVERYTHING,
)

# Marks without a letter, half a pair, right to left, ends of lines, NUL, joined emoji, and
# what readers and splitters look for.
# fmt: off
PIECES = st.sampled_from([
    "\u0301", "e\u0301\u0323", "\ud83d", "\udc4d", "\u202eevil\u202c", "\r\n", "\r", "\n\n", "\0",
    "\u2028", "\u00a0", "\ufeff", "👩\u200d🍳", "\u200d", "שלום", "مرحبا", "面包很好吃。", "ﬁne",
    "#", ">", "-", "---", "[00:01:02]", "Comment:", "[[a][b]]", "```", "...", "?!", "Dr.",
    "They", "Therefore", "says", "bread.", "“Bread rises.”", "İstanbul",
    "Bread rises when it is warm.",
])
# fmt: on
ANY_TEXT = st.lists(PIECES | st.text(st.characters(exclude_categories=())), min_size=3).map(
    " ".join
)


def read(folder: Path) -> list[ReadDocument]:
    """Read a corpus folder, without what is refused because it holds no sentence."""
    documents: list[ReadDocument] = []
    for file in open_library(folder).files:
        try:
            documents += file.read()
        except ReadError:
            continue
    return documents


def assert_every_quote_is_its_slice(documents: list[ReadDocument], asked: str) -> list[Quote]:
    store = MemoryStore()
    fill(store, [ReadFile("corpus", documents)], ENCODER, ANALYZER)
    index = store.serving
    assert isinstance(index, MemoryIndex)
    texts = {one.document.id: one.document.text for one in documents}
    for query in (Query(asked, QueryKind.QUESTION), Query(asked, QueryKind.CLAIM, asked)):
        found = GATHERER.gather(index, query, lambda stage: None)
        evidence = found.quotes + found.counterpoints
        assert evidence
        assert {one.stance for one in evidence} == {Stance.NEUTRAL}
        quotes = [one.quote for one in evidence]
        for quote in quotes:
            assert quote.text == texts[quote.document_id][quote.start : quote.end]
            assert quote.text == quote.text.strip() != ""
    return quotes


@settings(max_examples=80)
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=3), asked=ANY_TEXT)
def test_quote_of_any_text_is_its_slice(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], asked: str
) -> None:
    folder = tmp_path_factory.mktemp("corpus")
    # As JSON, so that half a surrogate pair gets through: "\ud83d".
    lines = [json.dumps({"text": text}) for text in texts]
    (folder / "texts.jsonl").write_text("\n".join(lines), "ascii")
    if documents := read(folder):
        assert_every_quote_is_its_slice(documents, asked)


@settings(max_examples=80)
@given(
    text=ANY_TEXT.map(lambda text: text.encode("utf-8", "replace")),
    asked=ANY_TEXT,
    suffix=st.sampled_from([".txt", ".md", ".srt"]),
)
def test_quote_of_any_file_is_its_slice(
    tmp_path_factory: pytest.TempPathFactory, text: bytes, asked: str, suffix: str
) -> None:
    folder = tmp_path_factory.mktemp("corpus")
    path = folder / f"text{suffix}"
    if suffix == ".srt":
        text = b"1\n00:00:01,000 --> 00:00:02,000\n" + text
    path.write_bytes(text)
    assert format_of(path) is not None
    if documents := read(folder):
        assert_every_quote_is_its_slice(documents, asked)


@pytest.mark.parametrize(
    "text",
    [
        "Bread rises.\r\nIt\r\nrises again when it is warm.\r\n\r\nDough falls when it is cold.",
        "שלום עולם טוב מאוד. \u202eThis runs the other way.\u202c And back it runs again.",
        "Half a pair \ud83d stands here alone. The other half \udc4d stands there alone.",
        "NUL\0 is in the middle of this one. The sentence after it has none of them.",
        "e\u0301\u0301\u0301 carries three marks in this sentence. \u0301Marks open this one.",
        "面包很好吃。我们每天都吃面包。你喜欢吃什么面包呢？他不吃面包。",  # noqa: RUF001
    ],
)
def test_quote_of_a_text_known_to_be_hard_is_its_slice(tmp_path: Path, text: str) -> None:
    (tmp_path / "texts.jsonl").write_text(json.dumps({"text": text}), "ascii")
    (document,) = read(tmp_path)
    quotes = assert_every_quote_is_its_slice([document], text)
    # None was dropped on the way for not being verbatim.
    for passage in document.passages:
        assert any(one.start <= passage.start and passage.end <= one.end for one in quotes)
