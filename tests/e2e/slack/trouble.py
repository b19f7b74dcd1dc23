"""What the tests of faults and refusals share: the methods that show something, and a queue."""

from adapters.messaging.answering import QUEUE_FROM
from tests.e2e.corpus import QUESTION
from tests.e2e.slack.records import locked
from tests.e2e.slack.stage import Stage
from tests.e2e.slack.workspace import Channel, Message

POST, UPDATE, RESPOND = "chat.postMessage", "chat.update", "response_url"


def said(stage: Stage, channel: Channel) -> list[Message]:
    """Return what the bot said for all to see in a channel and its threads."""
    return list(stage.workspace.team.said_by_bot(channel))


async def noticed(stage: Stage) -> Message:
    """Let many ask a slow bot, and return the question of the one who was told of the queue."""
    with locked(stage.folder):
        people = [stage.workspace.member(f"M{number}") for number in range(QUEUE_FROM + 1)]
        asked = [one.ask(stage.general, QUESTION) for one in people]
        await stage.until(lambda: any(map(stage.workspace.answers_to, asked)))
    return next(one for one in asked if stage.workspace.answers_to(one))
