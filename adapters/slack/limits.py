"""Slack's limits, in one table. Everything that is sent is measured against these.

Sources: the reference under docs.slack.dev (reference/block-kit for blocks and elements,
reference/methods for methods, interactivity/handling-user-interaction for response URLs and
times). Lengths are counted in UTF-16 units, which is never less than however Slack counts.
"""

from adapters.messaging.lengths import CUT as CUT
from adapters.messaging.lengths import clipped as clipped
from adapters.messaging.lengths import length as length

# --- a message ------------------------------------------------------------------

BLOCKS = 50
"""Blocks of a message."""
VIEW_BLOCKS = 100
"""Blocks of a modal or of the Home tab."""
TEXT = 12_000
"""Characters in all blocks together; `msg_blocks_too_long` has been seen from 13,200 on."""
FALLBACK = 3_900
"""Characters of a message's own text; `chat.update` takes 4,000."""

# --- blocks and elements --------------------------------------------------------

HEADER = 150
SMALL = 2_000
"""Characters of a line in small print; a text object takes 3,000."""
ACTIONS = 25
"""Elements of an actions block."""
ROW_BUTTONS = 5
"""Buttons that we put into a row: more do not fit beside each other."""
BUTTON_LABEL = 75
ACTION_ID = 255
OPTIONS = 100
OPTION_LABEL = 75
OPTION_VALUE = 150
PLACEHOLDER = 150
MODAL_TITLE = 24
INPUT_LABEL = 2_000
PROMPTS = 4
"""Prompts that are suggested in the Messages tab."""

# --- response URLs --------------------------------------------------------------

RESPONSES = 5
"""How often a response URL can be used."""
