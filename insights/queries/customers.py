"""What the list of customers reads."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import OuterRef, Subquery

from accounts.models import Assignment

if TYPE_CHECKING:
    from decimal import Decimal

    from accounts.models import User
    from accounts.models.assignments import AssignmentQuerySet
    from insights.models.renewals import ListedCustomerQuerySet


class CustomerRow(NamedTuple):
    """What one row of the list shows."""

    pk: int
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
    assignment: int | None


def unplaced(user: User, *, at: datetime) -> AssignmentQuerySet:
    """Owner assignments of customers that wait in an intake pool."""
    held = Assignment.objects.visible_to(user).at(at).in_role("owner")
    return held.filter(holder_pool__is_intake=True, customer__retired_at=None)


def with_assignment(rows: ListedCustomerQuerySet) -> ListedCustomerQuerySet:
    """With the assignment by which somebody answers for the customer now."""
    current = Assignment.objects.current().in_role("owner")
    return rows.annotate(
        assignment=Subquery(current.filter(customer=OuterRef("customer")).values("pk")[:1])
    )
