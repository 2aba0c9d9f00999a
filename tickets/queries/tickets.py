"""What belongs to a ticket through its customer: who answers, and when they decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from accounts.models import Renewal
from accounts.queries.accountability import Accountable, accountable_for

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from tickets.models import Ticket
    from tickets.models.tickets import TicketQuerySet


def with_decision_on(tickets: TicketQuerySet, *, user: User) -> TicketQuerySet:
    """With the day on which the customer decides about the first of their open renewals."""
    renewals = Renewal.objects.visible_to(user).open().filter(customer=OuterRef("customer"))
    first = renewals.order_by("decision_point_on").values("decision_point_on")[:1]
    return tickets.annotate(decision_on=Subquery(first))


def owner_of(ticket: Ticket, *, user: User, at: datetime) -> Accountable | None:
    """Who answers for the ticket's customer now; nobody for an unmatched or unplaced one."""
    if ticket.customer_id is None or not user.has_perm("accounts.view_customer"):
        return None
    return accountable_for([ticket.customer_id], at=at).get(ticket.customer_id)
