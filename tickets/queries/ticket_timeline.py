"""What happened on a ticket, in one order and in words."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from tickets.models import MessageDirection, TicketEventKind, TicketStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

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
    team: str | None
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


def timeline_from(*, events: Iterable[EventRow], messages: Iterable[MessageRow]) -> Timeline:
    """Events and messages, each the newest first, in one order."""
    entries = [*map(_event, events), *map(_message, messages)]
    entries.sort(key=attrgetter("at"), reverse=True)
    return Timeline(entries[:ENTRIES_SHOWN], is_cut=len(entries) > ENTRIES_SHOWN)


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
        f"team {event.team}" if event.team else "",
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
