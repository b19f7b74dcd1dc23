"""Draw what the bot writes on the loopback Slack as a web page, for the documentation.

    python -m tests.e2e.slack.picture "We should ban private cars." page.html
    chromium --headless --screenshot=page.png --window-size=760,1400 page.html

Drawn from the blocks that were sent, in Slack's light colours; Slack's own client lays them out a
little differently. ``--home`` draws the Home tab.
"""

import argparse
import asyncio
import html
import shutil
import tempfile
from pathlib import Path
from typing import Any

from bot.bootstrap import Application
from bot.settings import Settings
from tests.architecture.checkout import ROOT
from tests.e2e.slack.reading import Shown
from tests.e2e.slack.server import LoopbackSlack
from tests.e2e.slack.stage import Stage

Node = dict[str, Any]

_PAGE = """<!doctype html><meta charset="utf-8"><title>{title}</title><style>
body {{ margin: 0; padding: 20px 24px; width: 660px; background: #fff; color: #1d1c1d;
  font: 15px/1.46 "Noto Sans", Lato, "Helvetica Neue", Arial, sans-serif; }}
p, h3 {{ margin: 2px 0; }} h3 {{ font-size: 18px; margin: 8px 0 2px; }}
a {{ color: #1264a3; text-decoration: none; }}
a.cite {{ background: #f1f6fb; border-radius: 8px; padding: 0 6px; font-size: 13px; }}
small {{ font-size: 13px; color: #616061; }}
ul {{ margin: 2px 0; padding-left: 26px; }}
.name {{ font-weight: 700; margin: 14px 0 2px; }}
.app {{ background: #ebeaeb; color: #616061; border-radius: 2px; font-size: 10px; padding: 1px 3px;
  font-weight: 700; }}
blockquote {{ margin: 8px 0 2px; padding-left: 12px; border-left: 4px solid #ddd; }}
hr {{ border: 0; border-top: 1px solid #ddd; margin: 12px 0; }}
.row {{ display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }}
.button {{ border: 1px solid #bbb; border-radius: 4px; padding: 4px 12px; font-size: 13px;
  font-weight: 700; }}
.primary {{ background: #007a5a; border-color: #007a5a; color: #fff; }}
.danger {{ border-color: #e01e5a; color: #e01e5a; }}
.thumb {{ color: #616061; font-weight: 400; border: 0; padding: 4px 0; }}
.menu {{ font-weight: 400; color: #616061; }}
</style>{body}
"""


def page(title: str, said: tuple[str, str] | None, shown: Shown) -> str:
    """Return a page that shows what a person said, as name and text, and a message or a view."""
    body = []
    if said is not None:
        body.append(f'<div class="name">{html.escape(said[0])}</div><p>{html.escape(said[1])}')
        body.append('<div class="name">Counterpoint <span class="app">APP</span></div>')
    body += [_drawn(block) for block in shown.blocks]
    return _PAGE.format(title=html.escape(title), body="\n".join(body))


def _drawn(node: Node) -> str:
    """Return a block, an element or a text object as HTML."""
    inside = "".join(_drawn(one) for one in node.get("elements") or ())
    match node["type"]:
        case "rich_text":
            return inside
        case "rich_text_section":
            return f"<p>{inside}</p>"
        case "rich_text_quote":
            return f"<blockquote>{inside}</blockquote>"
        case "rich_text_list":
            items = (_drawn(one) for one in node["elements"])
            return f"<ul>{''.join(f'<li>{one}</li>' for one in items)}</ul>"
        case "text":
            said = html.escape(node["text"]).replace("\n", "<br>")
            return f"<b>{said}</b>" if (node.get("style") or {}).get("bold") else said
        case "link":
            return f'<a href="{html.escape(node["url"])}">{html.escape(node["text"])}</a>'
        case "citation":
            address = html.escape(node["url"])
            return f'<a class="cite" href="{address}">{html.escape(node["text"])}</a>'
        case "date":
            return html.escape(node["fallback"])
        case "channel":
            return f"#{html.escape(node['channel_id'])}"
        case "header":
            return f"<h3>{_drawn(node['text'])}</h3>"
        case "plain_text":
            return html.escape(node["text"])
        case "context":
            return f"<p><small>{inside}</small></p>"
        case "divider":
            return "<hr>"
        case "actions" | "context_actions":
            return f'<div class="row">{inside}</div>'
        case "button":
            kind = f"button {node.get('style', '')}"
            return f'<span class="{kind}">{_drawn(node["text"])}</span>'
        case "external_select" | "static_select":
            sign = "\N{BLACK DOWN-POINTING SMALL TRIANGLE}"
            return f'<span class="button menu">{_drawn(node["placeholder"])} {sign}</span>'
        case "feedback_buttons":
            sides = (("positive_button", "\N{THUMBS UP SIGN}"),
                     ("negative_button", "\N{THUMBS DOWN SIGN}"))  # fmt: skip
            return "".join(
                f'<span class="button thumb">{sign} {_drawn(node[side]["text"])}</span>'
                for side, sign in sides
            )
    raise ValueError(f"no way to draw {node['type']}")


async def drawn(question: str | None, corpus: Path) -> str:
    """Run the bot on a loopback Slack, and return a page with its answer or its Home tab."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copytree(corpus, folder / "corpus")
        models = Application(Settings(corpus_dir=folder / "corpus", data_dir=folder / "data"))
        models.reindex()
        async with LoopbackSlack().serve() as server:
            stage = Stage(server, folder, models)
            await stage.start()
            if question is None:
                stage.keeper.open_home()
                home = await stage.until(lambda: stage.keeper.home)
                told = page("Home", None, home)
            else:
                answer = await stage.answer(stage.ada.ask(stage.general, question))
                told = page(question, ("Ada", f"@Counterpoint {question}"), answer)
            await stage.stop()
    return told


def main() -> None:
    """Read the arguments, run, and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("question", nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--home", action="store_true")
    parser.add_argument("--corpus", type=Path, default=ROOT / "seeds")
    arguments = parser.parse_args()
    question = None if arguments.home else arguments.question
    told = asyncio.run(drawn(question, arguments.corpus))
    arguments.out.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
