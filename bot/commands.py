"""The commands of the bot, as data: both platforms register exactly these.

Names and descriptions obey the stricter platform each time (Discord: a command name has 1 to
32 lower-case characters, a description 1 to 100, 25 options and choices; Slack: a message
shortcut's name has 24 characters at most). What a command does is left to the adapters.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.types import ChannelMode, Trigger, Visibility


class OptionType(StrEnum):
    """What a member may put into an option."""

    TEXT = "text"
    INTEGER = "integer"
    CHANNEL = "channel"
    FILE = "file"


class Audience(StrEnum):
    """Who may use a command: every member, or those who manage the place."""

    MEMBERS = "members"
    ADMINS = "admins"


class Place(StrEnum):
    """Where a command works: in a community's channels, or in a direct message."""

    COMMUNITY = "community"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to choose from, and the label that a member sees."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Option:
    """An argument of a command.

    ``suggests_topics`` asks the platform to offer topics while the member types; other text
    is accepted all the same. ``minimum`` and ``maximum`` bound an integer, inclusive.
    """

    name: str
    description: str
    type: OptionType = OptionType.TEXT
    required: bool = False
    choices: tuple[Choice, ...] = ()
    suggests_topics: bool = False
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One deed of a command that has several."""

    name: str
    description: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command. ``slack_name`` differs where Slack needs it.

    Slack has one name space for the commands of all apps in a workspace, so general words
    carry the bot's own there.
    """

    name: str
    description: str
    slack_name: str
    options: tuple[Option, ...] = ()
    subcommands: tuple[Subcommand, ...] = ()
    audience: Audience = Audience.MEMBERS
    places: frozenset[Place] = frozenset(Place)

    @property
    def usage(self) -> str:
        """Return the hint for platforms that pass a command's arguments as one text."""
        if self.subcommands:
            return " | ".join(_usage(sub.name, sub.options) for sub in self.subcommands)
        return _usage("", self.options)


@dataclass(frozen=True, slots=True)
class MessageMenu:
    """An entry of a message's own menu."""

    name: str
    description: str
    trigger: Trigger
    audience: Audience = Audience.MEMBERS
    places: frozenset[Place] = frozenset(Place)


VISIBILITY = Option(
    "visibility",
    "Who sees the answer; everyone unless you choose",
    choices=(
        Choice("Everyone", Visibility.EVERYONE.value),
        Choice("Only me", Visibility.ASKER.value),
    ),
)

SOURCE = Command(
    "source",
    "Quotes from the documents on a topic, a claim or a question, for and against",
    "/source",
    options=(
        Option("topic", "A topic, a claim or a question", required=True, suggests_topics=True),
        VISIBILITY,
    ),
)

SOURCE_ADMIN = Command(
    "source-admin",
    "Look after the documents and the bot",
    "/source-admin",
    subcommands=(
        Subcommand("reindex", "Read the documents again and show what changed"),
        Subcommand("status", "What is indexed, since when, and how the bot is doing"),
        Subcommand(
            "channels",
            "What the bot does in each channel",
            options=(
                Option(
                    "action",
                    "What to do; the list is shown unless you choose",
                    choices=(
                        Choice("List", "list"),
                        Choice("Allow: answer when called", ChannelMode.ALLOW.value),
                        Choice("Deny: keep out of it", ChannelMode.DENY.value),
                        Choice("Auto: answer without being called", ChannelMode.AUTO.value),
                    ),
                ),
                Option("channel", "Which channel; this one unless you choose", OptionType.CHANNEL),
            ),
        ),
        Subcommand(
            "add",
            "Add a document to the corpus",
            options=(
                Option("file", "The document", OptionType.FILE, required=True),
                Option("title", "Its title, when the file does not say"),
                Option("author", "Who wrote it, when the file does not say"),
                Option("url", "Where it was published"),
            ),
        ),
        Subcommand(
            "log",
            "What was asked in vain, or all that was asked",
            options=(
                Option(
                    "show",
                    "Which; what was asked in vain unless you choose",
                    choices=(Choice("Asked in vain", "unanswered"), Choice("All", "all")),
                ),
                Option(
                    "count", "How many, newest first", OptionType.INTEGER, minimum=1, maximum=25
                ),
            ),
        ),
        Subcommand("doctor", "Check the set-up and say what is wrong"),
        Subcommand("dashboard", "A link that logs you in to the dashboard once"),
    ),
    audience=Audience.ADMINS,
    places=frozenset({Place.COMMUNITY}),
)

FORGET_ME = Command(
    "forget-me", "Remove everything you asked me, and my answers", "/source-forget-me"
)
PRIVACY = Command("privacy", "What is kept of what you ask, and for how long", "/source-privacy")
HELP = Command("help", "How to ask", "/source-help")

COMMANDS = (SOURCE, SOURCE_ADMIN, FORGET_ME, PRIVACY, HELP)

FIND_SOURCES = MessageMenu("Find sources", "Quotes on what this message says", Trigger.MENU_SOURCES)
FIND_COUNTERPOINTS = MessageMenu(
    "Find counterpoints", "Quotes against what this message says", Trigger.MENU_COUNTERPOINTS
)

MESSAGE_MENUS = (FIND_SOURCES, FIND_COUNTERPOINTS)


def _usage(name: str, options: tuple[Option, ...]) -> str:
    return " ".join([name, *(_hint(option) for option in options)]).strip()


def _hint(option: Option) -> str:
    hint = "|".join(choice.value for choice in option.choices) or option.name
    return hint if option.required else f"[{hint}]"
