"""Which band daily scores put a customer in: an edge counts when passed clearly or for long."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from accounts.models import Band

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# An edge is passed by this many points at once, or for this many days on end.
CLEAR_POINTS = 3
STEADY_DAYS = 3
LEVELS = (Band.RED, Band.YELLOW, Band.GREEN)


@dataclass(frozen=True)
class Day:
    """What one day's run said of a customer; no score where nothing was known."""

    score: Decimal | None
    is_unknown: bool = False


def plain_band(score: Decimal, *, edges: Sequence[int]) -> Band:
    """The band a score lies in; `edges` are where yellow and green begin."""
    return LEVELS[sum(score >= edge for edge in edges)]


def next_band(
    previous: Band | None, *, today: Day, before: Sequence[Day], edges: Sequence[int]
) -> Band:
    """Today's band after `previous`; `before` are the days before today, the nearest first."""
    if today.is_unknown or today.score is None:
        return Band.UNKNOWN
    if previous is None or previous == Band.UNKNOWN:
        return plain_band(today.score, edges=edges)
    streak = [today, *before[: STEADY_DAYS - 1]]
    was = LEVELS.index(previous)
    return LEVELS[
        sum(
            _stands_above(edge, was_above=was > place, streak=streak)
            for place, edge in enumerate(edges)
        )
    ]


def bands_of(days: Iterable[Day], *, edges: Sequence[int]) -> list[Band]:
    """The bands of consecutive days: what a back-test replays."""
    bands: list[Band] = []
    before: list[Day] = []
    for day in days:
        previous = bands[-1] if bands else None
        bands.append(next_band(previous, today=day, before=before, edges=edges))
        before = [day, *before][: STEADY_DAYS - 1]
    return bands


def _stands_above(edge: int, *, was_above: bool, streak: Sequence[Day]) -> bool:
    score = streak[0].score
    if score is None or (score >= edge) == was_above:
        return was_above
    clear = abs(score - edge) >= CLEAR_POINTS
    steady = len(streak) == STEADY_DAYS and all(
        not day.is_unknown and day.score is not None and (day.score >= edge) != was_above
        for day in streak
    )
    return was_above != (clear or steady)
