"""Evidence and replies for tests, about tea."""

from bot.types import Evidence, Query, QueryKind, Quote, Reply, Source, Stance


def evidence(
    text: str = "Tea should be drunk without milk.",
    *,
    stance: Stance = Stance.SUPPORTS,
    title: str = "On tea",
    author: str | None = "Ida Green",
    speaker: str | None = None,
    date: str | None = "2020-02",
    locator: str | None = "comment 2",
    reported: bool = False,
) -> Evidence:
    quote = Quote(text, "tea", 0, len(text), speaker, reported, locator, "http://reader/q/tea-0")
    return Evidence(quote, Source("tea", title, author, date, None), stance, 0.9, 0.8)


def reply(
    quotes: int = 1,
    counterpoints: int = 0,
    *,
    text: str = "Tea needs no milk.",
    claim: str | None = "Tea needs no milk.",
    kind: QueryKind = QueryKind.CLAIM,
) -> Reply:
    return Reply(
        "r1",
        answered=True,
        headline="Here is what was found.",
        quotes=tuple(evidence(f"Quote {place}.") for place in range(1, quotes + 1)),
        counterpoints=tuple(
            evidence(f"Counterpoint {place}.", stance=Stance.OPPOSES)
            for place in range(1, counterpoints + 1)
        ),
        query=Query(text, kind, claim),
        corpus_version="c0ffee",
        took_ms=12.3,
        stage_ms={"search": 7.4, "stance": 4.9},
    )
