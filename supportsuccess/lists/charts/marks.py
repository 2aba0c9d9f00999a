"""One mark of a chart: what it says, and the rows that it opens."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.utils.safestring import SafeString

from supportsuccess.lists import cells
from supportsuccess.lists.charts.geometry import Value
from supportsuccess.lists.charts.units import Unit
from supportsuccess.lists.html import html


@dataclass(frozen=True, kw_only=True)
class Mark(ABC):
    """A value, None where it is unknown, perhaps its interval, and the page with what it counts."""

    value: Value | None
    low: Value | None = None
    high: Value | None = None
    url: str = ""

    @abstractmethod
    def words(self) -> str:
        """What the value belongs to."""

    @property
    def interval(self) -> tuple[Value, Value] | None:
        """From where to where, if both are known."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def known(self) -> list[Value]:
        """All that the axis must hold."""
        return [value for value in (self.value, self.low, self.high) if value is not None]

    def saying(self, unit: Unit) -> str:
        """All of it in words: 2 Mar 2026: 58 points, 51 to 66."""
        if self.value is None:
            return f"{self.words()}: unknown"
        between = self.interval and f", {between_words(self.interval, unit=unit)}"
        return f"{self.words()}: {unit.named(self.value)}{between or ''}"


@dataclass(frozen=True, kw_only=True)
class DayMark(Mark):
    """What is known for a day, or for the period that begins on it."""

    day: date

    def words(self) -> str:
        return cells.day_text(self.day)


@dataclass(frozen=True, kw_only=True)
class Bar(Mark):
    """What is known for a category."""

    label: str

    def words(self) -> str:
        return self.label


def between_words(interval: tuple[Value, Value], *, unit: Unit) -> str:
    """An interval in words."""
    low, high = interval
    return f"{unit.write(low)} to {unit.write(high)}"


def leads(url: str) -> bool:
    """Whether an address opens a page; one that would run something does not."""
    return bool(url) and urlsplit(url).scheme in cells.PAGE_SCHEMES


def mark(shape: SafeString, *, says: str, url: str) -> SafeString:
    """A shape that says what it stands for on hover and, as a link, opens it."""
    titled = html("<title>{}</title>{}", says, shape)
    if not leads(url):
        return html("<g>{}</g>", titled)
    return html('<a class="chart-mark" href="{}" aria-label="{}">{}</a>', url, says, titled)


def together(pieces: Iterable[SafeString]) -> SafeString:
    """Pieces of one's own, one after another."""
    return SafeString("".join(pieces))


def place(number: float) -> str:
    """A coordinate as fine as the eye needs it."""
    return f"{number:.1f}"


def way(points: Iterable[tuple[float, float]]) -> str:
    """Points as SVG wants them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
