"""What holds for every address of a site with a dashboard, also those that are yet to come."""

import re
from collections.abc import Iterator, Mapping

import pytest
from aiohttp import FormData
from yarl import URL

from adapters.web.dashboard.entering import LOGIN, START
from adapters.web.leaves import permalink_path
from adapters.web.security import LONGEST_BODY
from bot import page_texts
from bot.administration import ENTER_PATH
from bot.bootstrap import Application
from bot.types import Feedback, Interaction, Trigger
from tests.adapters.web.corpus import CLAIM, ESSAY, QUOTE
from tests.adapters.web.dashboard.desk import Browser, ask, complain, forms
from tests.adapters.web.dashboard.test_deciding import PAGE, disputed, ruled
from tests.adapters.web.site import Site, serving
from tests.adapters.web.test_security import HOSTILE, acts

_PLACE = ESSAY.index(QUOTE)
_PERMALINK = permalink_path("essay", _PLACE, _PLACE + len(QUOTE), QUOTE)
EXAMPLES = {
    "document_id": "essay",
    "quote_id": _PERMALINK.removeprefix("/q/"),
    "slug": "allotments",
    "link": "nothing",
    "tail": "anything",
}
"""Something that there is, by the names in the paths of routes."""
NAMES = {
    "/static/{name}": "style.css",
    "/card/{name}": f"{EXAMPLES['quote_id']}.png",
    "/dashboard/tables/{name}.{form}": "asked",
    "/dashboard/plots/{name}.svg": "asked",
}


def addresses(site: Site, method: str, behind: str = "") -> Iterator[str]:
    """Yield an address of each route that takes a method.

    Args:
        site: Where the routes are.
        method: The method.
        behind: What stands behind a name in a path; each name is tried in turn.
    """
    for route in site.app.router.routes():
        if route.method != method or route.resource is None:
            continue
        path = route.resource.canonical
        values = {**EXAMPLES, "name": NAMES.get(path, ""), "form": "csv"}
        named = {f"{{{name}}}": values[name] for name in re.findall(r"\{(\w+)\}", path)}
        for tried in named if behind else [""]:
            address = path
            for name, value in named.items():
                address = address.replace(name, f"{value}{behind if name == tried else ''}")
            yield address


def is_open(path: str) -> bool:
    """Whether an address of the dashboard is for those who are yet to log in."""
    return path == LOGIN or path.startswith(f"{ENTER_PATH}/")


@pytest.mark.parametrize("is_in", [True, False])
async def test_every_answer_keeps_the_browser_to_showing(
    desk: Site, browser: Browser, is_in: bool
) -> None:
    who = browser if is_in else Browser(desk)
    found = list(addresses(desk, "GET"))
    assert len(found) > 15
    for path in found:
        status, headers = await looked_at(desk, who, path)
        assert status < 400, path
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert not re.search(r"unsafe|\*|https?:", policy), path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path


