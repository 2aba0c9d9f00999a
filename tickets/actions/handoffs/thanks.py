"""The receiver thanks the sender: once for a handoff, and the sender is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.actions.handoffs import notices
from tickets.actions.handoffs.steps import lock_for, record
from tickets.models.handoff_moves import THANK

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from tickets.models import Handoff


@transaction.atomic
def thank_sender(handoff: Handoff, *, by: User, at: datetime) -> Handoff:
    """Thank who handed a taken matter over; once. Raises TooLate and Refused."""
    with audit.group("thank_sender", handoff, by=by):
        handoff = lock_for(THANK, handoff, by=by, at=at)
        if handoff.events.thanks().exists():
            raise Refused(f"{handoff.sender.name} was thanked for this already.")
        event = record(THANK, handoff, by=by, at=at)
        notices.tell_sender(handoff, event, by=by)
    return handoff
