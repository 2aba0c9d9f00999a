"""What the lists and the page of handoffs read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Membership
from accounts.queries.roster import roster_of
from tickets.models import (
    LEADS_DECIDE_AFTER_RETURNS,
    WAITING_STATES,
    Handoff,
    HandoffEvent,
    HandoffState,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from accounts.models import User
    from tickets.models.handoffs import HandoffQuerySet


# an offer that goes to a third person, or to one for the third time, is offered more than twice
BOUNCES = {
    "offered": Q(offers__gt=2),
    "returned": Q(return_count__gt=0),
    "leads": Q(state=HandoffState.RETURNED, return_count__gte=LEADS_DECIDE_AFTER_RETURNS),
}


class HandoffRow(NamedTuple):
    pk: int
    rank: int
    moved_at: datetime
    type: str
    state: str
    priority: str
    offered_at: datetime
    due_at: datetime
    accepted_at: datetime | None
    closed_at: datetime | None
    next_step_on: date | None
    outcome: str
    customer__name: str
    sender__name: str
    receiver__name: str
    to_team__name: str
    offers: int
    return_count: int


def in_box(handoffs: HandoffQuerySet, box: str, *, of: User, at: datetime) -> HandoffQuerySet:
    """What was sent to, or by, a person or whom they answer for, or what their teams have."""
    if box == "team":
        teams = Membership.objects.at(at).filter(user=of).values("team")
        return handoffs.filter(Q(to_team__in=teams) | Q(from_team__in=teams))
    people = {of.pk, *roster_of([], at=at).covered_by(of.pk)}
    return (
        handoffs.filter(sender__in=people) if box == "out" else handoffs.filter(receiver__in=people)
    )


def that_bounced(handoffs: HandoffQuerySet, ways: Collection[str]) -> HandoffQuerySet:
    """Those that went to and fro in any of these ways of `BOUNCES`."""
    counted = handoffs.with_offers()
    found = Q(pk=None)
    for way in ways:
        found |= BOUNCES[way]
    return counted.filter(found)


def with_order(handoffs: HandoffQuerySet) -> HandoffQuerySet:
    """With what a list is ordered by: what nobody took yet first, and when something last moved."""
    waiting = Case(When(state__in=WAITING_STATES, then=Value(0)), default=Value(1))
    moved = Coalesce("closed_at", "accepted_at", "offered_at")
    return handoffs.annotate(rank=waiting, moved_at=moved)


def timeline_of(handoff: Handoff, *, user: User) -> list[HandoffEvent]:
    """Every step of a handoff, the newest first."""
    events = HandoffEvent.objects.visible_to(user).filter(handoff=handoff)
    return list(events.select_related("by").order_by("-pk"))
