"""Who answers for a matter that was handed over, as one person, at any moment of its life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Membership, MembershipRole
from accounts.queries.accountability import (
    Accountable,
    NobodyAccountable,
    StandIn,
    answering_for_all,
)
from accounts.queries.calendars import hours_of_all, is_working
from tickets.models import Handoff, HandoffHolder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime


def accountable_for_matter(handoff: Handoff, *, at: datetime) -> Accountable:
    """The one person who answers for this matter. Raises NobodyAccountable after its end."""
    found = accountable_for_matters([handoff.pk], at=at)
    if handoff.pk not in found:
        raise NobodyAccountable("Nobody answers for it: it had not begun, or it has ended.")
    return found[handoff.pk]


def accountable_for_matters(
    handoff_ids: Collection[int], *, at: datetime
) -> dict[int, Accountable]:
    """Who answers for each of these matters; what has ended by then is left out.

    That is the holder; while they are away their confirmed cover, else their team's lead; outside
    their working time the lead, or the lead's cover. No interval is written for it.
    """
    holders = HandoffHolder.objects.at(at).filter(handoff__in=handoff_ids).select_related("user")
    rows = list(holders)
    answering = _answering({row.user_id for row in rows}, at=at)
    return {
        row.handoff_id: Accountable(
            user_id=answering[row.user_id].user_id,
            name=answering[row.user_id].name,
            via=answering[row.user_id].via,
            holder=row.user.name,
            holder_user_id=row.user_id,
            since=row.during.lower,
            cause=row.get_cause_display(),
        )
        for row in rows
    }


def _answering(user_ids: set[int], *, at: datetime) -> dict[int, StandIn]:
    leads = _leads_of_off_duty(user_ids, at=at)
    found = answering_for_all({*user_ids, *leads.values()}, at=at)
    return {
        pk: found[pk] if pk not in leads or found[pk].via != "holder" else _lead(found[leads[pk]])
        for pk in user_ids
    }


def _lead(found: StandIn) -> StandIn:
    """Whoever stands in for the lead, it is for the holder's hours: the holder is not away."""
    return StandIn(found.user_id, found.name, "off_duty")


def _leads_of_off_duty(user_ids: set[int], *, at: datetime) -> dict[int, int]:
    """For each of these people whose team does not work at this moment: that team's lead."""
    memberships = list(
        Membership.objects.at(at)
        .filter(team__memberships__user__in=user_ids)
        .select_related("team__calendar")
        .order_by("during", "pk")
        .distinct()
    )
    working = _working_calendars(memberships, at=at)
    lead_of = {row.team_id: row.user_id for row in memberships if row.role == MembershipRole.LEAD}
    first_team = {row.user_id: row.team for row in reversed(memberships)}
    return {
        pk: lead_of[team.pk]
        for pk, team in first_team.items()
        if pk in user_ids and lead_of.get(team.pk, pk) != pk and not working[team.calendar_id]
    }


def _working_calendars(memberships: Iterable[Membership], *, at: datetime) -> dict[int, bool]:
    calendars = {row.team.calendar_id: row.team.calendar for row in memberships}
    hours = hours_of_all(calendars.values())
    return {pk: is_working(hours[pk], at) for pk in calendars}
