"""Every way in which a handoff goes from one state to another: the one table of them.

Each action asks this table before it writes (`tickets.actions.handoffs.steps`), and the page asks
it for its buttons. A question is asked inside an offer, so what may happen to an offer may happen
while its question waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tickets.models.handoff_events import HandoffEventKind
from tickets.models.handoffs import OPEN_HANDOFF_STATES, TAKEN_STATES, HandoffState


class Side(Enum):
    """On which side of the contract somebody stands."""

    SENDER = "the sender's side"
    RECEIVER = "the receiving side"
    LEAD = "a lead"
    DECIDING = "the leads of both teams"


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """One step that people or the clock can make, from these states to that one."""

    name: str
    verb: str
    event: HandoffEventKind
    sources: tuple[HandoffState, ...]
    # none: the state stays as it is
    target: HandoffState | None
    sides: frozenset[Side]
    # who makes it of what came back too often, while both leads decide; none: the same
    sides_while_leads_decide: frozenset[Side] | None = None


SENDER = frozenset({Side.SENDER})
RECEIVER = frozenset({Side.RECEIVER})
LEAD = frozenset({Side.LEAD})
ANYBODY = frozenset({Side.SENDER, Side.RECEIVER, Side.LEAD})
DECIDING = frozenset({Side.DECIDING})
NOBODY: frozenset[Side] = frozenset()
THE_CLOCK: frozenset[Side] = frozenset()

ON_OFFER = (HandoffState.OFFERED, HandoffState.QUESTION)

OFFER = Move(
    name="offer",
    verb="offer",
    event=HandoffEventKind.OFFERED,
    sources=(HandoffState.DRAFT,),
    target=HandoffState.OFFERED,
    sides=SENDER,
)
ASK = Move(
    name="ask",
    verb="ask about",
    event=HandoffEventKind.ASKED,
    sources=(HandoffState.OFFERED,),
    target=HandoffState.QUESTION,
    sides=RECEIVER,
)
ANSWER = Move(
    name="answer",
    verb="answer",
    event=HandoffEventKind.ANSWERED,
    sources=(HandoffState.QUESTION,),
    target=HandoffState.OFFERED,
    sides=SENDER,
)
ACCEPT = Move(
    name="accept",
    verb="accept",
    event=HandoffEventKind.ACCEPTED,
    sources=ON_OFFER,
    target=HandoffState.ACCEPTED,
    sides=RECEIVER,
)
RETURN = Move(
    name="return",
    verb="return",
    event=HandoffEventKind.RETURNED,
    sources=ON_OFFER,
    target=HandoffState.RETURNED,
    sides=RECEIVER,
)
WARN = Move(
    name="warn",
    verb="warn of",
    event=HandoffEventKind.NEARLY_DUE,
    sources=ON_OFFER,
    target=None,
    sides=THE_CLOCK,
)
ESCALATE = Move(
    name="escalate",
    verb="escalate",
    event=HandoffEventKind.OVERDUE,
    sources=ON_OFFER,
    target=None,
    sides=THE_CLOCK,
)
EXPIRE = Move(
    name="expire",
    verb="expire",
    event=HandoffEventKind.EXPIRED,
    sources=ON_OFFER,
    target=HandoffState.EXPIRED,
    sides=THE_CLOCK,
)
OFFER_AGAIN = Move(
    name="offer_again",
    verb="offer again",
    event=HandoffEventKind.OFFERED,
    sources=(HandoffState.RETURNED, HandoffState.EXPIRED),
    target=HandoffState.OFFERED,
    sides=SENDER,
    sides_while_leads_decide=NOBODY,
)
DECIDE = Move(
    name="decide",
    verb="decide about",
    event=HandoffEventKind.DECIDED,
    sources=(HandoffState.RETURNED,),
    target=None,
    sides=NOBODY,
    sides_while_leads_decide=DECIDING,
)
WITHDRAW = Move(
    name="withdraw",
    verb="withdraw",
    event=HandoffEventKind.WITHDRAWN,
    sources=(*ON_OFFER, HandoffState.RETURNED, HandoffState.EXPIRED),
    target=HandoffState.WITHDRAWN,
    sides=SENDER,
    sides_while_leads_decide=NOBODY,
)
SET_NEXT_STEP = Move(
    name="next_step",
    verb="set the next step of",
    event=HandoffEventKind.NEXT_STEP,
    sources=TAKEN_STATES,
    target=HandoffState.IN_PROGRESS,
    sides=RECEIVER,
)
REASSIGN = Move(
    name="reassign",
    verb="reassign",
    event=HandoffEventKind.REASSIGNED,
    sources=TAKEN_STATES,
    target=None,
    sides=LEAD,
)
TAKE_OVER = Move(
    name="take_over",
    verb="take over",
    event=HandoffEventKind.REASSIGNED,
    sources=OPEN_HANDOFF_STATES,
    target=None,
    sides=THE_CLOCK,
)
COMPLETE = Move(
    name="complete",
    verb="complete",
    event=HandoffEventKind.COMPLETED,
    sources=TAKEN_STATES,
    target=HandoffState.COMPLETED,
    sides=RECEIVER,
)
REOPEN = Move(
    name="reopen",
    verb="reopen",
    event=HandoffEventKind.REOPENED,
    sources=(HandoffState.COMPLETED,),
    target=HandoffState.IN_PROGRESS,
    sides=ANYBODY,
)
CANCEL = Move(
    name="cancel",
    verb="cancel",
    event=HandoffEventKind.CANCELLED,
    sources=OPEN_HANDOFF_STATES,
    target=HandoffState.CANCELLED,
    sides=ANYBODY,
    sides_while_leads_decide=LEAD,
)
ADD_TICKET = Move(
    name="add_ticket",
    verb="add to",
    event=HandoffEventKind.TICKET_ADDED,
    sources=OPEN_HANDOFF_STATES,
    target=None,
    sides=ANYBODY,
)
JUDGE = Move(
    name="judge",
    verb="judge",
    event=HandoffEventKind.USEFUL,
    sources=(*TAKEN_STATES, HandoffState.COMPLETED),
    target=None,
    sides=RECEIVER,
)
THANK = Move(
    name="thank",
    verb="thank for",
    event=HandoffEventKind.THANKED,
    sources=(*TAKEN_STATES, HandoffState.COMPLETED),
    target=None,
    sides=RECEIVER,
)

MOVES = (
    OFFER,
    ASK,
    ANSWER,
    ACCEPT,
    RETURN,
    WARN,
    ESCALATE,
    EXPIRE,
    OFFER_AGAIN,
    DECIDE,
    WITHDRAW,
    SET_NEXT_STEP,
    REASSIGN,
    TAKE_OVER,
    COMPLETE,
    REOPEN,
    CANCEL,
    ADD_TICKET,
    JUDGE,
    THANK,
)


def events_into(state: str) -> list[HandoffEventKind]:
    """The events by which a handoff can have come into this state."""
    return sorted({move.event for move in MOVES if move.target == state})
