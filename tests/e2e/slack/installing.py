"""A bot that many workspaces install, and the browser with which their admins do."""

import html
import re
from dataclasses import dataclass, field

import aiohttp
from cryptography.fernet import Fernet

from tests.e2e.slack.grants import CLIENT_ID, CLIENT_SECRET
from tests.e2e.slack.people import Member, Workspace
from tests.e2e.slack.stage import Stage

_LINK = re.compile(r'href="(https://slack\.com/oauth/[^"]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser was answered."""

    status: int
    text: str


@dataclass(slots=True)
class Browser:
    """Somebody's browser: it keeps cookies, also secure ones, as if the bot were behind TLS."""

    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, url: str) -> Page:
        """Open a page."""
        told = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.get(url, headers={"Cookie": told} if told else {}) as response,
        ):
            for name, morsel in response.cookies.items():
                self.cookies[name] = morsel.value
            return Page(response.status, await response.text())


def settings_for_many(stage: Stage, key: str = "") -> dict[str, str]:
    """Return the settings with which workspaces install the bot themselves."""
    return {
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": CLIENT_ID,
        "SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "SLACK_ENCRYPTION_KEY": key or Fernet.generate_key().decode(),
        "PUBLIC_URL": stage.base_url,
    }


async def begin(stage: Stage, browser: Browser) -> str:
    """Open the page where an installation begins, and return where its button leads."""
    page = await browser.get(f"{stage.base_url}/slack/install")
    assert page.status == 200
    found = _LINK.search(page.text)
    assert found is not None, page.text
    return html.unescape(found[1])


async def install(stage: Stage, by: Member) -> Page:
    """Install the bot in somebody's workspace, as they would."""
    browser = Browser()
    return await browser.get(by.consent(await begin(stage, browser)))


async def found(stage: Stage, name: str) -> Workspace:
    """Found a workspace that installs the bot; its admin is called Grace."""
    workspace = stage.server.workspace(name, installs=False)
    page = await install(stage, workspace.member("Grace", is_admin=True))
    assert page.status == 200, page.text
    return workspace


def invite(workspace: Workspace) -> None:
    """Let the bot into the channel ``general``."""
    event = {
        "type": "member_joined_channel",
        "user": workspace.bot.id,
        "channel": workspace.general.id,
        "channel_type": "C",
        "team": workspace.id,
        "event_ts": workspace.team.stamp(),
    }
    workspace.server.feed.tell(workspace.team, event)
