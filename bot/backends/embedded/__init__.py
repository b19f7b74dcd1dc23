"""The index that comes with the package: files in one folder, no server.

SQLite holds documents, passages and terms (the truth), tantivy ranks by BM25, numpy ranks
vectors. `bot.bootstrap` makes an `EmbeddedStore`; everything else is reached through it.
"""

from bot.backends.embedded.store import EmbeddedStore

__all__ = ["EmbeddedStore"]
