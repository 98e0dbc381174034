"""Small charts side by side as one SVG, with logarithmic axes, for a page that may be light or dark."""

import dataclasses
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT, GAP, COLUMNS = 330, 260, 10, 3
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 60, 40  # of a panel, around its field
COLOURS = ("ours", "theirs", "floor", "other")

STYLE = """
  text { font: 11px sans-serif; fill: #24292f }
  .page { fill: #ffffff } .title { font-size: 13px; font-weight: bold }
  .grid { stroke: #d0d7de; stroke-width: 1 } .axis { stroke: #57606a; stroke-width: 1; fill: none }
  .ours { stroke: #0969da; fill: #0969da } .theirs { stroke: #bc4c00; fill: #bc4c00 }
  .floor { stroke: #6e7781; fill: #6e7781 } .other { stroke: #1a7f37; fill: #1a7f37 }
  .line { stroke-width: 2; fill: none } .key { stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .page { fill: #0d1117 } .grid { stroke: #30363d } .axis { stroke: #8b949e }
    .ours { stroke: #58a6ff; fill: #58a6ff } .theirs { stroke: #f0883e; fill: #f0883e }
    .floor { stroke: #8b949e; fill: #8b949e } .other { stroke: #3fb950; fill: #3fb950 }
    .line { fill: none } .key { stroke: none }
  }
"""


@dataclasses.dataclass
class Panel:
    """`lines`: {name: [(x, y), ...]}, all above zero. A line has its colour by its place, so one without points keeps it."""
    title: str
    across: str
    up: str
    lines: dict


def number(value):
    for factor, suffix in ((1e6, "M"), (1e3, "k")):
        if value >= factor:
            return f"{value / factor:g}{suffix}"
    return f"{value:g}"


def decades(values):
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) + 1e-9)


class _Field:
    """Where values lie in a panel: whole decades, at least one of them upwards."""

    def __init__(self, panel):
        points = [point for line in panel.lines.values() for point in line]
        self.x_ticks = sorted({x for x, _ in points})
        self.low, high = decades([y for _, y in points])
        self.high = max(high, self.low + 1)
        self._span = math.log10(self.x_ticks[-1] / self.x_ticks[0]) or 1

    def x(self, value):
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log10(value / self.x_ticks[0]) / self._span

    def y(self, value):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (math.log10(value) - self.low) / (self.high - self.low)


def _text(x, y, words, anchor="middle", kind=""):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"{kind}>{escape(words)}</text>'


def _axes(panel, field):
    parts = [_text(0, 14, panel.title, "start", ' class="title"'), _text(WIDTH / 2 + 20, HEIGHT - 6, panel.across),
             f'<text transform="translate(11 {(HEIGHT + TOP - BOTTOM) / 2:.0f}) rotate(-90)" text-anchor="middle">'
             f"{escape(panel.up)}</text>"]
    for power in range(field.low, field.high + 1):
        y = field.y(10 ** power)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>{_text(LEFT - 5, y + 4, number(10 ** power), "end")}')
    for tick in field.x_ticks:
        parts.append(_text(field.x(tick), HEIGHT - BOTTOM + 15, number(tick)))
    parts.append(f'<path class="axis" d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>')
    return parts


def _lines(panel, field):
    parts = []
    x, y = 0, 23  # of the legend
    for (name, points), colour in zip(panel.lines.items(), COLOURS):
        if not points:
            continue
        path = "L".join(f"{field.x(px):.1f} {field.y(py):.1f}" for px, py in points)
        parts.append(f'<path class="line {colour}" d="M{path}"/>')
        parts += [f'<circle class="key {colour}" cx="{field.x(px):.1f}" cy="{field.y(py):.1f}" r="3"/>' for px, py in points]
        wide = 24 + 6 * len(name)
        if x + wide > WIDTH:
            x, y = 0, y + 15
        parts.append(f'<rect class="key {colour}" x="{x}" y="{y}" width="9" height="9"/>{_text(x + 13, y + 9, name, "start")}')
        x += wide
    return parts


def draw(panels):
    rows = math.ceil(len(panels) / COLUMNS)
    width, height = COLUMNS * (WIDTH + GAP) + GAP, rows * (HEIGHT + GAP) + GAP
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
             f"<style>{STYLE}</style>", f'<rect class="page" width="{width}" height="{height}"/>']
    for n, panel in enumerate(panels):
        field = _Field(panel)
        x, y = GAP + n % COLUMNS * (WIDTH + GAP), GAP + n // COLUMNS * (HEIGHT + GAP)
        parts += [f'<g transform="translate({x} {y})">', *_axes(panel, field), *_lines(panel, field), "</g>"]
    return "\n".join([*parts, "</svg>", ""])