async def looked_at(site: Site, browser: Browser, path: str) -> tuple[int, Mapping[str, str]]:
    """Return the status and the headers of an answer, whatever its body is."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    async with site.client.get(
        URL(f"{site.address}{path}", encoded=True),
        headers={"Cookie": cookies},
        allow_redirects=False,
    ) as response:
        return response.status, response.headers


@pytest.mark.parametrize("break_", ["%0d%0a", "%0a", "%0D", "%E5%98%8A%E5%98%8D"])
async def test_nothing_in_an_address_becomes_a_header(
    desk: Site, browser: Browser, break_: str
) -> None:
    smuggled = f"{break_}X-Smuggled:%20yes"
    paths = [
        *addresses(desk, "GET", smuggled),
        f"/search?q=beans{smuggled}",
        f"/d/essay?mark=0-9{smuggled}&page=1",
        f"{LOGIN}?next=/dashboard{smuggled}",
        f"{START}?days=7{smuggled}",
        f"/static/style.css?v={smuggled}",
    ]
    for path in paths:
        for who in (browser, Browser(desk)):
            status, headers = await looked_at(desk, who, path)
            assert status < 500, path
            assert "X-Smuggled" not in headers, path


async def test_every_cookie_is_kept_to_this_site_and_from_scripts(kept: Application) -> None:
    async with serving(kept, public_url="https://quotes.example.org") as site:
        browser = Browser(site)
        lines: list[str] = []
        for path in (LOGIN, f"{ENTER_PATH}/nothing"):
            await browser.get(path)
            lines += browser.set_cookies
        await browser.enter()
        lines += browser.set_cookies
    begun = [line.lower() for line in lines if "max-age=0" not in line.lower()]
    assert len(begun) == 3
    for line in begun:
        parts = {part.strip() for part in line.split(";")}
        assert {"httponly", "secure", "samesite=strict", "path=/"} <= parts
        assert line.startswith("__host-")
        assert "domain" not in line


async def test_nothing_of_the_dashboard_is_open_to_everybody(desk: Site) -> None:
    found = [one for one in addresses(desk, "GET") if one.startswith(START) and not is_open(one)]
    assert len(found) >= 7
    for path in found:
        status, headers = await looked_at(desk, Browser(desk), path)
        assert (status, headers["Location"].partition("?")[0]) == (303, LOGIN), path
    for path in addresses(desk, "POST"):
        assert (await Browser(desk).post(path, {"token": "0" * 64})).status == 403, path


async def test_no_form_is_taken_without_its_token_or_from_elsewhere(
    desk: Site, browser: Browser
) -> None:
    token = forms(await browser.get(START), f"{START}/logout")[0].fields["token"]
    found = list(addresses(desk, "POST"))
    assert len(found) >= 5
    for path in found:
        assert (await browser.post(path, {})).status == 403, path
        for site in ("cross-site", "same-site", "none"):
            page = await browser.post(path, {"token": token}, Sec_Fetch_Site=site)
            assert page.status == 403, path
    assert (await browser.get(START)).status == 200


@pytest.mark.parametrize("is_file", [True, False])
async def test_a_form_that_is_too_long_is_refused(
    desk: Site, browser: Browser, is_file: bool
) -> None:
    for who in (browser, Browser(desk)):
        for path in addresses(desk, "POST"):
            page = await who.post(path, too_long(is_file))  # type: ignore[arg-type]  # any form
            # What is not open to somebody is not even read.
            status = 413 if who is browser or is_open(path) else 403
            assert (page.status, page.texts("//h1")) == (status, [page_texts.FAILURES[status][0]])


def too_long(is_file: bool) -> FormData:
    form = FormData(quote_fields=False)
    if is_file:
        form.add_field("password", b"a" * LONGEST_BODY, filename="a.txt")
    else:
        form.add_field("password", "a" * LONGEST_BODY)
    return form


@pytest.mark.parametrize(
    "path", [START, LOGIN, PAGE, f"{ENTER_PATH}/x", f"{START}/tables/asked.csv"]
)
async def test_a_query_that_is_too_long_is_refused(browser: Browser, path: str) -> None:
    assert (await browser.get(f"{path}?days={'7' * 7_500}")).status == 414


async def test_no_name_of_a_place_acts(desk: Site, browser: Browser) -> None:
    asked = Interaction(
        id=HOSTILE,
        platform=HOSTILE,
        community_id=HOSTILE,
        channel_id="<img src=x onerror=alert(1)>",
        asker_id=HOSTILE,
        text=CLAIM,
        trigger=Trigger.COMMAND,
        created_at=0.0,
    )
    reply = await desk.core.bot.handle(asked)
    assert reply is not None
    assert await desk.core.bot.rate(reply.id, HOSTILE, HOSTILE, Feedback.WRONG_SIDE)
    for path in (START, PAGE):
        page = await browser.get(path)
        assert HOSTILE in " ".join(page.texts("//main"))
        assert acts(page) == []


async def test_no_name_of_a_speaker_acts(desk: Site, browser: Browser) -> None:
    _, evidence, page = await disputed(desk, browser)
    pages = [await ruled(browser, page, "speaker", speaker=HOSTILE)]
    path = evidence.quote.permalink[evidence.quote.permalink.index("/q/") :]
    pages.append(await desk.follow(path))
    pages.append(await desk.get("/t/allotments"))
    pages.append(await browser.get(f"{START}/shown"))
    for one in pages:
        assert HOSTILE in " ".join([*one.texts("//body"), *one.values("//meta/@content")])
        assert acts(one) == []


async def test_no_words_of_a_document_act_where_they_are_disputed(
    desk: Site, browser: Browser
) -> None:
    reply = await ask(desk.core, "gardeners write on their sheds")
    assert any("<script>" in one.quote.text for one in reply.quotes)
    await complain(desk.core, reply, Feedback.OUT_OF_CONTEXT)
    for path in (PAGE, f"{START}/shown", f"{START}/corpus"):
        page = await browser.get(path)
        assert "<script>" in " ".join(page.texts("//main"))
        assert acts(page) == []
