"""A table whose cells are the darker the more they hold: figures first, shade second."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString

from supportsuccess.lists.charts.figure import Figure, written
from supportsuccess.lists.charts.geometry import Value, tone_of
from supportsuccess.lists.charts.marks import leads, together
from supportsuccess.lists.html import html

TONES = 5


@dataclass(frozen=True, kw_only=True)
class HeatCell:
    """What a row has in a column; None is unknown and has no shade."""

    value: Value | None
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    """A row's name and its cells, one for each column."""

    label: str
    cells: Sequence[HeatCell]
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Heat(Figure):
    """Rows and columns; a cell is a shade darker from each of at most four rising `edges` on."""

    corner: str
    columns: Sequence[str]
    rows: Sequence[HeatRow]
    edges: Sequence[Value]

    def __post_init__(self) -> None:
        if not 0 < len(self.edges) < TONES or sorted(set(self.edges)) != list(self.edges):
            raise ValueError(f"“{self.title}” needs one to {TONES - 1} edges that rise.")

    def is_known(self) -> bool:
        return any(cell.value is not None for row in self.rows for cell in row.cells)

    def body(self) -> SafeString:
        head = (html('<th scope="col" class="end">{}</th>', name) for name in self.columns)
        return html(
            '<table class="chart-table heat"><caption>{}</caption><thead><tr>'
            '<th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table>'
            '<ul class="heat-legend" aria-label="Shades, in {}">{}</ul>',
            self.title,
            self.corner,
            together(head),
            together(self._row(row) for row in self.rows),
            self.unit.name,
            together(self._legend()),
        )

    def _row(self, row: HeatRow) -> SafeString:
        cells = zip(self.columns, row.cells, strict=True)
        return html(
            '<tr><th scope="row">{}</th>{}</tr>',
            _linked(row.label, url=row.url),
            together(self._cell(cell, column=column) for column, cell in cells),
        )

    def _cell(self, cell: HeatCell, *, column: str) -> SafeString:
        tone = "none" if cell.value is None else tone_of(cell.value, edges=self.edges)
        return html(
            '<td class="end heat-{}" data-label="{}">{}</td>',
            tone,
            column,
            _linked(written(cell.value, unit=self.unit), url=cell.url),
        )

    def _legend(self) -> list[SafeString]:
        edges = [self.unit.write(edge) for edge in self.edges]
        between = [f"{low} to {high}" for low, high in pairwise(edges)]
        words = [f"under {edges[0]}", *between, f"{edges[-1]} and more"]
        return [html('<li class="heat-{}">{}</li>', tone, said) for tone, said in enumerate(words)]


def _linked(words: str, *, url: str) -> str:
    return html('<a href="{}">{}</a>', url, words) if leads(url) else words
