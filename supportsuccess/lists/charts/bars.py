"""Bars of categories, from zero, with whiskers where a value is uncertain."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from supportsuccess.lists.charts.lying import Rows, height_of, rows_for
from supportsuccess.lists.charts.marks import Bar, mark, together
from supportsuccess.lists.charts.series import Series
from supportsuccess.lists.html import html


@dataclass(frozen=True, kw_only=True)
class Bars(Series[Bar]):
    """Categories one beneath another, in the order given; `category` names one of them."""

    category: str = "Category"

    def each(self) -> str:
        return self.category

    def height(self) -> float:
        return height_of(len(self.marks))

    def drawing(self) -> SafeString:
        known = [value for bar in self.marks for value in bar.known]
        rows = rows_for(known, count=len(self.marks), unit=self.unit)
        bars = (self._bar(number, bar, rows=rows) for number, bar in enumerate(self.marks))
        return html("{}{}", rows.drawing(), together(bars))

    def _bar(self, number: int, bar: Bar, *, rows: Rows) -> SafeString:
        if bar.value is None:
            return rows.words(number, label=bar.label, value="unknown")
        shape = html(
            "{}{}{}",
            rows.bar(number, begin=0, end=bar.value, kind="chart-bar"),
            rows.words(number, label=bar.label, value=self.unit.write(bar.value)),
            rows.whisker(number, *bar.interval) if bar.interval else "",
        )
        return mark(shape, says=bar.saying(self.unit), url=bar.url)
