"""What the clock does: an offer nobody answered goes to the next on the ladder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.actions.handoffs import notices
from tickets.actions.handoffs.offers import put_on_offer
from tickets.actions.handoffs.steps import TooLate, lock_customer, lock_for, record
from tickets.models import HandoffEventKind
from tickets.models.handoff_moves import ESCALATE, EXPIRE, WARN
from tickets.queries.handoff_addresses import next_on_ladder
from tickets.queries.handoff_targets import expires_at, offers_to_expire, reminder_due

if TYPE_CHECKING:
    from datetime import datetime

    from tickets.models import Handoff

CLOCK = audit.System("handoff clock")
REMINDERS = {
    HandoffEventKind.NEARLY_DUE: (WARN, notices.tell_nearly_due),
    HandoffEventKind.OVERDUE: (ESCALATE, notices.tell_overdue),
}


def expire_due(*, at: datetime) -> int:
    """Expire every offer past twice its target, each in its own transaction; how many were."""
    return sum(expire_if_due(handoff, at=at) for handoff in offers_to_expire(at=at))


def expire_if_due(handoff: Handoff, *, at: datetime) -> bool:
    """Expire an offer unless somebody answered it meanwhile; whether it was."""
    try:
        expire_handoff(handoff, at=at)
    except TooLate:
        return False
    return True


@transaction.atomic
def remind_of_offer(handoff: Handoff, *, at: datetime) -> HandoffEventKind | None:
    """Warn the receiver near the end of the target, tell the lead past it; what was told.

    Raises TooLate when it is no longer on offer.
    """
    with audit.group("remind_of_offer", handoff, by=CLOCK):
        handoff = lock_for(WARN, handoff, by=CLOCK, at=at)
        kind = reminder_due(handoff, at=at)
        if kind is not None:
            move, tell = REMINDERS[kind]
            tell(handoff, record(move, handoff, by=CLOCK, at=at))
    return kind


def remind_if_due(handoff: Handoff, *, at: datetime) -> bool:
    """Tell what the clock has to tell of an offer unless it was answered; whether it did."""
    try:
        return remind_of_offer(handoff, at=at) is not None
    except TooLate:
        return False


@transaction.atomic
def expire_handoff(handoff: Handoff, *, at: datetime) -> Handoff:
    """End an offer nobody answered, and offer it to the backup, else to the team's lead.

    Without a next on the ladder it stays expired with its sender. Raises TooLate.
    """
    with audit.group("expire_handoff", handoff, by=CLOCK):
        lock_customer(handoff.customer)
        handoff = lock_for(EXPIRE, handoff, by=CLOCK, at=at)
        if at < expires_at(handoff):
            raise TooLate("It was offered again meanwhile.")
        event = record(EXPIRE, handoff, by=CLOCK, at=at)
        notices.tell_expired(handoff, event)
        _offer_to_next(handoff, at=at)
    return handoff


def _offer_to_next(handoff: Handoff, *, at: datetime) -> None:
    receiver = next_on_ladder(handoff, at=at)
    if receiver is None:
        return
    try:
        with transaction.atomic():
            put_on_offer(handoff, receiver=receiver, by=CLOCK, at=at)
    except Refused:
        # who is next can't receive it: it stays expired, and the sender has been told
        handoff.refresh_from_db()
