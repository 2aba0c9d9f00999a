"""What a ticket's page shows beside the ticket: what happened, in order, and where it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import OuterRef, Subquery

from accounts.models import Renewal
from accounts.queries.accountability import Accountable, accountable_for
from supportsuccess.lists.table import rows_of
from tickets.models import (
    Handoff,
    Message,
    MessageDirection,
    Ticket,
    TicketEvent,
    TicketEventKind,
    TicketStatus,
)

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models.tickets import TicketQuerySet

# a ticket with more has its oldest left out, and the page says so
ENTRIES_SHOWN = 200
EVENT_ICONS = {
    TicketEventKind.OPENED: ("inbox", ""),
    TicketEventKind.CHANGED: ("dot", ""),
    TicketEventKind.SOLVED: ("check", "good"),
    TicketEventKind.REOPENED: ("rotate-ccw", "warn"),
    TicketEventKind.CLOSED: ("archive", ""),
}
MESSAGE_ICONS = {
    MessageDirection.INBOUND: "message-square",
    MessageDirection.OUTBOUND: "reply",
    MessageDirection.INTERNAL: "lock",
}
MESSAGE_WORDS = {
    MessageDirection.INBOUND: "wrote",
    MessageDirection.OUTBOUND: "answered",
    MessageDirection.INTERNAL: "noted",
}


class EventRow(NamedTuple):
    occurred_at: datetime
    kind: str
    by_label: str
    status: str
    source_status: str
    priority: str
    team__name: str | None
    assignee_label: str
    is_blocked: bool | None


class MessageRow(NamedTuple):
    occurred_at: datetime
    direction: str
    by_label: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened on a ticket, as a timeline shows it."""

    at: datetime
    who: str
    what: str
    body: str = ""
    icon: str = "dot"
    tone: str = ""


@dataclass(frozen=True)
class Timeline:
    """The newest entries of a ticket, newest first, and whether older ones are left out."""

    entries: list[Entry]
    is_cut: bool


def with_decision_on(tickets: TicketQuerySet, *, user: User) -> TicketQuerySet:
    """With the day on which the customer decides about the first of their open renewals."""
    renewals = Renewal.objects.visible_to(user).open().filter(customer=OuterRef("customer"))
    first = renewals.order_by("decision_point_on").values("decision_point_on")[:1]
    return tickets.annotate(decision_on=Subquery(first))


def timeline_of(ticket: Ticket, *, user: User) -> Timeline:
    """Events and messages of a ticket in one order."""
    events = TicketEvent.objects.visible_to(user).filter(ticket=ticket)
    messages = Message.objects.visible_to(user).filter(ticket=ticket)
    newest = events.order_by("-occurred_at", "-sequence", "-pk")[: ENTRIES_SHOWN + 1]
    last = messages.order_by("-occurred_at", "-pk")[: ENTRIES_SHOWN + 1]
    entries = [*map(_event, rows_of(EventRow, newest)), *map(_message, rows_of(MessageRow, last))]
    entries.sort(key=attrgetter("at"), reverse=True)
    return Timeline(entries[:ENTRIES_SHOWN], is_cut=len(entries) > ENTRIES_SHOWN)


def handoffs_of(ticket: Ticket, *, user: User) -> list[Handoff]:
    """What was handed over with this ticket, the newest first."""
    handoffs = Handoff.objects.visible_to(user).filter(tickets=ticket)
    return list(handoffs.select_related("sender", "receiver").order_by("-offered_at", "-pk"))


def owner_of(ticket: Ticket, *, user: User, at: datetime) -> Accountable | None:
    """Who answers for the ticket's customer now; nobody for an unmatched or unplaced one."""
    if ticket.customer_id is None or not user.has_perm("accounts.view_customer"):
        return None
    return accountable_for([ticket.customer_id], at=at).get(ticket.customer_id)


def _event(event: EventRow) -> Entry:
    icon, tone = EVENT_ICONS[TicketEventKind(event.kind)]
    who = event.by_label or "Helpdesk"
    return Entry(at=event.occurred_at, who=who, what=_happened(event), icon=icon, tone=tone)


def _happened(event: EventRow) -> str:
    """What an event says, in words: its kind, and the facts it names."""
    status = TicketStatus(event.status).label if event.status else ""
    facts = [
        event.source_status or status,
        f"priority {event.priority}" if event.priority else "",
        f"team {event.team__name}" if event.team__name else "",
        f"to {event.assignee_label}" if event.assignee_label else "",
        "blocked" if event.is_blocked else "",
    ]
    verb = TicketEventKind(event.kind).label.lower()
    said = ", ".join(fact for fact in facts if fact and fact.lower() != verb)
    return f"{verb} it: {said}" if said else f"{verb} it"


def _message(message: MessageRow) -> Entry:
    direction = MessageDirection(message.direction)
    return Entry(
        at=message.occurred_at,
        who=message.by_label
        or ("Customer" if direction == MessageDirection.INBOUND else "Support"),
        what=MESSAGE_WORDS[direction],
        body=message.body,
        icon=MESSAGE_ICONS[direction],
    )
