"""Plots show all that they tell, whatever their size: nothing lies outside, counts are whole."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import etree

from adapters.web.dashboard import plots
from adapters.web.dashboard.plots import Size, Theme
from adapters.web.dashboard.tables import Column, Table
from bot import dashboard_texts as told
from bot.ports.figures import PeriodCount

HEADINGS = ("Topic", "Supports", "Opposes", "Takes no side", "Share of support")
COLUMNS = tuple(Column(heading.lower(), heading) for heading in HEADINGS)
SIZES = pytest.mark.parametrize("size", list(Size))
COUNTS = pytest.mark.parametrize("count", [1, 7, 400])

_MOVED = re.compile(r"translate\(([-\d.]+),\s*([-\d.]+)\)")


def ledger(count: int, size: Size) -> bytes:
    rows = [(f"A topic with a name {number}", count, 0, 0, 1.0) for number in range(5)]
    return plots.ledger(Table("ledger", "Ledger", COLUMNS, rows), Theme.LIGHT, size)


def asked(count: int, size: Size) -> bytes:
    periods = [
        PeriodCount(20_000 + day, 5 * count, count, 0, count, count, (50.0,)) for day in range(8)
    ]
    return plots.asked(periods, 7, Theme.DARK, size)


def words(svg: bytes) -> Iterator[tuple[str, float, float]]:
    """Yield every text of a plot, with where it begins, as shares of the width and height."""
    root = etree.fromstring(svg)
    _, _, width, height = map(float, root.get("viewBox", "").split())

    def within(element: Any, x: float, y: float) -> Iterator[tuple[str, float, float]]:
        moved = _MOVED.search(element.get("transform", ""))
        x, y = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
        if etree.QName(element).localname == "text" and element.text:
            at = x + float(element.get("x", 0)), y + float(element.get("y", 0))
            yield element.text, at[0] / width, at[1] / height
        for child in element:
            yield from within(child, x, y)

    yield from within(root, 0.0, 0.0)


@SIZES
@COUNTS
@pytest.mark.parametrize("plot", [ledger, asked])
def test_every_word_of_a_plot_lies_on_it(plot: Any, count: int, size: Size) -> None:
    outside = [one for one in words(plot(count, size)) if not 0 <= one[1] <= 1 or not one[2] <= 1]
    assert outside == []


@SIZES
@pytest.mark.parametrize("first", [480_012, 480_000, 480_023])
def test_hours_of_two_days_are_told_apart(first: int, size: Size) -> None:
    periods = [PeriodCount(first + hour, 1, 1) for hour in range(25)]
    midnights = [one.period for one in periods if one.period % 24 == 0]
    drawn = list(words(plots.asked(periods, 1, Theme.LIGHT, size)))
    days = {f"{datetime.fromtimestamp(one * 3600, UTC):%d %b}" for one in midnights}
    labels = [(text, at) for text, at, _ in drawn if text in days or text.endswith(":00")]
    between = [text for text, _ in sorted(labels, key=lambda one: one[1])]
    assert days <= set(between)
    for hour in {text for text in between if text.endswith(":00")}:
        if between.count(hour) > 1:
            one, other = (place for place, text in enumerate(between) if text == hour)
            assert days & set(between[one:other])


@SIZES
def test_a_legend_tells_every_colour(size: Size) -> None:
    said = [text for text, _, _ in words(asked(3, size))]
    groups = {told.ANSWERED, told.UNANSWERED, told.FAILED, told.REFUSED, told.OTHER}
    assert groups <= set(said)
    said = [text for text, _, _ in words(ledger(3, size))]
    assert set(HEADINGS[1:4]) <= set(said)


@SIZES
@COUNTS
@pytest.mark.parametrize("plot", [ledger, asked])
def test_counts_are_whole_and_there_is_more_than_nought(plot: Any, count: int, size: Size) -> None:
    numbers = [text for text, _, _ in words(plot(count, size)) if re.fullmatch(r"[\d.]+", text)]
    assert len(set(numbers)) >= 2
    assert not [one for one in numbers if "." in one]
