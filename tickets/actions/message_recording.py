"""Recording what was written on tickets elsewhere, as sets: no guard is passed, nobody is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, transaction

from accounts.models import Source
from supportsuccess import audit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.models import User
    from supportsuccess.imports.models import ImportBatch

OF_KNOWN = """
    SELECT t.id AS ticket_id, g.*,
           CASE WHEN s.is_event_log THEN g.at ELSE clock_timestamp() END AS recorded_at
    FROM unnest(%(tickets)s::text[], %(sources)s::text[], %(ats)s::timestamptz[],
                %(keys)s::text[], %(directions)s::text[], %(bys)s::text[], %(bodies)s::text[])
         WITH ORDINALITY AS g (ticket, source, at, key, direction, by_label, body, line)
    JOIN tickets_ticket t ON t.source = g.source AND t.external_id = g.ticket
         AND t.retired_at IS NULL
    LEFT JOIN accounts_source s ON s.key = g.source"""
# What a file said already is not said again, unless that file was withdrawn.
RECORD = f"""
    WITH given AS ({OF_KNOWN})
    INSERT INTO tickets_message (ticket_id, key, direction, body, by_label,
                                 occurred_at, recorded_at, batch_id)
    SELECT DISTINCT ON (g.ticket_id, g.key)
           g.ticket_id, g.key, g.direction, g.body, g.by_label, g.at, g.recorded_at, %(batch)s
    FROM given g
    WHERE NOT EXISTS (
        SELECT FROM tickets_message m LEFT JOIN imports_importbatch b ON b.id = m.batch_id
        WHERE m.ticket_id = g.ticket_id AND m.key = g.key AND b.withdrawn_at IS NULL)
    ORDER BY g.ticket_id, g.key, g.line
"""  # noqa: S608 - names of our own


class Written(NamedTuple):
    """What a file says was written on a ticket; `key` names it within the ticket."""

    ticket: str
    source: str
    at: datetime
    key: str
    direction: str
    by_label: str
    body: str


def count_known(messages: Sequence[Written]) -> int:
    """How many of these messages are of tickets that are here."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({OF_KNOWN}) given", _columns(messages))  # noqa: S608 - names of our own
        (count,) = cursor.fetchone()
    return int(count)


@transaction.atomic
def record_messages(
    batch: ImportBatch, *, messages: Sequence[Written], by: User | audit.System
) -> dict[str, int]:
    """Record a section's messages that are not here yet: how many, and how many not."""
    with audit.group("import_messages", batch, by=by), connection.cursor() as cursor:
        _lock_sources(messages)
        cursor.execute(RECORD, {**_columns(messages), "batch": batch.pk})
        return {"created": cursor.rowcount, "unchanged": len(messages) - cursor.rowcount}


def _lock_sources(messages: Sequence[Written]) -> None:
    """What is there is read and then written, so a source has one writer at a time."""
    sources = Source.objects.filter(key__in={message.source for message in messages})
    list(sources.select_for_update(no_key=True).order_by("key"))


def _columns(messages: Sequence[Written]) -> dict[str, list[object]]:
    names = ("tickets", "sources", "ats", "keys", "directions", "bys", "bodies")
    columns = zip(*messages, strict=True) if messages else [()] * len(names)
    return {name: list(column) for name, column in zip(names, columns, strict=True)}
