"""Take the pictures of the pages that stand in the documentation.

    python -m tests.browser.pictures [FOLDER]
    python -m tests.browser.pictures --all FOLDER

Serves the seeds, has an invented community ask of them for a week, opens the pages in Chromium in
light, in dark and as on a phone, and writes `reader-*.png` and `dashboard-*.png` into the folder,
by default docs/images. With `--all`, every page from top to bottom, in both themes and widths: for
whoever changes how they look.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, StorageState

from bot import dashboard_texts as desk
from bot.bootstrap import Application
from bot.settings import read_settings
from tests.adapters.web.dashboard.desk import PASSWORD
from tests.architecture.checkout import ROOT
from tests.browser.house import CHROMIUM, MISSING, House, launched, served, visiting
from tests.browser.week import CLAIMS, live_through

IMAGES = ROOT / "docs" / "images"
CLAIM = CLAIMS[0]

_MOST_COLOURS = 160
_TOLD_APART = 6
"""How far two colours of a picture are apart, of 255; nearer ones look the same and take room."""
_DESK = {"viewport": {"width": 1180, "height": 820}, "device_scale_factor": 1.5}
_PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
_SEARCHED = f"/search?q={CLAIM.replace(' ', '+')}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its name, what it shows, and to whom.

    ``pressed`` is pressed before; ``is_entered`` says whether who looks has logged in,
    ``is_whole`` whether the page is shown from top to bottom.
    """

    name: str
    path: str
    options: dict[str, Any]
    pressed: str | None = None
    is_entered: bool = False
    is_whole: bool = False


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    parser.add_argument("--all", action="store_true", help="every page, in every look")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    if arguments.all and folder == IMAGES:
        parser.error("--all needs a folder of its own")
    folder.mkdir(parents=True, exist_ok=True)
    if CHROMIUM is None:
        raise SystemExit(f"{MISSING}.")
    asyncio.run(_take_all(folder, _every_look if arguments.all else _documented))


async def _take_all(folder: Path, choose: Any) -> None:
    with tempfile.TemporaryDirectory() as name:
        async with served(Path(name)) as house, launched() as browser:
            application = Application(read_settings(house.environment, env_file=None))
            replies = await live_through(application, time.time())
            quote = replies[CLAIM].counterpoints[0].quote.permalink.removeprefix(house.address)
            session = await _session(browser, house)
            for picture in choose(quote):
                path = folder / f"{picture.name}.png"
                await _take(picture, path, browser, house, session)
                print(path)


async def _session(browser: Browser, house: House) -> StorageState:
    """Return the cookies of somebody who has logged in."""
    async with visiting(browser, house) as visit:
        page = await visit.go("/dashboard/login")
        await page.get_by_label(desk.PASSWORD).fill(PASSWORD)
        await page.get_by_role("button", name=desk.ENTER).click()
        await page.wait_for_url(f"{house.address}/dashboard")
        return await visit.context.storage_state()


async def _take(
    picture: Picture, path: Path, browser: Browser, house: House, session: StorageState
) -> None:
    options = {"reduced_motion": "reduce", **picture.options}
    if picture.is_entered:
        options["storage_state"] = session
    async with visiting(browser, house, **options) as visit:
        page = await visit.go(picture.path)
        if picture.pressed is not None:
            await page.locator(picture.pressed).first.click()
            await page.mouse.move(0, 0)
        await page.screenshot(path=path, full_page=picture.is_whole)
    _make_small(path)


def _make_small(path: Path) -> None:
    """Write a picture anew with few colours: the most frequent that differ from each other."""
    with Image.open(path) as taken:
        picture = taken.convert("RGB")
    counts = picture.getcolors(picture.width * picture.height)
    assert counts is not None
    chosen: list[tuple[int, ...]] = []
    for _, colour in sorted(counts, key=lambda one: one[0], reverse=True):
        assert isinstance(colour, tuple)
        if all(_difference(colour, one) >= _TOLD_APART for one in chosen):
            chosen.append(colour)
        if len(chosen) == _MOST_COLOURS:
            break
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in chosen for part in colour])
    few = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def _difference(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def _documented(quote: str) -> Sequence[Picture]:
    """Return the pictures that the documentation shows."""
    light, dark = ({**_DESK, "color_scheme": scheme} for scheme in ("light", "dark"))
    phone = {**_PHONE, "color_scheme": "light"}
    high = {"viewport": {"width": 1180, "height": 900}}
    higher = {"viewport": {"width": 1180, "height": 1020}}
    return [
        Picture("reader-light", quote, light),
        Picture("reader-dark", "/t/ai-race", dark),
        Picture("reader-phone", _SEARCHED, phone),
        Picture("reader-corpus", "/", light),
        Picture("dashboard-overview", "/dashboard", light, is_entered=True),
        Picture("dashboard-shown", "/dashboard/shown", dark | high, is_entered=True),
        Picture(
            "dashboard-disputes",
            "/dashboard/disputes",
            light | higher,
            pressed=".dispute .decide summary",
            is_entered=True,
        ),
    ]


def _every_look(quote: str) -> Sequence[Picture]:
    """Return every page from top to bottom, in every look."""
    pages = {
        "reader-corpus": "/",
        "reader-quote": quote,
        "reader-topic": "/t/export-controls",
        "reader-search": _SEARCHED,
        "reader-nothing": "/search?q=Who+won+the+chess+championship+of+1972",
        "reader-missing": "/nothing",
        "dashboard-login": "/dashboard/login",
        "dashboard-overview": "/dashboard",
        "dashboard-overview-month": "/dashboard?days=30",
        "dashboard-overview-day": "/dashboard?days=1",
        "dashboard-missing": "/dashboard/missing",
        "dashboard-shown": "/dashboard/shown",
        "dashboard-corpus": "/dashboard/corpus",
        "dashboard-disputes": "/dashboard/disputes",
    }
    wide = {**_DESK, "viewport": {"width": 1280, "height": 800}, "device_scale_factor": 1}
    return [
        Picture(
            f"{name}-{size}-{scheme}",
            path,
            {**look, "color_scheme": scheme},
            is_entered=name.startswith("dashboard-") and not name.endswith("-login"),
            is_whole=True,
        )
        for name, path in pages.items()
        for size, look in (("wide", wide), ("phone", {**_PHONE, "device_scale_factor": 1}))
        for scheme in ("light", "dark")
    ]


if __name__ == "__main__":
    main()
