"""Read Discord markdown as its clients do, far enough to see whether anything acts.

After the rules of the clients' parser (simple-markdown with Discord's additions): a backslash
shows the mark behind it, and what is found otherwise is listed as acting.
"""

import re
from dataclasses import dataclass, field

_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_ACTING = (
    ("link", re.compile(r"\[(?P<inner>(?:\\.|[^\[\]\\])*)\]\((?P<value>[^()\s]+)\)")),
    ("bold", re.compile(r"\*\*(?P<inner>(?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL)),
    ("url", re.compile(r"(?P<value>(?:https?|steam)://[^\s<]+)")),
    ("mention", re.compile(r"(?P<value><(?:@[!&]?|#)\d+>|@everyone|@here)")),
    ("emoji", re.compile(r"(?P<value><a?:\w+:\d+>|:[^\s:]+:)")),
    ("time", re.compile(r"(?P<value><t:-?\d+(?::\w)?>)")),
    ("command", re.compile(r"(?P<value></[^:>]+:\d+>|<id:\w+>)")),
    ("angle", re.compile(r"(?P<value><[^: >]+:[^ >]+>)")),
    ("mark", re.compile(r"(?P<value>[*_`]|~~|\|\||\[(?=[^\]]*\]\())")),
)
_BLOCK = re.compile(
    r"(?P<mark>> |>>> |-# +|#{1,3} +)?"
    r"(?P<list>[ \t]*(?:[-*+]|\d+\.)\s)?"
    r"(?P<stray>[ \t]*(?:>>> |> |-# +\S|#{1,3} +\S))?"
)


@dataclass
class Seen:
    """What a reader sees: the text, and what acts in it as (kind, value) pairs."""

    text: str = ""
    acting: list[tuple[str, str]] = field(default_factory=list)

    def values(self, kind: str) -> list[str]:
        """Return the values of one kind."""
        return [value for found, value in self.acting if found == kind]


def read(markdown: str) -> Seen:
    """Read a text of several lines."""
    seen = Seen()
    lines = []
    for line in markdown.split("\n"):
        found = _BLOCK.match(line)
        assert found is not None
        start = 0
        if found["mark"]:
            seen.acting.append(("block", found["mark"].strip()))
            start = len(found["mark"])
        for name in ("list", "stray"):
            if found[name]:
                seen.acting.append((name, found[name]))
        shown = _inline(line[start:])
        seen.acting += shown.acting
        lines.append(shown.text)
    seen.text = "\n".join(lines)
    return seen


def _inline(text: str) -> Seen:
    seen = Seen()
    at = 0
    while at < len(text):
        if found := _ESCAPE.match(text, at):
            seen.text += found[1]
            at = found.end()
            continue
        for kind, pattern in _ACTING:
            if found := pattern.match(text, at):
                inner = _inline(found["inner"]) if "inner" in found.groupdict() else None
                if inner is None:
                    seen.text += found["value"]
                    seen.acting.append((kind, found["value"]))
                else:
                    seen.text += inner.text
                    value = found.groupdict().get("value") or inner.text
                    seen.acting += [(kind, value), *inner.acting]
                at = found.end()
                break
        else:
            seen.text += text[at]
            at += 1
    return seen
