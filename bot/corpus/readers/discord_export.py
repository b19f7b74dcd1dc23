"""Read a channel that DiscordChatExporter saved as JSON.

What members wrote is kept as they wrote it; what bots and the platform itself posted
("joined", "pinned a message") is left out. Called for a .json file.
"""

from bot.corpus.raw import RawDocument
from bot.corpus.readers.building import CharacterBudget, DocumentBuilder, known
from bot.corpus.readers.encoding import decode
from bot.corpus.readers.json_values import as_object, as_objects, as_text, parse_json
from bot.corpus.readers.limits import ReadLimits, Unreadable

# The types of messages that people write; the exporter names them, or numbers the new ones.
_WRITTEN = frozenset({"Default", "Reply", "0", "19"})


def read(data: bytes, limits: ReadLimits) -> list[RawDocument]:
    """Return the channel as one document, each message a paragraph with its author.

    A locator is the day and minute as the export has them ("2024-05-01 13:04").

    Raises:
        Unreadable: It is no such export, or nobody wrote anything in it.
    """
    export = as_object(parse_json(decode(data)))
    channel = as_object(export.get("channel"))
    if not channel or "guild" not in export or not isinstance(export.get("messages"), list):
        raise Unreadable(
            "It is JSON, but no Discord channel as DiscordChatExporter saves it. Documents "
            "of your own can be given as .jsonl, one object with a text a line."
        )
    builder = DocumentBuilder(CharacterBudget(limits))
    for message in as_objects(export["messages"]):
        author = as_object(message.get("author"))
        if str(message.get("type", "Default")) not in _WRITTEN or author.get("isBot") is True:
            continue
        builder.add(
            as_text(message.get("content")),
            speaker=as_text(author.get("nickname")) or as_text(author.get("name")) or None,
            locator=as_text(message.get("timestamp"))[:16].replace("T", " ") or None,
        )
    if builder.is_empty:
        raise Unreadable("Nobody wrote anything in this channel, so there is nothing to quote.")
    guild = as_text(as_object(export.get("guild")).get("name"))
    name = as_text(channel.get("name"))
    title = " ".join(part for part in (guild, f"#{name}" if name else "") if part)
    return [builder.build(known([("id", channel.get("id")), ("title", title), ("kind", "chat")]))]
