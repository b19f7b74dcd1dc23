"""A bot that answers each mention with the mention: what discord.py alone costs.

python -m tests.benchmarks.echo_bot API_BASE GATEWAY_URL TOKEN
"""

import sys

import discord
from discord.gateway import DiscordWebSocket
from yarl import URL


class Echo(discord.Client):
    """Sends back what it is told."""

    async def on_message(self, message: discord.Message) -> None:
        """Answer whoever mentions it."""
        if self.user in message.mentions and not message.author.bot:
            await message.reply(message.content)


def main() -> None:
    """Run until killed."""
    api_base, gateway_url, token = sys.argv[1:]
    discord.http.Route.BASE = api_base
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url)
    intents = discord.Intents(guilds=True, guild_messages=True)
    none = discord.AllowedMentions.none()
    Echo(intents=intents, allowed_mentions=none, guild_ready_timeout=0).run(token, log_handler=None)


if __name__ == "__main__":
    main()
