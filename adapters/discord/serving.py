"""Serve Discord until the process is told to stop. Called by ``counterpoint serve discord``.

On SIGTERM or SIGINT nothing new is taken and a reindex is broken off, what else is held is
finished within STOP_TIMEOUT_S, and the connection and the journal are closed.
"""

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import discord
import yarl

from adapters.discord.client import DiscordClient
from adapters.discord.translate import PLATFORM
from adapters.messaging.connecting import noting
from adapters.messaging.stopping import until_stopped
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.bootstrap import Application
    from bot.settings import Settings

_INVALID_TOKEN = 4004
_HOW_TO_GET_A_TOKEN = (
    "Create an application at https://discord.com/developers/applications, "  # noqa: S105
    "copy its token from the page Bot, and set DISCORD_TOKEN to it."
)


def serve(application: "Application") -> None:
    """Serve Discord until it is stopped.

    Raises:
        ConfigError: The token or an intent is missing; the message says what to do.
    """
    token = application.settings.discord_token
    if not token:
        raise ConfigError(f"DISCORD_TOKEN is not set. {_HOW_TO_GET_A_TOKEN}")
    point_at(application.settings)
    asyncio.run(serve_until_stopped(application, token))


def point_at(settings: "Settings") -> None:
    """Have discord.py use the API and the gateway that are set; it knows them by its classes."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nothing is spoken
    if settings.discord_api_base:
        discord.http.Route.BASE = settings.discord_api_base.rstrip("/")
    if settings.discord_gateway_url:
        gateway = yarl.URL(settings.discord_gateway_url)
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway


async def serve_until_stopped(application: "Application", token: str) -> None:
    """Serve Discord in the running loop until SIGTERM or SIGINT; raises as `serve` does."""
    async with application.open() as core:
        client = DiscordClient(core.bot, core.administration, application, application.settings)
        gateways = core.vitals.gateways if core.vitals is not None else None
        async with noting(gateways, PLATFORM, client.gateway):
            await until_stopped(
                _run(client, token),
                client.close,
                client.work,
                core.administration,
                application.settings.stop_timeout_s,
            )


async def _run(client: DiscordClient, token: str) -> None:
    """Be connected until the client is closed; what the operator can mend is told as such."""
    try:
        await client.start(token)
    except discord.LoginFailure as error:
        raise ConfigError(f"Discord refuses DISCORD_TOKEN. {_HOW_TO_GET_A_TOKEN}") from error
    except discord.PrivilegedIntentsRequired as error:
        raise ConfigError(
            "DISCORD_MESSAGE_CONTENT is on, but the application has no message content intent. "
            "Grant it on the page Bot of https://discord.com/developers/applications, or turn "
            "the setting off."
        ) from error
    except (aiohttp.ClientError, OSError, discord.HTTPException) as error:
        raise ConfigError(
            f"Discord cannot be reached at {discord.http.Route.BASE}: {error}. "
            "Check the network, and DISCORD_API_BASE if it is set."
        ) from error
    except discord.ConnectionClosed as error:
        if error.code == _INVALID_TOKEN:
            raise ConfigError(f"Discord refuses DISCORD_TOKEN. {_HOW_TO_GET_A_TOKEN}") from error
        raise ConfigError(
            f"Discord closed the connection with code {error.code}: {error.reason or 'no reason'}. "
            "Check DISCORD_SHARD_IDS and DISCORD_SHARD_COUNT."
        ) from error
