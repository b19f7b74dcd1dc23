"""Where the tokens of workspaces are kept: sealed here, stored by the core.

Bolt's OAuth asks these two stores. What they write is encrypted with keys from the settings
before it leaves this module, so that a copy of the journal opens no workspace. The flow itself
is left to Bolt, the disk to `Installations`. Made where the app is put together.
"""

import json
import logging
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from logging import Logger
from typing import Any, NoReturn

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.slack.translate import PLATFORM, community_of
from bot.errors import ConfigError
from bot.ports import Installations

STATE_LIFETIME_S = 600.0
"""How long somebody may take to allow an installation; Bolt's cookie lives as long."""

_BOT = ""  # whose the bot's own installation is
_STATE_BYTES = 32

_OF_A_PERSON = ("user_token", "user_scopes", "user_refresh_token", "user_token_expires_at")

_HOW_TO_MAKE_A_KEY = (
    "Make one and keep a copy outside the data folder: "
    'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
)

_log = logging.getLogger(__name__)


def sealer_from(keys: str) -> MultiFernet:
    """Return what seals with the first of some keys and opens what any of them sealed.

    Args:
        keys: The value of SLACK_ENCRYPTION_KEY: Fernet keys with commas between, the newest
            first.

    Raises:
        ConfigError: There is none, or one is no key; the message says how to make one.
    """
    fernets = []
    for number, key in enumerate([key for part in keys.split(",") if (key := part.strip())], 1):
        try:
            fernets.append(Fernet(key))
        except ValueError:  # whose message may not be passed on: nothing of a key is logged
            raise ConfigError(
                f"SLACK_ENCRYPTION_KEY: key {number} is no Fernet key, which is 32 bytes in "
                f"url-safe base64. {_HOW_TO_MAKE_A_KEY}"
            ) from None
    if not fernets:
        raise ConfigError(
            f"SLACK_ENCRYPTION_KEY is not set; without it no token is stored. {_HOW_TO_MAKE_A_KEY}"
        )
    return MultiFernet(fernets)


class InstallationStore(AsyncInstallationStore):
    """Keeps a workspace's installation, and beside it the tokens of members, each by itself.

    They are apart because they go apart: a member may withdraw theirs, and Bolt, when it renews
    the bot's token on a request of somebody else, saves an installation without the installer's.

    Args:
        installations: Keeps what is sealed.
        sealer: Seals and opens; `sealer_from` makes one.
    """

    def __init__(self, installations: Installations, sealer: MultiFernet) -> None:
        self._installations = installations
        self._sealer = sealer

    @property
    def logger(self) -> Logger:
        """Where Bolt logs what concerns the store."""
        return _log

    async def async_save(self, installation: Installation) -> None:
        """Keep what an installation gave: the bot's token, its installer's, or both."""
        community = _named(
            installation.enterprise_id, installation.team_id, installation.is_enterprise_install
        )
        values = installation.to_dict_for_copying()
        if installation.user_token is not None and installation.user_id:
            await self._keep(community, installation.user_id, _without(values, "bot_"))
        if installation.bot_token is not None:
            await self._keep(community, _BOT, _without(values, *_OF_A_PERSON))

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep the bot's token anew; who installed it stays known."""
        community = _named(bot.enterprise_id, bot.team_id, bot.is_enterprise_install)
        known = await self._find(community, _BOT) or {"user_id": ""}
        await self._keep(community, _BOT, {**known, **bot.to_dict_for_copying()})

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """Return the bot's part of an installation; None where it is not installed."""
        community = community_of(enterprise_id, team_id, is_enterprise_install)
        values = await self._find(community, _BOT)
        return Installation(**values).to_bot() if values else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """Return an installation with a member's token, if there is one.

        Args:
            enterprise_id: The organisation, if there is one.
            team_id: The workspace.
            user_id: The member; by default whoever installed the bot, token or not.
            is_enterprise_install: Whether the organisation installed it.
        """
        community = community_of(enterprise_id, team_id, is_enterprise_install)
        bot = await self._find(community, _BOT)
        installer = bot["user_id"] if bot else None
        member = user_id or installer
        person = await self._find(community, member) if member else None
        if person is not None:
            own = {name: person[name] for name in ("user_id", *_OF_A_PERSON)}
            return Installation(**{**person, **(bot or {}), **own})
        if bot is None or user_id not in (None, installer):
            return None
        return Installation(**bot)

    async def async_delete_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> None:
        """Delete the bot's token."""
        community = community_of(enterprise_id, team_id, is_enterprise_install)
        if community is not None:
            await self._installations.forget(PLATFORM, community, _BOT)

    async def async_delete_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> None:
        """Delete a member's token, or by default every token."""
        community = community_of(enterprise_id, team_id, is_enterprise_install)
        if community is not None:
            await self._installations.forget(PLATFORM, community, user_id)

    async def async_delete_all(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> None:
        """Delete every token, and what the core knows of the community."""
        community = community_of(enterprise_id, team_id, is_enterprise_install)
        if community is not None:
            await self._installations.forget_community(PLATFORM, community)

    async def _keep(self, community: str, owner: str, values: dict[str, Any]) -> None:
        text = json.dumps(values, default=datetime.isoformat)
        sealed = self._sealer.encrypt(text.encode())
        await self._installations.keep(PLATFORM, community, owner, sealed)

    async def _find(self, community: str | None, owner: str) -> dict[str, Any] | None:
        if community is None:
            return None
        sealed = await self._installations.find(PLATFORM, community, owner)
        if sealed is None:
            return None
        try:
            text = self._sealer.decrypt(sealed)
        except InvalidToken:
            _refuse_key(community)
        values: dict[str, Any] = json.loads(text)
        return values


class StateStore(AsyncOAuthStateStore):
    """Issues the one-time words that tie an installation's end to its beginning.

    Args:
        installations: Keeps the words, for all processes.
        clock: Seconds since the epoch, UTC.
        random_text: Makes url-safe text of so many random bytes.
    """

    def __init__(
        self,
        installations: Installations,
        clock: Callable[[], float] = time.time,
        random_text: Callable[[int], str] = secrets.token_urlsafe,
    ) -> None:
        self._installations = installations
        self._clock = clock
        self._random_text = random_text

    @property
    def logger(self) -> Logger:
        """Where Bolt logs what concerns the store."""
        return _log

    async def async_issue(self, *_args: object, **_kwargs: object) -> str:
        """Return a new word, which may come back once within `STATE_LIFETIME_S`."""
        state = self._random_text(_STATE_BYTES)
        await self._installations.note_state(PLATFORM, state, self._clock() + STATE_LIFETIME_S)
        return state

    async def async_consume(self, state: str) -> bool:
        """Tell whether a word was issued here, is not too old and comes back for the first time."""
        return await self._installations.use_state(PLATFORM, state)


def _named(enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool) -> str:
    community = community_of(enterprise_id, team_id, is_enterprise_install)
    if community is None:
        # Of Bolt's own kind, for which its OAuth pages have an answer.
        raise BoltError("Slack named neither a workspace nor an organisation; install it again.")
    return community


def _without(values: dict[str, Any], *prefixes: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if not name.startswith(prefixes)}


def _refuse_key(community: str) -> NoReturn:
    # Logged here too: Bolt makes a line of level INFO of what is raised while it looks for a bot.
    _log.error("installation_not_opened", extra={"community_id": community})
    raise ConfigError(
        f"No key of SLACK_ENCRYPTION_KEY opens the installation of {community}. Put the key that "
        "sealed it back, after the newest one and a comma, or install the bot there again."
    )
