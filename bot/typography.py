"""How a verbatim text is set for display: typographic changes only, never wording.

A quote is stored and checked to the character. People and models read it better with
its line breaks folded and its link markup shown as the label, which is what this module
does. It is pure; adapters, retrieval and conversation call it, and nobody stores what it
returns.
"""

import re

_SPACE = re.compile(r"\s+")
_STAMP_LINES = re.compile(r"\n(?:[ \t]*[\[(]?(?:\d{1,2}:)?\d{1,2}:\d\d[\])]?[ \t]*\n)+")

LINK = re.compile(
    r"\[\[(?P<wiki_target>[^\[\]\n]+)\](?:\[(?P<wiki_label>[^\[\]\n]+)\])?\]"
    r"|!?\[(?P<label>[^\[\]\n]*)\]\((?P<target>(?:https?://|mailto:|/|#|\./|\.\./)[^()\s]*"
    r"(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"\n]*\")?\)"
)
"""A link in org or wiki markup (``[[target][label]]``, ``[[target]]``, ``[[target|label]]``)
or in Markdown (``[label](target)``)."""


def readable(text: str) -> str:
    """Return a text as it is shown: white space folded, links shown as their labels.

    Words, their order and their punctuation stay. A link without a label shows its
    target, and a caption's time stamp on a line of its own goes. What comes back is not a
    slice of the document any more: show it, do not check it.

    Args:
        text: A quote or any other piece of a document.

    Returns:
        One line without leading or trailing white space.
    """
    text = _STAMP_LINES.sub("\n", text)
    return _SPACE.sub(" ", LINK.sub(_label, text)).strip()


def _label(link: re.Match[str]) -> str:
    target = link["wiki_target"]
    if target is None:
        return link["label"].strip() or link["target"]
    if link["wiki_label"] is not None:
        return link["wiki_label"].strip()
    return target.rpartition("|")[2].strip() or target.strip()
