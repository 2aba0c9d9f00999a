"""Tickets whose labels are about to change: locked, as somebody saw them, their customers told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.actions.customers import mark_changed
from supportsuccess.errors import Refused
from tickets.models import Ticket
from tickets.queries.learning import labels_state

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

# by ticket, the state of its labels when the person saw it; none given, none is checked
type Seen = Mapping[int, str]


def lock_tickets(tickets: Collection[Ticket]) -> list[Ticket]:
    """These tickets as they are now, until the end of the transaction."""
    return lock_by_id({ticket.pk for ticket in tickets})


def lock_by_id(ids: Collection[int]) -> list[Ticket]:
    """The same by their ids."""
    return list(Ticket.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))


def refuse_unless_seen(tickets: Iterable[Ticket], seen: Seen | None) -> None:
    """Raise Refused when a ticket's labels are not as somebody saw them."""
    if seen is None:
        return
    for ticket in tickets:
        if seen.get(ticket.pk) != labels_state(ticket.learning, ticket.labels_answered):
            raise Refused(f"{ticket.number}: somebody changed its labels meanwhile. Look again.")


def mark_customers(tickets: Iterable[Ticket]) -> None:
    """Say that something of their customers changed."""
    mark_changed({ticket.customer_id for ticket in tickets if ticket.customer_id is not None})
