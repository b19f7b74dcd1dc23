"""Which quotes the documents no longer hold."""

import time
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.quoting import digest_of
from bot.ports import Hits, KeptQuote
from bot.retrieval import verbatim
from bot.retrieval.analysis import Analyzer
from bot.retrieval.verbatim import elsewhere, folded, gone, occurrences, still_held
from tests.fakes.corpus import index_of
from tests.fakes.index import MemoryIndex
from tests.fakes.models import HashingEncoder

RYE = "Rye bread keeps for a week. It needs sour dough, which takes patience. Wheat is quicker."
SOUR = "It needs sour dough, which takes patience."
WEEK = "Rye bread keeps for a week."
OATS = "Oats make no bread."
TERMS = Analyzer().stems


def indexed(**texts: str) -> MemoryIndex:
    return index_of(texts, HashingEncoder(), Analyzer())


def kept(document_id: str, text: str, start: int = 0) -> KeptQuote:
    return KeptQuote(document_id, start, start + len(text), digest_of(text), text, "Bread", 0.0)


def test_a_quote_that_stands_where_it_stood_is_held() -> None:
    index = indexed(rye=RYE)
    quote = kept("rye", SOUR, RYE.index(SOUR))
    assert gone(index, [quote], TERMS) == []
    assert still_held(index, [quote]) == [quote]


def test_quotes_that_moved_are_held_however_far() -> None:
    index = indexed(rye=f"Bread is old. {RYE} Some more. {OATS}")
    quotes = [kept("rye", WEEK), kept("rye", SOUR, RYE.index(SOUR)), kept("rye", OATS, 400)]
    assert gone(index, quotes, TERMS) == []
    assert still_held(index, quotes) == quotes


def test_a_quote_whose_words_changed_is_gone() -> None:
    index = indexed(rye=RYE.replace("patience", "days"))
    quotes = [kept("rye", SOUR, RYE.index(SOUR)), kept("rye", WEEK)]
    assert gone(index, quotes, TERMS) == quotes[:1]
    assert still_held(index, quotes) == quotes[1:]


def test_the_quotes_of_a_document_that_went_are_gone_by_document_and_place() -> None:
    quotes = [kept("rye", SOUR, 28), kept("oats", OATS), kept("rye", WEEK)]
    found = gone(indexed(tea="Tea is bitter."), quotes, TERMS)
    assert found == [quotes[1], quotes[2], quotes[0]]


def test_what_another_document_says_is_not_gone() -> None:
    index = indexed(bread=f"{OATS} {RYE}", tea="Tea is bitter.")
    quotes = [kept("rye", WEEK), kept("rye", SOUR, RYE.index(SOUR)), kept("rye", "Rye is red.")]
    assert gone(index, quotes, TERMS) == quotes[2:]
    assert still_held(index, quotes) == []
    found = elsewhere(index, SOUR, "rye", TERMS)
    assert found is not None
    start = f"{OATS} {RYE}".index(SOUR)
    assert (found[0].id, *found[1:]) == ("bread", start, start + len(SOUR))
    assert elsewhere(index, SOUR, "bread", TERMS) is None


WRAPPED = "Rye bread keeps\nfor a week. It\n  needs sour dough, which takes patience. Half-\nbaked."


def test_quotes_whose_lines_were_wrapped_anew_are_held() -> None:
    quotes = [kept("rye", WEEK), kept("rye", SOUR, 28), kept("rye", "Half-baked.", 70)]
    assert gone(indexed(rye=WRAPPED), quotes, TERMS) == []
    assert still_held(indexed(rye=WRAPPED), quotes) == quotes
    back = [kept("rye", "Rye bread keeps\nfor a week."), kept("rye", "Half-\nbaked.", 70)]
    assert gone(indexed(rye=f"{RYE} Half-baked."), back, TERMS) == []


def test_quotes_are_held_by_a_document_that_wraps_its_lines_otherwise() -> None:
    index = indexed(bread=WRAPPED)
    assert gone(index, [kept("rye", SOUR, 28), kept("rye", WEEK)], TERMS) == []
    found = elsewhere(index, SOUR, "rye", TERMS)
    assert found is not None
    assert found[0].text[found[1] : found[2]] == "It\n  needs sour dough, which takes patience."


def test_other_words_are_not_the_same_for_all_that() -> None:
    quotes = [kept("rye", "Rye bread keepsfor a week."), kept("rye", "Half baked.", 70)]
    assert gone(indexed(rye=WRAPPED), quotes, TERMS) == quotes


@given(st.text(" \n\t-ab.\\", max_size=20), st.text(" \n-ab", max_size=4))
def test_a_text_says_its_own_words_however_it_is_wrapped(text: str, around: str) -> None:
    whole = f"{around} {text} {around}"
    assert bool(folded(text)) == any(
        folded(whole[start:end]) == folded(text) for start, end in occurrences(whole, text)
    )
    assert folded(text) in folded(whole)


def test_long_runs_of_spaces_take_no_time() -> None:
    started = time.perf_counter()
    text = f"a - {' ' * 200_000}c a-{' ' * 200_000}c"
    assert list(occurrences(text, "a - b")) == list(occurrences(text, "a-b")) == []
    assert time.perf_counter() - started < 1


class Counting(MemoryIndex):
    """Counts how often it is searched."""

    searches = 0

    def match(self, terms: Mapping[str, float], limit: int) -> Hits:
        self.searches += 1
        return super().match(terms, limit)


def test_a_document_that_was_renamed_costs_one_search() -> None:
    index = Counting(indexed(bread=RYE).prepared)
    quotes = [kept("rye", one, RYE.index(one)) for one in (WEEK, SOUR, "Wheat is quicker.")]
    assert gone(index, quotes, TERMS) == []
    assert index.searches == 1
    index = Counting(indexed(bread=WRAPPED).prepared)
    assert gone(index, quotes[:2], TERMS) == []
    assert index.searches == 1


def test_very_many_that_are_gone_are_not_all_searched_for() -> None:
    index = Counting(indexed(tea="Tea is bitter.").prepared)
    many = [kept("rye", f"Rye is {number}.", number) for number in range(1_200)]
    assert gone(index, many, TERMS) == many
    assert index.searches == verbatim._SEARCHES
