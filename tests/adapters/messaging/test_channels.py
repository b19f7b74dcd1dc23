from collections.abc import Mapping

from adapters.messaging.channels import mode_of
from bot.errors import JournalError
from bot.types import ChannelMode, Interaction, Trigger


def asked(channel_id: str, thread_id: str | None) -> Interaction:
    return Interaction(
        "9", "discord", "1", channel_id, "7", "", Trigger.MENTION, 0.0, thread_id=thread_id
    )


class FakeSettings:
    """Knows the modes of channels, or fails to."""

    def __init__(self, **modes: ChannelMode) -> None:
        self._modes = {name.removeprefix("c"): mode for name, mode in modes.items()}

    async def channels(self, platform: str, community_id: str) -> Mapping[str, ChannelMode]:
        if not self._modes:
            raise JournalError("locked")
        return self._modes


async def test_a_thread_follows_its_channel_unless_it_has_a_setting_of_its_own() -> None:
    settings = FakeSettings(c2=ChannelMode.DENY, c30=ChannelMode.ALLOW)
    assert await mode_of(settings, asked("2", None)) is ChannelMode.DENY
    assert await mode_of(settings, asked("2", "31")) is ChannelMode.DENY
    assert await mode_of(settings, asked("2", "30")) is ChannelMode.ALLOW
    assert await mode_of(settings, asked("3", None)) is ChannelMode.ALLOW


async def test_channels_stay_open_while_their_settings_cannot_be_read() -> None:
    assert await mode_of(FakeSettings(), asked("2", None)) is ChannelMode.ALLOW
