"""Find the structure of plain text: paragraphs, headings, speakers, time stamps.

General rules, none of them for one document: a heading is a short line without a full
stop above a paragraph; a speaker is a name before a colon that comes up again; a sentence
that a line break cut in two is one paragraph. Cutting page chrome is
`bot.corpus.cleaning`'s work, sentences are `bot.corpus.sentences`'; `bot.corpus.splitting`
calls this for documents whose format knows no blocks.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from bot.corpus.cleaning import CUT
from bot.corpus.raw import Block, BlockKind
from bot.corpus.sentences import ends_sentence
from bot.corpus.stamps import LINE_START, TIME, locator

LONGEST_HEADING = 90
"""Characters."""
LONGEST_HEADING_WORDS = 14
CAPTION_LENGTH = 240
"""Characters up to which lines with time stamps of their own are joined to a sentence."""
DEEPEST_HEADINGS = 3
"""How many headings may follow each other; more are a list."""

_LINE = re.compile(rf"[^\n{CUT}]+")
_BULLET = re.compile(r"(?:[-*+•‣▪◦·–—]|>+)\s+")  # noqa: RUF001 (dashes are used as bullets)
_ITEM = re.compile(r"(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)]\s+\S")
_MARKDOWN_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?=\S)")
_WORD = r"[\w.'’-]*"  # noqa: RUF001 (an apostrophe)
_NAME = rf"[^\W\d_]{_WORD}(?:[ \t]+(?:[A-Z]{_WORD}|\d{{1,2}}|van|von|de|der|al|bin|da|di)){{0,4}}"
_SPEAKER = re.compile(
    rf"(?P<name>{_NAME})(?:\s*[\[(]?(?P<stamp>{TIME})[\])]?)?\s*[:：]\s+(?=\S)"  # noqa: RUF001
)
_SPEAKER_LINE = re.compile(rf"(?P<name>{_NAME})\s+[\[(]?(?P<stamp>{TIME})[\])]?\s*:?")
_NO_SPEAKER = re.compile(
    r"abstract|answer|caution|caveat|conclusion|cons|correction|date|disclaimer|edit(?:ed)?|example"
    r"|from|https?|important|link|nb|note|pros|ps|q|question|re|reference|reminder|result|source"
    r"|spoiler|subject|summary|tip|title|tldr|to|update|url|via|warning"
)
"""What stands before a colon and is nobody's name."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank.

    ``group`` counts the runs of lines without a blank line between, ``part`` the stretches
    without a cut or a rule between. ``opens`` says that a paragraph has to begin here.
    """

    start: int
    end: int
    group: int
    part: int
    text: str
    opens: bool = False
    speaker: str | None = None
    locator: str | None = None


def find_blocks(text: str, separators: Sequence[int] = ()) -> tuple[Block, ...]:
    """Find the headings and paragraphs of plain text.

    Args:
        text: A document's text after cleaning; blocks never run across a `CUT`.
        separators: Offsets of the cuts between two comments. Where there are any, short
            lines are somebody's short lines, not headings.

    Returns:
        Blocks in order, without overlap and without outer white space. A speaker's name,
        a time stamp that opens a line, bullets and rules stand outside of them.
    """
    lines = list(_lines(text))
    lines = list(_with_turns(lines))
    paragraphs = _join_lines(text, lines)
    return _with_headings(text, paragraphs, plain=not separators)


def _lines(text: str) -> Iterator[_Line]:
    """Yield the lines that hold a letter or a digit, without their bullets."""
    group = part = ended = 0
    for found in _LINE.finditer(text):
        start, end = found.span()
        between, ended = text[ended:start], end
        part += CUT in between
        group += CUT in between or between.count("\n") > 1
        line = found[0]
        if not any(character.isalnum() for character in line):
            part += bool(line.strip())  # a rule; else a blank line
            group += 1
            continue
        start += len(line) - len(line.lstrip())
        opens = bool(_ITEM.match(text, start) or _MARKDOWN_HEADING.match(text, start))
        if bullet := _BULLET.match(text, start, end):
            start, opens = bullet.end(), True
        end -= len(line) - len(line.rstrip())
        yield _Line(start, end, group, part, text[start:end], opens)


# --- speakers and time stamps ------------------------------------------------------


def _with_turns(lines: list[_Line]) -> Iterator[_Line]:
    """Yield the lines with who speaks and when, those marks taken off."""
    names = Counter(name for line in lines if (name := _name_in(line.text)))
    speakers = {name for name, count in names.items() if count > 1}
    timed = [name for line in lines if (name := _name_in(line.text, _SPEAKER_LINE.fullmatch))]
    if len(timed) > 1:
        speakers |= set(timed)
    # In a dialogue, somebody may speak only once.
    if len(speakers) > 1 or (speakers and names.total() * 2 >= len(lines)):
        speakers |= names.keys()
    bare_stamps = sum(1 for line in lines if LINE_START.match(line.text)) > 1
    speaker = stamp = None
    part = 0
    for line in lines:
        if line.part != part:
            speaker, stamp, part = None, None, line.part
        taken = 0
        opening = LINE_START.match(line.text)
        if opening and (bare_stamps or opening["stamp"][0] in "[("):
            stamp, taken = locator(opening["stamp"]), opening.end()
        turn = _turn(line.text[taken:])
        if turn and _plain(turn["name"]) in speakers:
            speaker = turn["name"].strip()
            stamp = locator(turn["stamp"]) if turn["stamp"] else stamp
            taken += turn.end()
        rest = line.text[taken:]
        if any(character.isalnum() for character in rest):
            start = line.start + taken + len(rest) - len(rest.lstrip())
            yield replace(
                line,
                start=start,
                text=rest.strip(),
                opens=line.opens or taken > 0,
                speaker=speaker,
                locator=stamp,
            )


def _turn(text: str) -> re.Match[str] | None:
    return _SPEAKER_LINE.fullmatch(text.strip()) or _SPEAKER.match(text)


def _name_in(text: str, turn_in: Callable[[str], re.Match[str] | None] | None = None) -> str | None:
    opening = LINE_START.match(text)
    turn = (turn_in or _turn)(text[opening.end() :] if opening else text)
    if turn is None:
        return None
    name = _plain(turn["name"])
    # "Note: ..." opens a remark, and a name is written with a capital where there are any.
    return name if not _NO_SPEAKER.fullmatch(name) and not turn["name"][0].islower() else None


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace(".", "").split())


# --- paragraphs ----------------------------------------------------------------------


def _join_lines(text: str, lines: list[_Line]) -> list[Block]:
    """Join the lines of a paragraph, and paragraphs that a sentence runs across."""
    belongs = _same_wrapped_paragraph(lines)
    blocks: list[Block] = []
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else None
        if (
            before is not None
            and line.speaker == before.speaker
            and (belongs(before, line) or _runs_on(before, line))
            and _has_room(blocks[-1], before, line)
        ):
            blocks[-1] = replace(blocks[-1], end=line.end)
        else:
            blocks.append(
                Block(BlockKind.PARAGRAPH, line.start, line.end, line.speaker, line.locator)
            )
    return blocks


def _runs_on(before: _Line, line: _Line) -> bool:
    """Whether a sentence runs over the break: no end before it, no beginning after it."""
    return (
        line.part == before.part
        and (not line.opens or line.locator != before.locator)
        and line.text[0].islower()
        and not ends_sentence(before.text)
        and not before.text.endswith((":", ";"))
        and not _MARKDOWN_HEADING.match(before.text)
    )


def _has_room(block: Block, before: _Line, line: _Line) -> bool:
    """Whether captions may still be joined: a block has but one time stamp for all of them."""
    return line.locator == before.locator or line.end - block.start <= CAPTION_LENGTH


def _same_wrapped_paragraph(lines: list[_Line]) -> Callable[[_Line, _Line], bool]:
    """Return the test whether a line continues the paragraph of the line before it.

    Text is either wrapped by hand, so that a paragraph is a run of lines, or has one line
    a paragraph; the lengths of the lines tell which.
    """
    inner = [len(a.text) for a, b in pairwise(lines) if a.group == b.group and not b.opens]
    long_lines = sum(len(line.text) > 120 for line in lines)
    if len(inner) < 3 or long_lines > len(lines) * 0.02 or median(inner) < 40:
        return lambda before, line: False
    width = median(inner)

    def continues(before: _Line, line: _Line) -> bool:
        # A short line without a full stop above a wrapped paragraph is its heading.
        heading = len(before.text) < width * 0.6 and not ends_sentence(before.text)
        return (
            before.group == line.group
            and not line.opens
            and not _MARKDOWN_HEADING.match(before.text)
            and not (heading and not line.text[0].islower())
        )

    return continues


# --- headings ------------------------------------------------------------------------


def _with_headings(text: str, blocks: list[Block], *, plain: bool) -> tuple[Block, ...]:
    """Mark the blocks that are headings; they are found from the end, as what follows counts."""
    marked: list[Block] = []
    run = 0
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        words = text[block.start : block.end]
        marks = _MARKDOWN_HEADING.match(words)
        following = marked[-1] if marked else None
        if marks:
            start = block.start + marks.end()
            end = start + len(text[start : block.end].rstrip("# \t"))
            level = len(marks["marks"])
            marked.append(
                replace(block, kind=BlockKind.HEADING, start=start, end=end, level=level)
                if end > start
                else block
            )
        elif (
            plain
            and run < DEEPEST_HEADINGS
            and following is not None
            and block.speaker is None
            and _may_be_heading(words)
            and _may_follow_heading(text, following)
        ):
            marked.append(replace(block, kind=BlockKind.HEADING))
            run += 1
            continue
        else:
            marked.append(block)
        run = 0
    return tuple(reversed(marked))


def _may_be_heading(words: str) -> bool:
    first = next(character for character in words if character.isalnum())
    return (
        len(words) <= LONGEST_HEADING
        and "\n" not in words
        and len(words.split()) <= LONGEST_HEADING_WORDS
        and not first.islower()
        # A heading in capitals may end in a full stop, as old books have it.
        and (not ends_sentence(words) or (words.isupper() and words.endswith(".")))
        and not words.rstrip(".").endswith((",", ";", ":", "-", "…", "，", "、", "："))  # noqa: RUF001
        and any(character.isalpha() for character in words)
    )


def _may_follow_heading(text: str, block: Block) -> bool:
    words = text[block.start : block.end]
    return block.kind is BlockKind.HEADING or len(words) > LONGEST_HEADING or ends_sentence(words)
