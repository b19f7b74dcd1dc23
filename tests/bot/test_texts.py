import inspect
from collections.abc import Iterator

import pytest

from bot import admin_texts, dashboard_texts, errors, page_texts, texts

SAMPLES = {"int": 2, "str": "Ann", "str | None": "a1b2", "Sequence[str]": ["tea.txt", "rye.txt"]}


def sentences() -> Iterator[tuple[str, str]]:
    modules = (texts, admin_texts, page_texts, dashboard_texts)
    for name, value in (pair for module in modules for pair in vars(module).items()):
        if isinstance(value, str) and name.isupper():
            yield name, value
        elif isinstance(value, tuple) and name.isupper():
            yield from ((name, line) for line in value)
        elif inspect.isfunction(value) and not name.startswith("_"):
            parameters = inspect.signature(value, eval_str=False).parameters.values()
            for number in (1, 2):
                arguments = [
                    number
                    if parameter.annotation in (int, float)
                    else sample_of(parameter.annotation)
                    for parameter in parameters
                ]
                yield name, value(*arguments)
    yield from texts.ERRORS.items()
    yield from (
        (str(status), line) for status, told in page_texts.FAILURES.items() for line in told
    )


def sample_of(annotation: object) -> object:
    return ["tea.txt"] if "Sequence" in str(annotation) else "Ann"


def error_keys() -> set[str]:
    classes = (value for value in vars(errors).values() if inspect.isclass(value))
    return {cls.key for cls in classes if issubclass(cls, errors.BotError)}


def test_every_error_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert set(texts.ERRORS) == error_keys()


def test_no_sentence_holds_markup() -> None:
    marked = [(name, text) for name, text in sentences() if set(text) & set("*_`<>|~#\n")]
    assert marked == []


def test_sentences_are_short_and_whole() -> None:
    odd = [
        name
        for name, text in sentences()
        if not text or len(text) > 200 or text != text.strip() or "  " in text or ".." in text
    ]
    assert odd == []


def test_error_names_the_id_to_ask_with() -> None:
    assert texts.error("error_index", "a1b2").endswith("a1b2")
    assert texts.error("error_index") == texts.ERRORS["error_index"]


def test_a_limit_names_the_id_to_ask_with() -> None:
    assert texts.slow_down(30, "a1b2") == f"{texts.slow_down(30)} {texts.named('a1b2')}"


def test_unknown_error_is_an_internal_one() -> None:
    assert texts.error("error_of_next_year") == texts.ERRORS["error_internal"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (texts.slow_down(1), "That was a lot of questions. Please ask again in 1 second."),
        (texts.slow_down(30), "That was a lot of questions. Please ask again in 30 seconds."),
        (admin_texts.reindexed(1, 0, 2, 400),
         "Done: 1 document added, 0 changed, 2 removed; 400 passages in all."),
        (admin_texts.unreadable(["a.pdf"]), "1 file was left out: a.pdf"),
        (admin_texts.unreadable(["a.pdf", "b.pdf"]), "2 files were left out: a.pdf, b.pdf"),
        (texts.quotes_gone(1), "1 quote posted before is no longer in the documents."),
        (texts.quotes_gone(3), "3 quotes posted before are no longer in the documents."),
        (texts.forgotten(0), texts.FORGET_NOTHING),
        (texts.forgotten(1), "Removed 1 request of yours, with my answers."),
        (admin_texts.status(4, 1, 2, "v1"), "4 documents, 1 passage, 2 topics, version v1."),
        (admin_texts.sentences_changed(1, 0), "1 sentence new, 0 gone"),
        (texts.figures(3, 9, 96, texts.NEUTRAL, 7),
         "characters 3 to 9, 96 % to the point, of no sure side"),
        (texts.figures(3, 9, 100, "supports", 89),
         "characters 3 to 9, 100 % to the point, 89 % sure that it supports"),
    ],
)  # fmt: skip
def test_numbers_agree_with_their_nouns(sentence: str, expected: str) -> None:
    assert sentence == expected
