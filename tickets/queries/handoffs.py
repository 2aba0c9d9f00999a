"""What the lists and the page of handoffs read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Case, Q, Value, When

from accounts.models import Availability, Membership
from supportsuccess.lists.table import rows_of
from tickets.models import WAITING_STATES, Handoff, HandoffEvent
from tickets.queries.accountability import accountable_for_matters

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from accounts.queries.accountability import Accountable
    from tickets.models.handoffs import HandoffQuerySet

BOXES = ("in", "out", "team")
SHOWN = 200


class HandoffRow(NamedTuple):
    pk: int
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


def handoffs_in(box: str, *, user: User, at: datetime) -> HandoffQuerySet:
    """A box of this person: what waits for them or who they cover, what they sent, their teams'."""
    seen = Handoff.objects.visible_to(user)
    if box == "out":
        return seen.sent_by(user)
    teams = Membership.objects.at(at).filter(user=user).values("team")
    if box == "team":
        return seen.filter(Q(to_team__in=teams) | Q(from_team__in=teams))
    covered = Availability.objects.at(at).covered().filter(cover=user).values("user")
    return seen.filter(Q(receiver=user) | Q(receiver__in=covered))


def open_first(handoffs: HandoffQuerySet) -> HandoffQuerySet:
    """What nobody took yet before what is in hand, each by the day it is due."""
    waiting = Case(When(state__in=WAITING_STATES, then=Value(0)), default=Value(1))
    return handoffs.order_by(waiting, "due_at", "pk")


def handoff_rows(
    handoffs: HandoffQuerySet, *, at: datetime
) -> tuple[list[HandoffRow], dict[int, Accountable]]:
    """The rows of a list, and who answers for each of them now."""
    rows = rows_of(HandoffRow, handoffs[:SHOWN])
    return rows, accountable_for_matters([row.pk for row in rows], at=at)


def timeline_of(handoff: Handoff, *, user: User) -> list[HandoffEvent]:
    """Every step of a handoff, the newest first."""
    events = HandoffEvent.objects.visible_to(user).filter(handoff=handoff)
    return list(events.select_related("by").order_by("-pk"))
