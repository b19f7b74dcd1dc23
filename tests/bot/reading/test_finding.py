"""What becomes of a quote when its document changes, moves or goes."""

import textwrap

import pytest

from bot.errors import IndexUnavailable
from bot.ports import KeptQuote
from bot.reading import Found, Outcome, QuoteId, Reading
from bot.retrieval.analysis import Analyzer
from tests.bot.reading.shelf import Shelf
from tests.fakes.kept import LostKept

RYE = "Rye bread keeps for a week. It needs sour dough, which takes patience. Wheat is quicker."
SOUR = "It needs sour dough, which takes patience."
OLD = "Bread is older than any book on it."
TEA = "Green tea is bitter. Black tea is not."


@pytest.fixture
def shelf() -> Shelf:
    return Shelf({"bread": RYE, "tea": TEA})


async def outcome(shelf: Shelf, quote_id: str) -> Outcome | None:
    found = await shelf.reading.find(quote_id)
    return found.outcome if found is not None else None


async def place(shelf: Shelf, quote_id: str) -> tuple[str, int, str]:
    found = await shelf.reading.find(quote_id)
    assert found is not None
    assert found.place is not None
    return found.place.source.document_id, found.place.start, found.place.text


async def test_a_quote_is_found_where_it_stood(shelf: Shelf) -> None:
    quote_id = shelf.show("bread", SOUR)
    assert await outcome(shelf, quote_id) is Outcome.EXACT
    assert await place(shelf, quote_id) == ("bread", RYE.index(SOUR), SOUR)


async def test_a_quote_that_was_never_shown_is_found_where_it_stands(shelf: Shelf) -> None:
    quote_id = shelf.show("bread", SOUR)
    shelf.kept.quotes.clear()
    assert await outcome(shelf, quote_id) is Outcome.EXACT


async def test_a_quote_that_moved_within_its_document_is_found(shelf: Shelf) -> None:
    quote_id = shelf.show("bread", SOUR)
    shelf.put({"bread": f"{OLD} {RYE}"})
    assert await outcome(shelf, quote_id) is Outcome.MOVED
    assert await place(shelf, quote_id) == ("bread", RYE.index(SOUR) + len(OLD) + 1, SOUR)


async def test_a_quote_that_nobody_kept_is_found_by_its_hash(shelf: Shelf) -> None:
    quote_id = shelf.show("bread", SOUR)
    shelf.kept.quotes.clear()
    shelf.put({"bread": f"{OLD} {RYE}"})
    assert await place(shelf, quote_id) == ("bread", RYE.index(SOUR) + len(OLD) + 1, SOUR)


async def test_a_quote_of_two_sentences_is_found_by_its_hash(shelf: Shelf) -> None:
    quote_id = shelf.show("bread", RYE[: RYE.index(" Wheat")])
    shelf.kept.quotes.clear()
    shelf.put({"bread": f"{OLD} {RYE}"})
    assert await outcome(shelf, quote_id) is Outcome.MOVED


async def test_of_two_places_the_nearer_one_is_meant(shelf: Shelf) -> None:
    shelf.put({"bread": f"{OLD} {RYE}"})
    quote_id = shelf.show("bread", SOUR)
    shelf.put({"bread": f"{SOUR} {RYE}"})
    assert (await place(shelf, quote_id))[1] == len(SOUR) + 1 + RYE.index(SOUR)


async def test_a_quote_that_moved_to_another_document_is_found(shelf: Shelf) -> None:
    quote_id = shelf.show("bread", SOUR)
    shelf.put({"loaves": RYE, "tea": TEA})
    assert await outcome(shelf, quote_id) is Outcome.MOVED
    assert (await place(shelf, quote_id))[0] == "loaves"


async def test_a_quote_that_left_its_document_for_another_is_found(shelf: Shelf) -> None:
    quote_id = shelf.show("bread", SOUR)
    shelf.put({"bread": "Wheat is quicker.", "loaves": RYE})
    assert (await place(shelf, quote_id))[0] == "loaves"


@pytest.mark.parametrize("is_kept", [True, False])
async def test_a_quote_whose_lines_were_wrapped_anew_has_moved(shelf: Shelf, is_kept: bool) -> None:
    quote_id = shelf.show("bread", SOUR)
    if not is_kept:
        shelf.kept.quotes.clear()
    shelf.put({"bread": f"{OLD} {textwrap.fill(RYE, 20)}"})
    found = await shelf.reading.find(quote_id)
    assert found is not None
    assert found.place is not None
    assert (found.outcome, found.place.is_quotable) == (Outcome.MOVED, True)
    assert "\n" in found.place.text
    assert " ".join(found.place.text.split()) == SOUR


