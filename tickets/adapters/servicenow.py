"""ServiceNow's incident audit log: one row per update of an incident, all columns on each.

`resolved_at`, `closed_at`, `closed_code` and `resolved_by` are filled from an incident's first row
on, long before they are true: they are never read. An incident is solved by its Resolved row.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from supportsuccess.imports.cells import chosen, counted, moment, required
from tickets.adapters.ticket_logs import TicketLog
from tickets.models import Channel, EventRecord, Priority, TicketStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

MISSING = "?"
FORM = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})", re.ASCII)
STATES = {
    "New": TicketStatus.NEW,
    "Active": TicketStatus.OPEN,
    "Awaiting User Info": TicketStatus.PENDING,
    "Awaiting Vendor": TicketStatus.ON_HOLD,
    "Awaiting Problem": TicketStatus.ON_HOLD,
    "Awaiting Evidence": TicketStatus.ON_HOLD,
    "Resolved": TicketStatus.SOLVED,
    "Closed": TicketStatus.CLOSED,
}
PRIORITIES = {
    "1 - Critical": Priority.CRITICAL,
    "2 - High": Priority.HIGH,
    "3 - Moderate": Priority.NORMAL,
    "4 - Low": Priority.LOW,
    MISSING: "",
}
CHANNELS = {
    "Phone": Channel.PHONE,
    "Email": Channel.MAIL,
    "Self service": Channel.PORTAL,
    "Direct opening": Channel.IN_PERSON,
    "IVR": Channel.PHONE,
    MISSING: Channel.OTHER,
}
SUBJECT = ("category", "subcategory", "u_symptom")


def read(row: Mapping[str, str]) -> EventRecord:
    """One update of an incident. Raises Unusable."""
    updated_at = _moment(row, "sys_updated_at")
    updates = counted(row, "sys_mod_count")
    status = chosen(row, "incident_state", among=STATES)
    state = row["incident_state"].strip()
    return EventRecord(
        ticket=required(row, "number"),
        key=f"{updated_at.isoformat(timespec='minutes')} {updates} {state}",
        occurred_at=updated_at,
        sequence=updates,
        status=status,
        source_status=state,
        priority=chosen(row, "priority", among=PRIORITIES),
        team=_known(row, "assignment_group"),
        assignee_label=_known(row, "assigned_to"),
        by_label=_known(row, "sys_updated_by"),
        reopen_count=counted(row, "reopen_count"),
        reassignment_count=counted(row, "reassignment_count"),
        opened_at=_moment(row, "opened_at"),
        customer=_known(row, "location"),
        contact=_known(row, "caller_id"),
        subject=" · ".join(filter(None, (_known(row, column) for column in SUBJECT))),
        channel=chosen(row, "contact_type", among=CHANNELS),
    )


def _known(row: Mapping[str, str], column: str) -> str:
    text = row[column].strip()
    return "" if text == MISSING else text


def _day_month_year(text: str) -> datetime:
    # strptime knows the form too, at six times the cost of a large log
    parts = FORM.fullmatch(text)
    if parts is None:
        raise ValueError(text)
    day, month, year, hour, minute = map(int, parts.groups())
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def _moment(row: Mapping[str, str], column: str) -> datetime:
    return moment(row, column, parse=_day_month_year, form="day/month/year hour:minute")


SERVICENOW = TicketLog(
    name="servicenow",
    label="ServiceNow incident log",
    columns=(
        *("number", "incident_state", "sys_mod_count", "sys_updated_at", "sys_updated_by"),
        *("reopen_count", "reassignment_count", "opened_at", "caller_id", "location"),
        *("priority", "contact_type", "assignment_group", "assigned_to", *SUBJECT),
    ),
    moment_column="sys_updated_at",
    read=read,
    is_event_log=True,
)
