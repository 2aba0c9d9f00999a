"""How every move of a handoff is made: lock its row, ask the table, write state and event."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from psycopg.types.range import TimestamptzRange

from accounts.actions.customers import mark_changed
from accounts.models import Customer, User
from accounts.models.intervals import ended
from accounts.queries.roster import roster_of
from supportsuccess.errors import Refused
from tickets.models import (
    Handoff,
    HandoffEvent,
    HandoffEventKind,
    HandoffHolder,
    HolderCause,
)
from tickets.models.handoff_moves import Move, Side, events_into
from tickets.queries.handoff_deciders import leads_who_decide, with_stand_ins
from tickets.queries.handoff_sides import sides_of, sides_that_may

if TYPE_CHECKING:
    from datetime import datetime

    from supportsuccess import audit

    type Actor = User | audit.System

# two moves may get the lock in another order than they carry their moments
SHORTEST_HOLD = timedelta(microseconds=1)


class TooLate(Refused):
    """Somebody else was first, or the handoff is past this move."""


class AlreadyOpen(Refused):
    """The receiving team has this matter already: a ticket can be added to it."""

    def __init__(self, handoff: Handoff) -> None:
        self.handoff = handoff
        super().__init__(
            f"{handoff} is already open: {handoff.sender.name} offered it to"
            f" {handoff.receiver.name}. Add to it?"
        )


def lock_customer(customer: Customer) -> Customer:
    """The customer's row, locked; taken before a handoff's by what looks beyond one handoff."""
    return Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)


def lock_for(
    move: Move, handoff: Handoff, *, by: Actor, at: datetime, offer_id: int | None = None
) -> Handoff:
    """The handoff's row, locked, once this person may make this move with it.

    Raises TooLate naming who was first, or where it answers another offer than the one that
    stands, and Refused for somebody on no side that may.
    """
    locked = Handoff.objects.select_for_update(no_key=True).get(pk=handoff.pk)
    if too_late := why_too_late(move, locked, by=by, at=at, offer_id=offer_id):
        raise TooLate(too_late)
    if isinstance(by, User):
        _refuse_unless_theirs(move, locked, by=by, at=at)
    return locked


def why_too_late(
    move: Move, handoff: Handoff, *, by: Actor, at: datetime, offer_id: int | None = None
) -> str:
    """Why this move can no longer be made, by whoever makes it; empty where it can."""
    if handoff.state not in move.sources:
        return _what_happened(handoff, by=by, at=at)
    if offer_id is not None and offer_id != offer_of(handoff):
        return "It was offered again since: this answers an earlier offer."
    return ""


def offer_of(handoff: Handoff) -> int:
    """The event of the offer that stands, or stood last."""
    offers = HandoffEvent.objects.filter(handoff=handoff, kind=HandoffEventKind.OFFERED)
    return offers.latest("pk").pk


def _refuse_unless_theirs(move: Move, handoff: Handoff, *, by: User, at: datetime) -> None:
    leads = leads_who_decide(handoff, at=at)
    people = {by.pk, handoff.sender_id, handoff.receiver_id, *(one.pk for one in leads.values())}
    roster = roster_of(people, at=at)
    deciders = with_stand_ins(leads, roster=roster)
    sides = sides_of(by, handoff, roster=roster, deciders=deciders)
    if sides_that_may(move, deciders=deciders) & sides:
        return
    if deciders and move.sides_while_leads_decide is not None:
        raise Refused(
            f"It came back {handoff.return_count} times: {deciders.names} decide what becomes"
            " of it."
        )
    raise Refused(_whose_move(move, handoff))


def refuse_second(handoff: Handoff) -> None:
    """Raises AlreadyOpen when the receiving team has another open one for customer and type.

    The customer's row is locked, so that none can be opened meanwhile.
    """
    same = Handoff.objects.open().filter(
        customer=handoff.customer_id, type=handoff.type, to_team=handoff.to_team_id
    )
    open_one = same.exclude(pk=handoff.pk).select_related("customer", "sender", "receiver").first()
    if open_one:
        raise AlreadyOpen(open_one)


def record(
    move: Move, handoff: Handoff, *, by: Actor, at: datetime, text: str = "", **changes: Any
) -> HandoffEvent:
    """Write the move: the columns it changes, its event, and the mark on the customer."""
    if move.target:
        changes["state"] = move.target
    changes["version"] = handoff.version + 1
    for name, value in changes.items():
        setattr(handoff, name, value)
    handoff.save(update_fields=changes)
    return add_event(move, handoff, by=by, at=at, text=text)


def add_event(
    move: Move, handoff: Handoff, *, by: Actor, at: datetime, text: str = ""
) -> HandoffEvent:
    """Append who did what, when, in what words."""
    mark_changed([handoff.customer_id])
    return HandoffEvent.objects.create(
        handoff=handoff,
        kind=move.event,
        by=by if isinstance(by, User) else None,
        text=text,
        occurred_at=at,
        recorded_at=at,
    )


def start_holding(
    handoff: Handoff, *, user: User, cause: HolderCause, at: datetime, reason: str = ""
) -> None:
    """Somebody answers for the matter from now on, and whoever did until now no longer."""
    current = HandoffHolder.objects.current().filter(handoff=handoff).first()
    moment = stop_holding(handoff, at=at) if current else at
    HandoffHolder.objects.create(
        handoff=handoff,
        user=user,
        during=TimestamptzRange(moment, None),
        cause=cause,
        reason=reason,
    )


def stop_holding(handoff: Handoff, *, at: datetime) -> datetime:
    """Nobody answers for the matter any more: it has ended. Returns the moment kept for it."""
    current = HandoffHolder.objects.current().get(handoff=handoff)
    moment: datetime = max(at, current.during.lower + SHORTEST_HOLD)
    HandoffHolder.objects.filter(pk=current.pk).update(during=ended(moment))
    return moment


def _what_happened(handoff: Handoff, *, by: Actor, at: datetime) -> str:
    """Who brought the handoff into its state, and when: "Accepted by Ines Duarte 2 s ago"."""
    events = HandoffEvent.objects.filter(handoff=handoff, kind__in=events_into(handoff.state))
    last = events.select_related("by").order_by("-pk").first()
    if last is None:
        return f"This handoff is {handoff.get_state_display().lower()}."
    who = "" if last.by is None else " by you" if last.by == by else f" by {last.by.name}"
    return f"{last.get_kind_display()}{who} {_ago(at, last.occurred_at)}."


def _ago(at: datetime, moment: datetime) -> str:
    seconds = max(int((at - moment).total_seconds()), 0)
    for length, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit} ago"
    return f"{seconds} s ago"


def _whose_move(move: Move, handoff: Handoff) -> str:
    names = {
        Side.SENDER: handoff.sender.name,
        Side.RECEIVER: f"{handoff.receiver.name} or {handoff.to_team.name}",
        Side.LEAD: "a lead",
        Side.DECIDING: "the leads of both teams",
    }
    who = " or ".join(names[side] for side in Side if side in move.sides) or "the clock"
    return f"Only {who} can {move.verb} this handoff."
