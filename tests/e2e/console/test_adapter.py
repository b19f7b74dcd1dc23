"""The console keeps what every adapter keeps to, as far as one person at a terminal needs it."""

import io
import re
import shutil
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import MappingProxyType

import pytest
from rich.console import Console

from adapters.console.chat import HELP, Chat
from adapters.console.conversation import PLATFORM, Conversation
from adapters.console.terminal import Terminal
from bot import texts
from bot.bootstrap import Application
from bot.commands import MessageMenu
from bot.settings import read_settings
from tests.contracts.adapter_contract import AdapterContract, ConversationContract
from tests.contracts.keeping_contract import KeepingContract
from tests.contracts.stand import ASKER, OTHER, Ability, Shown, Stand

_QUOTE = re.compile(r" ?(?P<number>\d+) +\N{LEFT DOUBLE QUOTATION MARK}(?P<said>.*).")
_LINK = re.compile(r"https?://\S+")


def read(output: str) -> Shown:
    """Return what lines in a terminal tell."""
    lines = output.splitlines()
    quotes: dict[int, str] = {}
    counterpoints: dict[int, str] = {}
    side = quotes
    for line in lines:
        if line == texts.COUNTERPOINTS:
            side = counterpoints
        elif found := _QUOTE.fullmatch(line):
            side[int(found["number"])] = found["said"]
    near = lines.index(texts.NEAR_TOPICS) + 1 if texts.NEAR_TOPICS in lines else len(lines)
    return Shown(
        words=re.sub(r"[ \n]+", " ", output).strip(),
        quotes=quotes,
        counterpoints=counterpoints,
        offers=tuple(line.strip() for line in lines[near:] if line.strip()),
        links=tuple(_LINK.findall(output)),
        pings=(),
        readers=frozenset({ASKER}),
    )


class Ids:
    """Makes ids, and can begin anew with one that it made before."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.again: str | None = None

    def __call__(self) -> str:
        made, self.again = self.again or uuid.uuid4().hex, None
        self.made.append(made)
        return made


class ConsoleStand:
    """A terminal.

    Args:
        folder: Holds ``corpus`` and ``data``.
        models: An application whose models are loaded.
    """

    platform = PLATFORM
    asker_id = ASKER
    owner = f"{PLATFORM}:{ASKER}"
    guide = tuple(" ".join(one) for one in HELP)
    forgets_with = ""
    lacks: Mapping[Ability, str] = MappingProxyType(
        {
            Ability.AUDIENCE: "nobody else sees the terminal",
            Ability.PRESSES: "what is typed is about the last answer of this conversation",
            Ability.FEEDBACK: "there is nothing to press",
            Ability.MENUS: "messages have no menus",
            Ability.PRIVACY: "whoever types holds the journal's file",
            Ability.LIMITS: "one person at a terminal may ask as often as they like",
            Ability.ADMINS: "the program has a command for it",
        }
    )

    def __init__(self, folder: Path, models: Application) -> None:
        self.folder = folder
        self._models = models
        self._stack = AsyncExitStack()
        self._output = io.StringIO()
        self._ids = Ids()
        self._asked = ("", "")
        self._answer: Shown | None = None
        self._chat: Chat | None = None

    async def start(self, **settings: str) -> None:
        environment = {
            "CORPUS_DIR": str(self.folder / "corpus"),
            "DATA_DIR": str(self.folder / "data"),
            "PUBLIC_URL": "https://quotes.example.org",
        }
        application = Application(read_settings(environment | settings, env_file=None))
        application.encoder = self._models.encoder
        application.stance = self._models.stance
        bot = await self._stack.enter_async_context(application.bot())
        terminal = Terminal(
            Console(file=self._output, width=80, markup=False, highlight=False, emoji=False)
        )
        conversation = Conversation(ASKER, None, self._ids, time.time)
        self._chat = Chat(bot, application.around, conversation, terminal)

    async def stop(self) -> None:
        self._chat = None
        await self._stack.aclose()

    async def _type(self, *lines: str) -> Shown:
        """Type lines and return what they showed."""
        assert self._chat is not None
        self._output.seek(0)
        self._output.truncate()
        for line in lines:
            assert await self._chat.take(line)
        return read(self._output.getvalue())

    # --- asking

    async def ask(self, text: str, by: str = ASKER) -> Shown:
        line = f"@bot {text}"
        before = len(self._ids.made)
        self._answer = await self._type(f"/as {by}", line)
        self._asked = line, self._ids.made[before]
        return self._answer

    async def ask_about(self, *said: str, by: str = OTHER) -> Shown:
        await self._type("/thread cars", f"/as {by}", *said)
        return await self._type(f"/as {ASKER}", "@bot source?")

    async def topic(self, text: str, *, privately: bool = False) -> Shown:
        return await self._type(f"/source {text}")

    async def look_into(self, menu: MessageMenu, said: str) -> Shown:
        raise NotImplementedError

    async def repeat(self) -> list[Shown]:
        assert self._answer is not None
        line, self._ids.again = self._asked
        told = await self._type(line)
        is_another = told.words != texts.ALREADY_ANSWERED
        return [self._answer, told] if is_another else [self._answer]

    # --- what is under an answer

    async def more(self, shown: Shown) -> Shown:
        return await self._type("/more")

    async def context(self, shown: Shown, number: int) -> Shown:
        return await self._type(f"/context {number}")

    async def counterpoints(self, shown: Shown) -> Shown:
        raise NotImplementedError

    async def why(self, shown: Shown, by: str = ASKER) -> Shown:
        return await self._type("/why")

    async def follow(self, shown: Shown, offer: str) -> Shown:
        return await self._type(f"/source {offer}")

    async def choose(self, shown: Shown, value: str) -> Shown:
        raise NotImplementedError

    # --- the rest

    async def help(self) -> Shown:
        return await self._type("/help")

    async def privacy(self) -> Shown:
        raise NotImplementedError

    async def forget_me(self) -> Shown:
        raise NotImplementedError

    async def administer(self, deed: str, by: str = OTHER) -> Shown:
        raise NotImplementedError


class TestConsoleAdapter(AdapterContract, ConversationContract, KeepingContract):
    """A conversation that is typed line by line."""

    @pytest.fixture
    async def stand(self, models: Application, tmp_path: Path) -> AsyncIterator[Stand]:
        shutil.copytree(models.settings.corpus_dir.parent, tmp_path, dirs_exist_ok=True)
        stand = ConsoleStand(tmp_path, models)
        await stand.start()
        yield stand
        await stand.stop()
