"""What a colleague answers for at this moment, as far as whoever looks may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from accounts.models import Membership
from accounts.queries.roster import roster_of
from insights.models import ListedCustomer
from tickets.models import Handoff

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from accounts.models import User
    from accounts.queries.roster import StandIn


@dataclass(frozen=True)
class Load:
    """Whom and what a person answers for, with those whom they cover."""

    customers: int | None
    arr: Decimal | None
    handoffs: int | None


@dataclass(frozen=True)
class Colleague:
    """A person, who answers for them now, for whom they answer, and what they hold."""

    person: User
    memberships: list[Membership]
    answered_by: StandIn | None
    covers: list[str]
    load: Load


def colleague_for(viewer: User, person: User, *, at: datetime) -> Colleague:
    """A person's page as of a moment."""
    roster = roster_of([person.pk], at=at)
    covered = roster.covered_by(person.pk)
    answering = roster.answering(person.pk)
    places = Membership.objects.visible_to(viewer).at(at).filter(user=person)
    return Colleague(
        person=person,
        memberships=list(places.select_related("team").order_by("team__name")),
        answered_by=None if answering.via == "holder" else answering,
        covers=sorted(roster.people[pk].name for pk in covered),
        load=_load(viewer, holders={person.pk, *covered}),
    )


def _load(viewer: User, *, holders: set[int]) -> Load:
    """As many as the lists have that the numbers open."""
    customers, arr, handoffs = None, None, None
    if viewer.has_perm("accounts.view_customer"):
        owned = ListedCustomer.objects.visible_to(viewer).owned_by(holders)
        customers, arr = owned.aggregate(n=Count("pk"), arr=Sum("arr")).values()
    if viewer.has_perm("tickets.view_handoff"):
        received = Handoff.objects.visible_to(viewer).open().filter(receiver__in=holders)
        handoffs = received.count()
    return Load(customers, arr if viewer.has_perm("accounts.view_money") else None, handoffs)
