"""Set a text in lines that fit a box, with the font that pictures are drawn in. Pure.

Widths are those of the letters alone: kerning, which this font has little of, makes a line
narrower than it was counted.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from fontTools.ttLib import TTFont

FONT = Path(__file__).parent / "fonts" / "SourceSerifPro-Regular.ttf"
FAMILY = "Source Serif Pro"

_PIECE = re.compile(r"[^\s\-\u2013\u2014/]*[\-\u2013\u2014/]+|[^\s\-\u2013\u2014/]+")
"""What stays on one line: a word, or a part of one that ends with a dash."""
_STEPS = 24


@dataclass(frozen=True, slots=True)
class Setting:
    """A text in lines, and the size that they are set in."""

    size: int
    lines: tuple[str, ...]


class Lettering:
    """Knows the letters of a font, and how wide each is.

    Args:
        widths: The width of each letter by its code point, in units.
        units: How many units a size of one is.
    """

    def __init__(self, widths: dict[int, int], units: int) -> None:
        self._widths = widths
        self._units = units

    @classmethod
    def load(cls, path: Path = FONT) -> Self:
        """Read a font file."""
        with TTFont(path, lazy=True) as font:
            advances = font["hmtx"]
            widths = {code: advances[name][0] for code, name in font.getBestCmap().items()}
            return cls(widths, font["head"].unitsPerEm)

    def covers(self, text: str) -> bool:
        """Tell whether the font has all letters of a text."""
        return all(ord(letter) in self._widths or letter.isspace() for letter in text)

    def width(self, text: str, size: float) -> float:
        """Return how wide a text is in one line; a letter that the font lacks counts as an x."""
        missing = self._widths[ord("x")]
        return sum(self._widths.get(ord(one), missing) for one in text) * size / self._units

    def fitted(
        self, text: str, width: float, height: float, sizes: Sequence[int], leading: float
    ) -> Setting | None:
        """Set a text in the largest size in which it fits.

        Args:
            text: The text.
            width: How wide a line may be.
            height: How high all lines may be.
            sizes: The sizes that may be used, largest first.
            leading: The height of a line, in sizes.

        Returns:
            The lines, about equally long; None when no size is small enough.
        """
        for size in sizes:
            lines = self._lines(text, width, size)
            if len(lines) * size * leading <= height:
                return Setting(size, self._balanced(text, width, size, len(lines)))
        return None

    def _balanced(self, text: str, width: float, size: int, count: int) -> tuple[str, ...]:
        best = self._lines(text, width, size)
        for step in range(1, _STEPS):
            lines = self._lines(text, width * (1 - step / (2 * _STEPS)), size)
            if len(lines) > count:
                break
            best = lines
        return tuple(best)

    def _lines(self, text: str, width: float, size: int) -> list[str]:
        lines: list[str] = []
        line = ""
        for gap, piece in self._pieces(text, width, size):
            longer = f"{line}{gap}{piece}" if line else piece
            if line and self.width(longer, size) > width:
                lines.append(line)
                line = piece
            else:
                line = longer
        return [*lines, line] if line else lines

    def _pieces(self, text: str, width: float, size: int) -> Iterator[tuple[str, str]]:
        """Yield what stays together, each with the space before it."""
        for word in text.split():
            gap = " "
            for piece in _PIECE.findall(word):
                for part in self._parts(piece, width, size):
                    yield gap, part
                    gap = ""

    def _parts(self, piece: str, width: float, size: int) -> Iterator[str]:
        """Yield a piece, cut where it is longer than a line."""
        part = ""
        for letter in piece:
            if part and self.width(part + letter, size) > width:
                yield part
                part = ""
            part += letter
        yield part
