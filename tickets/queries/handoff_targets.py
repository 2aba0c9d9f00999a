"""By when a handoff is to be accepted: business time of the receiving team."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Min

from accounts.queries.calendars import (
    add_business_days,
    add_business_time,
    business_time_between,
    hours_of,
)
from supportsuccess.errors import Refused
from tickets.models import Handoff, HandoffEvent, HandoffEventKind, Priority

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import Team
    from accounts.queries.calendars import WorkingHours

CRITICAL_WITHIN = timedelta(hours=4)
DAYS_BY_PRIORITY = {Priority.HIGH: 1, Priority.NORMAL: 2, Priority.LOW: 5}
# an offer goes to the next on the ladder at so many times its target
EXPIRES_AT_TARGETS = 2
# of its business time, when the receiver is warned
WARNED_AT_SHARE = 0.75
OBSERVED_FOR = timedelta(days=30)


def due_at(team: Team, *, priority: str, offered_at: datetime) -> datetime:
    """When this team's answer to an offer is due."""
    return _after_targets(hours_of(team.calendar), 1, priority=priority, start=offered_at)


def expires_at(handoff: Handoff) -> datetime:
    """When the offer goes on to the next on the ladder. Raises Refused for a draft."""
    if handoff.offered_at is None:
        raise Refused("This handoff was never offered.")
    return _after_targets(
        hours_of(handoff.to_team.calendar),
        EXPIRES_AT_TARGETS,
        priority=handoff.priority,
        start=handoff.offered_at,
    )


def warned_at(handoff: Handoff) -> datetime:
    """When three quarters of the business time to accept are gone. Raises Refused for a draft."""
    if handoff.offered_at is None or handoff.due_at is None:
        raise Refused("This handoff was never offered.")
    hours = hours_of(handoff.to_team.calendar)
    whole = business_time_between(hours, handoff.offered_at, handoff.due_at)
    return add_business_time(hours, handoff.offered_at, WARNED_AT_SHARE * whole)


def reminder_due(handoff: Handoff, *, at: datetime) -> HandoffEventKind | None:
    """What the clock has to tell of an offer by now and has not told since it was offered."""
    if handoff.due_at and at >= handoff.due_at:
        found = HandoffEventKind.OVERDUE
    elif at >= warned_at(handoff):
        found = HandoffEventKind.NEARLY_DUE
    else:
        return None
    told = handoff.events.filter(kind=found, occurred_at__gte=handoff.offered_at)
    return None if told.exists() else found


def offers_to_remind_of(*, at: datetime) -> list[Handoff]:
    """Offers of which the clock has something to tell, of teams whose targets bind by now."""
    rows = _binding(Handoff.objects.on_offer().not_told_overdue().order_by("pk").for_page(), at=at)
    return [row for row in rows if reminder_due(row, at=at)]


def is_observing(team_id: int, *, at: datetime) -> bool:
    """Whether this team's targets are only watched: the 30 days from its first offer on."""
    offers = HandoffEvent.objects.filter(kind=HandoffEventKind.OFFERED, handoff__to_team=team_id)
    first = offers.aggregate(first=Min("occurred_at"))["first"]
    return first is None or at < first + OBSERVED_FOR


def offers_to_expire(*, at: datetime) -> list[Handoff]:
    """Offers nobody answered in twice their target, of teams whose targets bind by now."""
    overdue = Handoff.objects.on_offer().due_before(at).order_by("customer", "pk").for_page()
    return [row for row in _binding(overdue, at=at) if expires_at(row) <= at]


def _binding(handoffs: Iterable[Handoff], *, at: datetime) -> list[Handoff]:
    rows = list(handoffs)
    observing = {pk for pk in {row.to_team_id for row in rows} if is_observing(pk, at=at)}
    return [row for row in rows if row.to_team_id not in observing]


def _after_targets(
    hours: WorkingHours, targets: int, *, priority: str, start: datetime
) -> datetime:
    if priority == Priority.CRITICAL:
        return add_business_time(hours, start, targets * CRITICAL_WITHIN)
    return add_business_days(hours, start, targets * DAYS_BY_PRIORITY[Priority(priority)])
