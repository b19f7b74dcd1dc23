"""Read .vtt and .srt: who speaks when, with sentences that run over cues made whole.

The grammar of a cue is a line of two times and lines of text up to an empty one. The
libraries for it are of no use here: webvtt-py refuses a whole file for one slip, and
pysubs2 takes a cue's name, a NOTE or a STYLE for spoken words, which would then be
quoted.
"""

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.corpus.raw import RawDocument
from bot.corpus.readers.building import CharacterBudget, DocumentBuilder, clean
from bot.corpus.readers.encoding import decode
from bot.corpus.readers.limits import ReadLimits, Unreadable

_STAMP = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMES = re.compile(rf"[ \t]*{_STAMP}[ \t]*-->[ \t]*{_STAMP}")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+([^<>]*)>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:[a-z]+(?:[.\s][^<>]*)?|\d[\d:.]*)>|\{\\[^{}]*\}", re.IGNORECASE)
_ROLLING = re.compile(r"<\d\d:\d\d")
_DASH = re.compile(r"[-\u2013\u2014]\s+(?=\S)")
_NEXT_SPEAKER = re.compile(r">>+\s*")
# "DR. LEE:" is a name at first sight; "Ann Lee:" only if it comes back (see _labels).
_LABEL = re.compile(r"([^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){0,3}):(?:\s+|$)")
_SENTENCE_END = re.compile(r"[.!?\u2026\u3002\uff01\uff1f][\"'\u201d\u2019)\]]*$")
_PAUSE_MS = 3_000
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class _Cue:
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words of one line; ``is_turn`` when a mark says that another speaker begins."""

    start_ms: int
    end_ms: int
    speaker: str | None
    is_turn: bool
    text: str


def read(data: bytes, limits: ReadLimits) -> list[RawDocument]:
    """Return the one document of a subtitle file.

    A paragraph ends where a cue ends a sentence, the speaker changes, nobody speaks for
    three seconds, or, where there is no punctuation, after 1,000 characters. Its locator
    is the time at which its first cue starts, HH:MM:SS.

    Raises:
        Unreadable: It has no cue with words in it, or is too long.
    """
    source = clean(decode(data))
    cues = list(_cues(source))
    if _ROLLING.search(source):
        cues = _without_repeats(cues)
    builder = DocumentBuilder(CharacterBudget(limits))
    pieces: list[_Piece] = []
    for piece in _pieces(cues):
        if pieces and _ends_before(pieces, piece):
            _add(builder, pieces)
            pieces = []
        pieces.append(piece)
    if pieces:
        _add(builder, pieces)
    if builder.is_empty:
        raise Unreadable(
            "It has no subtitles in it. A subtitle begins with a line such as "
            "00:00:01.000 --> 00:00:04.000."
        )
    return [builder.build({}, hashlib.sha256(data).hexdigest())]


def _cues(source: str) -> Iterator[_Cue]:
    """Yield the cues; headers, notes, styles, numbers and names of cues are left out."""
    lines = source.split("\n")
    index = 0
    while index < len(lines):
        times = _TIMES.match(lines[index])
        index += 1
        if times is None:
            continue
        first = index
        while index < len(lines) and lines[index].strip(" \t") and not _TIMES.match(lines[index]):
            index += 1
        spoken = lines[first:index]
        follows_at_once = index < len(lines) and _TIMES.match(lines[index])
        if follows_at_once and spoken and spoken[-1].strip().isdigit():
            # The empty line before the next cue's number is missing.
            spoken = spoken[:-1]
        yield _Cue(_milliseconds(times.groups()[:4]), _milliseconds(times.groups()[4:]), (*spoken,))


def _milliseconds(stamp: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = (part or "0" for part in stamp)
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return whole * 1000 + int(fraction.ljust(3, "0"))


def _without_repeats(cues: list[_Cue]) -> list[_Cue]:
    """Drop the lines that rolling captions show a second time under the next cue's."""
    kept = []
    shown: list[str] = []
    for cue in cues:
        words = [_strip(line) for line in cue.lines]
        fresh = tuple(
            line for line, bare in zip(cue.lines, words, strict=True) if bare and bare not in shown
        )
        shown = words
        kept.append(_Cue(cue.start_ms, cue.end_ms, fresh))
    return kept


def _strip(line: str) -> str:
    return html.unescape(_TAG.sub("", line)).strip()


def _pieces(cues: list[_Cue]) -> Iterator[_Piece]:
    """Yield the words of each line with their speaker.

    A label ("ANN:") holds until the next one; a voice tag only for its cue, as its
    format has it.
    """
    labels = _labels(cues)
    labelled: str | None = None
    for cue in cues:
        voice: str | None = None
        in_dialogue = sum(bool(_DASH.match(_strip(line))) for line in cue.lines) > 1
        for line in cue.lines:
            for tag, words in _voices(line):
                voice = voice if tag is None else _strip(tag) or None
                text = _strip(words)
                turn = _NEXT_SPEAKER.match(text) or (_DASH.match(text) if in_dialogue else None)
                if turn:
                    labelled, text = None, text[turn.end() :]
                label = _LABEL.match(text)
                if label and label[1] in labels:
                    labelled, text = label[1], text[label.end() :]
                if text:
                    yield _Piece(
                        cue.start_ms, cue.end_ms, voice or labelled, turn is not None, text
                    )


def _voices(line: str) -> Iterator[tuple[str | None, str]]:
    """Yield the stretches of a line, each with the voice tag before it, if any."""
    parts = _VOICE.split(line)
    if parts[0].strip() or len(parts) == 1:
        yield None, parts[0]
    for index in range(1, len(parts), 2):
        yield parts[index], parts[index + 1]


def _labels(cues: list[_Cue]) -> set[str]:
    """Return what stands before a colon and is a name: in capitals, or more than once."""
    counts: dict[str, int] = {}
    for cue in cues:
        for line in cue.lines:
            text = _NEXT_SPEAKER.sub("", _strip(_VOICE.sub("", line)), count=1)
            label = _LABEL.match(_DASH.sub("", text, count=1) if _DASH.match(text) else text)
            if label:
                counts[label[1]] = counts.get(label[1], 0) + 1
    return {
        name
        for name, count in counts.items()
        if name.isupper() or (count > 1 and all(word[0].isupper() for word in name.split()))
    }


def _ends_before(pieces: list[_Piece], following: _Piece) -> bool:
    """Say whether a paragraph ends before a piece."""
    last = pieces[-1]
    is_next_cue = following.start_ms != last.start_ms
    return (
        following.speaker != last.speaker
        or following.is_turn
        or following.start_ms - last.end_ms >= _PAUSE_MS
        or (is_next_cue and _SENTENCE_END.search(last.text) is not None)
        or sum(len(piece.text) for piece in pieces) > _LONGEST
    )


def _add(builder: DocumentBuilder, pieces: list[_Piece]) -> None:
    seconds = pieces[0].start_ms // 1000
    locator = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    text = " ".join(piece.text for piece in pieces)
    builder.add(text, speaker=pieces[0].speaker, locator=locator)
