"""Columns over time: one for each period, from zero."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString

from supportsuccess.lists.charts.axes import HEIGHT, LABEL_DROP, MARGIN, Axes, axes_over
from supportsuccess.lists.charts.geometry import Value
from supportsuccess.lists.charts.marks import DayMark, mark, place, together
from supportsuccess.lists.charts.series import Series
from supportsuccess.lists.html import html

FILLED = 0.7  # of the room that a period has
WIDEST = 40


@dataclass(frozen=True, kw_only=True)
class Columns(Series[DayMark]):
    """A value for each period, which its first day stands for; `period` names one of them."""

    period: str = "Week of"

    def each(self) -> str:
        return self.period

    def height(self) -> float:
        return HEIGHT

    def drawing(self) -> SafeString:
        axes = self.axes()
        width = self._width(axes)
        columns = (self._column(each, axes=axes, width=width) for each in self.marks)
        return html("{}{}", axes.drawing(), together(columns))

    def axes(self) -> Axes:
        """The room of the marks, and its scales."""
        known = [value for each in self.marks for value in each.known]
        days = self.marks[0].day, self.marks[-1].day
        return axes_over(values=[0, *known], days=days, unit=self.unit, margin=MARGIN + WIDEST / 2)

    def _width(self, axes: Axes) -> float:
        places = [axes.across(each.day) for each in self.marks]
        nearest = min((after - before for before, after in pairwise(places)), default=WIDEST)
        return min(nearest * FILLED, WIDEST)

    def _column(self, each: DayMark, *, axes: Axes, width: float) -> SafeString:
        x = axes.across(each.day)
        if each.value is None:
            return _gap(x, axes=axes)
        bar = _bar(x, value=each.value, axes=axes, width=width)
        return mark(
            html("{}{}", bar, _whisker(x, each, axes=axes)),
            says=f"{self.period} {each.saying(self.unit)}",
            url=each.url,
        )


def _gap(x: float, *, axes: Axes) -> SafeString:
    return html(
        '<text class="chart-label" text-anchor="middle" x="{}" y="{}">?</text>',
        place(x),
        place(axes.y.at(0) - LABEL_DROP),
    )


def _bar(x: float, *, value: Value, axes: Axes, width: float) -> SafeString:
    zero, end = axes.y.at(0), axes.y.at(value)
    return html(
        '<rect class="chart-area" x="{}" y="{}" width="{}" height="{}"/>'
        '<rect class="chart-bar" x="{}" y="{}" width="{}" height="{}"/>',
        place(x - width / 2),
        place(axes.box.top),
        place(width),
        place(axes.box.bottom - axes.box.top),
        place(x - width / 2),
        place(min(zero, end)),
        place(width),
        place(abs(zero - end)),
    )


def _whisker(x: float, each: DayMark, *, axes: Axes) -> SafeString:
    if each.interval is None:
        return SafeString("")
    low, high = each.interval
    return html(
        '<path class="chart-whisker" d="M{0} {1}V{2}M{3} {1}h8M{3} {2}h8"/>',
        place(x),
        place(axes.y.at(low)),
        place(axes.y.at(high)),
        place(x - 4),
    )
