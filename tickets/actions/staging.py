"""Setting a file's usable rows aside in the database until it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from supportsuccess.imports.cells import Unusable
from tickets.models import EventRecord, StagedEvent, Ticket, TicketEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supportsuccess.imports.models import ImportBatch

COLUMNS = ("batch_id", "line", *EventRecord._fields)
COPY = f"COPY tickets_stagedevent ({', '.join(COLUMNS)}) FROM STDIN"
STORED_AS = {
    "ticket": (Ticket, "number"),
    "key": (TicketEvent, "key"),
    "source_status": (TicketEvent, "source_status"),
    "team": (TicketEvent._meta.get_field("team").related_model, "name"),
    "assignee_label": (TicketEvent, "assignee_label"),
    "by_label": (TicketEvent, "by_label"),
    "customer": (Ticket._meta.get_field("customer").related_model, "external_id"),
    "contact": (Ticket._meta.get_field("contact").related_model, "external_id"),
    "subject": (Ticket, "subject"),
    "url": (Ticket, "url"),
}
LONGEST = [
    (EventRecord._fields.index(name), name, model._meta.get_field(field).max_length)
    for name, (model, field) in STORED_AS.items()
]


def check_size(record: EventRecord) -> EventRecord:
    """The record, if our tables have room for it. Raises Unusable."""
    for index, name, longest in LONGEST:
        if len(record[index]) > longest:
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
