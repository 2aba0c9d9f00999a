from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from psycopg.types.range import TimestamptzRange

from accounts.models import (
    Availability,
    BusinessCalendar,
    Membership,
    MembershipRole,
    Pool,
    PoolLead,
    Team,
)
from supportsuccess import audit
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import TeamKind, User

type Actor = User | audit.System


@transaction.atomic
def create_calendar(
    name: str, *, timezone: str, weekly_hours: list[list[list[str]]], by: Actor
) -> BusinessCalendar:
    """Say when a team works. Raises Refused unless all seven days are given."""
    with audit.group("create_calendar", by=by):
        if len(weekly_hours) != 7:
            raise Refused("Give the hours of seven days, Monday first.", field="weekly_hours")
        return BusinessCalendar.objects.create(
            name=name, timezone=timezone, weekly_hours=weekly_hours
        )


@transaction.atomic
def create_team(
    name: str, *, kind: TeamKind, calendar: BusinessCalendar, by: Actor, **details: Any
) -> Team:
    """Set up a team with its calendar. Raises Refused when the name is taken."""
    with audit.group("create_team", by=by):
        if Team.objects.filter(name=name).exists():
            raise Refused(f"There is a team {name} already.", field="name")
        return Team.objects.create(name=name, kind=kind, calendar=calendar, **details)


@transaction.atomic
def join_team(
    team: Team,
    *,
    user: User,
    by: Actor,
    at: datetime,
    role: MembershipRole = MembershipRole.MEMBER,
) -> Membership:
    """Make a person a team's member or its lead. Raises Refused when they are in it already."""
    with audit.group("join_team", team, by=by):
        if Membership.objects.filter(team=team, user=user, during__endswith=None).exists():
            raise Refused(f"{user.name} is in {team.name} already.", field="user")
        return Membership.objects.create(
            team=team, user=user, role=role, during=TimestamptzRange(at, None)
        )


@transaction.atomic
def create_pool(
    name: str, *, team: Team, lead: User, by: Actor, at: datetime, **details: Any
) -> Pool:
    """Set up a pool with the person who answers for it. Raises Refused when the name is taken."""
    with audit.group("create_pool", team, by=by):
        if Pool.objects.filter(name=name).exists():
            raise Refused(f"There is a pool {name} already.", field="name")
        pool = Pool.objects.create(name=name, team=team, **details)
        PoolLead.objects.create(pool=pool, user=lead, during=TimestamptzRange(at, None))
    return pool


@transaction.atomic
def plan_absence(
    user: User, *, starts_at: datetime, ends_at: datetime | None, cover: User | None, by: Actor
) -> Availability:
    """Note that a person is away; a cover counts once they confirm. Raises Refused."""
    with audit.group("plan_absence", user, by=by):
        if cover == user:
            raise Refused("Somebody else must cover.", field="cover")
        during = TimestamptzRange(starts_at, ends_at)
        if Availability.objects.filter(user=user, during__overlap=during).exists():
            raise Refused(f"{user.name} is away at that time already.", field="starts_at")
        return Availability.objects.create(user=user, during=during, cover=cover)


@transaction.atomic
def confirm_cover(absence: Availability, *, by: User, at: datetime) -> None:
    """Agree to answer for a colleague meanwhile. Raises Refused for anybody but the cover."""
    with audit.group("confirm_cover", absence, by=by):
        if absence.cover_id != by.pk:
            raise Refused("Only the cover can confirm.")
        mine = Availability.objects.filter(pk=absence.pk, cover=by, cover_confirmed_at=None)
        if not mine.update(cover_confirmed_at=at):
            raise Refused("This was confirmed already.")
