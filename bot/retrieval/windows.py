"""Cut a long passage into the windows that dense search looks through beside the whole.

One vector of a long text blurs what its sentences say; a query is better compared with
the best of them as well (see docs/decisions/retrieval.md). Passages of documents are
single sentences and need no windows. Called by `bot.indexing` through `bot.bootstrap`.
"""

from bot.corpus.sentences import sentence_spans

WINDOWS_VERSION = "sentences-1"

_LONG_WORDS = 60
_FEWEST_WORDS = 4
_MOST_WINDOWS = 64


def windows(text: str) -> list[str]:
    """Return the sentences of a long text, at most 64; none for a text of 60 words or fewer."""
    if len(text.split()) <= _LONG_WORDS:
        return []
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    return [one for one in sentences if len(one.split()) >= _FEWEST_WORDS][:_MOST_WINDOWS]
