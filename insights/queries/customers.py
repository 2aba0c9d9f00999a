"""The list of customers as a person asked for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F

from accounts.models import (
    Assignment,
    Band,
    Segment,
)
from accounts.queries.accountability import covered_by
from insights.models import ListedCustomer
from insights.queries.stake import renewals_at_stake
from supportsuccess.lists.keyset import Keyset

if TYPE_CHECKING:
    from decimal import Decimal

    from django.http import QueryDict

    from accounts.models import User
    from accounts.models.assignments import AssignmentQuerySet
    from insights.models.renewals import ListedCustomerQuerySet

ORDERS = {
    "name": Keyset(("sort_name", "customer_id")),
    "arr": Keyset(("-arr_rank", "-customer_id")),
    "health": Keyset(("score_rank", "customer_id")),
}
MINE, EVERYONE, NOBODY = "me", "all", "none"


class CustomerRow(NamedTuple):
    """What one row of the list shows."""

    customer_id: int
    name: str
    sort_name: str
    owner_name: str | None
    segment: str
    stage: str
    arr: Decimal | None
    arr_rank: Decimal
    band: str
    score: Decimal | None
    score_rank: Decimal
    change_sentence: str
    open_tickets: int
    open_handoffs: int
    last_touch_at: datetime | None


class CustomerFilters(NamedTuple):
    """What the URL asks for; what it says wrongly is left out."""

    text: str
    owner: str
    segment: str
    band: str
    order: str
    at_stake: str
    placed: str

    @property
    def are_set(self) -> bool:
        return bool(self.text or self.segment or self.band or self.at_stake or self.placed)


def read_filters(params: QueryDict) -> CustomerFilters:
    """What the URL asks for."""
    asked = {name: params.get(name, "") for name in ("segment", "band", "order", "owner")}
    return CustomerFilters(
        text=params.get("q", "").replace("\x00", "").strip()[:100],
        owner=asked["owner"] if asked["owner"] in {MINE, NOBODY} else EVERYONE,
        segment=asked["segment"] if asked["segment"] in Segment.values else "",
        band=asked["band"] if asked["band"] in Band.values else "",
        order=asked["order"] if asked["order"] in ORDERS else "name",
        at_stake=params.get("at_stake", "") and "yes",
        placed=params.get("placed", "") and "no",
    )


def customers(
    filters: CustomerFilters, *, user: User, at: datetime, day: date
) -> ListedCustomerQuerySet:
    """The customers of these filters."""
    rows = ListedCustomer.objects.visible_to(user)
    if filters.text:
        rows = rows.named_like(filters.text)
    for name in ("segment", "band"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    if filters.at_stake:
        stake = renewals_at_stake(user, at=at, day=day)
        rows = rows.filter(customer__in=stake.values("customer"))
    if filters.placed:
        rows = rows.filter(customer__in=unplaced(user, at=at).values("customer"))
    return _of_owner(rows, filters.owner, user=user, at=at)


def _of_owner(
    rows: ListedCustomerQuerySet, owner: str, *, user: User, at: datetime
) -> ListedCustomerQuerySet:
    if owner == MINE:
        return rows.owned_by({user.pk, *covered_by(user.pk, at=at)})
    return rows.filter(owner=None) if owner == NOBODY else rows


def unplaced(user: User, *, at: datetime) -> AssignmentQuerySet:
    """Owner assignments of customers that wait in an intake pool."""
    held = Assignment.objects.visible_to(user).at(at).in_role("owner")
    return held.filter(holder_pool__is_intake=True, customer__retired_at=None)


def for_list(rows: ListedCustomerQuerySet) -> ListedCustomerQuerySet:
    """With the names that a row shows."""
    return rows.annotate(name=F("customer__name"), owner_name=F("owner__name"))
