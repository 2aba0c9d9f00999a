"""The Italian help desk's log: one row per activity on a case, with the zone's offset.

It has lost its customers, so whoever imports it says whose it is. Activities on the software
anomaly behind a case (VERIFIED, DUPLICATE, ...) say nothing about the case itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from supportsuccess.imports.cells import chosen, moment, required
from tickets.adapters.ticket_logs import TicketLog
from tickets.models import EventRecord, TicketStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTIVITIES = {
    "Insert ticket": TicketStatus.NEW,
    "Assign seriousness": "",
    "Take in charge ticket": TicketStatus.OPEN,
    "Schedule intervention": TicketStatus.OPEN,
    "Wait": TicketStatus.ON_HOLD,
    "Require upgrade": TicketStatus.ON_HOLD,
    "Create SW anomaly": TicketStatus.ON_HOLD,
    "Resolve SW anomaly": TicketStatus.OPEN,
    "Resolve ticket": TicketStatus.SOLVED,
    "Closed": TicketStatus.CLOSED,
    "VERIFIED": "",
    "RESOLVED": "",
    "INVALID": "",
    "DUPLICATE": "",
}
TAKING = "Take in charge ticket"


def read(row: Mapping[str, str]) -> EventRecord:
    """One activity on a case. Raises Unusable."""
    status = chosen(row, "activity", among=ACTIVITIES)
    activity = row["activity"].strip()
    at = moment(row, "timestamp", parse=datetime.fromisoformat, form="2012-10-09T14:50:17+03:00")
    person = row["resource"].strip()
    return EventRecord(
        ticket=required(row, "case_id"),
        key=f"{at.isoformat()} {activity} {person}",
        occurred_at=at,
        status=status,
        source_status=activity,
        assignee_label=person if activity == TAKING else "",
        by_label=person,
    )


ITALIAN = TicketLog(
    name="italian",
    label="Italian help desk log",
    columns=("case_id", "activity", "resource", "timestamp"),
    moment_column="timestamp",
    read=read,
    is_event_log=True,
    needs_customer=True,
)
