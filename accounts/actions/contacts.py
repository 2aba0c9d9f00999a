from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.actions.customers import mark_changed
from accounts.models import Contact, ContactRole, Customer, CustomerContact, sort_name_of
from supportsuccess import audit
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.models import User


@dataclass(frozen=True, kw_only=True)
class NewContact:
    """A person to be known at a customer; `external_id` is what a source calls them."""

    customer: Customer
    name: str
    role: ContactRole = ContactRole.OTHER
    external_id: str = ""


@transaction.atomic
def add_contacts(
    people: Sequence[NewContact], *, by: User | audit.System, at: datetime, source: str = ""
) -> list[CustomerContact]:
    """Take on people at their customers, with their roles. Raises Refused for a name of blanks."""
    with audit.group("add_contacts", by=by):
        if not all(person.name.strip() for person in people):
            raise Refused("A contact needs a name.", field="name")
        contacts = Contact.objects.bulk_create(
            Contact(
                name=person.name.strip(),
                sort_name=sort_name_of(person.name),
                source=source if person.external_id else "",
                external_id=person.external_id,
            )
            for person in people
        )
        links = CustomerContact.objects.bulk_create(
            CustomerContact(
                customer=person.customer, contact=contact, role=person.role, recorded_at=at
            )
            for person, contact in zip(people, contacts, strict=True)
        )
        mark_changed({person.customer.pk for person in people})
    return links


@transaction.atomic
def note_departure(
    contact: Contact, *, customer: Customer, by: User | audit.System, at: datetime
) -> None:
    """Note that somebody has left a customer. Raises Refused for whoever is not there."""
    with audit.group("note_departure", customer, by=by):
        here = CustomerContact.objects.present().filter(customer=customer, contact=contact)
        if not here.update(left_at=at, recorded_left_at=at):
            raise Refused(f"{contact} is not at {customer}.", field="contact")
        mark_changed([customer.pk])
