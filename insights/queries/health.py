"""What pages say of a customer's health: the score, why it moved, and what it is made of."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count

from accounts.models import Band, HealthOverride
from insights.measures import MEASURES, Measure
from insights.models import CurrentHealth, HealthSnapshot, ScorecardMeasure
from insights.scoring.changes import OTHER, OWN_WORDINGS
from insights.scoring.numbers import six

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from accounts.models import User

SPARKLINE_DAYS = 180
SPARKLINE_STEP = 3
# what a tenth of a point shows
LEAST_SHOWN = Decimal("0.05")


@dataclass(frozen=True)
class Share:
    """One measure in a score: what was read, how it scores, what it adds; empty where missing."""

    key: str
    name: str
    unit: str
    group: str
    drill_down: str
    reading: Decimal | None = None
    # the reading as it is written before its unit
    figure: str = ""
    score: Decimal | None = None
    weight: Decimal | None = None
    contribution: Decimal | None = None
    # the day of the newest fact behind the reading
    fresh_on: date | None = None


@dataclass(frozen=True)
class Cause:
    """What one cause did to the score since the day it is compared with."""

    key: str
    name: str
    effect: Decimal


@dataclass(frozen=True)
class Override:
    """A person's band that stands before the computed one, with its reason and its end."""

    band: Band
    reason: str
    by: str
    expires_at: datetime


class StoredDay(NamedTuple):
    """The score as it was stored for a day; empty where too little was known for one."""

    day: date
    score: Decimal | None


@dataclass(frozen=True)
class CustomerHealth:
    """A customer's health as its page shows it; without a run yet everything is unknown."""

    customer_id: int
    band: Band = Band.UNKNOWN
    score: Decimal | None = None
    coverage: Decimal = Decimal(0)
    as_of: datetime | None = None
    card: str = ""
    # where yellow and green begin on the card
    edges: tuple[int, int] | None = None
    # "−23: reopens −11, champion left −8", or why it is unknown; empty where nothing moved
    sentence: str = ""
    # the day whose score it is compared with
    compared_on: date | None = None
    compared_score: Decimal | None = None
    causes: tuple[Cause, ...] = ()
    shares: tuple[Share, ...] = ()
    # measures of the card whose source the company has not connected: setup, not coverage
    not_connected: tuple[str, ...] = ()
    groups: tuple[tuple[str, Decimal], ...] = ()
    override: Override | None = None

    @property
    def effective_band(self) -> Band:
        return self.override.band if self.override else self.band

    @property
    def is_explained(self) -> bool:
        """Whether the causes add up to the difference, to the last digit."""
        if self.score is None or self.compared_score is None or not self.causes:
            return False
        return self.compared_score + sum(cause.effect for cause in self.causes) == self.score

    @property
    def worst_group(self) -> tuple[str, Decimal] | None:
        """The group that does worst, where there is more than one to compare."""
        return min(self.groups, key=lambda group: group[1]) if len(self.groups) > 1 else None


def health_of(customer_id: int, *, at: datetime) -> CustomerHealth:
    """How a customer does and why, in three queries."""
    override = _override(customer_id, at=at)
    current = (
        CurrentHealth.objects.filter(customer=customer_id)
        .select_related("version__scorecard")
        .first()
    )
    if current is None:
        return CustomerHealth(customer_id, override=override)
    weighed = list(ScorecardMeasure.objects.filter(version=current.version_id).order_by("pk"))
    change = current.change
    return CustomerHealth(
        customer_id=customer_id,
        band=Band(current.band),
        score=current.score,
        coverage=current.coverage,
        as_of=current.as_of,
        card=str(current.version),
        edges=(current.version.red_below, current.version.green_from),
        sentence=change.get("sentence", ""),
        compared_on=date.fromisoformat(change["since"]) if change.get("since") else None,
        compared_score=_six(change.get("from")),
        causes=_causes(change.get("parts", [])),
        shares=tuple(_shares(weighed, current.contributions)),
        not_connected=tuple(_name(m.key) for m in weighed if m.key not in current.contributions),
        groups=tuple(_groups(weighed, current.contributions)),
        override=override,
    )


