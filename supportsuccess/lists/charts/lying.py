"""Bars that lie one beneath another, each under its words: they fit at any width."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from supportsuccess.lists.charts.figure import WIDTH
from supportsuccess.lists.charts.geometry import Scale, Value, ticks
from supportsuccess.lists.charts.marks import place, together
from supportsuccess.lists.charts.units import Unit
from supportsuccess.lists.html import html

ROW, BAR = 46, 12
BASELINE, BAR_TOP = 22, 30  # of the words and of the bar, from the top of their row
FOOT, MARGIN = 30, 4
# What the largest text leaves room for beside a value.
LONGEST = 28
THINNEST = 2


@dataclass(frozen=True)
class Rows:
    """The room of lying bars and the scale that they share."""

    count: int
    values: tuple[Decimal, ...]
    x: Scale
    unit: Unit

    @property
    def height(self) -> float:
        return height_of(self.count)

    def drawing(self) -> SafeString:
        """Lines and labels, behind the bars."""
        labelled = zip(self.values, self.unit.labels(self.values), strict=True)
        return together(
            html(
                '<line class="{}" x1="{}" x2="{}" y1="4" y2="{}"/>'
                '<text class="chart-label{}" text-anchor="{}" x="{}" y="{}">{}</text>',
                "chart-grid" if value else "chart-zero",
                place(self.x.at(value)),
                place(self.x.at(value)),
                place(self.height - FOOT),
                " chart-spare" if number % 2 else "",
                self._anchor(number),
                place(self.x.at(value)),
                place(self.height - 8),
                label,
            )
            for number, (value, label) in enumerate(labelled)
        )

    def words(self, number: int, *, label: str, value: str) -> SafeString:
        """What stands over a bar: its name, and how much it is."""
        y = number * ROW + BASELINE
        return html(
            '<text class="chart-name chart-halo" x="{}" y="{}">{}</text>'
            '<text class="chart-value chart-halo" text-anchor="end" x="{}" y="{}">{}</text>',
            place(self.x.start),
            y,
            clipped(label),
            place(self.x.end),
            y,
            value,
        )

    def bar(self, number: int, *, begin: Value, end: Value, kind: str) -> SafeString:
        """A bar between two values; a difference too small to see is a stroke."""
        left, right = sorted((self.x.at(begin), self.x.at(end)))
        return html(
            '<rect class="chart-area" x="0" y="{}" width="{}" height="{}"/>'
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
            number * ROW + 4,
            WIDTH,
            ROW - 2,
            kind,
            place(left),
            number * ROW + BAR_TOP,
            place(max(right - left, THINNEST)),
            BAR,
        )

    def whisker(self, number: int, low: Value, high: Value) -> SafeString:
        """An interval across the end of a bar."""
        middle = number * ROW + BAR_TOP + BAR / 2
        return html(
            '<path class="chart-whisker" d="M{0} {1}H{2}M{0} {3}v8M{2} {3}v8"/>',
            place(self.x.at(low)),
            place(middle),
            place(self.x.at(high)),
            place(middle - 4),
        )

    def _anchor(self, number: int) -> str:
        if number == 0:
            return "start"
        return "end" if number == len(self.values) - 1 else "middle"


def height_of(count: int) -> float:
    """How tall so many rows are with the labels beneath."""
    return count * ROW + FOOT + 4


def rows_for(values: Sequence[Value], *, count: int, unit: Unit) -> Rows:
    """Rows whose scale holds these values and zero."""
    shown = ticks(min(0, *values), max(0, *values), least=unit.least)
    x = Scale(float(shown[0]), float(shown[-1]), MARGIN, WIDTH - MARGIN)
    return Rows(count=count, values=shown, x=x, unit=unit)


def clipped(label: str) -> str:
    """A name that leaves its value room; the table has all of it."""
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1].rstrip()}…"
