"""Setting a file's usable rows aside in the database until it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from accounts.models import Contact, Customer, Team
from supportsuccess.imports.cells import Unusable
from tickets.models import EventRecord, StagedEvent, Ticket, TicketEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supportsuccess.imports.models import ImportBatch

COLUMNS = ("batch_id", "line", *EventRecord._fields)
COPY = f"COPY tickets_stagedevent ({', '.join(COLUMNS)}) FROM STDIN"
# the longest text that the column has room for in which it ends up
LONGEST = {
    "ticket": Ticket._meta.get_field("number").max_length,
    "key": TicketEvent._meta.get_field("key").max_length,
    "source_status": TicketEvent._meta.get_field("source_status").max_length,
    "team": Team._meta.get_field("name").max_length,
    "assignee_label": TicketEvent._meta.get_field("assignee_label").max_length,
    "by_label": TicketEvent._meta.get_field("by_label").max_length,
    "customer": Customer._meta.get_field("name").max_length,
    "contact": Contact._meta.get_field("name").max_length,
    "subject": Ticket._meta.get_field("subject").max_length,
    "url": Ticket._meta.get_field("url").max_length,
}
CHECKED = [(EventRecord._fields.index(name), name, size) for name, size in LONGEST.items()]


def check_size(record: EventRecord) -> EventRecord:
    """The record, if our tables have room for it. Raises Unusable."""
    texts: Any = record
    for index, name, longest in CHECKED:
        if len(texts[index]) > (longest or 0):
            raise Unusable(name, f"is longer than {longest} characters")
    return record


def stage_events(batch: ImportBatch, lines: Iterable[tuple[int, EventRecord]]) -> int:
    """Set usable rows aside, each with its line in the file; how many there were."""
    count = 0
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for line, record in lines:
            copy.write_row((batch.pk, line, *record))
            count += 1
    return count


def discard_staged(batch: ImportBatch) -> None:
    """Forget a file's rows that were not run."""
    StagedEvent.objects.filter(batch=batch).delete()
