"""Small charts as SVG with presentation attributes only: no script, no style."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Literal

from django.utils.safestring import SafeString

from supportsuccess.lists.html import html

type Number = float | Decimal
type Tone = Literal["accent", "good", "warn", "bad"]
type Point = tuple[float, float]

WIDTH, HEIGHT, MARGIN = 64, 18, 3


def sparkline(values: Sequence[Number | None], *, label: str) -> SafeString:
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


def meter(value: Number | None, *, of: Number, label: str, tone: Tone = "accent") -> SafeString:
    """How full something is; an unknown value is an empty bar that says so."""
    share = 0.0 if value is None or not of else min(max(float(value) / float(of), 0.0), 1.0)
    return html(
        '<svg class="meter meter-{}" viewBox="0 0 100 6" preserveAspectRatio="none" role="img"'
        ' aria-label="{}: {}"><rect width="{}" height="6"/></svg>',
        tone,
        label,
        "unknown" if value is None else f"{share:.0%}",
        f"{share * 100:.1f}",
    )


def _points(values: Sequence[Number | None]) -> list[Point | None]:
    known = [float(value) for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)

    def height(value: Number) -> float:
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
