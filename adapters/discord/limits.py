"""Discord's limits, in one table. Everything that is sent is measured against these.

Sources: the reference under docs.discord.com/developers (components/reference for messages,
interactions/application-commands for commands, interactions/receiving-and-responding for the
times, resources/message for nonces); what each says in 2026 stands beside it. Lengths are
counted in UTF-16 units, which is never less than however Discord counts.
"""

from adapters.messaging.lengths import CUT as CUT
from adapters.messaging.lengths import clipped as clipped
from adapters.messaging.lengths import length as length

# --- a message of Components V2 -------------------------------------------------

TEXT = 4000
"""Characters in all text displays of a message together."""
COMPONENTS = 40
"""Components of a message, nested ones included."""
ROW_BUTTONS = 5
"""Buttons in an action row."""
BUTTON_LABEL = 80
CUSTOM_ID = 100
SELECT_OPTIONS = 25
OPTION_LABEL = 100
OPTION_VALUE = 100
NONCE = 25
"""Characters of a nonce; one that was used in the last minutes names the same message."""

# --- commands -------------------------------------------------------------------

CHOICES = 25
"""Suggestions while a member types, and fixed choices of an option."""
CHOICE_NAME = 100
CHOICE_VALUE = 100
COMMANDS = 100
MESSAGE_MENUS = 15
DESCRIPTION = 100

# --- times and counts -----------------------------------------------------------

FIRST_RESPONSE_S = 3.0
"""Seconds until an interaction has to be acknowledged."""
TOKEN_S = 15 * 60.0
"""Seconds for which an acknowledged interaction can be answered."""
FOLLOW_UPS = 5
"""Further messages an interaction where the app is installed for the user alone."""
