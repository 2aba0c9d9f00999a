"""A line as large as a word."""

from collections.abc import Sequence
from itertools import groupby

from django.utils.safestring import SafeString

from supportsuccess.lists.charts.geometry import Value
from supportsuccess.lists.html import html

type Point = tuple[float, float]

WIDTH, HEIGHT, MARGIN = 64, 18, 3


def sparkline(values: Sequence[Value | None], *, label: str) -> SafeString:
    """A line without axes; a missing value is a gap, the last known one a dot."""
    points = _points(values)
    last = [(f"{x:.1f}", f"{y:.1f}") for x, y in filter(None, points)][-1:]
    return html(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img"'
        ' aria-label="{}">{}{}</svg>',
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT,
        label,
        SafeString("".join(html('<polyline points="{}"/>', line) for line in _lines(points))),
        SafeString("".join(html('<circle cx="{}" cy="{}" r="2.5"/>', *dot) for dot in last)),
    )


def _points(values: Sequence[Value | None]) -> list[Point | None]:
    known = [float(value) for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)

    def height(value: Value) -> float:
        share = (float(value) - low) / (high - low) if high > low else 0.5
        return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)

    return [
        None if value is None else (MARGIN + place * step, height(value))
        for place, value in enumerate(values)
    ]


def _lines(points: Sequence[Point | None]) -> list[str]:
    """The runs of known points, each as the SVG wants it."""
    runs = (run for is_known, run in groupby(points, key=bool) if is_known)
    return [" ".join(f"{x:.1f},{y:.1f}" for x, y in filter(None, run)) for run in runs]
