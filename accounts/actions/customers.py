from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from psycopg.types.range import TimestamptzRange

from accounts.models import (
    Customer,
    CustomerChange,
    CustomerKind,
    CustomerProfile,
    Stage,
    sort_name_of,
)
from accounts.models.intervals import ended
from supportsuccess import audit
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import User


@transaction.atomic
def create_customer(
    name: str,
    *,
    by: User | audit.System,
    at: datetime,
    kind: CustomerKind = CustomerKind.CUSTOMER,
    stage: Stage = Stage.LIVE,
    timezone: str = "UTC",
    source: str = "",
    external_id: str = "",
    **profile: Any,
) -> Customer:
    """Take on a customer with its first profile. Raises Refused for a name of blanks."""
    with audit.group("create_customer", by=by):
        if not name.strip():
            raise Refused("A customer needs a name.", field="name")
        customer = Customer.objects.create(
            name=name.strip(),
            sort_name=sort_name_of(name),
            kind=kind,
            timezone=timezone,
            source=source,
            external_id=external_id,
        )
        CustomerProfile.objects.create(
            customer=customer, during=TimestamptzRange(at, None), stage=stage, **profile
        )
        mark_changed([customer.pk])
    return customer


@transaction.atomic
def change_profile(
    customer: Customer, *, by: User | audit.System, at: datetime, **changes: Any
) -> CustomerProfile:
    """Close the current profile and open a changed one. Raises Refused when none is open."""
    with audit.group("change_profile", customer, by=by):
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        current = CustomerProfile.objects.current().filter(customer=customer).first()
        if current is None or current.during.lower >= at:
            raise Refused("This customer's profile can't change at that moment.")
        CustomerProfile.objects.filter(pk=current.pk).update(during=ended(at))
        profile = CustomerProfile.objects.create(
            customer=customer,
            during=TimestamptzRange(at, None),
            **{**_carried_over(current), **changes},
        )
        mark_changed([customer.pk])
    return profile


def mark_changed(customer_ids: Iterable[int]) -> None:
    """Say that something computed about these customers should be looked at again."""
    CustomerChange.objects.bulk_create(CustomerChange(customer_id=pk) for pk in customer_ids)


def _carried_over(profile: CustomerProfile) -> dict[str, Any]:
    kept = ("seats", "segment", "touch_model", "stage", "desired_outcome", "outcome_status")
    return {name: getattr(profile, name) for name in kept} | {"parent_id": profile.parent_id}
