from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.models import Promise, PromiseEvent, PromiseEventKind

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import Customer, User
    from tickets.models import Handoff


@transaction.atomic
def make_promise(
    customer: Customer,
    *,
    text: str,
    owner: User,
    due_on: date,
    by: User,
    at: datetime,
    handoff: Handoff | None = None,
) -> Promise:
    """Note what was promised to a customer, by when, and who sees to it.

    Raises Refused without a text, for a day gone by, and for another customer's handoff.
    """
    with audit.group("make_promise", customer, by=by):
        if not text.strip():
            raise Refused("Say what was promised.", field="text")
        if due_on < at.date():
            raise Refused("Promise it for today or a later day.", field="due_on")
        if handoff is not None and handoff.customer_id != customer.pk:
            raise Refused("That handoff is another customer's.", field="handoff")
        promise = Promise.objects.create(
            customer=customer, handoff=handoff, text=text.strip(), owner=owner, due_on=due_on
        )
        PromiseEvent.objects.create(
            promise=promise,
            kind=PromiseEventKind.MADE,
            by=by,
            due_on=due_on,
            occurred_at=at,
            recorded_at=at,
        )
    return promise
