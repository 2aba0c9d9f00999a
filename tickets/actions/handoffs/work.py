"""What follows an acceptance, and what ends a handoff: next step, outcome, another holder."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.actions.next_steps import refuse_unlikely_day
from accounts.queries.leads import successor_of
from supportsuccess import audit
from supportsuccess.errors import Refused
from supportsuccess.lists.cells import day_text
from tickets.actions.handoffs import notices
from tickets.actions.handoffs.steps import (
    TooLate,
    lock_customer,
    lock_for,
    record,
    refuse_second,
    start_holding,
    stop_holding,
)
from tickets.models import Handoff, HandoffHolder, HandoffOutcome, HolderCause
from tickets.models.handoff_moves import (
    CANCEL,
    COMPLETE,
    JUDGE,
    REASSIGN,
    REOPEN,
    SET_NEXT_STEP,
)
from tickets.queries.handoff_addresses import team_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User

REOPENED_WITHIN = timedelta(days=30)


@transaction.atomic
def set_next_step(handoff: Handoff, *, step: str, on: date, by: User, at: datetime) -> Handoff:
    """Say what happens next and on which day. Raises TooLate and Refused."""
    with audit.group("set_next_step", handoff, by=by):
        if not step.strip():
            raise Refused("Say what happens next.", field="step")
        refuse_unlikely_day(on, at=at, field="on")
        handoff = lock_for(SET_NEXT_STEP, handoff, by=by, at=at)
        text = f"{step.strip()}, by {day_text(on)}"
        record(
            SET_NEXT_STEP,
            handoff,
            by=by,
            at=at,
            text=text,
            next_step=step.strip(),
            next_step_on=on,
        )
    return handoff


@transaction.atomic
def complete_handoff(
    handoff: Handoff, *, outcome: HandoffOutcome | str, by: User, at: datetime, note: str = ""
) -> Handoff:
    """End a matter with what became of it; the sender is told. Raises TooLate and Refused."""
    with audit.group("complete_handoff", handoff, by=by):
        outcome = HandoffOutcome(outcome)
        handoff = lock_for(COMPLETE, handoff, by=by, at=at)
        text = ": ".join(filter(None, [outcome.label, note.strip()]))
        event = record(COMPLETE, handoff, by=by, at=at, text=text, outcome=outcome, closed_at=at)
        stop_holding(handoff, at=at)
        notices.tell_sender(handoff, event, by=by)
    return handoff


@transaction.atomic
def reopen_handoff(handoff: Handoff, *, reason: str, by: User, at: datetime) -> Handoff:
    """Take a completed matter up again within 30 days; its last receiver answers, or their lead.

    The former outcome stays in the timeline. Raises TooLate, AlreadyOpen and Refused.
    """
    with audit.group("reopen_handoff", handoff, by=by, reason=reason):
        lock_customer(handoff.customer)
        handoff = lock_for(REOPEN, handoff, by=by, at=at)
        if handoff.closed_at and at > handoff.closed_at + REOPENED_WITHIN:
            raise Refused("It ended more than 30 days ago. Offer a new one.")
        refuse_second(handoff)
        last = handoff.receiver
        receiver = last if last.is_active else successor_of(last, at=at)
        event = record(
            REOPEN,
            handoff,
            by=by,
            at=at,
            text=reason,
            receiver=receiver,
            outcome="",
            closed_at=None,
        )
        start_holding(handoff, user=receiver, cause=HolderCause.REOPENED, at=at)
        notices.tell_both(handoff, event, by=by)
    return handoff


@transaction.atomic
def cancel_handoff(handoff: Handoff, *, reason: str, by: User, at: datetime) -> Handoff:
    """End an open handoff for a reason other than its outcome. Raises TooLate and Refused."""
    with audit.group("cancel_handoff", handoff, by=by, reason=reason):
        if not reason.strip():
            raise Refused("Say why.", field="reason")
        handoff = lock_for(CANCEL, handoff, by=by, at=at)
        event = record(CANCEL, handoff, by=by, at=at, text=reason.strip(), closed_at=at)
        stop_holding(handoff, at=at)
        notices.tell_both(handoff, event, by=by)
    return handoff


@transaction.atomic
def reassign_handoff(
    handoff: Handoff,
    *,
    from_user: User,
    to: User,
    reason: str,
    by: User,
    at: datetime,
    cause: HolderCause = HolderCause.REASSIGNED,
) -> Handoff:
    """A lead makes somebody else answer for a taken matter, at once and without acceptance.

    Raises TooLate when `from_user` no longer holds it, AlreadyOpen and Refused.
    """
    with audit.group("reassign_handoff", handoff, by=by, reason=reason):
        lock_customer(handoff.customer)
        handoff = lock_for(REASSIGN, handoff, by=by, at=at)
        _refuse_unless_held_by(from_user, handoff, to=to)
        if not (to.is_active and to.has_perm("tickets.receive_handoff")):
            raise Refused(f"{to.name} can't receive handoffs.", field="to")
        handoff.to_team = team_of(to, at=at)
        refuse_second(handoff)
        text = ": ".join(filter(None, [f"To {to.name}", reason.strip()]))
        event = record(
            REASSIGN, handoff, by=by, at=at, text=text, receiver=to, to_team=handoff.to_team
        )
        start_holding(handoff, user=to, cause=cause, at=at, reason=reason)
        notices.tell_reassigned(handoff, event, by=by, former=from_user)
    return handoff


@transaction.atomic
def judge_useful(handoff: Handoff, *, is_useful: bool, by: User, at: datetime) -> Handoff:
    """Say in one key whether the handoff was useful to the receiver. Raises TooLate and Refused."""
    with audit.group("judge_useful", handoff, by=by):
        handoff = lock_for(JUDGE, handoff, by=by, at=at)
        text = "Useful" if is_useful else "Not useful"
        record(JUDGE, handoff, by=by, at=at, text=text, was_useful=is_useful)
    return handoff


def _refuse_unless_held_by(user: User, handoff: Handoff, *, to: User) -> None:
    holder = HandoffHolder.objects.current().select_related("user").get(handoff=handoff).user
    if holder != user:
        raise TooLate(f"{holder.name} holds it now, no longer {user.name}.")
    if holder == to:
        raise Refused(f"{to.name} holds it already.", field="to")
