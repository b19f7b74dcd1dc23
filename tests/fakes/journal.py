"""A journal in memory, for tests of what writes to one; and samples of what it is told.

`MemoryJournal` passes the contract that every journal passes.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any

from bot.errors import JournalError
from bot.ports import (
    Journal,
    JournalEntry,
    JournalHealth,
    KeptQuote,
    QuoteRole,
    RateLimits,
    Receipt,
    RequestState,
    TextPolicy,
)
from bot.types import (
    Evidence,
    Feedback,
    Interaction,
    Query,
    QueryKind,
    Quote,
    Reply,
    Source,
    Stance,
    Trigger,
)
from tests.fakes.entries import (
    asked_in_vain,
    asker_of,
    begun,
    blank,
    kept_of,
    passed_over,
    shown_of,
    was_asked,
)


class MemoryJournal:
    """Keeps entries in a dict, the last begun last."""

    def __init__(
        self,
        clock: Callable[[], float],
        new_id: Callable[[], str],
        text_policy: TextPolicy = TextPolicy.FULL,
        lease_s: float = 900.0,
    ) -> None:
        self._gone: frozenset[str] = frozenset()
        self._clock = clock
        self._new_id = new_id
        self._text_policy = text_policy
        self._lease_s = lease_s
        self._ids: dict[tuple[str, str], str] = {}
        self._entries: dict[str, JournalEntry] = {}
        self._admitted: set[str] = set()
        self._verdicts: dict[tuple[str, str], Feedback] = {}
        self._undelivered: dict[str, str] = {}
        self._quotes: dict[str, KeptQuote] = {}
        self._opted_out: set[str] = set()
        self._counted: list[JournalEntry] = []
        self._unasked: dict[str, JournalEntry] = {}
        self._closed = False

    def succeeded(self) -> "MemoryJournal":
        """Return the journal of a process that follows this one, which is gone."""
        after = MemoryJournal(self._clock, self._new_id, self._text_policy, self._lease_s)
        after._ids, after._entries = self._ids, self._entries
        after._admitted, after._verdicts = self._admitted, self._verdicts
        after._undelivered, after._quotes = self._undelivered, self._quotes
        after._opted_out, after._counted = self._opted_out, self._counted
        after._gone = frozenset(self._entries)
        return after

    async def begin(self, interaction: Interaction, limits: RateLimits | None = None) -> Receipt:
        self._refuse_if_closed()
        key = (interaction.platform, interaction.id)
        if key in self._ids:
            entry = self._entries[self._ids[key]]
            is_gone, is_kept = entry.request_id in self._gone, entry.asker is not None
            has_expired = self._clock() - entry.begun_at > self._lease_s
            abandoned = (entry.state is RequestState.BEGUN and (is_gone or has_expired)) or (
                entry.state is RequestState.FINISHED and is_gone and was_asked(entry)
            )
            if abandoned:
                self._gone -= {entry.request_id}
                self._admitted.add(entry.request_id)
                again = begun(entry.request_id, interaction, self._text_policy, self._clock())
                is_unasked = again.trigger is Trigger.AUTO
                if is_unasked and is_kept:
                    self._blank([entry])
                    entry = self._entries[entry.request_id]
                self._entries[entry.request_id] = replace(entry, begun_at=self._clock())
                if limits and (is_unasked or not is_kept):
                    self._counted.append(again)
                if is_unasked:
                    is_kept = self._held(again)
                return Receipt(entry.request_id, is_new=True, is_kept=is_kept)
            return Receipt(entry.request_id, False, entry.state, is_kept=is_kept)
        request_id = self._ids[key] = self._new_id()
        wait_s = self._wait_s(interaction, limits) if limits else 0.0
        if not wait_s:
            self._admitted.add(request_id)
        entry = begun(request_id, interaction, self._text_policy, self._clock())
        is_unasked = entry.trigger is Trigger.AUTO
        is_kept = self._held(entry) if is_unasked else entry.asker not in self._opted_out
        is_written = is_kept and not is_unasked
        self._entries[request_id] = entry if is_written else blank(entry)
        if limits and not wait_s and not is_written:
            self._counted.append(entry)
        return Receipt(request_id, is_new=True, wait_s=wait_s, is_kept=is_kept)

    async def finish(self, request_id: str, reply: Reply, error: str | None = None) -> None:
        entry = self._entry(request_id)
        unasked = self._unasked.pop(request_id, None)
        if unasked is not None and not reply.answered:
            self._entries[request_id] = passed_over(entry, self._clock())
            return
        if unasked is not None and unasked.asker is not None:
            entry = unasked
            self._counted = [one for one in self._counted if one is not unasked]
        forgotten = entry.asker is None
        keeps_words = self._text_policy is TextPolicy.FULL and not forgotten
        shown = shown_of(QuoteRole.QUOTE, reply.quotes) + shown_of(
            QuoteRole.COUNTERPOINT, reply.counterpoints
        )
        self._entries[request_id] = replace(
            entry,
            state=RequestState.FINISHED,
            kind=None if forgotten else reply.query.kind if reply.query else entry.kind,
            query=reply.query if keeps_words else None,
            finished_at=self._clock(),
            answered=reply.answered,
            error=None if forgotten else error,
            corpus_version=reply.corpus_version,
            took_ms=reply.took_ms,
            stage_ms=dict(reply.stage_ms),
            shown=() if forgotten else shown,
        )
        for evidence, one in zip((*reply.quotes, *reply.counterpoints), shown, strict=True):
            self._quotes.setdefault(one.quote_id, kept_of(evidence, one, self._clock()))
        self._undelivered.pop(request_id, None)

    async def delivered(self, request_id: str, message_ids: Sequence[str]) -> None:
        entry = self._entry(request_id)
        known = () if entry.asker is None else (*entry.message_ids, *message_ids)
        self._entries[request_id] = replace(
            entry, state=RequestState.DELIVERED, message_ids=tuple(dict.fromkeys(known))
        )
        self._undelivered.pop(request_id, None)

    async def undelivered(self, request_id: str, error: str) -> None:
        entry = self._entry(request_id)
        if entry.state is not RequestState.BEGUN and entry.asker is not None:
            self._undelivered[request_id] = error

    async def note_feedback(
        self, request_id: str, platform: str, asker_id: str, feedback: Feedback
    ) -> bool:
        self._refuse_if_closed()
        if request_id not in self._entries or self._entries[request_id].asker is None:
            return False
        key = (request_id, asker_of(platform, asker_id))
        if key[1] in self._opted_out:
            return False
        self._verdicts.pop(key, None)
        self._verdicts[key] = feedback
        return True

    async def forget(self, platform: str, asker_id: str) -> int:
        self._refuse_if_closed()
        asker = asker_of(platform, asker_id)
        for of, by in list(self._verdicts):
            if by == asker:
                del self._verdicts[of, by]
        for request_id, held in self._unasked.items():
            if held.asker == asker:
                self._unasked[request_id] = blank(held)
        return self._blank([one for one in self._entries.values() if one.asker == asker])

    async def opt_out(self, platform: str, asker_id: str) -> int:
        self._refuse_if_closed()
        asker = asker_of(platform, asker_id)
        self._opted_out.add(asker)
        for entry in self._entries.values():
            if entry.asker == asker and entry.request_id in self._admitted:
                self._counted.append(entry)
        return await self.forget(platform, asker_id)

    async def opt_in(self, platform: str, asker_id: str) -> None:
        self._refuse_if_closed()
        self._opted_out.discard(asker_of(platform, asker_id))

    async def has_opted_out(self, platform: str, asker_id: str) -> bool:
        self._refuse_if_closed()
        return asker_of(platform, asker_id) in self._opted_out

    async def expire(self, before: float) -> int:
        self._refuse_if_closed()
        known = [entry for entry in self._entries.values() if entry.asker is not None]
        return self._blank([entry for entry in known if entry.begun_at < before])

    def _blank(self, found: list[JournalEntry]) -> int:
        gone = {entry.request_id for entry in found}
        for of, by in list(self._verdicts):
            if of in gone:
                del self._verdicts[of, by]
        for entry in found:
            self._undelivered.pop(entry.request_id, None)
            self._entries[entry.request_id] = blank(entry)
        return len(found)

    async def entry(self, request_id: str) -> JournalEntry | None:
        self._refuse_if_closed()
        return self._read(self._entries[request_id]) if request_id in self._entries else None

    async def kept_quote(self, quote_id: str) -> KeptQuote | None:
        self._refuse_if_closed()
        return self._quotes.get(quote_id)

    async def recent(
        self,
        limit: int,
        *,
        platform: str | None = None,
        community_id: str | None = None,
        unanswered_only: bool = False,
    ) -> AsyncIterator[JournalEntry]:
        self._refuse_if_closed()
        wanted = [
            entry
            for entry in reversed(self._entries.values())
            if was_asked(entry)
            and platform in (None, entry.platform)
            and community_id in (None, entry.community_id)
            and (not unanswered_only or asked_in_vain(entry))
        ]
        for entry in wanted[: max(limit, 0)]:
            yield self._read(entry)

    async def history(
        self, *, since: float = 0.0, platform: str | None = None
    ) -> AsyncIterator[JournalEntry]:
        self._refuse_if_closed()
        for entry in filter(was_asked, list(self._entries.values())):
            if entry.begun_at >= since and platform in (None, entry.platform):
                yield self._read(entry)

    async def entries_of(self, platform: str, asker_id: str) -> AsyncIterator[JournalEntry]:
        self._refuse_if_closed()
        asker = asker_of(platform, asker_id)
        for entry in [one for one in self._entries.values() if one.asker == asker]:
            yield self._read(entry)

    async def verdicts_of(self, platform: str, asker_id: str) -> list[tuple[str, Feedback]]:
        self._refuse_if_closed()
        asker = asker_of(platform, asker_id)
        return [(of, said) for (of, by), said in self._verdicts.items() if by == asker]

    async def check(self) -> JournalHealth:
        self._refuse_if_closed()
        newest = list(self._entries.values())[-1:]
        return JournalHealth(
            location="memory",
            schema_version=1,
            size_bytes=0,
            interactions=len(self._entries),
            last_write=max((e.finished_at or e.begun_at for e in newest), default=None),
            problems=(),
        )

    async def close(self) -> None:
        self._closed = True

    def _held(self, entry: JournalEntry) -> bool:
        """Hold what nobody asked until it is answered; says whether it is kept then."""
        is_kept = entry.asker not in self._opted_out
        self._unasked[entry.request_id] = entry if is_kept else blank(entry)
        return is_kept

    def _read(self, entry: JournalEntry) -> JournalEntry:
        verdicts = self._verdicts.items()
        found = tuple(said for (of, _), said in verdicts if of == entry.request_id)
        late = self._undelivered.get(entry.request_id)
        return replace(entry, feedback=found, error=late if entry.error is None else entry.error)

    def _wait_s(self, interaction: Interaction, limits: RateLimits) -> float:
        now = self._clock()
        asker = asker_of(interaction.platform, interaction.asker_id)
        channel = (interaction.platform, interaction.community_id, interaction.channel_id)
        admitted = [self._entries[request_id] for request_id in self._admitted] + self._counted
        recent = [one for one in admitted if abs(now - one.begun_at) < limits.window_s]
        asked = [one for one in recent if one.trigger is not Trigger.AUTO]
        per_asker = 0 if interaction.trigger is Trigger.AUTO else limits.per_asker
        waits = [
            _wait_of([one.begun_at for one in asked if one.asker == asker], per_asker),
            _wait_of(
                [
                    one.begun_at
                    for one in recent
                    if (one.platform, one.community_id, one.channel_id) == channel
                ],
                limits.per_channel,
            ),
        ]
        return max([0.0, *(began + limits.window_s - now for began in waits if began is not None)])

    def _entry(self, request_id: str) -> JournalEntry:
        self._refuse_if_closed()
        if request_id not in self._entries:
            raise JournalError(f"The journal holds no request {request_id!r}.")
        return self._entries[request_id]

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise JournalError("The journal is closed.")


def _keeps_the_port(journal: MemoryJournal) -> Journal:
    return journal  # the type checker says when the fake drifts from its port


def _wait_of(begun_at: list[float], limit: int) -> float | None:
    """Return when the request began that has to leave the window before there is room."""
    return sorted(begun_at)[-limit] if 0 < limit <= len(begun_at) else None


def an_interaction(**changes: Any) -> Interaction:
    """Return somebody's claim about beavers, with changes."""
    sample = Interaction(
        id="i1",
        platform="discord",
        community_id="river-club",
        channel_id="dams",
        thread_id="thread-7",
        asker_id="ada",
        text="Beavers lower the risk of floods.",
        trigger=Trigger.MENTION,
        created_at=1_749_999_999.0,
    )
    return replace(sample, **changes)


def some_evidence(text: str, stance: Stance, start: int = 10) -> Evidence:
    """Return evidence whose quote says ``text``."""
    return Evidence(
        quote=Quote(
            text=text,
            document_id="wetlands",
            start=start,
            end=start + len(text),
            speaker=None,
            reported=False,
            locator="paragraph 2",
            permalink="/wetlands#2",
        ),
        source=Source("wetlands", "On wetlands", None, None, None),
        stance=stance,
        probability=0.9,
        score=0.8,
    )


def a_reply(**changes: Any) -> Reply:
    """Return a reply with two quotes and a counterpoint, with changes."""
    sample = Reply(
        id="r1",
        answered=True,
        headline="2 passages support this, 1 opposes it.",
        quotes=(
            some_evidence("Dams slow the water.", Stance.SUPPORTS),
            some_evidence("Ponds store the spring melt.", Stance.NEUTRAL, start=90),
        ),
        counterpoints=(some_evidence("A failed dam floods the valley.", Stance.OPPOSES, 200),),
        query=Query("Beavers lower the risk of floods.", QueryKind.CLAIM),
        corpus_version="c0ffee",
        took_ms=12.5,
        stage_ms={"search": 8.0, "stance": 4.5},
    )
    return replace(sample, **changes)
