"""How a reply is laid out, on a terminal and in a pipe."""

import io
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from adapters.console.render import render_reply
from adapters.console.terminal import Terminal
from bot.types import Evidence, Query, QueryKind, Reply
from tests.adapters.console.evidence import evidence, reply


def shown(reply: Reply, *, width: int = 80, terminal: bool = False, more: str | None = None) -> str:
    file = io.StringIO()
    console = Console(
        file=file, width=width, force_terminal=terminal, color_system=None, markup=False
    )
    Terminal(console).write(render_reply(reply, more))
    return file.getvalue()


def of(*quotes: Evidence) -> Reply:
    return replace(reply(), quotes=quotes)


def test_whole_reply_in_a_pipe() -> None:
    assert shown(replace(reply(1, 1), suggestions=())) == (
        "Here is what was found.\n"
        "\n"
        " 1  “Quote 1.”\n"
        "    supports · Ida Green, On tea, 2020-02, comment 2\n"
        "    http://reader/q/tea-0\n"
        "\n"
        "Counterpoints\n"
        "\n"
        " 2  “Counterpoint 1.”\n"
        "    opposes · Ida Green, On tea, 2020-02, comment 2\n"
        "    http://reader/q/tea-0\n"
    )


def test_pipe_gets_one_line_a_paragraph_however_long() -> None:
    text = "Tea is best " * 40
    assert f"“{text.strip()}”\n" in shown(of(evidence(text)))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_terminal_lines_fit_its_width(width: int) -> None:
    text = "A pot of green tea 绿茶绿茶绿茶 stands on the long wooden table. " * 6
    lines = shown(of(evidence(text)), width=width, terminal=True).splitlines()

    assert max(cell_len(line) for line in lines) <= min(width, 88)
    assert all(line == line.rstrip() for line in lines)


def test_permalink_is_never_broken() -> None:
    assert "    http://reader/q/tea-0\n" in shown(reply(), width=20, terminal=True)


def test_speaker_goes_before_the_author() -> None:
    assert "Mr Black, On tea" in shown(of(evidence(speaker="Mr Black")))


def test_unknown_author_is_called_unknown() -> None:
    out = shown(of(evidence(author=None, date=None, locator=None)))

    assert "supports · author unknown, On tea\n" in out


def test_reported_speech_is_marked() -> None:
    assert "supports · reports somebody else's view · " in shown(of(evidence(reported=True)))


def test_no_side_is_named_where_there_is_no_statement_to_take_it_on() -> None:
    out = shown(reply(claim=None, kind=QueryKind.QUESTION))

    assert "supports" not in out


def test_statement_that_was_not_typed_is_shown() -> None:
    out = shown(reply(text="Milk", claim="Tea should have milk.", kind=QueryKind.TOPIC))

    assert "Sides taken on: Tea should have milk.\n" in out


def test_statement_that_was_typed_is_not_repeated() -> None:
    assert "Sides taken on" not in shown(reply(text="tea needs  no milk"))


def test_first_page_shows_three_and_two_and_says_what_is_left() -> None:
    out = shown(reply(5, 4), more="/more")

    assert out.count("“Quote") == 3
    assert out.count("“Counterpoint") == 2
    assert out.endswith("\nShow 4 more: /more\n")


def test_everything_is_shown_on_request() -> None:
    out = shown(reply(5, 4))

    assert out.count("“") == 9
    assert "more" not in out


def test_suggestions_follow_a_missing_answer() -> None:
    nothing = Reply("r", False, "Nothing.", suggestions=("tea", "coffee"))

    assert shown(nothing) == "Nothing.\nThe corpus does cover these:\n    tea\n    coffee\n"


@given(st.text(alphabet=st.characters(), max_size=60), st.booleans())
def test_no_text_acts_on_a_terminal(text: str, terminal: bool) -> None:
    hostile = evidence(text, title=text, author=text, speaker=text, locator=text, date=text)
    out = shown(
        Reply("r", True, text, (hostile,), suggestions=(text,), query=Query(text, "claim", text)),  # type: ignore[arg-type]  # a str enum's value
        terminal=terminal,
    )

    assert not [c for c in out if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]
    assert not set(out) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.parametrize(
    "markup", ["[red]x[/red]", "[link=http://e]x[/]", ":smile:", "\\[b]", "**x**"]
)
def test_markup_stays_text(markup: str) -> None:
    assert f"“{markup}”" in shown(of(evidence(markup)), terminal=True)
