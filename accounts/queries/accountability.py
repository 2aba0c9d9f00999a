"""Who answers for a customer in a role, as one person."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Assignment, Availability, Membership, PoolLead, User
from accounts.queries.leads import successor_of
from accounts.queries.roster import StandIn, roster_of
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from accounts.models.assignments import AssignmentQuerySet


class NobodyAccountable(Refused):
    """Nobody holds the role at that moment."""


WHY = {
    "pool": "leads the pool {holder}",
    "team": "leads the team of the pool {holder}, which has no lead",
    "cover": "covers for {holder}, who is away",
    "lead": "leads the team of {holder}, who is away",
    "off_duty": "for {holder}, outside their working hours",
}


@dataclass(frozen=True)
class Accountable:
    """One person who answers, and how that came to be."""

    user_id: int
    name: str
    # "holder", "pool" (its lead on duty), "team" (its team's lead), "cover", "lead", or "off_duty"
    # (the lead, for the hours)
    via: str
    # who holds it on paper: a person or a pool
    holder: str
    # that person, or the pool's lead
    holder_user_id: int
    since: datetime
    cause: str

    @property
    def why(self) -> str:
        """Why it is this person and not who holds it; empty where they are one."""
        return WHY.get(self.via, "").format(holder=self.holder)


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A role or a matter on paper: who holds it, since when, and how they came to."""

    # a person's name or a pool's
    holder: str
    # that person, or the pool's lead
    user_id: int
    since: datetime
    cause: str
    # as in Accountable, while that person is here
    via: str = "holder"

    def answered_by(self, found: StandIn) -> Accountable:
        """It with who answers in its holder's place."""
        return Accountable(
            user_id=found.user_id,
            name=found.name,
            via=self.via if found.via == "holder" else found.via,
            holder=self.holder,
            holder_user_id=self.user_id,
            since=self.since,
            cause=self.cause,
        )


def accountable(customer_id: int, *, role: str = "owner", at: datetime) -> Accountable:
    """The one person who answers for a customer in a role. Raises NobodyAccountable."""
    found = accountable_for([customer_id], role=role, at=at)
    if customer_id not in found:
        raise NobodyAccountable("Nobody holds this role for the customer.")
    return found[customer_id]


def accountable_for(
    customer_ids: Collection[int], *, role: str = "owner", at: datetime
) -> dict[int, Accountable]:
    """Who answers for each of these customers in a role, as somebody who works here.

    Those nobody holds are left out, as are those of a leaver whom nobody leads.
    """
    held = _held(Assignment.objects.in_role(role).filter(customer__in=customer_ids), at=at)
    answering = _answering((row for row, _ in held), at=at)
    return {
        row.customer_id: found.answered_by(answering[found.user_id])
        for row, found in held
        if found.user_id in answering
    }


def holdings_by_role(customer_id: int, *, at: datetime) -> list[tuple[str, Holding]]:
    """Every role somebody holds for a customer, in order, by name."""
    roles = Assignment.objects.filter(customer=customer_id).select_related("role")
    held = _held(roles.order_by("role__position", "pk"), at=at)
    return [(row.role.name, holding) for row, holding in held]


def _held(assignments: AssignmentQuerySet, *, at: datetime) -> list[tuple[Any, Holding]]:
    """Assignments of this moment with who holds each; not where nobody leads a pool or its team."""
    pool_leads = PoolLead.objects.at(at).filter(pool=OuterRef("holder_pool"))
    team_leads = Membership.objects.at(at).leads().filter(team=OuterRef("holder_pool__team"))
    pool_lead = Subquery(pool_leads.values("user")[:1])
    team_lead = Subquery(team_leads.values("user")[:1])
    person = User.objects.filter(pk=OuterRef("person"))
    # annotated, so wider than its model
    rows: list[Any] = list(
        assignments.at(at)
        .select_related("holder_user", "holder_pool")
        .annotate(
            pool_lead=pool_lead,
            person=Coalesce("holder_user", pool_lead, team_lead, output_field=BigIntegerField()),
            person_name=Subquery(person.values("name")),
            is_away=Exists(Availability.objects.at(at).filter(user=OuterRef("person")))
            | Exists(person.filter(is_active=False)),
        )
    )
    return [(row, _holding(row)) for row in rows if row.person]


def _answering(rows: Iterable[Any], *, at: datetime) -> dict[int, StandIn]:
    """Who answers for the holder of each row; the roster is asked only where one is not here."""
    names = {row.person: (row.person_name, row.is_away) for row in rows}
    away = {pk for pk, (_, is_away) in names.items() if is_away}
    found = {pk: StandIn(pk, name, "holder") for pk, (name, _) in names.items()}
    if not away:
        return found
    roster = roster_of(away, at=at)
    found |= {pk: roster.answering(pk) for pk in away}
    left = {pk for pk in away if roster.people[found[pk].user_id].has_left}
    here = {pk: stand_in for pk, stand_in in found.items() if pk not in left}
    return here | _following(left, at=at)


def _following(leavers: Collection[int], *, at: datetime) -> dict[int, StandIn]:
    """Who leads above the team of each of these leavers, where anybody does."""
    followed: dict[int, StandIn] = {}
    for leaver in User.objects.filter(pk__in=leavers):
        with suppress(Refused):
            successor = successor_of(leaver, at=at)
            followed[leaver.pk] = StandIn(successor.pk, successor.name, "lead")
    return followed


def _holding(row: Any) -> Holding:
    return Holding(
        holder=str(row.holder_user or row.holder_pool),
        user_id=row.person,
        since=row.during.lower,
        cause=row.cause,
        via=_via(row),
    )


def _via(row: Any) -> str:
    if row.holder_user_id:
        return "holder"
    return "pool" if row.pool_lead else "team"
