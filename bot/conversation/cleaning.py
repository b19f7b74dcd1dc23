"""Take the noise of a chat off a message, so that its words can be searched for.

Mentions, markup, links, emoji and filler of Discord and Slack go; words stay, in any script
and in their order, on the lines that they were on. The result is for matching: it is never
quoted and never sent. What the words mean is left to `bot.conversation.kinds`. Called by
`bot.conversation.asking`.
"""

import html
import re
import unicodedata

from bot.words import word_set

MAX_QUERY_LENGTH = 1000
"""Characters that a cleaned text has at most: about the 256 tokens that an encoder reads."""
MAX_RAW_LENGTH = 4000
"""Characters that are looked at: all that Discord sends, and what Slack advises to send."""
MAX_PASSES = 6
"""How often markup inside markup is opened before every mark is simply dropped."""

# Discord: discord.com/developers/docs/reference#message-formatting.
# Slack: docs.slack.dev/messaging/formatting-message-text.
_LABELLED = re.compile(r"<(?:https?:|mailto:|tel:|!date\^)[^<>|]*\|([^<>]*)>", re.I)
_MENTION = re.compile(
    r"<(?:[@#!][^<>\s|]*(?:\|[^<>]*)?|a?:\w+:\d+|t:-?\d+(?::\w)?|/[\w -]+:\d+|id:\w+"
    r"|(?:https?|mailto|tel):[^<>]*)>",
    re.I,
)
_BROADCAST = re.compile(r"@(?:everyone|here|channel)\b", re.I)
_HANDLE_OF_BOT = re.compile(r"(?<!\w)@(?:bot|counterpoint)\b", re.I)
_HANDLE = re.compile(r"(?<!\w)@(?=\w)")
_EMOJI_NAME = re.compile(r"(?<![\w:]):[a-z][\w+'-]*:(?![\w:])|(?<![\w:]):[+-]1:", re.I)
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\u3030\u303d\u3297"
    "\u3299\ufe0e\ufe0f\u20e3\U000e0000-\U000e007f]+"
)
_EMOTICON = re.compile(r"(?<!\S)(?:[:;=8][-^o']?[()\[\]DPpOo3/\\|*]|[xX]D+|<3|\^_*\^)(?!\S)")
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")  # colours copied from a terminal (ECMA-48)
_FENCE = re.compile(r"```(?:[\w+-]*\n)?(.*?)```", re.S)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)")
_URL = re.compile(r"(?:\bhttps?://|\bwww\.)[^\s<>]*[^\s<>.,;:!?)\]}'\"…]|\bhttps?://", re.I)
_LINE_MARK = re.compile(
    r"^(?:[ \t]*(?:>{1,3}(?!\S*<)|#{1,6}(?=\s)|-#(?=\s)|[-*+•](?=\s))[ \t]*)+", re.M
)
_NUMBERED = re.compile(r"^(?:[ \t]*\d{1,2}[.)][ \t]+)+(?=\S)", re.M)
_DOUBLE_MARK = re.compile(r"\*\*+|__+|~~+|\|\|+|`+")
_SINGLE_MARK = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^*_~\n]{1,500}?)(?<=\S)\1(?![\w*_~])")
_ESCAPE = re.compile(r"\\(?=[*_~|`>#\[\]()<@:\\-])")
_NESTED_ENTITY = re.compile(r"&(?:(?:amp|#38|#x26);)+", re.I)
_ANY_MARK = re.compile(r"[<>@`*~|\[\]\\&:#_/]+")

_JOINER = re.compile("[\u200c\u200d]")
_JOINED_SCRIPTS = ("\u0600", "\u109f")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
_EMPTY_PAIR = re.compile(r"\(\s*\)|\[\s*\]|\{\s*\}|<\s*>|\"\s*\"")
_MANY_MARKS = re.compile(r"[!?]{2,}")
_MANY_DOTS = re.compile(r"\.{2,}|…{2,}")
_REPEATED = re.compile(r"([,;:\-=/\\_#^%$])\1+")
_STRETCHED = re.compile(r"([^\W\d_])\1{3,}")
_LOOSE_START = re.compile(r"^[\s,;:.!…\-\u2013\u2014]+(?=\w)")

_LEADING = re.compile(
    r"(?:(?:"
    r"(?:hey+|hi+|hello|yo|heya|hiya)(?:[ ,]+(?:bot|there|all|everyone|guys|folks|team))?"
    r"|bot(?=[,:])|(?:ok|okay|well|so|right|um+|uh+|hmm+|anyway|look|yeah|listen)(?=,)"
    r"|ok so|imh?o|tbh|ngl|fwiw|iirc|afaik|btw|lo+l|lmao+|rofl|haha+|smh|pls|plz"
    r"|(?:hot|cold) take(?=:)|(?:un)?popular opinion(?=:)|(?:quick )?question(?=:)|psa(?=:)"
    r"|fact ?check(?=:)|claim(?=:)|topic(?=:)"
    r")[\s,:;.!…\u2013\u2014-]+)+(?=\S)",
    re.I,
)
_TRAILING = re.compile(
    r"[\s,;:.!?…\u2013\u2014(-](?:imh?o|tbh|ngl|fwiw|iirc|afaik|btw|lo+l|lmao+|rofl|haha+|smh|pls|plz"
    r"|please|thx|thanks?|thank you|idk|wdyt|(?:any )?thoughts\?|change my mind|discuss|fight me"
    r"|(?<=, )(?:bot|guys|folks|y'?all|everyone))[\s.!?…,)]{0,4}$",
    re.I,
)
_TRAILING_WINDOW = 40
"""Characters at the end among which a filler is looked for: the longest has under 25."""
# "The meaning of lol", "what is imho", "who won the imo": there the word is what is meant.
_NEEDS_NEXT_WORD = word_set(
    """the a an of at in on for to by is are was were does mean means define word say says said
    no and or with about saying"""
)


