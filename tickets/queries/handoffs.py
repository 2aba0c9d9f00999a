"""What the lists and the page of handoffs read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from accounts.models import Membership
from accounts.queries.roster import roster_of
from tickets.models import (
    LEADS_DECIDE_AFTER_RETURNS,
    OPEN_HANDOFF_STATES,
    WAITING_STATES,
    Handoff,
    HandoffEvent,
    HandoffState,
    VerifiedOutcome,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from decimal import Decimal

    from accounts.models import User
    from tickets.models.handoffs import HandoffQuerySet


# an offer that goes to a third person, or to one for the third time, is offered more than twice
BOUNCES = {
    "offered": Q(offers__gt=2),
    "returned": Q(return_count__gt=0),
    "leads": Q(state=HandoffState.RETURNED, return_count__gte=LEADS_DECIDE_AFTER_RETURNS),
}
# how a handoff ended is news for so long
JUST_ENDED = timedelta(days=30)
BACK_AT_SENDER = (HandoffState.QUESTION, HandoffState.RETURNED)
ARR_KEPT = Least("arr_before", "arr_after")


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
    return_reason: str
    next_step: str
    next_step_on: date | None
    outcome: str
    customer__name: str
    sender__name: str
    receiver__name: str
    to_team__name: str
    offers: int
    return_count: int
    thanked_at: datetime | None
    verified: str | None
    arr_retained: Decimal | None
    arr_currency: str | None


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


def with_past(handoffs: HandoffQuerySet) -> HandoffQuerySet:
    """With what became of each beyond its own columns: the thanks, and what the facts say last."""
    thanked = HandoffEvent.objects.thanks().filter(handoff=OuterRef("pk"))
    verified = VerifiedOutcome.objects.filter(
        handoff=OuterRef("pk"), completed_at=OuterRef("closed_at")
    ).newest_first()
    return handoffs.annotate(
        thanked_at=Subquery(thanked.values("occurred_at")[:1]),
        verified=Subquery(verified.values("verified")[:1]),
        arr_retained=Subquery(verified.annotate(kept=ARR_KEPT).values("kept")[:1]),
        arr_currency=Subquery(verified.values("currency")[:1]),
    )


def verified_of(handoff: Handoff, *, user: User) -> list[VerifiedOutcome]:
    """What the facts said of its present completion, the newest first."""
    if handoff.closed_at is None:
        return []
    seen = VerifiedOutcome.objects.visible_to(user).newest_first()
    return list(seen.filter(handoff=handoff, completed_at=handoff.closed_at))


def recent(handoffs: HandoffQuerySet, *, at: datetime) -> HandoffQuerySet:
    """Open, or ended in the last days."""
    is_open = Q(state__in=OPEN_HANDOFF_STATES)
    return handoffs.filter(is_open | Q(closed_at__gte=at - JUST_ENDED))


def sent_lately(handoffs: HandoffQuerySet, *, by: User, at: datetime) -> HandoffQuerySet:
    """What a person handed over, recent: first what waits for them, then what moved last."""
    back = Case(When(state__in=BACK_AT_SENDER, then=Value(0)), default=Value(1))
    sent = with_past(recent(handoffs.sent_by(by), at=at))
    return sent.order_by(back, Coalesce("closed_at", "accepted_at", "offered_at").desc(), "-pk")


def with_order(handoffs: HandoffQuerySet) -> HandoffQuerySet:
    """With what a list is ordered by: what nobody took yet first, and when something last moved."""
    waiting = Case(When(state__in=WAITING_STATES, then=Value(0)), default=Value(1))
    moved = Coalesce("closed_at", "accepted_at", "offered_at")
    return handoffs.annotate(rank=waiting, moved_at=moved)


def timeline_of(handoff: Handoff, *, user: User) -> list[HandoffEvent]:
    """Every step of a handoff, the newest first."""
    events = HandoffEvent.objects.visible_to(user).filter(handoff=handoff)
    return list(events.select_related("by").order_by("-pk"))
