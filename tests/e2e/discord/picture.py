"""Draw what the bot writes on the loopback Discord as a web page, for the documentation.

    python -m tests.e2e.discord.picture "We should ban private cars." page.html
    chromium --headless --screenshot=page.png --window-size=760,1400 page.html

Drawn from the components that were sent, in Discord's dark colours; Discord's own client lays
them out a little differently.
"""

import argparse
import asyncio
import html
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from simcord.backend.models import Message

from bot.bootstrap import Application
from bot.settings import Settings
from tests.architecture.checkout import ROOT
from tests.e2e.discord.server import LoopbackDiscord
from tests.e2e.discord.stage import Stage

_ROW, _BUTTON, _TEXT, _CONTAINER = 1, 2, 10, 17
_PRIMARY = 1
_SMALL = "-# "

_PAGE = """<!doctype html><meta charset="utf-8"><title>{title}</title><style>
body {{ margin: 0; padding: 20px 24px; width: 660px; background: #313338; color: #dbdee1;
  font: 15px/1.42 "Noto Sans", "gg sans", "Helvetica Neue", Arial, sans-serif; }}
p, h3 {{ margin: 0 0 4px; }} h3 {{ font-size: 18px; color: #f2f3f5; }} a {{ color: #00a8fc; }}
a {{ text-decoration: none; }} strong {{ color: #f2f3f5; }}
small {{ font-size: 12.5px; color: #b5bac1; }}
small strong {{ color: #dbdee1; }}
.name {{ font-weight: 600; color: #f2f3f5; margin: 14px 0 4px; }}
.app {{ background: #5865f2; color: #fff; border-radius: 3px; font-size: 10px; padding: 1px 4px; }}
.box {{ background: #2b2d31; border: 1px solid #3f4147; border-left: 4px solid; border-radius: 8px;
  padding: 12px 16px; margin: 8px 0; }}
blockquote {{ margin: 8px 0 4px; padding-left: 12px; border-left: 4px solid #4e5058; }}
.row {{ display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }}
.button {{ background: #43444b; color: #fff; border-radius: 8px; padding: 6px 14px;
  font-size: 14px; }}
.primary {{ background: #5865f2; }}
</style>{body}
"""


def page(title: str, said: Sequence[tuple[str, str]], answer: Message) -> str:
    """Return a page that shows messages of people, as pairs of name and text, and an answer."""
    body = [
        f'<div class="name">{html.escape(who)}</div><p>{html.escape(text)}' for who, text in said
    ]
    body.append('<div class="name">Counterpoint <span class="app">APP</span></div>')
    body += [drawn for one in answer.components for drawn in _component(one)]
    return _PAGE.format(title=html.escape(title), body="\n".join(body))


def _component(one: dict[str, Any]) -> Iterator[str]:
    inside = [drawn for child in one.get("components", ()) for drawn in _component(child)]
    if one["type"] == _TEXT:
        yield _text(one["content"])
    elif one["type"] == _BUTTON:
        kind = "button primary" if one["style"] == _PRIMARY else "button"
        yield f'<span class="{kind}">{html.escape(one["label"])}</span>'
    elif one["type"] == _ROW:
        yield f'<div class="row">{"".join(inside)}</div>'
    elif one["type"] == _CONTAINER:
        colour = f"#{one.get('accent_color') or 0:06x}"
        yield f'<div class="box" style="border-left-color: {colour}">{"".join(inside)}</div>'
    else:
        raise ValueError(f"no way to draw a component of type {one['type']}")


def _text(content: str) -> str:
    """Return Discord's markup as HTML: CommonMark but for small lines and line ends."""
    markdown = MarkdownIt("commonmark", {"breaks": True, "html": False})
    drawn = []
    for block in _blocks(content):
        if block.startswith(_SMALL):
            drawn.append(f"<p><small>{markdown.renderInline(block[len(_SMALL) :])}</small></p>")
        else:
            drawn.append(markdown.render(block))
    return "\n".join(drawn)


def _blocks(content: str) -> Iterator[str]:
    """Yield small lines, and what stands between them."""
    block: list[str] = []
    for line in content.splitlines():
        if not line.startswith(_SMALL):
            block.append(line)
            continue
        if block:
            yield "\n".join(block)
        block = []
        yield line
    if block:
        yield "\n".join(block)


async def drawn_answer(question: str, corpus: Path) -> str:
    """Ask the bot on a loopback Discord, and return a page with its answer."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copytree(corpus, folder / "corpus")
        models = Application(Settings(corpus_dir=folder / "corpus", data_dir=folder / "data"))
        models.reindex()
        async with LoopbackDiscord().serve() as server:
            stage = Stage(server, folder, models)
            await stage.start()
            await stage.ready()
            asked = stage.ada.say(stage.general, f"<@{server.backend.bot_user.id}> {question}")
            answer = await stage.answer(asked)
            await stage.stop()
    return page(question, [("Ada", f"@Counterpoint {question}")], answer)


def main() -> None:
    """Read the arguments, ask, and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("question")
    parser.add_argument("out", type=Path)
    parser.add_argument("--corpus", type=Path, default=ROOT / "seeds")
    arguments = parser.parse_args()
    drawn = asyncio.run(drawn_answer(arguments.question, arguments.corpus))
    arguments.out.write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
