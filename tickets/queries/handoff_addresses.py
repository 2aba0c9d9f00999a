"""Who a handoff goes to: the person who answers for the customer in the role its type addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.models import AssignmentRole, Customer, Membership, Team, User
from accounts.queries.accountability import (
    NobodyAccountable,
    accountable,
)
from accounts.queries.leads import lead_of
from accounts.queries.roster import StandIn, roster_of
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from tickets.models import Handoff, HandoffTemplate


@dataclass(frozen=True, kw_only=True)
class Address:
    """The receiver of a handoff, their team, and who answers for them now."""

    receiver: User
    team: Team
    answering: StandIn


def address_of(
    customer: Customer, *, template: HandoffTemplate, at: datetime, receiver: User | None = None
) -> Address:
    """Where a handoff of this type goes, or goes when it names somebody. Raises Refused."""
    found = receiver or _holder_of(customer, role=template.addresses_role, at=at)
    if not (found.is_active and found.has_perm("tickets.receive_handoff")):
        raise Refused(f"{found.name} can't receive handoffs.", field="receiver")
    if not Customer.objects.visible_to(found).filter(pk=customer.pk).exists():
        raise Refused(f"{found.name} may not see {customer.name}.", field="receiver")
    answering = roster_of([found.pk], at=at).answering(found.pk)
    return Address(receiver=found, team=team_of(found, at=at), answering=answering)


def team_of(user: User, *, at: datetime) -> Team:
    """The team whose hours a receiver works. Raises Refused for somebody in none."""
    team = first_team_of(user, at=at)
    if team is None:
        raise Refused(f"{user.name} is in no team. Name somebody else.", field="receiver")
    return team


def first_team_of(user: User, *, at: datetime) -> Team | None:
    """The team that a person has been in the longest."""
    memberships = Membership.objects.at(at).filter(user=user).select_related("team__calendar")
    first = memberships.order_by("during", "pk").first()
    return first.team if first else None


def next_on_ladder(handoff: Handoff, *, at: datetime) -> User | None:
    """Whom an offer goes to that its receiver let expire: the backup, else the team's lead."""
    ladder = [_backup_of(handoff.customer, at=at), lead_of(handoff.to_team, at=at)]
    places = [place for place, user in enumerate(ladder) if user == handoff.receiver]
    rest = ladder[places[-1] + 1 :] if places else ladder
    return next((user for user in rest if user and user != handoff.sender), None)


def _holder_of(customer: Customer, *, role: AssignmentRole, at: datetime) -> User:
    try:
        found = accountable(customer.pk, role=role.key, at=at)
    except NobodyAccountable as nobody:
        message = f"Nobody is {role.name.lower()} of {customer.name}. Say who should take this."
        raise Refused(message, field="receiver") from nobody
    return User.objects.get(pk=found.holder_user_id)


def _backup_of(customer: Customer, *, at: datetime) -> User | None:
    try:
        found = accountable(customer.pk, role="backup", at=at)
    except NobodyAccountable:
        return None
    return User.objects.get(pk=found.user_id)
