"""A share with what it is worth: so many of so many, and the interval that holds it."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

# of a normal distribution: two sides of 95 %
Z = 1.959964


class Rate(NamedTuple):
    """So many of so many."""

    part: int
    n: int

    @property
    def share(self) -> float | None:
        return self.part / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval."""
        if not self.n:
            return None
        share, square = self.part / self.n, Z * Z / self.n
        middle = (share + square / 2) / (1 + square)
        half = Z * sqrt(share * (1 - share) / self.n + square / self.n / 4) / (1 + square)
        return max(middle - half, 0.0), min(middle + half, 1.0)
