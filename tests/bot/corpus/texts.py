"""Texts and strategies that several tests of the corpus share."""

from hypothesis import strategies as st

from bot.corpus.raw import RawDocument

AWKWARD = (
    " ", "\n", "\r\n", "\r", "\n\n", "\t", "\f", "\x00", "\u2028", "\x85", "\u00a0",
    ".", "! ", "?", "… ", "。", "।", "؟ ", ". ", ": ", "; ", ", ", "\u201c", "\u201d", '"', "(",
    ")",
    "[[", "][", "]]", "](", "[00:12]", "(12:03)", " 00:25:25", "Ann: ", "Bo Li: ", "# ", "- ",
    "1. ",
    "Share", "Reply", "Expand full comment", "8 Comments", "e\u0301", "\u0301", "\u200d", "👩‍👩‍👧",
    "🏽", "שלום", "مرحبا", "你好", "नमस्ते", "U.S.", "Dr. ", "a", "the pears ripen", "Frost",
    "\ud800",
)  # fmt: skip
"""Pieces at which offsets go wrong."""

ANY_TEXT = st.one_of(
    st.text(),
    st.lists(st.one_of(st.sampled_from(AWKWARD), st.text(max_size=5)), max_size=40).map("".join),
)


def plain(text: str) -> RawDocument:
    """Return a text as the reader of plain text hands it on."""
    return RawDocument(text, None, "0" * 64)
