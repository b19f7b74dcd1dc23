"""What lexical search counts, for documents and queries alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.analysis import STOP_WORDS, Analyzer, bigram, fold

# Also lone surrogates, marks without a letter, and what joins words or breaks lines.
ANY_TEXT = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("\0\r\n\u0301\u202e\ud83d -'.·éß深度ไทย")
)
PLAIN = Analyzer()
NAMED = Analyzer({"Sourdo": "sourdough", "wild yeast bread": "sourdough", "rye-2": "rye bread"})


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Café", "cafe"), ("CAFE\u0301", "cafe"), ("ＣＡＦＥ", "cafe"), ("Straße", "strasse")],  # noqa: RUF001
)
def test_case_accents_and_compatibility_forms_are_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_marks_that_make_another_letter_stay_in_other_scripts() -> None:
    assert fold("กำ") != fold("กา")
    assert fold("がか") == "がか"


@pytest.mark.parametrize(
    ("one", "other"),
    [("baking", "baked"), ("loaves of bread", "Loaf? Bread!"), ("ovens", "OVEN")],
)
def test_forms_of_a_word_share_terms(one: str, other: str) -> None:
    assert set(PLAIN.stems(one)) & set(PLAIN.stems(other))


def test_function_words_are_no_terms() -> None:
    assert PLAIN.stems("It is what it is, and not that.") == []
    assert "not" in STOP_WORDS


def test_words_are_in_order_before_stop_words_go() -> None:
    assert PLAIN.words("The Bread\u2019s crust") == ["the", "bread", "s", "crust"]


def test_terms_hold_neighbours_too() -> None:
    assert PLAIN.terms("dough rests") == ["dough", "rest", bigram("dough", "rest")]
    assert PLAIN.terms("dough") == ["dough"]


@pytest.mark.parametrize("written", ["il-2", "IL-2", "IL\u20112", "il.2"])
def test_compound_with_a_digit_is_found_by_its_parts_and_as_one(written: str) -> None:
    assert PLAIN.stems(written) == ["il", "2", "il2"]


def test_compound_without_a_digit_is_its_parts() -> None:
    assert PLAIN.stems("wood-fired") == PLAIN.stems("wood fired")


@pytest.mark.parametrize("written", ["SOURDO", "wild yeast bread", "Wild-Yeast  bread"])
def test_other_spellings_become_the_name(written: str) -> None:
    assert NAMED.words(f"My {written} rose") == ["my", "sourdough", "rose"]


@pytest.mark.parametrize("written", ["rye-2", "Rye 2"])
def test_name_may_be_several_words(written: str) -> None:
    assert NAMED.words(f"{written} crumbs") == ["rye", "bread", "crumbs"]


def test_name_has_the_terms_that_it_has_in_a_text() -> None:
    analyzer = Analyzer({"interleukin 2": "IL-2"})
    assert analyzer.stems("Interleukin 2") == analyzer.stems("IL-2")


def test_longest_spelling_wins() -> None:
    analyzer = Analyzer({"wild yeast": "starter", "wild yeast bread": "sourdough"})
    assert analyzer.words("wild yeast bread, wild yeast") == ["sourdough", "starter"]


def test_part_of_a_spelling_is_left_alone() -> None:
    assert NAMED.words("wild yeast") == ["wild", "yeast"]


def test_spelling_without_a_word_is_ignored() -> None:
    assert Analyzer({"?!": "nothing"}).words("?! bread") == ["bread"]


@pytest.mark.parametrize("text", ["我喜欢老面馒头", "老面馒头", "老面馒头 bread"])
def test_spelling_in_a_script_without_spaces_becomes_the_name(text: str) -> None:
    assert "mantou" in Analyzer({"老面馒头": "mantou"}).words(text)


def test_name_in_a_script_without_spaces_is_found_by_its_other_spelling() -> None:
    analyzer = Analyzer({"mantou": "老面馒头"})
    assert analyzer.stems("Mantou") == analyzer.stems("老面馒头")


def test_unspaced_scripts_become_pairs_of_characters() -> None:
    assert PLAIN.stems("面包师") == ["面包", "包师"]
    assert PLAIN.stems("面") == ["面"]
    assert set(PLAIN.stems("面包")) <= set(PLAIN.stems("黑面包"))


def test_mixed_scripts_keep_both() -> None:
    assert set(PLAIN.stems("bread面包")) == {"bread", "面包"}


def test_endless_words_are_cut() -> None:
    assert all(len(term) <= 64 for term in PLAIN.stems("x" * 5000))


def test_version_follows_the_aliases() -> None:
    assert Analyzer({"a1": "b"}).version == Analyzer({"A1": "B"}).version
    assert len({PLAIN.version, NAMED.version, Analyzer({"a1": "c"}).version}) == 3


@given(ANY_TEXT)
def test_any_text_has_sound_terms(text: str) -> None:
    for analyzer in (PLAIN, NAMED):
        stems = analyzer.stems(text)
        assert all(stem and not any(ch.isspace() for ch in stem) for stem in stems)
        assert all("_" not in stem for stem in stems)
        assert analyzer.terms(text)[: len(stems)] == stems


@given(ANY_TEXT)
def test_same_text_has_the_same_terms(text: str) -> None:
    assert Analyzer().terms(text) == PLAIN.terms(text) == PLAIN.terms(text)


@given(ANY_TEXT, ANY_TEXT)
def test_terms_of_a_line_do_not_depend_on_the_next(one: str, other: str) -> None:
    assert PLAIN.words(f"{one}\n{other}") == PLAIN.words(one) + PLAIN.words(other)


def test_threads_get_the_same_terms() -> None:
    texts = [f"baking{n} loaves{n % 7} rising breads and ovens number {n}" for n in range(400)]
    expected = [Analyzer().terms(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(PLAIN.terms, texts)) == expected
