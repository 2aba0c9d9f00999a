"""What becomes of a handoff that came back too often: the leads of both teams decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.actions.handoffs import notices
from tickets.actions.handoffs.offers import put_on_offer
from tickets.actions.handoffs.steps import lock_customer, lock_for, record, stop_holding
from tickets.models import Handoff, HandoffDecision, HandoffTemplate, LeadsDecision
from tickets.models.handoff_moves import DECIDE, WITHDRAW
from tickets.queries.handoff_addresses import address_of
from tickets.queries.handoff_deciders import deciders_of, decisions_on

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from tickets.queries.handoff_deciders import Deciders


@transaction.atomic
def decide_handoff(
    handoff: Handoff,
    *,
    decision: LeadsDecision | str,
    reason: str,
    receiver: User | None = None,
    by: User,
    at: datetime,
) -> Handoff:
    """Say for one's team what becomes of what was returned twice; once both leads agree it happens.

    Until then it waits, and each may say something else. Raises TooLate, AlreadyOpen and Refused.
    """
    with audit.group("decide_handoff", handoff, by=by, reason=reason):
        if not reason.strip():
            raise Refused("Say why.", field="reason")
        lock_customer(handoff.customer)
        handoff = lock_for(DECIDE, handoff, by=by, at=at)
        offered_to = _receiver(handoff, LeadsDecision(decision), named=receiver, at=at)
        deciders = deciders_of(handoff, at=at)
        wanted = HandoffDecision(
            handoff=handoff,
            return_count=handoff.return_count,
            decision=decision,
            receiver=offered_to,
            reason=reason.strip(),
            by=by,
            occurred_at=at,
            recorded_at=at,
        )
        _say_for_sides(wanted, deciders)
        text = f"{wanted.words}: {wanted.reason}"
        event = record(DECIDE, handoff, by=by, at=at, text=text[0].upper() + text[1:])
        notices.tell_decided(handoff, event, by=by)
        if _all_agree(wanted, deciders):
            _carry_out(wanted, handoff, by=by, at=at)
    return handoff


def _receiver(
    handoff: Handoff, decision: LeadsDecision, *, named: User | None, at: datetime
) -> User | None:
    """Whom it would go to, if they can receive it. Raises Refused."""
    if decision == LeadsDecision.KEEP:
        return None
    template = HandoffTemplate.objects.select_related("addresses_role").get(type=handoff.type)
    wanted = named or handoff.receiver
    return address_of(handoff.customer, template=template, receiver=wanted, at=at).receiver


def _say_for_sides(wanted: HandoffDecision, deciders: Deciders) -> None:
    HandoffDecision.objects.bulk_create(
        HandoffDecision(
            handoff=wanted.handoff,
            return_count=wanted.return_count,
            side=side,
            decision=wanted.decision,
            receiver=wanted.receiver,
            reason=wanted.reason,
            by=wanted.by,
            occurred_at=wanted.occurred_at,
            recorded_at=wanted.recorded_at,
        )
        for side in deciders.sides_of(wanted.by_id)
    )


def _all_agree(wanted: HandoffDecision, deciders: Deciders) -> bool:
    """Whether every side that somebody leads said the same last."""
    said = {one.side: (one.decision, one.receiver_id) for one in decisions_on(wanted.handoff)}
    same = (wanted.decision, wanted.receiver_id)
    return all(said.get(side) == same for side in deciders.leads)


def _carry_out(wanted: HandoffDecision, handoff: Handoff, *, by: User, at: datetime) -> None:
    if wanted.receiver is not None:
        put_on_offer(handoff, receiver=wanted.receiver, by=by, at=at)
        return
    text = "Both leads keep it with the sending team"
    event = record(WITHDRAW, handoff, by=by, at=at, text=text, closed_at=at)
    stop_holding(handoff, at=at)
    notices.tell_both(handoff, event, by=by)