def clean(text: str) -> str:
    """Return what is left of a message for searching.

    Cleaning twice is cleaning once. Lines stay apart, so that "is this true?" under a quoted
    line can be told from it. Filler words go only from the edges, and only while other words
    remain; code blocks and links go unless, for code, nothing else was said.

    Args:
        text: A message of any length and script, with a platform's markup or without.

    Returns:
        At most `MAX_QUERY_LENGTH` characters without mentions or control characters; empty
        when nothing but noise was there.
    """
    raw = text[:MAX_RAW_LENGTH]
    while _ANSI.search(raw):  # what is left of two may be a third
        raw = _ANSI.sub("", raw)
    return _settle(_FENCE.sub(" ", raw)) or _settle(_FENCE.sub(r" \1 ", raw))


def bounded(text: str, limit: int) -> str:
    """Cut a text to ``limit`` characters, after a sentence or else after a word.

    A sentence's end in the first half is too early to cut at; a text without any space there
    is cut at the limit.
    """
    if len(text) <= limit:
        return text
    head = text[: limit + 1]
    ends = [
        match.end()
        for match in re.finditer(r"[.!?…。\uff01\uff1f](?=\s)|[。\uff01\uff1f]|(?=\n)", head)
    ]
    ends = [end for end in ends if limit // 2 <= end <= limit]
    if not ends:
        ends = [match.start() for match in re.finditer(r"\s", head) if match.start() >= limit // 2]
    return head[: ends[-1] if ends else limit].rstrip()


def _settle(text: str) -> str:
    """Clean until nothing changes; markup that hides ever more markup is dropped whole."""
    for _ in range(MAX_PASSES):
        cleaned = _tidied(_without_markup(text))
        if cleaned == text:
            return text
        text = cleaned
    while (cleaned := _tidied(_ANY_MARK.sub(" ", _without_markup(text)))) != text:
        text = cleaned
    return text


def _without_markup(text: str) -> str:
    text = html.unescape(_NESTED_ENTITY.sub("&", text))
    text = _printable(text)
    text = _LABELLED.sub(r" \1 ", text)
    text = _MENTION.sub(" ", text)
    text = _BROADCAST.sub(" ", _HANDLE_OF_BOT.sub(" ", text))
    text = _HANDLE.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = _URL.sub(" ", text)
    text = _EMOTICON.sub(" ", _EMOJI_NAME.sub(" ", _EMOJI.sub(" ", text)))
    text = _NUMBERED.sub("", _LINE_MARK.sub("", text))
    text = _SINGLE_MARK.sub(r"\2", _DOUBLE_MARK.sub("", text))
    return _ESCAPE.sub("", text)


def _printable(text: str) -> str:
    """Drop control, format and broken characters; keep joiners where a script needs them."""
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    for place, character in enumerate(text):
        if character in "\n\t":
            kept.append(character)
        elif _JOINER.match(character):
            around = text[max(place - 1, 0) : place + 2]
            if len(around) == 3 and all(_is_joined(side) for side in (around[0], around[2])):
                kept.append(character)
        elif (category := unicodedata.category(character))[0] == "Z":
            kept.append("\n" if category != "Zs" else " ")
        elif category[0] != "C":
            kept.append(character)
        elif character in "\r\v\f\x85":
            kept.append("\n")
    return "".join(kept)


def _is_joined(character: str) -> bool:
    first, last = _JOINED_SCRIPTS
    return first <= character <= last


def _tidied(text: str) -> str:
    text = _MANY_MARKS.sub(lambda marks: "?" if "?" in marks[0] else "!", text)
    text = _REPEATED.sub(r"\1", _MANY_DOTS.sub("…", text))
    text = _STRETCHED.sub(r"\1\1", text)
    text = _LINES.sub("\n", _BLANKS.sub(" ", _EMPTY_PAIR.sub(" ", text))).strip()
    text = _without_filler(_LOOSE_START.sub("", text))
    text = bounded(text, MAX_QUERY_LENGTH)
    return text if _has_word(text) else ""


def _without_filler(text: str) -> str:
    while True:
        shorter = _LEADING.sub("", text, count=1) if _LEADING.match(text) else text
        start = max(len(shorter) - _TRAILING_WINDOW, 0)
        found = _TRAILING.search(shorter, start)
        if found and not _is_meant(shorter[start : found.start()]):
            # A full stop before the filler belongs to what stays.
            stop = found.start() + (found[0][0] in ".!?…")
            still_asks = "?" in found[0] and "thoughts" not in found[0].lower()
            shorter = shorter[:stop].rstrip(" ,;:(\u2013\u2014-\n") + ("?" if still_asks else "")
        if shorter == text or not _has_word(shorter):
            return text
        text = shorter


def _is_meant(before: str) -> bool:
    words = re.findall(r"[\w']+", before.lower())
    return bool(words) and words[-1] in _NEEDS_NEXT_WORD


def _has_word(text: str) -> bool:
    return any(character.isalnum() for character in text)
