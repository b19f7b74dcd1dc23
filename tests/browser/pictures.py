"""Take the pictures of the pages that stand in the documentation.

    python -m tests.browser.pictures [FOLDER]

Serves the seeds, opens them in Chromium in light, in dark and as on a phone, and writes
`reader-*.png` into the folder, by default docs/images.
"""

import argparse
import asyncio
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.architecture.checkout import ROOT
from tests.browser.house import CHROMIUM, MISSING, House, launched, served, visiting

IMAGES = ROOT / "docs" / "images"
CLAIM = "Export controls will keep China behind in AI."

_DESK = {"viewport": {"width": 1180, "height": 820}, "device_scale_factor": 1.5}
_PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its name, what it shows, and to whom."""

    name: str
    path: str
    options: dict[str, Any]


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    if CHROMIUM is None:
        raise SystemExit(f"{MISSING}.")
    asyncio.run(_take_all(folder))


async def _take_all(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        async with served(Path(name)) as house, launched() as browser:
            for picture in await _pictures(house):
                options = {"reduced_motion": "reduce", **picture.options}
                async with visiting(browser, house, **options) as visit:
                    page = await visit.go(picture.path)
                    path = folder / f"reader-{picture.name}.png"
                    await page.screenshot(path=path)
                    print(path)


async def _pictures(house: House) -> list[Picture]:
    answer = json.loads(await house.run("ask", CLAIM, "--json"))
    quote = answer["counterpoints"][0]["permalink"].removeprefix(house.address)
    light, dark = ({**_DESK, "color_scheme": scheme} for scheme in ("light", "dark"))
    searched = f"/search?q={CLAIM.replace(' ', '+')}"
    return [
        Picture("light", quote, light),
        Picture("dark", "/t/export-controls", dark),
        Picture("phone", searched, {**_PHONE, "color_scheme": "light"}),
        Picture("corpus", "/", light),
    ]


if __name__ == "__main__":
    main()