def sparkline_points(customer_id: int, *, day: date) -> list[tuple[date, Decimal | None]]:
    """The score on every third day of half a year, as it stood on the newest stored day by then."""
    stored = list(
        HealthSnapshot.objects.filter(customer=customer_id, day__lte=day)
        .order_by("day")
        .values_list("day", "score")
    )
    stored_days = [stored_on for stored_on, _ in stored]
    days = [day - timedelta(days=ago) for ago in range(SPARKLINE_DAYS, -1, -SPARKLINE_STEP)]
    places = [bisect_right(stored_days, shown) for shown in days]
    return [
        (shown, stored[place - 1][1] if place else None)
        for shown, place in zip(days, places, strict=True)
    ]


def stored_days(customer_id: int, *, since: date, until: date) -> list[StoredDay]:
    """The days for which a score is stored, oldest first."""
    stored = HealthSnapshot.objects.filter(customer=customer_id, day__range=(since, until))
    rows = stored.order_by("day").values_list("day", "score", "band")
    return [StoredDay(day, None if band == Band.UNKNOWN else score) for day, score, band in rows]


def band_counts(user: User) -> dict[Band, int]:
    """How many of the customers this person may see are in each band."""
    counted = dict(CurrentHealth.objects.visible_to(user).values_list("band").annotate(Count("pk")))
    return {band: counted.get(band.value, 0) for band in Band}


def _override(customer_id: int, *, at: datetime) -> Override | None:
    newest = (
        HealthOverride.objects.in_force(at)
        .filter(customer=customer_id)
        .select_related("by")
        .order_by("-occurred_at", "-pk")
        .first()
    )
    if newest is None:
        return None
    return Override(Band(newest.band), newest.reason, newest.by.name, newest.expires_at)


def _shares(
    weighed: Sequence[ScorecardMeasure], contributions: Mapping[str, Mapping[str, Any]]
) -> list[Share]:
    """The card's connected measures in its order, those with a reading first as they add most."""
    shares = [
        _share(measure, contributions[measure.key])
        for measure in weighed
        if measure.key in contributions
    ]
    return sorted(shares, key=lambda share: (share.weight is None, -(share.weight or 0)))


def _share(measure: ScorecardMeasure, entry: Mapping[str, Any]) -> Share:
    known = MEASURES.get(measure.key)
    reading = _six(entry.get("reading"))
    return Share(
        key=measure.key,
        name=_name(measure.key),
        unit=known.unit if known else "",
        group=measure.get_group_display(),
        drill_down=known.drill_down if known else "",
        reading=reading,
        figure="" if reading is None else (known or Measure).figure(reading),
        score=_six(entry.get("score")),
        weight=_six(entry.get("weight")),
        contribution=_six(entry.get("contribution")),
        fresh_on=date.fromisoformat(entry["at"]) if entry.get("at") else None,
    )


def _groups(
    weighed: Sequence[ScorecardMeasure], contributions: Mapping[str, Mapping[str, Any]]
) -> list[tuple[str, Decimal]]:
    """The weighted mean of each group of measures with a reading."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for measure in weighed:
        score = _six(contributions.get(measure.key, {}).get("score"))
        if score is not None:
            weight, points = sums.get(measure.get_group_display(), (Decimal(0), Decimal(0)))
            sums[measure.get_group_display()] = (
                weight + measure.weight,
                points + measure.weight * score,
            )
    return [(group, points / weight) for group, (weight, points) in sums.items()]


def _causes(parts: Sequence[Mapping[str, Any]]) -> tuple[Cause, ...]:
    """What has a figure, the largest first; the rest, mostly of rounding, makes the sum exact."""
    causes = [_cause(part) for part in parts]
    shown = [cause for cause in causes if abs(cause.effect) >= LEAST_SHOWN]
    rest = sum((cause.effect for cause in causes if cause not in shown), Decimal(0))
    if abs(rest) >= LEAST_SHOWN:
        return (*shown, Cause(OTHER, OTHER, rest))
    return tuple(
        replace(cause, effect=cause.effect + (rest if place == 0 else 0))
        for place, cause in enumerate(shown)
    )


def _cause(part: Mapping[str, Any]) -> Cause:
    effect = six(float(part["effect"]))
    known = MEASURES.get(part["key"])
    wording = known.wording if known else OWN_WORDINGS.get(part["key"])
    if wording is None:
        return Cause(part["key"], part["key"], effect)
    return Cause(part["key"], wording.down if effect < 0 else wording.up, effect)


def _name(key: str) -> str:
    return MEASURES[key].name if key in MEASURES else key


def _six(value: float | None) -> Decimal | None:
    return None if value is None else six(float(value))
