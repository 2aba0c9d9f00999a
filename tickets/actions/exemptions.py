"""Asking nobody for a ticket's labels, and asking after all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from accounts.queries.calendars import add_business_days, hours_of
from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.actions.inheriting import settle_inheritance
from tickets.actions.labelled import (
    lock_by_id,
    lock_tickets,
    mark_customers,
    refuse_unless_seen,
)
from tickets.models import ExemptReason, Learning, Ticket

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from accounts.models import Team, User
    from tickets.actions.labelled import Seen

DAYS_TO_LEARN = 2


@transaction.atomic
def exempt_tickets(
    tickets: Collection[Ticket], *, reason: ExemptReason, by: User, seen: Seen | None = None
) -> list[Ticket]:
    """Ask nobody for these tickets' labels, for a reason; as they were.

    Raises Refused for answered and for exempt ones, and for one that is not as it was seen.
    """
    with audit.group("exempt_tickets", by=by, reason=reason):
        locked = lock_tickets(tickets)
        for ticket in locked:
            if ticket.learning == Learning.ANSWERED:
                raise Refused(f"{ticket.number} is answered already; it stays so.")
            if ticket.learning == Learning.EXEMPT:
                raise Refused(f"{ticket.number} is exempt already.")
        refuse_unless_seen(locked, seen)
        Ticket.objects.filter(pk__in=[ticket.pk for ticket in locked]).update(
            learning=Learning.EXEMPT, exempt_reason=reason, version=F("version") + 1
        )
        mark_customers(locked)
    return locked


def exempt_ticket(ticket: Ticket, *, reason: ExemptReason, by: User) -> None:
    """Ask nobody for this ticket's labels, for a reason. Raises Refused when it is answered."""
    exempt_tickets([ticket], reason=reason, by=by)


@transaction.atomic
def undo_exemption(seen: Mapping[int, int], *, by: User, at: datetime) -> None:
    """Ask again, by when it was due, for the labels of tickets given as id and version.

    Raises Refused when one has changed since it was exempted.
    """
    with audit.group("undo_exemption", by=by):
        locked = lock_by_id(seen)
        for ticket in locked:
            if ticket.learning != Learning.EXEMPT or ticket.version != seen[ticket.pk]:
                raise Refused(f"{ticket.number} was changed since.")
        Ticket.objects.filter(pk__in=seen).update(
            learning=Learning.DUE, exempt_reason="", version=F("version") + 1
        )
        settle_inheritance(seen, by=by, at=at)
        mark_customers(locked)


@transaction.atomic
def reopen_learning(ticket: Ticket, *, by: User, at: datetime) -> None:
    """Ask for an exempt ticket's labels after all. Raises Refused for any other."""
    with audit.group("reopen_learning", ticket, by=by):
        locked = lock_tickets([ticket])[0]
        if locked.learning != Learning.EXEMPT:
            raise Refused(f"{locked.number} is not exempt.")
        locked.learning = Learning.DUE
        locked.exempt_reason = ""
        locked.learning_due_at = _due_at(locked.team, at=at)
        locked.version += 1
        locked.save(update_fields=["learning", "exempt_reason", "learning_due_at", "version"])
        settle_inheritance([locked.pk], by=by, at=at)
        mark_customers([locked])


def _due_at(team: Team | None, *, at: datetime) -> datetime:
    if team is None:
        return at + timedelta(days=DAYS_TO_LEARN)
    return add_business_days(hours_of(team.calendar), at, DAYS_TO_LEARN)