async def test_a_quote_that_stood_on_several_lines_is_found_on_one(shelf: Shelf) -> None:
    lines = "It needs sour dough,\nwhich takes\npatience."
    shelf.put({"bread": RYE.replace(SOUR, lines)})
    quote_id = shelf.show("bread", lines)
    shelf.put({"bread": RYE})
    assert await place(shelf, quote_id) == ("bread", RYE.index(SOUR), SOUR)
    shelf.put({"loaves": textwrap.fill(RYE, 30), "tea": TEA})
    assert (await place(shelf, quote_id))[0] == "loaves"


async def test_a_changed_quote_is_shown_beside_what_is_most_like_it(shelf: Shelf) -> None:
    quote_id = shelf.show("bread", SOUR)
    now = SOUR.replace("takes patience", "takes some patience")
    shelf.put({"bread": RYE.replace(SOUR, now)})
    found = await shelf.reading.find(quote_id)
    assert found is not None
    assert found.outcome is Outcome.CHANGED
    assert found.kept is not None
    assert found.kept.text == SOUR
    assert found.place is not None
    assert found.place.text == now
    assert 80 < found.likeness < 100


async def test_a_quote_that_was_split_in_two_is_found_whole(shelf: Shelf) -> None:
    quote_id = shelf.show("bread", SOUR)
    now = "It needs sour dough. That takes patience."
    shelf.put({"bread": RYE.replace(SOUR, now)})
    assert (await place(shelf, quote_id))[2] == now


async def test_nothing_unlike_a_changed_quote_is_shown(shelf: Shelf) -> None:
    quote_id = shelf.show("bread", SOUR)
    shelf.put({"bread": "Snow fell. Nobody came."})
    found = await shelf.reading.find(quote_id)
    assert found is not None
    assert (found.outcome, found.place) == (Outcome.CHANGED, None)


async def test_a_changed_quote_that_nobody_kept_is_told_without_its_words(shelf: Shelf) -> None:
    quote_id = shelf.show("bread", SOUR)
    shelf.kept.quotes.clear()
    shelf.put({"bread": "Snow fell. Nobody came."})
    found = await shelf.reading.find(quote_id)
    assert found is not None
    assert (found.outcome, found.kept) == (Outcome.CHANGED, None)


async def test_a_quote_of_a_document_that_is_gone_is_what_it_was(shelf: Shelf) -> None:
    quote_id = shelf.show("bread", SOUR)
    shelf.put({"tea": TEA})
    found = await shelf.reading.find(quote_id)
    assert found is not None
    assert found.outcome is Outcome.GONE
    assert found.kept is not None
    assert (found.kept.title, found.kept.text) == ("Bread", SOUR)


async def test_nothing_is_known_of_a_quote_that_was_neither_kept_nor_is_there(shelf: Shelf) -> None:
    assert await shelf.reading.find("cheese-1-9-0123abcd") is None


@pytest.mark.parametrize(
    "quote_id",
    [
        "",
        "bread",
        "bread-1-9",
        "bread-9-1-0123abcd",
        "bread-1-1-0123abcd",
        "bread-1-9-0123ABCD",
        "bread-1-9-0123abc",
        "../bread-1-9-0123abcd",
        "bread-1-9-0123abcd\r\nSet-Cookie: a=b",
        "bread-1-9-0123abcd\n",
        "bread-1-9999999999-0123abcd",
        f"{'b' * 400}-1-9-0123abcd",
    ],
)
async def test_what_is_no_permalink_is_nothing(shelf: Shelf, quote_id: str) -> None:
    assert await shelf.reading.find(quote_id) is None


def test_an_id_is_read_from_its_end() -> None:
    quote = QuoteId.parsed("on-bread-7-12-34-0123abcd")
    assert quote == QuoteId("on-bread-7", 12, 34, "0123abcd")
    assert str(quote) == "on-bread-7-12-34-0123abcd"


async def test_without_an_index_nothing_can_be_found() -> None:
    with pytest.raises(IndexUnavailable):
        await Shelf().reading.find("bread-1-9-0123abcd")


def forgetful(shelf: Shelf) -> Reading:
    return Reading(shelf.store, tuple, Analyzer().stems, LostKept(), shelf.executor)


