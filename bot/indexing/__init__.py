"""The reindex use case: bring the index up to what the corpus says, or leave it as it is.

Every file has a cheap fingerprint. Where it is the one the index knows, nothing is read;
else the file is read and each of its documents compared, and only what changed is
analysed and encoded. A file that cannot be read is reported, and what it held before
stays. The new generation is checked before it serves; until then, and after any error,
the old one does.

Reading and splitting are `bot.corpus`'s, storing is the `IndexStore`'s. Called by
`bot.bootstrap` for `counterpoint reindex` and the admin command.
"""

from bot.indexing.prepare import Preparation, SourceFile, TermAnalyzer
from bot.indexing.reindex import Indexer, Progress, Stage

__all__ = ["Indexer", "Preparation", "Progress", "SourceFile", "Stage", "TermAnalyzer"]
