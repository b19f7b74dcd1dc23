"""The loopback Discord itself, with a plain discord.py client: does it behave as Discord does?"""

import asyncio
import io
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands, ui

from tests.e2e.discord.contract import Contract
from tests.e2e.discord.people import Community, Member
from tests.e2e.discord.reading import answers_to, shown_by, text_of, written_by_bot
from tests.e2e.discord.server import TOKEN, LoopbackDiscord


class Echo(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"echo:(?P<what>\w+)"):
    """A button that keeps its state in its id."""

    def __init__(self, what: str) -> None:
        super().__init__(ui.Button(label="Again", custom_id=f"echo:{what}"))
        self.what = what

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["what"])

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"again {self.what}", ephemeral=True)


class EchoBot(discord.AutoShardedClient):
    """A bot that says what it is told."""

    def __init__(self, intents: discord.Intents) -> None:
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.05,
        )
        self.tree = app_commands.CommandTree(self)
        self.heard: list[str] = []
        self.events: list[str] = []
        self.add_dynamic_items(Echo)

    async def setup_hook(self) -> None:
        @self.tree.command(description="Say it")
        async def say(interaction: discord.Interaction, what: str) -> None:
            await interaction.response.defer()
            await interaction.followup.send(f"said {what}")

        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Spare the tests the five seconds that real shards wait for each other."""

    async def on_ready(self) -> None:
        self.events.append("ready")

    async def on_resumed(self) -> None:
        self.events.append("resumed")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.events.append(f"joined {guild.name}")

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot or message.is_system():
            return
        self.heard.append(message.content)
        if self.user not in message.mentions:
            return
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.TextDisplay(f"heard {message.content}"))
        view.add_item(ui.ActionRow(Echo("x")))
        await message.reply(view=view)


@pytest.fixture
def pointed() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@asynccontextmanager
async def running(server: LoopbackDiscord, patch: pytest.MonkeyPatch) -> AsyncIterator[EchoBot]:
    patch.setattr(discord.http.Route, "BASE", server.api_base)
    patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway.url))
    intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    intents.message_content = server.gateway.message_content
    bot = EchoBot(intents)
    task = asyncio.create_task(bot.start(TOKEN))
    await server.until(lambda: "ready" in bot.events or task.done())
    if task.done():
        await task
    try:
        yield bot
    finally:
        await bot.close()
        await task


@pytest.fixture
async def server() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord(contract=Contract.load()).serve() as server:
        yield server


@pytest.fixture
def community(server: LoopbackDiscord) -> Community:
    return Community(server)


@pytest.fixture
def ada(community: Community) -> Member:
    return community.member("Ada")


async def test_discord_py_is_as_it_was_published() -> None:
    assert discord.http.HTTPClient.request.__module__ == "discord.http"
    assert type(discord.webhook.async_.async_context.get()).__module__ == "discord.webhook.async_"


async def test_a_mention_a_button_and_a_command_are_answered(
    server: LoopbackDiscord, community: Community, ada: Member, pointed: pytest.MonkeyPatch
) -> None:
    async with running(server, pointed):
        asked = ada.ask(community.general, "hello")
        [answer] = await server.until(lambda: answers_to(server, asked))
        assert "hello" in text_of(answer)
        pressed = ada.press(answer, "Again")
        await server.until(lambda: pressed.responded)
        assert pressed.ephemeral
        said = ada.slash(community.general, "say", what="boo")
        [shown] = await server.until(lambda: shown_by(server, said))
        assert text_of(shown) == "said boo"
    assert server.problems() == []


async def test_text_is_hidden_from_a_bot_without_the_intent(
    server: LoopbackDiscord, community: Community, ada: Member, pointed: pytest.MonkeyPatch
) -> None:
    async with running(server, pointed) as bot:
        ada.say(community.general, "not meant for bots")
        await server.until(lambda: bot.heard)
        assert bot.heard == [""]
        channel = bot.get_partial_messageable(community.general.id)
        read = [
            message
            async for message in channel.history()
            if not (message.is_system() or message.author.bot)
        ]
        assert [message.content for message in read] == [""]


async def test_asking_for_an_intent_that_was_not_granted_ends_the_connection(
    server: LoopbackDiscord, pointed: pytest.MonkeyPatch
) -> None:
    pointed.setattr(discord.http.Route, "BASE", server.api_base)
    bot = EchoBot(discord.Intents(guilds=True, message_content=True))
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await bot.start(TOKEN)


async def test_a_wrong_token_is_refused(
    server: LoopbackDiscord, pointed: pytest.MonkeyPatch
) -> None:
    pointed.setattr(discord.http.Route, "BASE", server.api_base)
    bot = EchoBot(discord.Intents.none())
    with pytest.raises(discord.LoginFailure):
        await bot.start("another")
    await bot.close()


@pytest.mark.parametrize("trouble", ["drop", "reconnect"])
async def test_a_session_is_resumed_with_what_was_missed(
    server: LoopbackDiscord,
    community: Community,
    ada: Member,
    pointed: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    async with running(server, pointed) as bot:
        getattr(server.gateway, trouble)()
        ada.ask(community.general, "in the gap")
        await server.until(lambda: bot.heard)
        assert bot.events == ["ready", "resumed"]
        assert (server.gateway.identified, server.gateway.resumed) == (1, 1)


async def test_a_forgotten_session_starts_anew_and_misses_what_was_said(
    server: LoopbackDiscord, community: Community, ada: Member, pointed: pytest.MonkeyPatch
) -> None:
    async with running(server, pointed) as bot:
        server.gateway.forget()
        ada.ask(community.general, "in the gap")
        await server.until(lambda: server.gateway.identified == 2 and server.gateway.sessions)
        ada.ask(community.general, "later")
        await server.until(lambda: bot.heard)
        assert [text.split()[-1] for text in bot.heard] == ["later"]


async def test_an_event_can_be_delivered_twice(
    server: LoopbackDiscord, community: Community, ada: Member, pointed: pytest.MonkeyPatch
) -> None:
    async with running(server, pointed) as bot:
        ada.ask(community.general, "hello")
        server.gateway.repeat("MESSAGE_CREATE")
        await server.until(lambda: len(bot.heard) == 2)


async def test_discord_py_repeats_after_a_rate_limit_and_a_bad_gateway(
    server: LoopbackDiscord, community: Community, ada: Member, pointed: pytest.MonkeyPatch
) -> None:
    async with running(server, pointed):
        server.faults.gateway_error("POST", "/channels/*/messages")
        server.faults.rate_limit("POST", "/channels/*/messages")
        asked = ada.ask(community.general, "hello")
        await server.until(lambda: answers_to(server, asked))
        statuses = [one.status for one in server.sent("POST", "/channels/*/messages")]
        assert statuses == [502, 429, 200]


async def test_a_lost_response_leaves_its_work_done(
    server: LoopbackDiscord, community: Community, pointed: pytest.MonkeyPatch
) -> None:
    async with running(server, pointed) as bot:
        server.faults.lose_response("POST", "/channels/*/messages")
        channel = bot.get_partial_messageable(community.general.id)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await channel.send("once", nonce="7")
        # discord.py enforces every nonce, so that the same send gives the first message.
        again = await channel.send("once", nonce="7")
        assert [one.id for one in written_by_bot(server, community.general)] == [again.id]


async def test_a_lost_request_leaves_nothing_done(
    server: LoopbackDiscord, community: Community, pointed: pytest.MonkeyPatch
) -> None:
    async with running(server, pointed) as bot:
        server.faults.lose_request("POST", "/channels/*/messages")
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await bot.get_partial_messageable(community.general.id).send("once")
        assert list(written_by_bot(server, community.general)) == []


async def test_an_interaction_expires(
    server: LoopbackDiscord, community: Community, ada: Member, pointed: pytest.MonkeyPatch
) -> None:
    async with running(server, pointed):
        server.faults.delay("POST", "/interactions/*/callback", 0.2)
        said = ada.slash(community.general, "say", what="late")
        server.backend.advance_clock(4)
        await server.until(lambda: server.sent("POST", "/interactions/*/callback"))
        assert server.sent("POST", "/interactions/*/callback")[0].status == 404
        assert not said.responded


async def test_a_file_arrives_and_can_be_fetched(
    server: LoopbackDiscord, community: Community, pointed: pytest.MonkeyPatch
) -> None:
    async with running(server, pointed) as bot:
        channel = bot.get_partial_messageable(community.general.id)
        sent = await channel.send("see", file=discord.File(io.BytesIO(b"text"), "notes.txt"))
        assert await sent.attachments[0].read() == b"text"
    assert server.sent("POST", "/channels/*/messages")[0].files == ("notes.txt",)
    assert server.problems() == []


async def test_a_server_joined_is_told_from_one_known_before(
    server: LoopbackDiscord, community: Community, pointed: pytest.MonkeyPatch
) -> None:
    async with running(server, pointed) as bot:
        Community(server, "Newcomers")
        await server.until(lambda: len(bot.events) == 2)
        assert bot.events == ["ready", "joined Newcomers"]


async def test_a_thread_starts_in_its_parent_and_has_its_history(
    community: Community, ada: Member, pointed: pytest.MonkeyPatch
) -> None:
    open_server = LoopbackDiscord(message_content=True)
    async with open_server.serve() as server, running(server, pointed) as bot:
        community = Community(server)
        ada = community.member("Ada")
        starter = ada.say(community.general, "the starter")
        thread = community.thread(starter)
        for number in range(120):
            ada.say(thread, f"message {number}")
        parent = bot.get_partial_messageable(community.general.id)
        channel = bot.get_partial_messageable(thread.id)
        assert thread.id == starter.id
        assert (await parent.fetch_message(thread.id)).content == "the starter"
        newest = [one.content async for one in channel.history(limit=2)]
        assert newest[0] == "message 119"
        oldest = [one.content async for one in channel.history(limit=2, oldest_first=True)]
        assert oldest == ["message 0", "message 1"]


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("POST", "/channels/{channel}/messages", {"contents": "mistyped"}, "[contents]"),
        ("POST", "/channels/{channel}/messages", {"content": 7}, "$.content: 7 is not"),
        ("GET", "/channels/{channel}/messages", {"content": "?"}, "a body is not expected"),
        ("POST", "/users/@me/channels", None, "a body is expected"),
        ("GET", "/nowhere", None, "GET /nowhere is not in the document"),
    ],
)
async def test_what_discord_does_not_know_is_told(
    server: LoopbackDiscord,
    community: Community,
    pointed: pytest.MonkeyPatch,
    method: str,
    path: str,
    body: object,
    told: str,
) -> None:
    async with running(server, pointed) as bot:
        route = discord.http.Route(method, path.format(channel=community.general.id))
        with suppress(discord.HTTPException):
            await bot.http.request(route, json=body) if body else await bot.http.request(route)
    assert told in "\n".join(server.problems())


async def test_two_shards_serve_their_own_servers(
    pointed: pytest.MonkeyPatch,
) -> None:
    async with LoopbackDiscord(shards=2).serve() as server:
        communities = [Community(server, f"Server {one}", shard=(one % 2, 2)) for one in range(4)]
        async with running(server, pointed) as bot:
            await server.until(lambda: len(bot.guilds) == 4)
            for one in communities:
                ada = one.member("Ada")
                ada.ask(one.general, "hello")
            await server.until(lambda: len(bot.heard) == 4)
            assert len(server.gateway.sessions) == 2
