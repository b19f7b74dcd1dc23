"""A corpus that argues about allotments, some of it by people who try what a page lets through."""

from pathlib import Path

ESSAY = """\
Why towns need allotments

Allotments should be protected from building. A town that builds on its allotments loses the \
only land where flats grow food. Bees find more to eat there than in any park.

What they cost

An allotment costs the town less than a lawn of the same size. Those who dig it look after it \
themselves.
"""
REPLY = """\
Allotments should not be protected from building. Two hundred families wait for a flat while \
forty people grow beans. Housing matters more than beans, as Ms Brown's own tenants say.

Most allotments are left to weeds by June. The waiting list tells of fashion, not of need.
"""
TALK = """\
Ann: Allotments bring people together who would never have met. [00:12:05]
Bob: They bring together people with time on their hands. [00:13:40]
Ann: Pensioners have time, and nobody else asks after them. [00:14:00]
Bob: That is no reason to keep half a hectare from the housing list. [00:15:10]
"""
HOSTILE = """\
Gardeners write <script>alert("beans")</script> on their sheds and mean it. Some gardeners add \
<img src=x onerror=alert(1)> to the fence, "quoted" & all.
"""
TRAP = """\
---
title: A trap
url: javascript:alert(6)
---
Gardeners who follow every link they see find slugs behind most of them.
"""
TOPICS = """\
[allotments]
title = "Allotments & <b>beans</b>"
aliases = ["garden plots"]
description = "Whether towns should keep them. <script>alert(2)</script>"
proposition = "Allotments should be protected from building."
"""
MANIFEST = """\
[[document]]
file = "essay.txt"
id = "essay"
title = "In praise of allotments"
author = "Ada Brown"
date = "2019-05-01"
url = "https://example.org/essay?a=1&b=2"
kind = "essay"
licence = "CC BY 4.0"

[[document]]
file = "talk.txt"
id = "talk"
title = "A talk on the radio"
url = "https://www.youtube.com/watch?v=abc&t=3"

[[document]]
file = "hostile.txt"
id = "hostile"
title = "</title><script>alert(3)</script>"
author = "\\" onmouseover=\\"alert(4)"
licence = "<i>none</i>"
url = 'https://example.org/"onmouseover=alert(5)'
"""

CLAIM = "Allotments should be protected from building."
NEAR = "plots of films"
NOTHING = "Who won the chess championship of 1972?"
QUOTE = "Bees find more to eat there than in any park."


def write_corpus(folder: Path) -> Path:
    """Write the corpus into a folder that is not there yet."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    texts = {"essay": ESSAY, "reply": REPLY, "talk": TALK, "hostile": HOSTILE}
    for name, text in texts.items():
        (documents / f"{name}.txt").write_text(text, "utf-8")
    (documents / "trap.md").write_text(TRAP, "utf-8")
    (folder / "topics.toml").write_text(TOPICS, "utf-8")
    (folder / "documents.toml").write_text(MANIFEST, "utf-8")
    return folder
