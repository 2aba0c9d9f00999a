"""A plot of values over days: its room, its round ticks and its few dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString

from supportsuccess.lists.cells import MONTHS
from supportsuccess.lists.charts.figure import CHARACTER, WIDTH
from supportsuccess.lists.charts.geometry import Box, Scale, Value, day_ticks, ticks
from supportsuccess.lists.charts.marks import place, together
from supportsuccess.lists.charts.units import Unit
from supportsuccess.lists.html import html

HEIGHT = 220
TOP, FOOT, MARGIN = 26, 32, 12
LABEL_DROP = 4  # from a label's middle to its baseline


@dataclass(frozen=True)
class Axes:
    """The two scales of a plot, and what is written along them."""

    box: Box
    values: tuple[Decimal, ...]
    days: tuple[date, ...]
    x: Scale
    y: Scale
    unit: Unit

    def across(self, day: date) -> float:
        return self.x.at(day.toordinal())

    def point(self, day: date, value: Value) -> tuple[float, float]:
        return self.across(day), self.y.at(value)

    def drawing(self) -> SafeString:
        """Lines and labels, behind the marks."""
        return html("{}{}", together(self._value_labels()), together(self._day_labels()))

    def _value_labels(self) -> list[SafeString]:
        return [
            html(
                '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
                '<text class="chart-label" text-anchor="end" x="{}" y="{}">{}</text>',
                "chart-zero" if not value else "chart-grid",
                place(self.box.left),
                place(self.box.right),
                place(self.y.at(value)),
                place(self.y.at(value)),
                place(self.box.left - 6),
                place(self.y.at(value) + LABEL_DROP),
                label,
            )
            for value, label in zip(self.values, self.unit.labels(self.values), strict=True)
        ]

    def _day_labels(self) -> list[SafeString]:
        return [
            html(
                '<text class="chart-label{}" text-anchor="middle" x="{}" y="{}">{}</text>',
                " chart-spare" if number % 2 else "",
                place(self.across(day)),
                place(HEIGHT - 8),
                _day_words(day, days=self.days),
            )
            for number, day in enumerate(self.days)
        ]


def axes_over(
    *, values: Sequence[Value], days: tuple[date, date], unit: Unit, margin: float = MARGIN
) -> Axes:
    """Axes that hold all these values, between two days."""
    shown = ticks(min(values), max(values), least=unit.least)
    longest = max(map(len, unit.labels(shown)))
    box = Box(CHARACTER * longest + 8, TOP, WIDTH - MARGIN, HEIGHT - FOOT)
    first, last = (day.toordinal() for day in days)
    # A lone day stands in the middle.
    ends = (first, last) if first < last else (first - 1, last + 1)
    return Axes(
        box=box,
        values=shown,
        days=day_ticks(*days),
        x=Scale(*ends, box.left + margin, box.right - margin),
        y=Scale(float(shown[0]), float(shown[-1]), box.bottom, box.top),
        unit=unit,
    )


def _day_words(day: date, *, days: Sequence[date]) -> str:
    """A month where the labels are months, the year in place of January."""
    if all(each.day == 1 for each in days) and len(days) > 1:
        return str(day.year) if day.month == 1 else MONTHS[day.month - 1]
    return f"{day.day} {MONTHS[day.month - 1]}"
