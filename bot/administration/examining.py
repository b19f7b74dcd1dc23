"""Look index, corpus and journal over, and say in sentences how they are.

For the operator and the admins of a community. Nothing is repaired and no secret is shown.
Called by `administering`.
"""

from bot.administration.values import CorpusStatus, CorpusView, Finding, Health
from bot.errors import BotError, JournalError
from bot.ports import Journal

_OLD_S = 90 * 24 * 3600.0  # an index that nobody renewed for a quarter is worth a word


def status_of(corpus: CorpusView) -> CorpusStatus:
    """Return what can be searched now; raises IndexUnavailable when it is damaged."""
    index = corpus.store.current()
    topics = len(corpus.topics())
    if index is None:
        return CorpusStatus(None, 0, 0, topics, None)
    titles = tuple(sorted(index.titles().values()))
    return CorpusStatus(index.version, len(titles), index.size, topics, corpus.built_at(), titles)


def examine_corpus(corpus: CorpusView, now: float) -> list[Finding]:
    """Return how the index is, and how old; ``now`` is in seconds since the epoch."""
    return [_index_finding(corpus), *_age_findings(corpus, now)]


async def examine_journal(journal: Journal | None) -> list[Finding]:
    """Return how the log of interactions is."""
    part = "journal"
    if journal is None:
        told = "No journal is open: nothing is noted, and no limits, channels or cool-down hold."
        return [Finding(part, Health.WARNING, told)]
    try:
        health = await journal.check()
    except JournalError as error:
        return [Finding(part, Health.PROBLEM, str(error))]
    if health.problems:
        return [Finding(part, Health.PROBLEM, problem) for problem in health.problems]
    megabytes = health.size_bytes / 1e6
    told = f"{health.interactions} requests noted, {megabytes:.1f} MB, sound."
    return [Finding(part, Health.OK, told)]


def _index_finding(corpus: CorpusView) -> Finding:
    try:
        status = status_of(corpus)
    except BotError as error:
        return Finding("index", Health.PROBLEM, str(error))
    if status.version is None:
        told = "No index serves yet; a reindex builds one."
        return Finding("index", Health.PROBLEM, told)
    told = f"{status.documents} documents, {status.passages} sentences, {status.topics} topics"
    return Finding("index", Health.OK, f"{told}, version {status.version}.")


def _age_findings(corpus: CorpusView, now: float) -> list[Finding]:
    built_at, changed_at = corpus.built_at(), corpus.changed_at()
    if built_at is None:
        return []
    age_s = now - built_at
    told = f"Read {_ago(age_s)}."
    if changed_at is not None and changed_at > built_at:
        told = f"It changed after it was read {_ago(age_s)}; a reindex renews the index."
        return [Finding("corpus", Health.WARNING, told)]
    if age_s > _OLD_S:
        return [Finding("corpus", Health.WARNING, f"{told} Is it still up to date?")]
    return [Finding("corpus", Health.OK, told)]


def _ago(seconds: float) -> str:
    """Return a span of time as people say it ("3 hours ago")."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = int(seconds // length)
        if count >= 1:
            return f"{count} {unit} ago" if count == 1 else f"{count} {unit}s ago"
    return "just now"
