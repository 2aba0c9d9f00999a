"""Who leads a team, and who does where nobody does: whoever leads the nearest one above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Membership
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import Team, User


def lead_of(team: Team, *, at: datetime) -> User | None:
    """Who leads a team now, if anybody does."""
    leads = Membership.objects.at(at).leads().filter(team=team).select_related("user")
    lead = leads.first()
    return lead.user if lead else None


def leads_over(team: Team | None, *, at: datetime) -> list[User]:
    """Who leads a team, then who leads each one above it; those who work here."""
    return leads_over_each([team], at=at)[0]


def leads_over_each(teams: Iterable[Team | None], *, at: datetime) -> list[list[User]]:
    """For each of these teams who leads it, then who leads each one above it."""
    ladders = [_ladder(team) for team in teams]
    asked = [team for ladder in ladders for team in ladder]
    leads = Membership.objects.at(at).leads().filter(team__in=asked, user__is_active=True)
    found = {row.team_id: row.user for row in leads.select_related("user")}
    return [[found[team.pk] for team in ladder if team.pk in found] for ladder in ladders]


def _ladder(team: Team | None) -> list[Team]:
    """A team and those above it; a circle ends where it closes."""
    ladder: list[Team] = []
    while team is not None and team not in ladder:
        ladder.append(team)
        team = team.parent
    return ladder


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
