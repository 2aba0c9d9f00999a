"""What the lists and the page of handoffs read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Membership
from accounts.queries.roster import roster_of
from tickets.models import WAITING_STATES, Handoff, HandoffEvent

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from tickets.models.handoffs import HandoffQuerySet


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


def in_box(handoffs: HandoffQuerySet, box: str, *, of: User, at: datetime) -> HandoffQuerySet:
    """What was sent to, or by, a person or whom they answer for, or what their teams have."""
    if box == "team":
        teams = Membership.objects.at(at).filter(user=of).values("team")
        return handoffs.filter(Q(to_team__in=teams) | Q(from_team__in=teams))
    people = {of.pk, *roster_of([], at=at).covered_by(of.pk)}
    if box == "out":
        return handoffs.filter(sender__in=people)
    return handoffs.filter(receiver__in=people)


def with_order(handoffs: HandoffQuerySet) -> HandoffQuerySet:
    """With what a list is ordered by: what nobody took yet first, and when something last moved."""
    waiting = Case(When(state__in=WAITING_STATES, then=Value(0)), default=Value(1))
    moved = Coalesce("closed_at", "accepted_at", "offered_at")
    return handoffs.annotate(rank=waiting, moved_at=moved)


def timeline_of(handoff: Handoff, *, user: User) -> list[HandoffEvent]:
    """Every step of a handoff, the newest first."""
    events = HandoffEvent.objects.visible_to(user).filter(handoff=handoff)
    return list(events.select_related("by").order_by("-pk"))
