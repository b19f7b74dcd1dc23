"""Everything that is laid out for Slack, as `adapters.messaging.views.Views` names it."""

from adapters.slack.blocks import notice, refusal, report
from adapters.slack.render import (
    render_context as context,
)
from adapters.slack.render import (
    render_counterpoints as counterpoints,
)
from adapters.slack.render import (
    render_more as more,
)
from adapters.slack.render import (
    render_reply as reply,
)

__all__ = ["context", "counterpoints", "more", "notice", "refusal", "reply", "report"]
