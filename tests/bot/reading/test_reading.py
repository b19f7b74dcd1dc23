"""What the corpus holds, and how a long document is divided into pages."""

import time
from itertools import pairwise

import pytest

from bot.errors import IndexUnavailable
from bot.reading.outlining import LONGEST_PAGE, PAGE, outline
from tests.bot.reading.shelf import Shelf, said

SENTENCE = "The baker of the village rises before the cock and kneads what he set the day before."


def long_text(paragraphs: int, sentences: int = 5) -> str:
    """Return a text with headings; every sentence another one."""
    parts: list[str] = []
    for number in range(paragraphs):
        if number % 50 == 0:
            parts.append(f"Chapter {number // 50 + 1}")
        parts.append(" ".join(f"{SENTENCE[:-1]} {number} {n}." for n in range(sentences)))
    return "\n\n".join(parts)


async def test_the_shelf_lists_documents_by_their_titles() -> None:
    shelf = Shelf(
        {"b": "Tea is bitter.", "a": "Rye bread keeps for a week. Wheat bread is quicker to bake."}
    )
    held = await shelf.reading.shelf()
    assert [source.title for source in held.sources] == ["A", "B"]
    assert held.sentences == 3


async def test_without_an_index_nothing_is_read() -> None:
    with pytest.raises(IndexUnavailable):
        await Shelf().reading.shelf()


async def test_an_unknown_document_has_no_page() -> None:
    assert await Shelf({"a": "Rye keeps."}).reading.page("b") is None


@pytest.mark.parametrize("number", [-1, 0, 2])
async def test_a_document_has_no_more_pages_than_it_has(number: int) -> None:
    assert await Shelf({"a": "Rye keeps."}).reading.page("a", number) is None


async def test_the_pages_of_a_long_document_are_its_text() -> None:
    text = long_text(180)
    shelf = Shelf({"a": text})
    first = await shelf.reading.page("a")
    assert first is not None
    assert first.pages > 1
    pages = [await shelf.reading.page("a", number + 1) for number in range(first.pages)]
    assert "".join(said(page) for page in pages if page) == text


async def test_a_page_ends_with_a_paragraph() -> None:
    shelf = Shelf({"a": long_text(180)})
    first, second = await shelf.reading.page("a"), await shelf.reading.page("a", 2)
    assert first is not None
    assert second is not None
    assert PAGE <= len(said(first)) < LONGEST_PAGE
    assert said(first).endswith(".\n\n")
    assert said(second).startswith(("The baker", "Chapter"))


async def test_sections_say_on_which_page_they_begin() -> None:
    shelf = Shelf({"a": long_text(180)})
    page = await shelf.reading.page("a", 2)
    assert page is not None
    on_it = [section for section in page.sections if section.page == 2]
    assert on_it
    for section in on_it:
        assert page.blocks[0].start <= section.start < page.blocks[-1].end


async def test_a_quote_says_on_which_page_it_is() -> None:
    shelf = Shelf({"a": long_text(180)})
    quote_id = shelf.show("a", f"{SENTENCE[:-1]} 179 4.")
    found = await shelf.reading.find(quote_id)
    assert found is not None
    assert found.place is not None
    page = await shelf.reading.page("a", found.place.page)
    assert page is not None
    assert found.place.text in said(page)


async def test_a_quote_over_the_end_of_a_page_stands_on_it_whole() -> None:
    text = long_text(180)
    shelf = Shelf({"a": text})
    first, second = await shelf.reading.page("a"), await shelf.reading.page("a", 2)
    assert first is not None
    assert second is not None
    end_of_page = first.blocks[-1].end
    # The last sentence of the one page and the first of the other.
    passages = [piece.passage for block in first.blocks for piece in block.pieces]
    start = [one for one in passages if one][-1].start
    end = text.index(".", end_of_page) + 1
    place = await shelf.reading.place("a", start, end)
    assert place is not None
    assert (place.page, place.last_page, place.is_quotable) == (1, 2, True)
    longer = await shelf.reading.page("a", 1, place.end)
    assert longer is not None
    assert said(longer) == text[:end]
    assert await shelf.reading.page("a", 1, place.start) == first


def test_a_text_without_any_sentence_is_divided_as_well() -> None:
    known = outline("x = 1\n" * 50_000, [])
    ends = [*known.page_starts[1:], known.length]
    assert known.pages > 1
    assert max(end - start for start, end in zip(known.page_starts, ends, strict=True)) <= (
        LONGEST_PAGE
    )


def test_an_empty_document_has_one_page() -> None:
    assert outline("", []).pages == 1


async def test_pages_begin_after_one_another() -> None:
    shelf = Shelf({"a": long_text(180)})
    page = await shelf.reading.page("a")
    assert page is not None
    starts = [section.start for section in page.sections]
    assert all(one < other for one, other in pairwise(starts))


async def test_a_reindex_is_seen_by_the_next_reader() -> None:
    shelf = Shelf({"a": "Rye keeps."})
    before = await shelf.reading.page("a")
    shelf.put({"a": "Rye does not keep."})
    after = await shelf.reading.page("a")
    assert before is not None
    assert after is not None
    assert (said(before), said(after)) == ("Rye keeps.", "Rye does not keep.")
    assert before.version != after.version


async def test_a_long_run_of_spaces_takes_no_time() -> None:
    spaces, lines = " " * 200_000, "\n" * 50_000
    shelf = Shelf({"a": f"Rye keeps.{spaces}\nTea is bitter.{lines}Salt helps."})
    started = time.perf_counter()
    assert await shelf.reading.page("a") is not None
    assert time.perf_counter() - started < 2


async def test_who_says_a_quote_is_known_however_its_lines_are_wrapped() -> None:
    lines = [
        "Ann: Rye bread keeps for a week or more.",
        "Bob: It needs sour dough, which takes patience.",
        "Ann: Wheat is quicker than rye.",
        "Bob: Nobody ever asked for quick bread.",
    ]
    shelf = Shelf({"talk": "\n".join(lines)})
    said_so = [lines[1][5:], lines[1][5:].replace(" ", "\n")]
    quotes = [("talk", text) for text in [*said_so, "Nobody says so."]]
    assert await shelf.reading.speakers_of(quotes) == ["Bob", "Bob", None]
