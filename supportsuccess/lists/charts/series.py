"""What charts of values one beside another have in common: what is known, and its table."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from supportsuccess.lists import cells
from supportsuccess.lists.charts.figure import Chart, NumbersRow, written
from supportsuccess.lists.charts.marks import Mark, between_words


@dataclass(frozen=True, kw_only=True)
class Series[M: Mark](Chart):
    """Marks in the order in which they are drawn; `interval` names what lies around a value."""

    marks: Sequence[M]
    interval: str = "Interval"

    @abstractmethod
    def each(self) -> str:
        """What one mark stands for: the name of the table's first column."""

    def is_known(self) -> bool:
        return any(mark.value is not None for mark in self.marks)

    def head(self) -> Sequence[str]:
        interval = [self.interval] if self._has_intervals() else []
        return [self.each(), f"Value, {self.unit.name}", *interval]

    def rows(self) -> Sequence[NumbersRow]:
        return [NumbersRow(mark.words(), self._values(mark), mark.url) for mark in self.marks]

    def _values(self, mark: M) -> list[object]:
        value = written(mark.value, unit=self.unit)
        if not self._has_intervals():
            return [value]
        between = mark.interval and between_words(mark.interval, unit=self.unit)
        return [value, between or cells.UNKNOWN]

    def _has_intervals(self) -> bool:
        return any(mark.interval for mark in self.marks)
