"""How likely a renewal is lost or shrinks, from counts of those decided: pure functions.

The loss rate of a health band in its segment, drawn towards the segment's own rate: with few
decided renewals in the band it says little of its own, with many it stands for itself. Below
`ENOUGH_LOSSES` in the whole company a rate would be noise; then the starter rates stand, which
are guesses, and say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from accounts.models import Band, Segment

if TYPE_CHECKING:
    from collections.abc import Mapping

ENOUGH_LOSSES = 5
# as many imagined renewals at the wider group's rate are mixed into each rate
PULL = 10
STARTER_LOST = {
    Band.RED: Decimal("0.25"),
    Band.YELLOW: Decimal("0.10"),
    Band.GREEN: Decimal("0.04"),
    Band.UNKNOWN: Decimal("0.12"),
}
STARTER_CONTRACTED = {
    Band.RED: Decimal("0.10"),
    Band.YELLOW: Decimal("0.06"),
    Band.GREEN: Decimal("0.03"),
    Band.UNKNOWN: Decimal("0.06"),
}
STARTER_CONTRACTION = Decimal("0.20")
# once notice lies here, the customer has said what it means to do; some are won back
NOTICE_LOST = Decimal("0.85")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Decided:
    """Renewals that were decided: how many, how many were lost or shrank, and by how much."""

    decided: int = 0
    lost: int = 0
    contracted: int = 0
    # the shares by which the contracted ones shrank, added up
    contraction: Decimal = ZERO

    def __add__(self, other: Decided) -> Decided:
        return Decided(
            self.decided + other.decided,
            self.lost + other.lost,
            self.contracted + other.contracted,
            self.contraction + other.contraction,
        )


@dataclass(frozen=True)
class Likelihood:
    """What to expect of a renewal, and which counts that came from, in words."""

    p_lost: Decimal
    p_contracted: Decimal
    mean_contraction: Decimal
    basis: str


# (segment, band at the time; "" where it was not known then)
type Counts = Mapping[tuple[str, str], Decided]


def likelihoods(counts: Counts) -> dict[tuple[Segment, Band], Likelihood]:
    """What to expect in every segment and band."""
    company = sum(counts.values(), Decided())
    if company.lost < ENOUGH_LOSSES:
        starters = {band: _starter(band, company=company) for band in Band}
        return {(segment, band): starters[band] for segment in Segment for band in Band}
    return {
        (segment, band): _learned(segment, band, counts=counts, company=company)
        for segment in Segment
        for band in Band
    }


def _starter(band: Band, *, company: Decided) -> Likelihood:
    return Likelihood(
        STARTER_LOST[band],
        STARTER_CONTRACTED[band],
        STARTER_CONTRACTION,
        f"Starter rate for {band.label.lower()}: {STARTER_LOST[band]:.0%}, a guess until"
        f" {ENOUGH_LOSSES} renewals were lost here ({company.lost} so far)",
    )


def _learned(segment: Segment, band: Band, *, counts: Counts, company: Decided) -> Likelihood:
    of_segment = sum((c for (name, _), c in counts.items() if name == segment), Decided())
    of_band = counts.get((segment, band), Decided())
    company_lost = Decimal(company.lost) / company.decided
    segment_lost = _pulled(of_segment.lost, of=of_segment.decided, towards=company_lost)
    company_contracted = Decimal(company.contracted) / company.decided
    segment_contracted = _pulled(
        of_segment.contracted, of=of_segment.decided, towards=company_contracted
    )
    return Likelihood(
        p_lost=_pulled(of_band.lost, of=of_band.decided, towards=segment_lost),
        p_contracted=_pulled(of_band.contracted, of=of_band.decided, towards=segment_contracted),
        mean_contraction=_pulled(
            company.contraction, of=company.contracted, towards=STARTER_CONTRACTION
        ),
        basis=(
            f"{of_band.lost} of {of_band.decided} {band.label.lower()} renewals lost in"
            f" {segment.label.lower()}, drawn towards the segment's {segment_lost:.1%}"
        ),
    )


def _pulled(events: int | Decimal, *, of: int, towards: Decimal) -> Decimal:
    """A rate, with `PULL` imagined cases at the wider group's rate mixed in."""
    return round((Decimal(events) + PULL * towards) / (of + PULL), 6)


def urgency(business_days: int) -> Decimal:
    """How much sooner counts: 7 on the day of the decision and later, 2 with 50 days to go."""
    return 1 + Decimal(60) / (max(business_days, 0) + 10)
