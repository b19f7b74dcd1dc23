"""Everything that is laid out for Discord, as `adapters.messaging.views.Views` names it."""

from adapters.discord.layout import notice, refusal, report
from adapters.discord.render import (
    render_context as context,
)
from adapters.discord.render import (
    render_counterpoints as counterpoints,
)
from adapters.discord.render import (
    render_more as more,
)
from adapters.discord.render import (
    render_reply as reply,
)

__all__ = ["context", "counterpoints", "more", "notice", "refusal", "reply", "report"]
