"""What every chart has in common: the finding, what it stands on, the drawing and its numbers."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.safestring import SafeString

from supportsuccess.lists import cells
from supportsuccess.lists.charts.geometry import Value
from supportsuccess.lists.charts.marks import leads, together
from supportsuccess.lists.charts.units import Unit
from supportsuccess.lists.html import html

# Units of the drawing, which is scaled to its place; charts.css knows the width, too.
WIDTH = 480
# A figure of the largest text that charts.css sets where there is least room.
CHARACTER = 13


class NumbersRow(NamedTuple):
    """A row of the table beneath a chart; its first cell opens what the mark opens."""

    label: object
    values: Sequence[object]
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure(ABC):
    """A finding and what shows it; print it in a template.

    `title` says the finding, `n` and `of` what it stands on, `definition` how it is computed.
    """

    id: str
    title: str
    n: int
    of: str
    definition: str
    unit: Unit
    empty: str = "Nothing is known of this yet."

    def __str__(self) -> SafeString:
        return html(
            '<figure class="chart" data-number="left" data-left="chart" id="{}"'
            ' aria-labelledby="{}-title">{}{}</figure>',
            self.id,
            self.id,
            self._caption(),
            self.body() if self.is_known() else html('<p class="chart-empty">{}</p>', self.empty),
        )

    def __html__(self) -> SafeString:
        return self.__str__()

    @abstractmethod
    def is_known(self) -> bool:
        """Whether there is anything to draw."""

    @abstractmethod
    def body(self) -> SafeString:
        """What stands beneath the words."""

    def stretch(self) -> str:
        """From when to when, where the axis is too short of room to say so."""
        return ""

    def _caption(self) -> SafeString:
        basis = f"n = {cells.number(self.n)} {self.of}{self.stretch()}"
        return html(
            '<figcaption><p class="chart-title" id="{}-title">{}</p>'
            '<p class="chart-note" id="{}-note">{}. {}</p></figcaption>',
            self.id,
            self.title,
            self.id,
            basis,
            self.definition,
        )


@dataclass(frozen=True, kw_only=True)
class Chart(Figure):
    """A drawing and, one key away, the same numbers as a table."""

    @abstractmethod
    def height(self) -> float:
        """How tall the drawing is, in its units."""

    @abstractmethod
    def drawing(self) -> SafeString:
        """What stands in the SVG."""

    @abstractmethod
    def head(self) -> Sequence[str]:
        """The columns of the numbers."""

    @abstractmethod
    def rows(self) -> Sequence[NumbersRow]:
        """The same numbers as a table."""

    def body(self) -> SafeString:
        # The children of an image are nobody's; links must stay somebody's.
        role = "group" if any(leads(row.url) for row in self.rows()) else "img"
        return html(
            '<svg class="chart-drawing" viewBox="0 0 {} {}" role="{}"'
            ' aria-labelledby="{}-title" aria-describedby="{}-note">{}</svg>'
            '<details class="chart-numbers"><summary>Show the numbers'
            '<span class="visually-hidden">: {}</span></summary>{}</details>',
            WIDTH,
            f"{self.height():g}",
            role,
            self.id,
            self.id,
            self.drawing(),
            self.title,
            self._table(),
        )

    def _table(self) -> SafeString:
        first, *others = self.head()
        columns = (html('<th scope="col" class="end">{}</th>', name) for name in others)
        return html(
            '<table class="chart-table"><caption>{}</caption><thead><tr><th scope="col">{}</th>{}'
            "</tr></thead><tbody>{}</tbody></table>",
            self.title,
            first,
            together(columns),
            together(map(_row, self.rows())),
        )


def _row(row: NumbersRow) -> SafeString:
    label = html('<a href="{}">{}</a>', row.url, row.label) if leads(row.url) else row.label
    values = (html('<td class="end">{}</td>', value) for value in row.values)
    return html('<tr><th scope="row">{}</th>{}</tr>', label, together(values))


def written(value: Value | None, *, unit: Unit) -> str:
    """A value as its table shows it, unknown where it is."""
    return cells.UNKNOWN if value is None else unit.write(value)
