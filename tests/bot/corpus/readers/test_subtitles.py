import pytest

from bot.corpus.raw import RawDocument
from bot.corpus.readers.limits import DEFAULT_LIMITS, Unreadable
from bot.corpus.readers.subtitles import read
from tests.bot.corpus.readers.blocks import assert_sound, blocks, texts


def document(source: str) -> RawDocument:
    [found] = read(source.encode(), DEFAULT_LIMITS)
    assert_sound(found)
    return found


def spoken(source: str) -> list[tuple[str | None, str | None, str]]:
    found = document(source)
    return [
        (block.locator, block.speaker, text)
        for block, text in zip(blocks(found), texts(found), strict=True)
    ]


def cues(*lines: str, every: int = 2) -> str:
    stamps = [f"00:00:{every * n:02},000 --> 00:00:{every * n + 2:02},000" for n in range(60)]
    return "".join(f"{n}\n{stamps[n]}\n{line}\n\n" for n, line in enumerate(lines))


def test_sentence_that_runs_over_cues_is_whole() -> None:
    assert spoken(cues("Bees need", "flowers. And", "flowers", "bees!", "Yes.")) == [
        ("00:00:00", None, "Bees need flowers. And flowers bees!"),
        ("00:00:08", None, "Yes."),
    ]


def test_sentence_does_not_end_between_the_lines_of_a_cue() -> None:
    assert spoken(cues("I met Dr.\nLee")) == [("00:00:00", None, "I met Dr. Lee")]


def test_voice_tags_name_the_speaker_of_their_cue_only() -> None:
    source = (
        "\ufeffWEBVTT - talk\r\nKind: captions\r\n\r\nNOTE\r\nnot spoken\r\n\r\n"
        "STYLE\r\n::cue { color: red }\r\n\r\nintro\r\n"
        "00:01.000 --> 00:02.000 align:start\r\n<v.loud Ann Lee>Bees <i>need</i></v>\r\n\r\n"
        "00:02.000 --> 01:00:03.000\r\n<v Ann Lee>flowers &amp; sun. <v Bob>No.\r\n\r\n"
        "name-of-a-cue\r\n01:00:03.000 --> 01:00:04.000\r\n(Music.)\r\n\r\n12\r\n"
    )
    assert spoken(source) == [
        ("00:00:01", "Ann Lee", "Bees need flowers & sun."),
        ("00:00:02", "Bob", "No."),
        ("01:00:03", None, "(Music.)"),
    ]


def test_label_names_the_speaker_until_the_next() -> None:
    assert spoken(cues("DR. LEE: Bees need", "flowers.", "Many.", "BOB:\nNo.")) == [
        ("00:00:00", "DR. LEE", "Bees need flowers."),
        ("00:00:04", "DR. LEE", "Many."),
        ("00:00:06", "BOB", "No."),
    ]


def test_label_in_small_letters_counts_only_if_it_comes_back() -> None:
    assert spoken(cues("Ann Lee: Yes.", "Note: this.", "Bob: No.", "Ann Lee: So.", "Bob: Hm.")) == [
        ("00:00:00", "Ann Lee", "Yes."),
        ("00:00:02", "Ann Lee", "Note: this."),
        ("00:00:04", "Bob", "No."),
        ("00:00:06", "Ann Lee", "So."),
        ("00:00:08", "Bob", "Hm."),
    ]


def test_marks_of_another_speaker_end_a_paragraph() -> None:
    assert spoken(cues("ANN: Yes and", ">> no", "- One\n- Two", "- a dash alone")) == [
        ("00:00:00", "ANN", "Yes and"),
        ("00:00:02", None, "no"),
        ("00:00:04", None, "One"),
        ("00:00:04", None, "Two - a dash alone"),
    ]


def test_pause_and_length_end_a_paragraph_without_punctuation() -> None:
    assert texts(document(cues("bees need", "flowers", every=5))) == ["bees need", "flowers"]
    assert [len(text) for text in texts(document(cues(*["bees " * 100] * 4)))] == [1499, 499]


def test_rolling_captions_are_told_once() -> None:
    source = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n \nbees<00:00:01.500><c> need</c>\n\n"
        "00:02.000 --> 00:02.010\nbees need\n \n\n"
        "00:02.010 --> 00:04.000\nbees need\nflowers<00:00:03.000><c> now</c>\n"
    )
    assert texts(document(source)) == ["bees need flowers now"]


def test_missing_empty_line_before_a_number_is_no_matter() -> None:
    source = "1\n00:00:01,0 --> 00:00:02,0\nIn\n2\n00:00:02,0 --> 00:00:03,0\n{\\an8}1999\n\n"
    assert texts(document(source)) == ["In 1999"]


def test_smaller_than_is_no_tag() -> None:
    assert texts(document(cues("if a < b and b > c"))) == ["if a < b and b > c"]


@pytest.mark.parametrize("source", ["Bees need flowers.", "WEBVTT\n", cues("", "<i></i>")])
def test_file_without_subtitles_is_told(source: str) -> None:
    with pytest.raises(Unreadable, match="no subtitles"):
        document(source)
