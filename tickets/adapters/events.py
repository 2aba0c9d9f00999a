"""Our own layout, for a source that has no adapter: one row per change of a ticket.

`ticket`, `occurred_at` (ISO 8601 with an offset) and `status` are needed; an empty cell says
nothing new. `event` tells two changes of one moment apart.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from supportsuccess.imports.cells import chosen, counted, moment, required, text, yes_or_no
from tickets.adapters.ticket_logs import TicketLog
from tickets.models import Channel, EventRecord, Priority, TicketKind, TicketStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = (
    *("ticket", "occurred_at", "event", "status", "priority", "team", "assignee", "by"),
    *("blocked", "reopen_count", "reassignment_count", "opened_at", "customer", "contact"),
    *("subject", "channel", "kind", "url"),
)
STATUSES = {"": "", **{value: value for value in TicketStatus.values}}
PRIORITIES = {"": "", **{value: value for value in Priority.values}}
CHANNELS = {"": Channel.OTHER, **{value: value for value in Channel.values}}
KINDS = {"": TicketKind.OTHER, **{value: value for value in TicketKind.values}}


def read(row: Mapping[str, str]) -> EventRecord:
    """One change of a ticket. Raises Unusable."""
    at = _moment(row, "occurred_at")
    return EventRecord(
        ticket=required(row, "ticket"),
        key=f"{at.isoformat()} {text(row, 'event')}",
        occurred_at=at,
        status=chosen(row, "status", among=STATUSES),
        source_status=text(row, "status"),
        priority=chosen(row, "priority", among=PRIORITIES),
        team=text(row, "team"),
        assignee_label=text(row, "assignee"),
        by_label=text(row, "by"),
        is_blocked=yes_or_no(row, "blocked") if text(row, "blocked") else None,
        reopen_count=counted(row, "reopen_count") if text(row, "reopen_count") else None,
        reassignment_count=(
            counted(row, "reassignment_count") if text(row, "reassignment_count") else None
        ),
        opened_at=_moment(row, "opened_at") if text(row, "opened_at") else None,
        customer=text(row, "customer"),
        contact=text(row, "contact"),
        subject=text(row, "subject"),
        channel=chosen(row, "channel", among=CHANNELS),
        ticket_kind=chosen(row, "kind", among=KINDS),
        url=text(row, "url"),
    )


def _moment(row: Mapping[str, str], column: str) -> datetime:
    return moment(row, column, parse=datetime.fromisoformat, form="2026-06-01T09:30:00+02:00")


EVENTS = TicketLog(
    name="events",
    label="Ticket events, our own layout",
    columns=COLUMNS,
    moment_column="occurred_at",
    read=read,
    is_event_log=True,
)
