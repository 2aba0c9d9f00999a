"""How a reading becomes 0 to 100: straight lines between points, level beyond the ends.

Two points at one reading make a step: the reading itself already has the second one's score, so
that bands are `[low, high)`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from insights.scoring.numbers import six

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

type Curve = tuple[tuple[float, float], ...]


def curve_of(points: Sequence[Sequence[float]]) -> Curve:
    """A curve from its stored points. Raises ValueError when it is none."""
    curve = tuple((float(reading), float(score)) for reading, score in points)
    if not curve:
        raise ValueError("A curve needs a point.")
    if any(before[0] > after[0] for before, after in pairwise(curve)):
        raise ValueError("The readings of a curve rise.")
    if any(not 0 <= score <= 100 for _, score in curve):
        raise ValueError("Scores lie between 0 and 100.")
    return curve


def score_on(curve: Curve, reading: Decimal) -> Decimal:
    """What a reading scores."""
    x = float(reading)
    if x < curve[0][0]:
        return six(curve[0][1])
    for (low, at_low), (high, at_high) in pairwise(curve):
        if x < high:
            return six(at_low + (x - low) * (at_high - at_low) / (high - low))
    return six(curve[-1][1])


def curve_sql(curve: Curve, column: str) -> str:
    """The same as an SQL expression over a column that may be NULL, in the same order of steps."""
    x = f"{column}::float8"
    steps = [f"WHEN {column} IS NULL THEN NULL", f"WHEN {x} < {_number(curve[0][0])} THEN"]
    steps[-1] += f" {_number(curve[0][1])}"
    steps += [
        f"WHEN {x} < {_number(high)} THEN {_number(at_low)} + ({x} - {_number(low)})"
        f" * {_number(at_high - at_low)} / {_number(high - low)}"
        for (low, at_low), (high, at_high) in pairwise(curve)
        if low < high
    ]
    return f"round((CASE {' '.join(steps)} ELSE {_number(curve[-1][1])} END)::numeric, 6)"


def _number(value: float) -> str:
    return f"'{value!r}'::float8"
