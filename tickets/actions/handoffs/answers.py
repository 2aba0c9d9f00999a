"""What the receiver does with an offer: ask, accept, return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.actions.assignments import assign_customers
from accounts.models import Cause, PoolLead
from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.actions.handoffs import notices
from tickets.actions.handoffs.steps import lock_customer, lock_for, record, start_holding
from tickets.models import (
    Handoff,
    HandoffTemplate,
    HandoffType,
    HolderCause,
    ReturnReason,
)
from tickets.models.handoff_moves import ACCEPT, ASK, RETURN

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Pool, User


@transaction.atomic
def ask_question(handoff: Handoff, *, question: str, by: User, at: datetime) -> Handoff:
    """Ask the sender before deciding; the clock goes on. Raises TooLate and Refused."""
    with audit.group("ask_question", handoff, by=by):
        if not question.strip():
            raise Refused("Write the question.", field="question")
        handoff = lock_for(ASK, handoff, by=by, at=at)
        event = record(ASK, handoff, by=by, at=at, text=question.strip())
        notices.tell_sender(handoff, event, by=by)
    return handoff


@transaction.atomic
def accept_handoff(
    handoff: Handoff, *, by: User, at: datetime, offer_id: int | None = None
) -> Handoff:
    """Take the matter over: from this moment the one who accepts answers for it.

    With an offer named, that one alone. A type that moves the customer makes them its holder in
    the same moment. Raises TooLate naming who was first, and Refused for somebody on neither side
    or not the one named.
    """
    with audit.group("accept_handoff", handoff, by=by):
        template = HandoffTemplate.objects.select_related("transfers_role").get(type=handoff.type)
        if template.transfers_role:
            lock_customer(handoff.customer)
        handoff = lock_for(ACCEPT, handoff, by=by, at=at, offer_id=offer_id)
        if template.transfers_role:
            _move_customer(handoff, role=template.transfers_role.key, by=by, at=at)
        event = record(ACCEPT, handoff, by=by, at=at, receiver=by, accepted_at=at)
        start_holding(handoff, user=by, cause=HolderCause.ACCEPTED, at=at)
        notices.tell_sender(handoff, event, by=by)
    return handoff


@transaction.atomic
def return_handoff(
    handoff: Handoff,
    *,
    reason: ReturnReason | str,
    by: User,
    at: datetime,
    note: str = "",
    offer_id: int | None = None,
) -> Handoff:
    """Give an offer back with the reason; the sender goes on answering for the matter.

    Raises TooLate, and Refused where the reason needs a word on what is missing.
    """
    with audit.group("return_handoff", handoff, by=by, reason=reason):
        reason = ReturnReason(reason)
        if reason == ReturnReason.INSUFFICIENT_CONTEXT and not note.strip():
            raise Refused("Say what is missing.", field="note")
        handoff = lock_for(RETURN, handoff, by=by, at=at, offer_id=offer_id)
        event = record(
            RETURN,
            handoff,
            by=by,
            at=at,
            text=": ".join(filter(None, [reason.label, note.strip()])),
            return_reason=reason,
            return_count=handoff.return_count + 1,
        )
        notices.tell_returned(handoff, event, by=by)
    return handoff


def _move_customer(handoff: Handoff, *, role: str, by: User, at: datetime) -> None:
    """Make the receiver, or the pool they lead, hold the customer in this role."""
    if by != handoff.receiver:
        raise Refused(
            f"Only {handoff.receiver.name} can accept this:"
            f" with it {handoff.customer.name} becomes theirs."
        )
    assign_customers(
        [handoff.customer_id],
        role=role,
        to=_pool_of(by, handoff, at=at) if handoff.type == HandoffType.POOL_MOVE else by,
        cause=Cause.HANDOFF,
        by=by,
        at=at,
        reason=str(handoff),
    )


def _pool_of(lead: User, handoff: Handoff, *, at: datetime) -> Pool:
    leads = PoolLead.objects.at(at).filter(user=lead, pool__team=handoff.to_team)
    found = leads.select_related("pool").order_by("pool__name").first()
    if found is None:
        raise Refused(f"{lead.name} leads no pool of {handoff.to_team.name}.")
    return found.pool
