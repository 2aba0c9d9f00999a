from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from psycopg.types.range import TimestamptzRange

from accounts.actions.customers import mark_changed
from accounts.models import Assignment, AssignmentRole, Customer, Pool, User
from accounts.models.intervals import ended
from supportsuccess import audit
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from accounts.models import Cause


@transaction.atomic
def assign_customers(
    customer_ids: Collection[int],
    *,
    role: str,
    to: User | Pool,
    cause: Cause,
    by: User | audit.System,
    at: datetime,
    reason: str = "",
    instead_of: Mapping[int, int] | None = None,
) -> list[int]:
    """Make a person or a pool answer for customers in a role from now on; which ones moved.

    `instead_of` names the assignment that was seen of each customer; none given, none is checked.
    Raises Refused for somebody who has left, for a moment before the current holder's first, and
    when somebody else answers for one meanwhile.
    """
    with audit.group("assign_customers", by=by, reason=reason):
        if isinstance(to, User) and not to.is_active:
            raise Refused(f"{to.name} no longer works here.", field="to")
        kept = AssignmentRole.objects.get(key=role)
        ids = list(
            Customer.objects.filter(pk__in=customer_ids)
            .order_by("pk")
            .select_for_update(no_key=True)
            .values_list("pk", flat=True)
        )
        if instead_of is not None:
            _refuse_moved(ids, role=kept, instead_of=instead_of)
        moved = _close_current(ids, role=kept, to=to, at=at)
        Assignment.objects.bulk_create(
            Assignment(
                customer_id=pk,
                role=kept,
                holder_user=to if isinstance(to, User) else None,
                holder_pool=to if isinstance(to, Pool) else None,
                during=TimestamptzRange(at, None),
                cause=cause,
                reason=reason,
            )
            for pk in moved
        )
        mark_changed(moved)
    return moved


def _refuse_moved(
    ids: Collection[int], *, role: AssignmentRole, instead_of: Mapping[int, int]
) -> None:
    current = Assignment.objects.current().filter(customer__in=ids, role=role)
    for assignment in current.select_related("customer", "holder_user", "holder_pool"):
        if assignment.pk != instead_of[assignment.customer_id]:
            holder = assignment.holder_user or assignment.holder_pool
            raise Refused(f"{assignment.customer}: {holder} answers for it meanwhile.")


def _close_current(
    ids: list[int], *, role: AssignmentRole, to: User | Pool, at: datetime
) -> list[int]:
    """End the assignments that somebody else holds; the customers that need a new one."""
    current = Assignment.objects.current().filter(customer__in=ids, role=role)
    same = (
        current.filter(holder_user=to) if isinstance(to, User) else current.filter(holder_pool=to)
    )
    stay = set(same.values_list("customer", flat=True))
    closing = current.exclude(customer__in=stay)
    if closing.filter(during__startswith__gte=at).exists():
        raise Refused("The current holder took over after that moment.", field="at")
    closing.update(during=ended(at))
    return [pk for pk in ids if pk not in stay]
