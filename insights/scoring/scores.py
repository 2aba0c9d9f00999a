"""A customer's score from readings: the weighted mean of what is known, and how much that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from insights.scoring.cards import ENOUGH_COVERAGE
from insights.scoring.curves import score_on
from insights.scoring.numbers import six

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from insights.scoring.cards import Card, Weighed

SILENT_AFTER_DAYS = 90


@dataclass(frozen=True)
class Reading:
    """What a measure read of a customer, and how old the newest fact behind it is."""

    value: Decimal
    at: datetime | None = None


@dataclass(frozen=True)
class Contribution:
    """What one measure adds to the score: its weight among the known ones times its score."""

    reading: Decimal
    score: Decimal
    weight: Decimal
    contribution: Decimal


@dataclass(frozen=True)
class Score:
    """A customer's score on one card; a measure without reading has no contribution."""

    score: Decimal | None
    coverage: Decimal
    is_unknown: bool
    contributions: Mapping[str, Contribution | None]


def score_readings(
    card: Card,
    readings: Mapping[str, Reading | None],
    *,
    as_of: datetime,
    last_sign_at: datetime | None,
) -> Score:
    """Score a customer on a card whose measures all have their source connected."""
    scored = [(m, fresh(m, readings.get(m.key), as_of=as_of)) for m in card.measures]
    known = float(sum(m.weight for m, reading in scored if reading is not None))
    connected = float(sum(m.weight for m in card.measures))
    contributions = _contributions(scored, known=known)
    coverage = six(known / connected) if connected else six(0)
    return Score(
        score=_total(contributions) if known else None,
        coverage=coverage,
        is_unknown=coverage < Decimal(ENOUGH_COVERAGE) or is_silent(last_sign_at, as_of=as_of),
        contributions=contributions,
    )


def fresh(measure: Weighed, reading: Reading | None, *, as_of: datetime) -> Decimal | None:
    """The reading, unless it is missing or older than the card takes."""
    if reading is None or _is_too_old(measure, reading, as_of=as_of):
        return None
    return six(float(reading.value))


def _is_too_old(measure: Weighed, reading: Reading, *, as_of: datetime) -> bool:
    if measure.max_age_days is None or reading.at is None:
        return False
    return reading.at < as_of - timedelta(days=measure.max_age_days)


def is_silent(last_sign_at: datetime | None, *, as_of: datetime) -> bool:
    """No event and no touch for so long that nobody knows."""
    return last_sign_at is None or last_sign_at < as_of - timedelta(days=SILENT_AFTER_DAYS)


def _contributions(
    scored: Sequence[tuple[Weighed, Decimal | None]], *, known: float
) -> dict[str, Contribution | None]:
    """Each one is what it adds to the sum so far, rounded, so that all sum to the rounded score."""
    contributions: dict[str, Contribution | None] = {}
    points = 0.0
    for measure, reading in scored:
        if reading is None:
            contributions[measure.key] = None
            continue
        score = score_on(measure.curve, reading)
        weight, before = float(measure.weight), points
        points += weight * float(score)
        contributions[measure.key] = Contribution(
            reading=reading,
            score=score,
            weight=six(weight / known),
            contribution=six(points / known) - six(before / known),
        )
    return contributions


def _total(contributions: Mapping[str, Contribution | None]) -> Decimal:
    return sum((c.contribution for c in contributions.values() if c), Decimal(0))