async def test_what_stands_in_a_document_is_found_without_the_journal(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    quote_id = shelf.show("bread", SOUR)
    found = await forgetful(shelf).find(quote_id)
    assert found is not None
    assert (found.outcome, is_quotable(found)) == (Outcome.EXACT, True)
    assert caplog.records == []


async def test_a_journal_that_fails_leaves_old_words_unknown(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    found = await forgetful(shelf).find("bread-1-9-0123abcd")
    assert found is not None
    assert (found.outcome, found.kept) == (Outcome.CHANGED, None)
    assert [one.getMessage() for one in caplog.records] == ["kept_quote_unknown"]
    assert await forgetful(shelf).find("cheese-1-9-0123abcd") is None


# --- what may be quoted by itself


def is_quotable(found: Found) -> bool:
    assert found.place is not None
    return found.place.is_quotable


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        (SOUR, True),
        (RYE, True),
        (RYE[: RYE.index(" Wheat")], True),
        ("sour dough, which takes patience.", False),
        ("It needs sour dough", False),
        ("week. It needs sour dough, which takes patience.", False),
        (f"{SOUR} ", False),
        (" ", False),
    ],
)
async def test_only_whole_sentences_may_be_quoted(shelf: Shelf, text: str, may_be: bool) -> None:
    quote_id = shelf.show("bread", text)
    shelf.kept.quotes.clear()
    found = await shelf.reading.find(quote_id)
    assert found is not None
    assert (found.outcome, is_quotable(found)) == (Outcome.EXACT, may_be)


async def test_sentences_of_two_sections_may_not_be_quoted_as_one() -> None:
    text = "Rye\n\nRye bread keeps for a week.\n\nWheat\n\nWheat is quicker to bake than rye."
    shelf = Shelf({"bread": text})
    quote_id = shelf.show("bread", text[5:])
    shelf.kept.quotes.clear()
    found = await shelf.reading.find(quote_id)
    assert found is not None
    assert not is_quotable(found)


async def test_more_than_a_reply_would_quote_may_not_be_quoted() -> None:
    text = " ".join([SOUR, *[f"Loaf {number} is gone." for number in range(3)]])
    shelf = Shelf({"bread": text})
    place = await shelf.reading.place("bread", 0, len(text))
    assert place is not None
    assert not place.is_quotable


async def test_what_was_shown_may_be_quoted(shelf: Shelf) -> None:
    found = await shelf.reading.find(shelf.show("bread", "It needs sour dough"))
    assert found is not None
    assert is_quotable(found)
    start = RYE.index("It needs")
    place = await shelf.reading.place("bread", start, start + len("It needs sour dough"))
    assert place is not None
    assert place.is_quotable


async def test_a_place_is_what_stands_there(shelf: Shelf) -> None:
    start = RYE.index(SOUR)
    place = await shelf.reading.place("bread", start, start + len(SOUR))
    assert place is not None
    assert (place.text, place.is_quotable) == (SOUR, True)
    part = await forgetful(shelf).place("bread", start, start + 5)
    assert part is not None
    assert (part.text, part.is_quotable) == (SOUR[:5], False)


@pytest.mark.parametrize(
    ("document_id", "start", "end"), [("cheese", 0, 9), ("bread", 900, 909), ("bread", 27, 28)]
)
async def test_where_nothing_stands_is_no_place(
    shelf: Shelf, document_id: str, start: int, end: int
) -> None:
    assert await shelf.reading.place(document_id, start, end) is None


async def test_without_a_memory_a_quote_is_found_by_its_hash(shelf: Shelf) -> None:
    reading = Reading(shelf.store, tuple, Analyzer().stems, None, shelf.executor)
    found = await reading.find(shelf.show("bread", SOUR))
    assert found is not None
    assert found.outcome is Outcome.EXACT


# --- which of many are gone


def kept(shelf: Shelf) -> list[KeptQuote]:
    """Return what was shown as a journal keeps it."""
    return [
        KeptQuote(one.document_id, one.start, one.end, one.digest, one.text, one.title, 0.0)
        for one in shelf.kept.quotes.values()
    ]


async def test_those_are_gone_that_have_no_page_any_more(shelf: Shelf) -> None:
    stays = shelf.show("bread", SOUR)
    moves = shelf.show("tea", "Green tea is bitter.")
    changes = shelf.show("tea", "Black tea is not.")
    assert await shelf.reading.gone(kept(shelf)) == []
    shelf.put({"bread": f"{OLD} {RYE}", "infusions": "Green tea is bitter. Black tea is."})
    (found,) = await shelf.reading.gone(kept(shelf))
    assert found.quote_id == changes
    for quote_id in (stays, moves):
        assert await outcome(shelf, quote_id) is Outcome.MOVED
    assert await outcome(shelf, changes) is Outcome.GONE


async def test_what_is_gone_is_looked_for_again_when_more_was_shown(shelf: Shelf) -> None:
    shelf.show("tea", "Green tea is bitter.")
    shelf.show("bread", SOUR)
    shelf.put({"bread": RYE})
    first, *_ = kept(shelf)
    assert await shelf.reading.gone([first]) == [first]
    assert await shelf.reading.gone(kept(shelf)[1:]) == []


async def test_nothing_is_known_to_be_gone_while_nothing_serves() -> None:
    with pytest.raises(IndexUnavailable):
        await Shelf().reading.gone([])
