"""A series over days, the band around it, and lines to compare it with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Literal, NamedTuple

from django.utils.safestring import SafeString

from supportsuccess.lists import cells
from supportsuccess.lists.charts.axes import HEIGHT, Axes, axes_over
from supportsuccess.lists.charts.geometry import Value, runs, stairs
from supportsuccess.lists.charts.marks import DayMark, mark, place, together, way
from supportsuccess.lists.charts.series import Series
from supportsuccess.lists.html import html

# With more marks only those that open something, stand alone or come last have a dot.
DOTS_SHOWN = 31
# 24 px, the least that a finger needs, on a phone.
TARGET = 36
LABEL_LIFT = 5  # from a line to the label upon it


class Reference(NamedTuple):
    """A horizontal line to compare with, and its name."""

    value: Value
    label: str


@dataclass(frozen=True, kw_only=True)
class Line(Series[DayMark]):
    """Values over days.

    `joined` says how a value goes over into the next: on a straight way, or at once on its day.
    Marks more than `joins_days` apart have a hole between them. The axis shows the days `between`
    and the values it `reaches`, also where no mark is.
    """

    references: Sequence[Reference] = ()
    joined: Literal["straight", "steps"] = "straight"
    joins_days: int | None = None
    between: tuple[date, date] | None = None
    reaches: Sequence[Value] = ()

    def each(self) -> str:
        return "Day"

    def height(self) -> float:
        return HEIGHT

    def stretch(self) -> str:
        if not self.is_known():
            return ""
        first, last = self._days()
        return f", {cells.day_text(first)} to {cells.day_text(last)}"

    def drawing(self) -> SafeString:
        axes = self.axes()
        return html(
            "{}{}{}{}{}",
            together(_band(run, axes=axes) for run in self._runs_of_band()),
            axes.drawing(),
            together(self._reference(line, axes=axes) for line in self.references),
            together(self._way(run, axes=axes) for run in self._runs() if len(run) > 1),
            together(self._dot(each, axes=axes) for each in self._dotted()),
        )

    def _days(self) -> tuple[date, date]:
        return self.between or (self.marks[0].day, self.marks[-1].day)

    def axes(self) -> Axes:
        """The room of the marks, and its scales."""
        known = [value for each in self.marks for value in each.known]
        held = [*known, *(line.value for line in self.references), *self.reaches]
        return axes_over(values=held, days=self._days(), unit=self.unit)

    def _runs(self) -> list[list[DayMark]]:
        return runs(self.marks, is_known=lambda m: m.value is not None, is_joined=self._is_joined)

    def _runs_of_band(self) -> list[list[DayMark]]:
        return runs(self.marks, is_known=lambda m: bool(m.interval), is_joined=self._is_joined)

    def _is_joined(self, before: DayMark, after: DayMark) -> bool:
        return self.joins_days is None or (after.day - before.day).days <= self.joins_days

    def _way(self, run: Sequence[DayMark], *, axes: Axes) -> SafeString:
        points = [axes.point(each.day, each.value or 0) for each in run]
        shown = stairs(points) if self.joined == "steps" else points
        return html('<polyline class="chart-line" points="{}"/>', way(shown))

    def _reference(self, line: Reference, *, axes: Axes) -> SafeString:
        is_right = self._leaves_right_free(line)
        y = axes.y.at(line.value)
        return html(
            '<line class="chart-reference" x1="{}" x2="{}" y1="{}" y2="{}"/>'
            '<text class="chart-label chart-halo" text-anchor="{}" x="{}" y="{}">{}</text>',
            place(axes.box.left),
            place(axes.box.right),
            place(y),
            place(y),
            "end" if is_right else "start",
            place(axes.box.right if is_right else axes.box.left + LABEL_LIFT),
            place(y - LABEL_LIFT),
            line.label,
        )

    def _leaves_right_free(self, line: Reference) -> bool:
        """Whether the series keeps further away from a reference in its right half."""
        first, last = (day.toordinal() for day in self._days())
        near: dict[bool, float] = {False: inf, True: inf}
        for each in self.marks:
            if each.value is not None:
                half = each.day.toordinal() * 2 > first + last
                near[half] = min(near[half], abs(float(each.value) - float(line.value)))
        return near[True] > near[False]

    def _dotted(self) -> list[DayMark]:
        known = [each for each in self.marks if each.value is not None]
        lone = {run[0].day for run in self._runs() if len(run) == 1}
        is_few = len(known) <= DOTS_SHOWN
        return [m for m in known if is_few or m.url or m.day in lone or m is known[-1]]

    def _dot(self, each: DayMark, *, axes: Axes) -> SafeString:
        x, y = axes.point(each.day, each.value or 0)
        shape = html(
            '<rect class="chart-area" x="{}" y="{}" width="{}" height="{}"/>'
            '<circle class="chart-dot" cx="{}" cy="{}" r="3.5"/>',
            place(x - TARGET / 2),
            place(y - TARGET / 2),
            TARGET,
            TARGET,
            place(x),
            place(y),
        )
        return mark(shape, says=each.saying(self.unit), url=each.url)


def _band(run: Sequence[DayMark], *, axes: Axes) -> SafeString:
    # A lone interval has no width to fill: its outline is the stroke that one sees.
    above = [axes.point(each.day, each.high or 0) for each in run]
    below = [axes.point(each.day, each.low or 0) for each in reversed(run)]
    return html('<polygon class="chart-band" points="{}"/>', way([*above, *below]))
