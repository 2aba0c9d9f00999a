"""A published scorecard as the scorer reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from decimal import Decimal

    from insights.scoring.curves import Curve

# Below this share of known weight a score says too little to be shown as a band.
ENOUGH_COVERAGE = "0.5"


@dataclass(frozen=True)
class Weighed:
    """One measure on a card: how much it counts, and how its reading scores."""

    key: str
    group: str
    weight: Decimal
    curve: Curve
    max_age_days: int | None = None


@dataclass(frozen=True)
class Card:
    """One version of a scorecard; an empty segment or stage stands for every one."""

    version_id: int
    scorecard_id: int
    number: int
    published_at: datetime
    name: str
    segment: str
    stage: str
    red_below: int
    green_from: int
    measures: tuple[Weighed, ...]

    def connected_to(self, keys: Collection[str]) -> Card:
        """The card with those measures alone whose source is connected."""
        return replace(self, measures=tuple(m for m in self.measures if m.key in keys))
