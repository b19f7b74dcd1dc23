"""What an adapter has to lay out; each makes messages of its platform's own sort."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from adapters.messaging.paging import Seen
from adapters.messaging.reports import Report
from adapters.messaging.surroundings import Cited
from bot.conversation.composing import ReplyLimits
from bot.types import Evidence, Reply, Topic

View_co = TypeVar("View_co", covariant=True)


class Views(Protocol[View_co]):
    """Makes messages. Pure; a module of functions will do."""

    def reply(
        self,
        reply: Reply,
        topics: Sequence[Topic],
        *,
        first: ReplyLimits,
        about: Cited | None,
        note: str,
    ) -> View_co:
        """Return the message that answers a request.

        Args:
            reply: The reply with all its evidence.
            topics: The topics of the corpus, for the names of suggestions.
            first: How much of each side is shown; the rest is behind a button.
            about: Whose message the reply is about, when it is not the request's own.
            note: A further sentence for the asker; empty for none.
        """

    def more(self, reply: Reply, seen: Seen, gone: int) -> View_co:
        """Return the page that follows what was seen of a reply; ``gone`` quotes are no more."""

    def counterpoints(self, reply: Reply, gone: int) -> View_co:
        """Return the counterpoints of a reply alone, from the first."""

    def context(self, evidence: Evidence, before: str, after: str) -> View_co:
        """Return a quote between the sentences around it."""

    def report(self, report: Report) -> View_co:
        """Return lines under a title, with buttons."""

    def notice(self, sentence: str) -> View_co:
        """Return a message of some plain sentences."""

    def refusal(self, sentence: str, request_id: str) -> View_co:
        """Return why something was not done, with the id to ask for help with."""
