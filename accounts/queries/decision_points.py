"""When a customer decides about a contract: pure functions of its terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from accounts.models import ContractKind, Segment

# how long before the end a customer of this size has to have decided, to be able to sign in time
PROCUREMENT_LEAD = {
    Segment.ENTERPRISE: timedelta(days=60),
    Segment.MID_MARKET: timedelta(days=30),
    Segment.SMALL: timedelta(days=14),
    Segment.UNKNOWN: timedelta(days=30),
}
# the period taken where an auto-renewing contract does not say its own; pages say so
ASSUMED_NOTICE = timedelta(days=90)
KINDS_WITH_AN_END = (ContractKind.FIXED, ContractKind.USAGE)


class Basis(StrEnum):
    """What makes a day the decision point."""

    NOTICE_RECEIVED = "notice_received"
    NOTICE_DEADLINE = "notice_deadline"
    ASSUMED_DEADLINE = "assumed_deadline"
    PROCUREMENT = "procurement"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a contract says about its end; a `Contract` has the same columns."""

    kind: str
    ends_on: date | None
    auto_renew: bool
    notice_days: int | None
    notice_received_on: date | None


@dataclass(frozen=True, order=True)
class DecisionPoint:
    """The day by which a customer has decided, and why it is that day."""

    on: date
    basis: Basis


class NoRenewal(Exception):
    """The contract goes on by itself, or never was one: nothing is decided on a day."""


def decision_point(terms: Terms, *, segment: str) -> DecisionPoint:
    """When this contract is decided. Raises NoRenewal for monthly, evergreen and trial terms."""
    if terms.ends_on is None or terms.kind == ContractKind.TRIAL:
        raise NoRenewal
    if terms.notice_received_on is not None:
        decided_on = min(terms.notice_received_on, terms.ends_on)
        return DecisionPoint(decided_on, Basis.NOTICE_RECEIVED)
    if terms.kind not in KINDS_WITH_AN_END:
        raise NoRenewal
    if not terms.auto_renew:
        return DecisionPoint(terms.ends_on - PROCUREMENT_LEAD[Segment(segment)], Basis.PROCUREMENT)
    if terms.notice_days is None:
        return DecisionPoint(terms.ends_on - ASSUMED_NOTICE, Basis.ASSUMED_DEADLINE)
    return DecisionPoint(terms.ends_on - timedelta(days=terms.notice_days), Basis.NOTICE_DEADLINE)


def first_decision_point(all_terms: Iterable[Terms], *, segment: str) -> DecisionPoint:
    """When the earliest of several contracts is decided. Raises NoRenewal when none is."""
    points = []
    for terms in all_terms:
        try:
            points.append(decision_point(terms, segment=segment))
        except NoRenewal:
            continue
    if not points:
        raise NoRenewal
    return min(points)


def is_locked(point: DecisionPoint, *, day: date) -> bool:
    """Whether the notice deadline has passed without notice: it renews by itself."""
    return point.basis in {Basis.NOTICE_DEADLINE, Basis.ASSUMED_DEADLINE} and day > point.on
