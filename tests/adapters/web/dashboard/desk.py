"""Somebody at the dashboard: a browser that keeps cookies, and members who ask and complain."""

from http.cookies import SimpleCookie
from typing import Any

from argon2 import PasswordHasher
from lxml import html
from yarl import URL

from bot.bootstrap import Core
from bot.types import Feedback, Interaction, Reply, Trigger
from tests.adapters.web.corpus import CLAIM
from tests.adapters.web.site import Page, Site

PASSWORD = "three hares on a hill"  # noqa: S105 (of a test)
# Quick to compute, as a test needs no strength.
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


class Browser:
    """A browser with its own cookies.

    Args:
        site: Where it goes.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []
        self.last: Page | None = None

    async def get(self, path: str, **headers: str) -> Page:
        """Open a page; redirects are not followed."""
        return await self._ask("GET", path, headers, None)

    async def post(self, path: str, fields: dict[str, Any], **headers: str) -> Page:
        """Send fields to an address."""
        return await self._ask("POST", path, headers, fields)

    async def send(self, form: Any, button: str | None = None, **changes: str) -> Page:
        """Send a form as it stands on a page, with a button and other values where told."""
        fields = {str(name): str(value or "") for name, value in form.form_values()}
        if button is not None:
            (pressed,) = form.xpath(f".//button[@value='{button}']")
            fields[pressed.get("name")] = button
        return await self.post(form.action, {**fields, **changes})

    async def enter(self, password: str = PASSWORD, onward: str = "") -> Page:
        """Log in by the form."""
        page = await self.get(f"/dashboard/login{f'?next={onward}' if onward else ''}")
        return await self.send(forms(page, "/dashboard/login")[0], password=password)

    async def _ask(
        self, method: str, path: str, headers: dict[str, str], data: dict[str, Any] | None
    ) -> Page:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        url = URL(f"{self._site.address}{path}", encoded=True)
        async with self._site.client.request(
            method, url, headers=sent, data=data, allow_redirects=False
        ) as response:
            self.set_cookies = response.headers.getall("Set-Cookie", [])
            for line in self.set_cookies:
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
                    if not morsel.value:
                        del self.cookies[name]
            body = (await response.read()).decode()
            location = response.headers.get("Location")
            self.last = Page(response.status, response.headers, body, location)
            return self.last


def forms(page: Page, action: str) -> list[Any]:
    """Return the forms of a page that go to an address."""
    tree: Any = html.fromstring(page.body)
    return [form for form in tree.forms if form.action == action]


async def ask(core: Core, text: str = CLAIM, number: str = "1") -> Reply:
    """Ask as a member on a platform does."""
    reply = await core.bot.handle(
        Interaction(
            id=number,
            platform="discord",
            community_id="gardeners",
            channel_id="plots",
            asker_id="ada",
            text=text,
            trigger=Trigger.COMMAND,
            created_at=0.0,
        )
    )
    assert reply is not None
    return reply


async def complain(core: Core, reply: Reply, feedback: Feedback, member: str = "bo") -> None:
    """Find a reply wrong."""
    assert await core.bot.rate(reply.id, "discord", member, feedback)
