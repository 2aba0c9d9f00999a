"""What the list of handoffs shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString

from supportsuccess.lists import cells, charts
from supportsuccess.lists.table import Column, Table
from tickets.models import (
    TAKEN_STATES,
    WAITING_STATES,
    HandoffOutcome,
    HandoffState,
    HandoffType,
    Priority,
)
from tickets.queries.handoffs import HandoffRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from accounts.queries.accountability import Accountable

STATE_TONES: dict[str, cells.Tone] = {
    HandoffState.OFFERED: "warn",
    HandoffState.QUESTION: "info",
    HandoffState.RETURNED: "bad",
    HandoffState.EXPIRED: "bad",
    HandoffState.ACCEPTED: "good",
    HandoffState.IN_PROGRESS: "good",
}
PRIORITY_TONES: dict[str, cells.Tone] = {Priority.CRITICAL: "bad", Priority.HIGH: "warn"}
# a clock stands out from this share of its time on
NEARLY = 0.75


def handoff_table(*, now: datetime, answering: Mapping[int, Accountable]) -> Table[HandoffRow]:
    """The list of handoffs as of now."""
    return Table(
        id="handoffs",
        caption="Handoffs",
        url="tickets:handoff",
        label=lambda row: f"{HandoffType(row.type).label}: {row.customer__name}",
        columns=[
            Column(label="Customer", lead="yes", grow="yes", cell=lambda row: row.customer__name),
            Column(label="Type", cell=lambda row: HandoffType(row.type).label),
            Column(label="State", cell=_state),
            Column(label="Priority", priority=2, cell=_priority),
            Column(
                label="Clock",
                cell=lambda row: clock_of(row, now=now),
                help="To acceptance while it waits, to the next step once it is taken",
            ),
            Column(label="From", priority=3, card_label="From", cell=lambda row: row.sender__name),
            Column(label="To", priority=2, card_label="To", cell=_receiver),
            Column(
                label="Answers now",
                card_label="Answers now",
                cell=lambda row: _answers(answering.get(row.pk)),
                help="Who is accountable for the matter at this moment",
            ),
        ],
    )


def state_badge(state: str) -> SafeString:
    """A state in a word and its tone."""
    return cells.badge(HandoffState(state).label, STATE_TONES.get(state, "idle"))


def clock_of(row: HandoffRow, *, now: datetime) -> object:
    """The clock that runs: to acceptance, to the next step, or none."""
    if row.state in WAITING_STATES:
        return acceptance_clock(offered_at=row.offered_at, due_at=row.due_at, now=now)
    if row.state in TAKEN_STATES:
        if row.next_step_on is None:
            return SafeString('<span class="due-soon">No next step</span>')
        return cells.due(row.next_step_on, today=now.date())
    return HandoffOutcome(row.outcome).label if row.outcome else cells.NOTHING


def acceptance_clock(*, offered_at: datetime, due_at: datetime, now: datetime) -> SafeString:
    """How much of the time to accept is gone, and when it ends."""
    whole, gone = due_at - offered_at, now - offered_at
    tone: charts.Tone = "bad" if gone >= whole else "warn" if gone >= NEARLY * whole else "accent"
    bar = charts.meter(gone.total_seconds(), of=whole.total_seconds(), label="Time gone", tone=tone)
    words = "due" if now >= due_at else ""
    return format_html('<span class="clock">{}{} {}</span>', bar, words, cells.ago(due_at, now=now))


def _state(row: HandoffRow) -> object:
    return state_badge(row.state)


def _priority(row: HandoffRow) -> object:
    words, tone = Priority(row.priority).label, PRIORITY_TONES.get(row.priority)
    return cells.badge(words, tone) if tone else words


def _receiver(row: HandoffRow) -> object:
    return cells.two_lines(row.receiver__name, second=row.to_team__name)


def _answers(answering: Accountable | None) -> object:
    if answering is None:
        return cells.NOTHING
    name = cells.person(answering.name)
    if answering.via == "holder":
        return name
    return format_html('{} <span class="faint">for {}</span>', name, answering.holder)
