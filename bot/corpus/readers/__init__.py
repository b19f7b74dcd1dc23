"""Readers of file formats: a path goes in, the words and the known structure come out.

`find_files` says which files there are, `read_file` reads one. Each format is a module
with one function, listed in `registry`. What a document's sentences, sections and
speakers are, where its format does not say, is found by others.
"""

from bot.corpus.readers.files import FoundFiles, find_files
from bot.corpus.readers.limits import DEFAULT_LIMITS, ReadLimits
from bot.corpus.readers.reading import read_file
from bot.corpus.readers.registry import supported_suffixes

__all__ = [
    "DEFAULT_LIMITS",
    "FoundFiles",
    "ReadLimits",
    "find_files",
    "read_file",
    "supported_suffixes",
]
