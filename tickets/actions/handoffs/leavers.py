"""What becomes of the matters of people who no longer work here: a lead of theirs has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.queries.leads import successor_of
from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.actions.handoffs import notices
from tickets.actions.handoffs.expiry import CLOCK
from tickets.actions.handoffs.steps import (
    TooLate,
    lock_customer,
    lock_for,
    record,
    start_holding,
)
from tickets.models import TAKEN_STATES, Handoff, HandoffHolder, HolderCause
from tickets.models.handoff_moves import TAKE_OVER

if TYPE_CHECKING:
    from datetime import datetime


def take_over_from_leavers(*, at: datetime) -> int:
    """Give every matter of a leaver to a lead, each in its own transaction; how many were."""
    leavers = Handoff.objects.held_by_leavers().select_related("customer")
    return sum(take_over_if_left(handoff, at=at) for handoff in leavers.order_by("pk"))


def take_over_if_left(handoff: Handoff, *, at: datetime) -> bool:
    """Give a leaver's matter to a lead unless that was done, or nobody can; whether it was."""
    try:
        take_over_from_leaver(handoff, at=at)
    except Refused:
        return False
    return True


@transaction.atomic
def take_over_from_leaver(handoff: Handoff, *, at: datetime) -> Handoff:
    """Make a leaver's lead answer for their matter, at once and without acceptance.

    Raises TooLate when its holder works here, and Refused where nobody leads them.
    """
    with audit.group("take_over_from_leaver", handoff, by=CLOCK):
        lock_customer(handoff.customer)
        handoff = lock_for(TAKE_OVER, handoff, by=CLOCK, at=at)
        leaver = HandoffHolder.objects.current().select_related("user").get(handoff=handoff).user
        if leaver.is_active:
            raise TooLate(f"{leaver.name} holds it now.")
        successor = successor_of(leaver, at=at)
        text = f"To {successor.name}: {leaver.name} no longer works here"
        side = "receiver" if handoff.state in TAKEN_STATES else "sender"
        event = record(TAKE_OVER, handoff, by=CLOCK, at=at, text=text, **{side: successor})
        start_holding(handoff, user=successor, cause=HolderCause.LEAVER, at=at)
        notices.tell_taken_over(handoff, event, by=CLOCK, successor=successor)
    return handoff
