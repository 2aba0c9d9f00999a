"""What became of a handoff, in a cell: by whom it was taken, what comes next, how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportsuccess.lists import cells
from supportsuccess.lists.html import html
from tickets.models import (
    TAKEN_STATES,
    HandoffOutcome,
    HandoffState,
    ReturnReason,
    Verified,
)

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

    from tickets.queries.handoffs import HandoffRow

WAITS = {
    HandoffState.OFFERED: "Not accepted yet",
    HandoffState.QUESTION: "A question waits for your side",
    HandoffState.EXPIRED: "Nobody accepted it in time",
}

STILL_HERE = frozenset({Verified.EXPANDED, Verified.RENEWED, Verified.RETAINED})
# what the facts can say without contradicting an outcome; the others claim nothing of the money
FITTING = {
    HandoffOutcome.RISK_REDUCED: STILL_HERE,
    HandoffOutcome.RENEWED: STILL_HERE,
    HandoffOutcome.RETAINED_FLAT: STILL_HERE,
    HandoffOutcome.EXPANDED: frozenset({Verified.EXPANDED}),
    HandoffOutcome.CONTRACTED: frozenset({Verified.CONTRACTED}),
    HandoffOutcome.CHURNED: frozenset({Verified.CHURNED}),
}


def became(row: HandoffRow, *, now: datetime) -> object:
    """What a sender wants to know of a handoff at a glance."""
    if row.state in WAITS:
        return WAITS[HandoffState(row.state)]
    if row.state == HandoffState.RETURNED:
        return html("Returned: {}", ReturnReason(row.return_reason).label.lower())
    if row.state in TAKEN_STATES:
        return html("{}, {}", _next_step(row, now=now), _accepted(row, now=now))
    if row.state == HandoffState.COMPLETED:
        return html("{}, {}", HandoffOutcome(row.outcome).label, _accepted(row, now=now))
    return html("{} {}", HandoffState(row.state).label, cells.ago(row.closed_at, now=now))


def in_short(state: str, *, reason: str, outcome: str, receiver: str) -> str:
    """The same in a few words of running text."""
    if state in WAITS:
        return WAITS[HandoffState(state)].lower()
    if state == HandoffState.RETURNED:
        return f"returned, {ReturnReason(reason).label.lower()}"
    if state in TAKEN_STATES:
        return f"{receiver} has it"
    return HandoffOutcome(outcome).label.lower() if outcome else HandoffState(state).label.lower()


def thanks(row: HandoffRow, *, now: datetime) -> object:
    """Whether its receiver thanked for it, and when."""
    if row.thanked_at is None:
        return cells.NOTHING
    return cells.ago(row.thanked_at, now=now)


def verified(row: HandoffRow) -> object:
    """What the facts say, beside what its receiver said."""
    return verified_badge(row.verified, outcome=row.outcome) if row.verified else cells.NOTHING


def verified_badge(verified: str, *, outcome: str) -> SafeString:
    """In a word; red where it contradicts the outcome, green where it bears it out."""
    fits = FITTING.get(HandoffOutcome(outcome))
    if fits is None or verified == Verified.UNKNOWN:
        return cells.badge(Verified(verified).label)
    return cells.badge(Verified(verified).label, "good" if verified in fits else "bad")


def arr_retained(row: HandoffRow) -> object:
    """What of the revenue at acceptance was there when it was verified last."""
    if row.arr_retained is None or row.arr_currency is None:
        return cells.UNKNOWN if row.verified else cells.NOTHING
    return cells.money(row.arr_retained, currency=row.arr_currency)


def _accepted(row: HandoffRow, *, now: datetime) -> SafeString:
    return html("accepted {}", cells.ago(row.accepted_at, now=now))


def _next_step(row: HandoffRow, *, now: datetime) -> SafeString:
    if row.next_step_on is None:
        return html("No next step yet")
    step = html('<span class="typed">{}</span>', row.next_step)
    return html("{}, {}", step, cells.due(row.next_step_on, today=now.date()))
