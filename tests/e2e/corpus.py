"""A small corpus that argues about cars in cities, and what the tests ask of it."""

from pathlib import Path

MARKET = """\
Cars should be banned from the city centre. Traffic fumes kill more people in our towns than \
accidents do, and children breathe them on every walk to school.

Streets without cars are quieter and safer, and shops on them sell more than before. When the \
harbour town closed its centre to through traffic, cycling rose by a quarter within a year.

A centre without cars is good for business. People on foot come more often and spend more in a \
month than people who drive.

Banning cars from the centre gives the streets back to those who live there. Old squares that \
were car parks are markets again, and nobody asks for the car parks back.
"""
TRADER = """\
Cars should not be banned from the city centre. Many of my customers come from villages where no \
bus runs after six, and without a car they will shop elsewhere.

A ban on cars hurts people who cannot walk far. My mother is eighty and the nearest stop is half \
a mile from the chemist.

Closing the centre to cars only moves the traffic to other streets. The ring road was jammed for \
a year after the trial, and the air there got worse.

Tradesmen cannot carry a boiler on a bicycle. Banning cars and vans from the centre makes every \
repair dearer.
"""
COUNCIL = """\
A congestion charge cuts traffic more than any other measure. The capital saw a fifth fewer cars \
in the first year of the charge.

The charge is fairer than a ban, because people who must drive still can. Congestion pricing is a \
tax on the poor, who start work at five and have no bus to take.
"""
NOTICE = """\
Plumbers carry **heavy** boilers in their vans, @everyone says so, and <@1> and <#2> and <@&3> \
say it with ||spoilers|| and a [masked link](https://example.org/trap).
"""
TOPICS = """\
[car-free-centre]
title = "A centre without cars"
aliases = ["car ban", "banning cars"]
description = "Whether cars should be kept out of the city centre."
proposition = "Cars should be banned from the city centre."

[congestion-pricing]
title = "Congestion pricing"
aliases = ["congestion charge"]
description = "Whether drivers should pay to enter the city."
proposition = "Drivers should pay a congestion charge."
"""
MANIFEST = """\
[[document]]
file = "market.txt"
id = "market"
title = "The market square"
author = "Ada Brown"
date = "2019-05-01"
url = "https://example.org/market"
kind = "essay"
"""

CLAIM = "Cars should be banned from the city centre."
AGAINST = "Cars should not be banned from the city centre."
QUESTION = "Why should cars be banned from the centre?"
NOTHING = "Is the moon made of cheese?"
NEAR_TOPIC = "nasal congestion"
HOSTILE = "What do plumbers carry in their vans?"
CHATTER = "haha nice one"
OFF_TOPIC = "Zebrafinches whistle quatrains nightly."
"""Says something that the corpus does not speak to, in words that stand nowhere else."""


def write_corpus(folder: Path) -> None:
    """Write the corpus into an empty folder."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    texts = {"market": MARKET, "trader": TRADER, "council": COUNCIL, "notice": NOTICE}
    for name, text in texts.items():
        (documents / f"{name}.txt").write_text(text, "utf-8")
    (folder / "topics.toml").write_text(TOPICS, "utf-8")
    (folder / "documents.toml").write_text(MANIFEST, "utf-8")
