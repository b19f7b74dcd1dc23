"""Replies to lay out, and strategies that make nasty ones."""

from hypothesis import strategies as st

from bot.types import Evidence, Query, QueryKind, Quote, Reply, Source, Stance

NASTY = (
    "**bold** _it_ ~~no~~ ||psst|| `code` [label](https://example.org) <@1> <@&2> <#3> @everyone "
    "@here <t:1> </say:1> <a:dance:1> :smile: https://example.org/a_b <https://example.org> "
    "# head\n- item\n1. first\n> quote\n-# small\n>>> all \\ \u202e \x00 discord.gg/x"
)
nasty_texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="*_~`|<>[]()@#&:/\\-+. \n12aeveryonh!t", max_size=60),
    st.lists(st.sampled_from(NASTY.split(" ")), max_size=12).map(" ".join),
)
long_texts = st.tuples(nasty_texts, st.sampled_from((1, 20, 90))).map(
    lambda pair: pair[0] * pair[1]
)
names = st.one_of(st.none(), nasty_texts, long_texts)


def evidence(
    text: str = "Trams carry more people.",
    *,
    stance: Stance = Stance.SUPPORTS,
    speaker: str | None = "Ida Rail",
    title: str = "On trams",
    locator: str | None = "paragraph 2",
    reported: bool = False,
    url: str | None = None,
    permalink: str = "https://read.example/q/trams-0-24-0123abcd",
    start: int = 0,
) -> Evidence:
    """Return a quote with its source."""
    quote = Quote(text, "trams", start, start + len(text), speaker, reported, locator, permalink)
    return Evidence(quote, Source("trams", title, None, "2024-05-01", url), stance, 0.9, 0.8)


def claim_reply(
    quotes: int = 3, counterpoints: int = 2, text: str = "Trams carry people."
) -> Reply:
    """Return an answer to a claim, with different quotes."""
    return Reply(
        id="0a1b2c3d4e5f",
        answered=True,
        headline="Passages support this, and oppose it.",
        quotes=tuple(evidence(f"{text} {n}", start=n) for n in range(quotes)),
        counterpoints=tuple(
            evidence(f"{text} Not {n}", stance=Stance.OPPOSES, start=1000 + n)
            for n in range(counterpoints)
        ),
        query=Query("Trams are good", QueryKind.CLAIM, "Trams are good"),
        corpus_version="f00d",
    )


evidences = st.builds(
    evidence,
    text=st.one_of(nasty_texts, long_texts).filter(str.strip),
    stance=st.sampled_from(Stance),
    speaker=names,
    title=st.one_of(nasty_texts, long_texts),
    locator=names,
    reported=st.booleans(),
    url=names,
    permalink=st.one_of(st.just("https://read.example/q/x-1-2-0a"), nasty_texts),
    start=st.integers(0, 10_000),
)
queries = st.one_of(
    st.none(),
    st.builds(Query, text=nasty_texts, kind=st.sampled_from(QueryKind), claim=names),
)
replies = st.builds(
    Reply,
    id=st.just("0a1b2c3d4e5f"),
    answered=st.just(True),
    headline=st.one_of(nasty_texts, long_texts).filter(str.strip),
    quotes=st.lists(evidences, max_size=5).map(tuple),
    counterpoints=st.lists(evidences, max_size=5).map(tuple),
    query=queries,
    corpus_version=st.one_of(st.none(), st.just("f00d")),
)
