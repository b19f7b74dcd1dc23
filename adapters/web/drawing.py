"""Draw an SVG as a PNG: a program of its own, run by `cards`.

The library that draws holds the interpreter for a tenth of a second, in which a server in the
same process would answer nobody. Reads the SVG on standard input, writes the PNG on standard
output; its one argument is a font file, the only font that there is. Imports nothing of ours, so
that it starts at once.
"""

import sys

import resvg_py


def main() -> None:
    """Draw what comes in."""
    svg = sys.stdin.buffer.read().decode("utf-8")
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=[sys.argv[1]], resources_dir=None
    )
    sys.stdout.buffer.write(drawn)


if __name__ == "__main__":
    main()
