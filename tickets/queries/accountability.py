"""Who answers for a matter that was handed over, as one person, at any moment of its life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.queries.accountability import Accountable, Holding
from accounts.queries.roster import roster_of
from tickets.models import HandoffHolder

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


def accountable_for_matters(
    handoff_ids: Collection[int], *, at: datetime
) -> dict[int, Accountable]:
    """Who answers for each of these matters; what has ended by then is left out.

    That is the holder; while they are away their confirmed cover, else their team's lead; outside
    their working time the lead, or the lead's cover. No interval is written for it.
    """
    held = holdings_of_matters(handoff_ids, at=at)
    roster = roster_of({holding.user_id for holding in held.values()}, at=at)
    return {pk: one.answered_by(roster.on_duty(one.user_id)) for pk, one in held.items()}


def holdings_of_matters(handoff_ids: Collection[int], *, at: datetime) -> dict[int, Holding]:
    """Who holds each of these matters on paper; what has ended by then is left out."""
    holders = HandoffHolder.objects.at(at).filter(handoff__in=handoff_ids)
    return {row.handoff_id: holding_of(row) for row in holders.select_related("user")}


def holding_of(holder: HandoffHolder) -> Holding:
    """A matter's holder as whoever holds anything."""
    return Holding(
        holder=holder.user.name,
        user_id=holder.user_id,
        since=holder.during.lower,
        cause=holder.get_cause_display(),
    )
