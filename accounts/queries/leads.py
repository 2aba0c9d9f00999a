"""Who leads a team, and who does where nobody does: whoever leads the nearest one above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Membership
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Team, User


def lead_of(team: Team, *, at: datetime) -> User | None:
    """Who leads a team now, if anybody does."""
    leads = Membership.objects.at(at).leads().filter(team=team).select_related("user")
    lead = leads.first()
    return lead.user if lead else None


def lead_over(team: Team | None, *, at: datetime) -> User | None:
    """Who leads a team and works here, else who leads the nearest one above it, if anybody does."""
    passed: set[int] = set()
    while team is not None and team.pk not in passed:
        passed.add(team.pk)
        lead = lead_of(team, at=at)
        if lead and lead.is_active:
            return lead
        team = team.parent
    return None


def successor_of(leaver: User, *, at: datetime) -> User:
    """Who has what somebody had who left: a lead of theirs, or above them. Raises Refused."""
    memberships = Membership.objects.at(at).filter(user=leaver).select_related("team__parent")
    teams = [membership.team for membership in memberships.order_by("during", "pk")]
    while teams:
        leads = [lead_of(team, at=at) for team in teams]
        found = next((lead for lead in leads if lead and lead.is_active), None)
        if found:
            return found
        teams = [team.parent for team in teams if team.parent]
    raise Refused(f"{leaver.name} no longer works here, and nobody leads their team.")
