"""What the inbox shows of a ticket, and which keys a row answers to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.html import format_html

from supportsuccess.lists import cells
from supportsuccess.lists.icons import icon
from supportsuccess.lists.table import Column, RowKey, Table
from tickets.models import Channel, HandoffState, Priority, TicketKind
from tickets.queries.inbox import InboxRow

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from accounts.models import User

PRIORITY_TONES: dict[str, cells.Tone] = {
    Priority.CRITICAL: "bad",
    Priority.HIGH: "warn",
}
HANDOFF_TONES: dict[str, cells.Tone] = {
    HandoffState.RETURNED: "bad",
    HandoffState.EXPIRED: "bad",
    HandoffState.QUESTION: "warn",
    HandoffState.ACCEPTED: "good",
    HandoffState.IN_PROGRESS: "good",
}
CHANNEL_ICONS = {
    Channel.MAIL: "mail",
    Channel.PHONE: "phone",
    Channel.CHAT: "message-circle",
    Channel.PORTAL: "globe",
    Channel.API: "plug",
    Channel.IN_PERSON: "user",
    Channel.OTHER: "inbox",
}
LABEL_KEY = RowKey(key="l", label="Label the ticket", url="tickets:label", target="panel")
HANDOFF_KEY = RowKey(key="h", label="Hand over", url="tickets:hand_over")


def inbox_table(user: User, *, now: datetime, today: date) -> Table[InboxRow]:
    """The inbox as this person may use it."""
    keys = [
        key
        for permission, key in (
            ("tickets.label_ticket", LABEL_KEY),
            ("tickets.offer_handoff", HANDOFF_KEY),
        )
        if user.has_perm(permission)
    ]
    can_label = LABEL_KEY in keys
    table = replace(INBOX, columns=_columns(now=now, today=today), row_keys=keys)
    return replace(table, peek="yes") if can_label else table


def row_name(row: InboxRow) -> str:
    """What a ticket is called: its subject where its source has one."""
    return f"{row.number} {row.subject}".strip()


def _columns(*, now: datetime, today: date) -> list[Column[InboxRow]]:
    return [
        Column(label="Ticket", lead="yes", grow="yes", cell=_ticket),
        Column(label="Customer", cell=_customer),
        Column(label="Kind", priority=3, cell=_kind),
        Column(label="Priority", priority=2, cell=_priority),
        Column(
            label="Age",
            align="end",
            cell=lambda row: _age(row, now=now),
            card_label="Opened",
            help="Time since it was opened; red where the labels are overdue",
        ),
        Column(
            label="Labels",
            cell=lambda row: cells.dots(row.labels_answered),
            help="Dimensions answered, of five",
        ),
        Column(
            label="Renewal",
            align="end",
            priority=2,
            cell=lambda row: _renewal(row, today=today),
            card_label="Renewal",
            help="Days to the decision point of the customer's next renewal",
        ),
        Column(
            label="Owner",
            priority=3,
            cell=_owner,
            help="Who holds the customer; the ticket's page says who covers for them now",
        ),
        Column(label="Handoff", priority=2, cell=_handoff),
    ]


def _ticket(row: InboxRow) -> object:
    return cells.two_lines(row.subject or row.number, second=row.number if row.subject else "")


def _customer(row: InboxRow) -> object:
    if row.customer__name is None:
        return cells.badge("Unmatched", tone="warn")
    return format_html('<span class="customer-name">{}</span>', row.customer__name)


def _kind(row: InboxRow) -> object:
    return format_html("{}{}", _channel_icon(row.channel), TicketKind(row.kind).label)


@lru_cache(maxsize=16)
def _channel_icon(channel: str) -> SafeString:
    words = Channel(channel).label
    return format_html(
        '<span class="channel" title="{}">{}<span class="visually-hidden">{}, </span></span>',
        words,
        icon(CHANNEL_ICONS[Channel(channel)], 14),
        words,
    )


def _priority(row: InboxRow) -> object:
    words = Priority(row.priority).label
    if row.is_blocked:
        return cells.badge(f"{words}, blocked", tone="bad")
    tone = PRIORITY_TONES.get(row.priority)
    return cells.badge(words, tone=tone) if tone else words


def _age(row: InboxRow, *, now: datetime) -> object:
    age = cells.age(row.opened_at, now=now)
    if row.learning_due_at is None or row.learning_due_at >= now:
        return age
    return format_html(
        '<span class="due-past">{}<span class="visually-hidden">, labels overdue</span></span>', age
    )


def _renewal(row: InboxRow, *, today: date) -> object:
    if row.decision_on is None:
        return cells.NOTHING
    return cells.due(row.decision_on, today=today)


def _owner(row: InboxRow) -> object:
    return cells.person(row.owner_name) if row.owner_name else cells.NOTHING


def _handoff(row: InboxRow) -> object:
    if row.handoff_state is None:
        return cells.NOTHING
    tone = HANDOFF_TONES.get(row.handoff_state, "info")
    return cells.badge(HandoffState(row.handoff_state).label, tone=tone)


INBOX = Table[InboxRow](
    id="tickets",
    caption="Tickets whose labels are due",
    label=row_name,
    url="tickets:detail",
    columns=[],
)
