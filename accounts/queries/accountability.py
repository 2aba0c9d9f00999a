"""Who answers, as one person: for a customer in a role, or in place of somebody who is away."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Subquery

from accounts.models import (
    Assignment,
    Availability,
    Membership,
    MembershipRole,
    PoolLead,
    User,
)
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from accounts.models.assignments import AssignmentQuerySet


class NobodyAccountable(Refused):
    """Nobody holds the role at that moment."""


@dataclass(frozen=True)
class StandIn:
    """Who answers in place of a person, and why."""

    user_id: int
    name: str
    # "holder" when they are here; else "cover" or "lead"
    via: str


WHY = {
    "pool": "leads the pool {holder}",
    "cover": "covers for {holder}, who is away",
    "lead": "leads the team of {holder}, who is away",
    "off_duty": "for {holder}, outside their working hours",
}


@dataclass(frozen=True)
class Accountable:
    """One person who answers, and how that came to be."""

    user_id: int
    name: str
    # "holder", "pool" (its lead on duty), "cover", "lead", or "off_duty" (the lead, for the hours)
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


def accountable(customer_id: int, *, role: str = "owner", at: datetime) -> Accountable:
    """The one person who answers for a customer in a role. Raises NobodyAccountable."""
    found = accountable_for([customer_id], role=role, at=at)
    if customer_id not in found:
        raise NobodyAccountable("Nobody holds this role for the customer.")
    return found[customer_id]


def accountable_for(
    customer_ids: Collection[int], *, role: str = "owner", at: datetime
) -> dict[int, Accountable]:
    """Who answers for each of these customers in a role; those nobody holds are left out."""
    held = _held(Assignment.objects.in_role(role).filter(customer__in=customer_ids), at=at)
    return {row.customer_id: who for row, who in held}


def accountable_by_role(customer_id: int, *, at: datetime) -> list[tuple[str, Accountable]]:
    """Every role somebody holds for a customer, in order, with who answers in it now."""
    roles = Assignment.objects.filter(customer=customer_id).select_related("role")
    held = _held(roles.order_by("role__position", "pk"), at=at)
    return [(row.role.name, who) for row, who in held]


def answering_for(user_id: int, *, at: datetime) -> StandIn:
    """Who answers in place of this person at this moment: themselves unless they are away."""
    return answering_for_all({user_id}, at=at)[user_id]


def answering_for_all(user_ids: Collection[int], *, at: datetime) -> dict[int, StandIn]:
    """For each person who answers for them: the confirmed cover, its cover, else a team lead."""
    absences = _absences(at)
    leads = _leads_by_member(at) if absences else {}
    names = _names(user_ids, absences, leads)
    return {pk: _stand_in(pk, absences=absences, leads=leads, names=names) for pk in user_ids}


def covered_by(user_id: int, *, at: datetime) -> set[int]:
    """The people who are away, and for whom this person answers."""
    absences = _absences(at)
    covers = {pk: _first_here(_chain_of_cover(pk, absences), absences) for pk in absences}
    # their leads are asked only where no cover is here
    leads = _leads_by_member(at) if None in covers.values() else {}
    names: dict[int, str] = defaultdict(str)
    for pk, cover in covers.items():
        if cover is None:
            stand_in = _stand_in(pk, absences=absences, leads=leads, names=names)
            covers[pk] = stand_in.user_id
    return {pk for pk, cover in covers.items() if cover == user_id} - {user_id}


def _first_here(candidates: list[int], absences: dict[int, int | None]) -> int | None:
    return next((pk for pk in candidates if pk not in absences), None)


def _stand_in(
    user_id: int,
    *,
    absences: dict[int, int | None],
    leads: dict[int, list[int]],
    names: dict[int, str],
) -> StandIn:
    if user_id not in absences:
        return StandIn(user_id, names[user_id], "holder")
    for via, candidates in (
        ("cover", _chain_of_cover(user_id, absences)),
        ("lead", leads.get(user_id, [])),
        ("lead", [c for lead in leads.get(user_id, []) for c in _chain_of_cover(lead, absences)]),
    ):
        for candidate in candidates:
            if candidate not in absences and candidate != user_id:
                return StandIn(candidate, names[candidate], via)
    return StandIn(user_id, names[user_id], "holder")


def _chain_of_cover(user_id: int, absences: dict[int, int | None]) -> list[int]:
    """Confirmed covers one after the other; a circle ends where it closes."""
    chain: list[int] = []
    cover = absences.get(user_id)
    while cover is not None and cover not in chain and cover != user_id:
        chain.append(cover)
        cover = absences.get(cover)
    return chain


def _held(assignments: AssignmentQuerySet, *, at: datetime) -> list[tuple[Assignment, Accountable]]:
    """Assignments of this moment with who answers for each; one query where nobody is away."""
    # annotated, so wider than its model
    rows: list[Any] = list(
        assignments.at(at)
        .select_related("holder_user", "holder_pool")
        .annotate(
            lead=_lead_of_pool(at, "user"),
            lead_name=_lead_of_pool(at, "user__name"),
            somebody_is_away=Exists(Availability.objects.at(at)),
        )
    )
    held = [(row, person) for row in rows if (person := _holder(row))]
    here = {pk: StandIn(pk, name, "holder") for _, (pk, name) in held}
    if any(row.somebody_is_away for row in rows):
        here = answering_for_all(here, at=at)
    return [(row, _accountable(row, pk, stand_in=here[pk])) for row, (pk, _) in held]


def _lead_of_pool(at: datetime, column: str) -> Subquery:
    """A column of the lead on duty of an assignment's pool."""
    return Subquery(PoolLead.objects.at(at).filter(pool=OuterRef("holder_pool")).values(column)[:1])


def _holder(row: Any) -> tuple[int, str] | None:
    """Who holds it: a person, or the lead of a pool; nobody where a pool has none on duty."""
    if row.holder_user is not None:
        return row.holder_user.pk, row.holder_user.name
    return (row.lead, row.lead_name) if row.lead else None


def _accountable(row: Assignment, holder_user_id: int, *, stand_in: StandIn) -> Accountable:
    via = "pool" if row.holder_pool_id and stand_in.via == "holder" else stand_in.via
    return Accountable(
        user_id=stand_in.user_id,
        name=stand_in.name,
        via=via,
        holder=str(row.holder_user or row.holder_pool),
        holder_user_id=holder_user_id,
        since=row.during.lower,
        cause=row.cause,
    )


def _absences(at: datetime) -> dict[int, int | None]:
    """Who is away now, and their cover if it was confirmed."""
    rows = Availability.objects.at(at).values_list("user_id", "cover_id", "cover_confirmed_at")
    return {user_id: cover if confirmed else None for user_id, cover, confirmed in rows}


def _leads_by_member(at: datetime) -> dict[int, list[int]]:
    rows = list(Membership.objects.at(at).order_by("team", "pk"))
    lead_of = {row.team_id: row.user_id for row in rows if row.role == MembershipRole.LEAD}
    leads: dict[int, list[int]] = {}
    for row in rows:
        if row.team_id in lead_of:
            leads.setdefault(row.user_id, []).append(lead_of[row.team_id])
    return leads


def _names(
    user_ids: Collection[int], absences: dict[int, int | None], leads: dict[int, list[int]]
) -> dict[int, str]:
    needed = {*user_ids, *filter(None, absences.values())}
    needed.update(lead for members_leads in leads.values() for lead in members_leads)
    return dict(User.objects.filter(pk__in=needed).values_list("pk", "name"))
