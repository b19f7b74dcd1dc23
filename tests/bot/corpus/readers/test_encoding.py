import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.readers.encoding import decode
from bot.corpus.readers.limits import Unreadable

FRENCH = (
    "Les abeilles préfèrent les fleurs d\u2019été, dit-elle \u2013 « c\u2019est vrai ». "
    "Ça va à Orléans."
)


@given(st.text())
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode()) == text.removeprefix("\ufeff")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_byte_order_mark_names_the_encoding(mark: bytes, encoding: str) -> None:
    assert decode(mark + FRENCH.encode(encoding)) == FRENCH


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_found_without_a_mark(encoding: str) -> None:
    assert decode((FRENCH * 3).encode(encoding)) == FRENCH * 3


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", FRENCH),
        ("cp1250", "Pszczoły lubią kwiaty, a łąka kwitnie każdego źródła. Żółć i gęś."),
        ("cp1251", "Пчёлы предпочитают летние цветы, сказала она."),
        ("gb18030", "她说蜜蜂喜欢夏天的花朵,这是真的。"),
    ],
)
def test_older_encodings_are_recognised(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_damaged_character_does_not_make_utf8_something_else() -> None:
    data = FRENCH.encode() + "é".encode()[:1]
    assert decode(data) == FRENCH + "\ufffd"


def test_a_picture_is_not_taken_for_text() -> None:
    picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4
    with pytest.raises(Unreadable, match="does not look like text"):
        decode(picture)


@pytest.mark.parametrize(
    "text",
    [
        "Die Sperrung des Platzes für Autos ist Unsinn.\r\nDer Platz gehört allen.",
        "La décision a été prise par le conseil.",
        "Ça marche très bien.",
        "Müller hält das für falsch.",
        "¿Qué piensa usted? ¡Nada!",
    ],
)
def test_short_western_text_is_read_as_such(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Жители против закрытия площади. Они говорят об этом каждый день.", "cp1251"),  # noqa: RUF001
        ("Już dziś miasto zamknęło główną ulicę, a mieszkańcy są źli.", "cp1250"),
    ],
)
def test_text_of_another_alphabet_is_not_taken_for_western(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text
