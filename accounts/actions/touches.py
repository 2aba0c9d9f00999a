from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.actions.customers import mark_changed
from accounts.models import CustomerContact, Touch, TouchContact
from supportsuccess import audit
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from accounts.models import Contact, Customer, TouchKind, User


@transaction.atomic
def log_touch(
    customer: Customer,
    *,
    kind: TouchKind,
    is_two_way: bool,
    occurred_at: datetime,
    by: User,
    at: datetime,
    note: str = "",
    contacts: Collection[Contact] = (),
) -> Touch:
    """Note a contact with a customer. Raises Refused for one to come and for others' people."""
    with audit.group("log_touch", customer, by=by):
        if occurred_at > at:
            raise Refused("A touch is logged once it has happened.", field="occurred_at")
        _refuse_strangers(customer, contacts)
        touch = Touch.objects.create(
            customer=customer,
            kind=kind,
            is_two_way=is_two_way,
            note=note.strip(),
            by=by,
            occurred_at=occurred_at,
            recorded_at=at,
        )
        TouchContact.objects.bulk_create(
            TouchContact(touch=touch, contact=contact) for contact in contacts
        )
        mark_changed([customer.pk])
    return touch


def _refuse_strangers(customer: Customer, contacts: Collection[Contact]) -> None:
    known = CustomerContact.objects.filter(customer=customer, contact__in=contacts)
    if known.count() != len(contacts):
        raise Refused(f"Only contacts of {customer} can have taken part.", field="contacts")
