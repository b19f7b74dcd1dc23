"""Plots as SVG files, for either theme; pygal draws them, and nothing in them acts."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

import pygal  # type: ignore[import-untyped]  # it ships no types
from lxml import etree
from pygal.style import Style  # type: ignore[import-untyped]  # it ships no types

from adapters.messaging.lengths import clipped
from adapters.messaging.printable import printable
from adapters.web.dashboard.sums import PERCENTILES, all_times, percentiles, period_s
from adapters.web.dashboard.tables import Table
from bot import dashboard_texts as told
from bot.ports.figures import PeriodCount


class Theme(StrEnum):
    """What a plot is to stand on."""

    LIGHT = "light"
    DARK = "dark"


class Size(StrEnum):
    """How much room a plot has."""

    WIDE = "wide"
    NARROW = "narrow"


_WIDTHS = {Size.WIDE: 820, Size.NARROW: 400}
_LABELS = {Size.WIDE: 8, Size.NARROW: 4}
_HOURS = {Size.WIDE: 3, Size.NARROW: 6}
"""Hours from one label to the next where the last day is shown."""
_LONGEST_LABEL = {Size.WIDE: 36, Size.NARROW: 16}
_HEIGHT = 280
_SERIES = 3
_MOST_TOPICS = 12
_FONTS = "Georgia, 'Liberation Serif', serif"
_INKS = {
    Theme.LIGHT: ("#221f1a", "#665f54", "#d5cdbd"),
    Theme.DARK: ("#e7e0d5", "#a69d8e", "#4a443b"),
}
# Told apart by their lightness too, for those who do not see the colours.
_COLOURS = {
    Theme.LIGHT: ("#2f6f73", "#d9a441", "#8f2f21", "#4b3f72", "#b9b0a2"),
    Theme.DARK: ("#7cc0c3", "#e3bd72", "#d06a55", "#c3b1e1", "#6f675b"),
}
_COLUMNS = {
    Size.WIDE: {3: 3, 4: 4, 5: 5},
    Size.NARROW: {3: 3, 4: 2, 5: 1},
}
"""How many series stand in one row of the legend; pygal counts rows right only where each is full.
"""
_COUNTS = {"order_min": 0}
"""Nothing is counted in tenths."""
_SVG = "{http://www.w3.org/2000/svg}"


def asked(periods: Sequence[PeriodCount], days: int, theme: Theme, size: Size) -> bytes:
    """Return how much was asked over time, by what came of it."""
    groups = {
        told.ANSWERED: [one.answered for one in periods],
        told.UNANSWERED: [one.unanswered for one in periods],
        told.FAILED: [one.failed for one in periods],
        told.REFUSED: [one.refused for one in periods],
        told.OTHER: [one.other for one in periods],
    }
    for rare in (told.REFUSED, told.OTHER):
        if not any(groups[rare]):
            del groups[rare]
    columns = _COLUMNS[size][len(groups)]
    settings = {
        **_settings(theme, size),
        **_dates(periods, days, size),
        **_COUNTS,
        "height": _HEIGHT + 22 * (len(groups) // columns - 1),
        "legend_at_bottom_columns": columns,
    }
    chart = pygal.StackedBar(**settings)
    for name, counts in groups.items():
        chart.add(name, counts)
    return _drawn(chart)


def latency(periods: Sequence[PeriodCount], days: int, theme: Theme, size: Size) -> bytes:
    """Return how long answers took over time, in seconds."""
    chart = pygal.Line(**_settings(theme, size), **_dates(periods, days, size), dots_size=3)
    found = [percentiles(one.took_ms) for one in periods]
    for at, share in enumerate(PERCENTILES):
        values = [_seconds(one[at]) for one in found]
        chart.add(f"{share:.0%}", values if all_times(periods) else [])
    return _drawn(chart)


def ledger(table: Table, theme: Theme, size: Size) -> bytes:
    """Return how many quotes stood for and against, by topic."""
    rows = table.rows[:_MOST_TOPICS]
    # Beside long names there is no room for a legend in one row; pygal counts its rows right
    # only where each of them is full.
    lines = 1 if size is Size.WIDE else _SERIES
    settings = {
        **_settings(theme, size),
        **_COUNTS,
        "height": 80 + 22 * lines + 34 * max(len(rows), 1),
        "legend_at_bottom_columns": _SERIES // lines,
        "show_minor_x_labels": True,
    }
    chart = pygal.HorizontalStackedBar(**settings)
    # It draws from below.
    chart.x_labels = [clipped(printable(str(row[0])), _LONGEST_LABEL[size]) for row in rows[::-1]]
    for at in (1, 3, 2):
        chart.add(table.columns[at].heading, [row[at] for row in rows[::-1]])
    return _drawn(chart)


def policy(svg: bytes) -> str:
    """Return the Content-Security-Policy of a plot: its own style sheet, by its hash."""
    styles = [one.text or "" for one in _parsed(svg).iter(f"{_SVG}style")]
    hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in styles]
    allowed = " ".join(f"'sha256-{one}'" for one in hashes)
    return f"default-src 'none'; style-src {allowed}; frame-ancestors 'none'"


def _settings(theme: Theme, size: Size) -> dict[str, object]:
    ink, quiet, rule = _INKS[theme]
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground=quiet,
        foreground_strong=ink,
        foreground_subtle=rule,
        guide_stroke_color=rule,
        major_guide_stroke_color=rule,
        guide_stroke_dasharray="none",
        major_guide_stroke_dasharray="none",
        colors=_COLOURS[theme],
        opacity="1",
        stroke_width="2",
        font_family=_FONTS,
        label_font_size=13,
        major_label_font_size=13,
        legend_font_size=14,
        no_data_font_size=16,
    )
    return {
        "style": style,
        "js": (),
        "width": _WIDTHS[size],
        "height": _HEIGHT,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": _SERIES,
        "show_minor_x_labels": False,
        "max_scale": 5,
        "margin": 8,
        "truncate_label": -1,
        "truncate_legend": -1,
        "no_data_text": told.NOTHING,
        "include_x_axis": True,
    }


def _dates(periods: Sequence[PeriodCount], days: int, size: Size) -> dict[str, object]:
    length = period_s(days)
    begins = [datetime.fromtimestamp(one.period * length, UTC) for one in periods]
    # Midnight has the day, so that an hour that is there twice is told apart.
    labels = [f"{one:%H:00}" if days == 1 and one.hour else f"{one:%d %b}" for one in begins]
    if days == 1:
        major = [f"{one:%H:00}" for one in begins if one.hour and one.hour % _HOURS[size] == 0]
        major += [f"{one:%d %b}" for one in begins if not one.hour]
    else:
        major = labels[:: max(1, -(-len(labels) // _LABELS[size]))]
    return {"x_labels": labels, "x_labels_major": major}


def _drawn(chart: pygal.graph.graph.Graph) -> bytes:
    """Draw a plot and take off what would run, and what only that needs."""
    tree = _parsed(chart.render())
    doomed = [
        one
        for one in tree.iter()
        if one.tag in (etree.Comment, f"{_SVG}script", f"{_SVG}desc")
        or (isinstance(one.tag, str) and "tooltip-overlay" in one.get("class", ""))
    ]
    for one in doomed:
        parent = one.getparent()
        if parent is not None:
            parent.remove(one)
    return bytes(etree.tostring(tree, encoding="utf-8", xml_declaration=True))


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds / 1000, 3)


def _parsed(svg: bytes) -> etree._Element:
    return etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True))
