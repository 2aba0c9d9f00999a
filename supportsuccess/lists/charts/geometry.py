"""Where marks stand: pure functions from values and days to places on paper."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, log10
from typing import NamedTuple

type Value = float | Decimal

ROUND = (1, 2, 5, 10, 20)
NO_LEAST = Decimal(0)
DAY_STEPS = (1, 2)
WEEK_STEPS = (1, 2)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60)
DAYS_DRAWN = 5 * 366
WEEK = 7


class Box(NamedTuple):
    """Where marks may stand; y grows downwards, as in SVG."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Scale:
    """Values between `low` and `high` on a way from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError("A scale needs two different ends.")

    def at(self, value: Value) -> float:
        """The place of a value."""
        gone = (float(value) - self.low) / (self.high - self.low)
        return self.start + gone * (self.end - self.start)


def ticks(
    low: Value, high: Value, *, most: int = 5, least: Decimal = NO_LEAST
) -> tuple[Decimal, ...]:
    """Round values, evenly spaced, from at most `low` to at least `high`.

    `least` is the smallest step whose values still read as different ones.
    """
    bottom, top = Fraction(low), Fraction(high)
    wanted = (top - bottom) / (most - 1) or abs(top) / most or Fraction(1)
    step = max(_round_step(wanted), least)
    first, last = floor(bottom / Fraction(step)), ceil(top / Fraction(step))
    return tuple(step * place for place in range(first, max(last, first + 1) + 1))


def _round_step(least: Fraction) -> Decimal:
    power = Decimal(10) ** floor(log10(least))
    return next(power * times for times in ROUND if Fraction(power * times) >= least)


def day_ticks(first: date, last: date, *, most: int = 6) -> tuple[date, ...]:
    """A few days worth a label: every day or other day, else Mondays, else firsts of months."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    fitting = (found for found in _day_choices(days) if 0 < len(found) <= most)
    return tuple(next(fitting, [first]))


def _day_choices(days: Sequence[date]) -> Iterator[list[date]]:
    for step in DAY_STEPS:
        yield list(days[::step])
    for step in WEEK_STEPS:
        yield [d for d in days if d.weekday() == 0 and d.toordinal() // WEEK % step == 0]
    for step in MONTH_STEPS:
        yield [d for d in days if d.day == 1 and (d.year * 12 + d.month - 1) % step == 0]


def runs[Mark](
    marks: Sequence[Mark],
    *,
    is_known: Callable[[Mark], bool],
    is_joined: Callable[[Mark, Mark], bool],
) -> list[list[Mark]]:
    """The stretches that may be drawn in one go: neither over what is unknown nor over a hole."""
    found: list[list[Mark]] = []
    before: Mark | None = None
    for mark in marks:
        if not is_known(mark):
            before = None
            continue
        if before is None or not is_joined(before, mark):
            found.append([])
        found[-1].append(mark)
        before = mark
    return found


def stairs(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """A way on which each height stands until the next place, and changes there at once."""
    way = list(points[:1])
    for before, after in pairwise(points):
        way += [(after[0], before[1]), after]
    return way


def running(start: Decimal, effects: Sequence[Decimal]) -> list[tuple[Decimal, Decimal]]:
    """Where each step begins and ends."""
    ways: list[tuple[Decimal, Decimal]] = []
    for effect in effects:
        begins = ways[-1][1] if ways else start
        ways.append((begins, begins + effect))
    return ways


def tone_of(value: Value, *, edges: Sequence[Value]) -> int:
    """How many of the rising edges a value has reached."""
    return sum(value >= edge for edge in edges)
