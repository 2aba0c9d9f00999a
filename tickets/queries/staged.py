"""What a file's staged rows would change, and by how much its log is moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Max

from accounts.models import Source
from accounts.queries.external_ids import contacts_named, customers_named
from supportsuccess.errors import Refused
from tickets.models import StagedEvent, Ticket

if TYPE_CHECKING:
    from supportsuccess.imports.models import ImportBatch

WEEK = timedelta(days=7)
# LIMIT keeps it one look into an index per row: the planner knows nothing of rows just staged.
COUNTS = """
    WITH staged AS (
        SELECT s.ticket, s.key, count(*) AS times, t.id AS ticket_id
        FROM tickets_stagedevent s
        LEFT JOIN tickets_ticket t
               ON t.source = %(source)s AND t.external_id = s.ticket AND t.retired_at IS NULL
        WHERE s.batch_id = %(batch)s
        GROUP BY s.ticket, s.key, t.id),
    judged AS (
        SELECT ticket, staged.ticket_id, times, known.found IS NULL AS is_new
        FROM staged LEFT JOIN LATERAL (
            SELECT true AS found FROM tickets_ticketevent e
            LEFT JOIN imports_importbatch b ON b.id = e.batch_id
            WHERE e.ticket_id = staged.ticket_id AND e.key = staged.key AND b.withdrawn_at IS NULL
            LIMIT 1) known ON true),
    by_ticket AS (
        SELECT ticket_id IS NULL AS is_new, count(*) FILTER (WHERE is_new) AS events,
               sum(times) AS rows
        FROM judged GROUP BY ticket, ticket_id)
    SELECT coalesce(sum(events), 0), coalesce(sum(rows - events), 0),
           count(*) FILTER (WHERE is_new),
           count(*) FILTER (WHERE NOT is_new AND events > 0),
           count(*) FILTER (WHERE NOT is_new AND events = 0)
    FROM by_ticket
"""


def preview(batch: ImportBatch, *, source: str) -> dict[str, dict[str, int]]:
    """How many of each kind running the file would create, update, or leave as they are."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"batch": batch.pk, "source": source})
        events, repeated, created, updated, unchanged = map(int, cursor.fetchone())
    customers = _named(batch, "customer")
    contacts = _named(batch, "contact")
    return {
        "events": {"created": events, "unchanged": repeated},
        "tickets": {"created": created, "updated": updated, "unchanged": unchanged},
        "customers": {"created": len(customers - customers_named(customers, source=source).keys())},
        "contacts": {"created": len(contacts - contacts_named(contacts, source=source).keys())},
    }


def shift_of(batch: ImportBatch, *, source: str) -> int:
    """By how many weeks the file's times are moved. Raises Refused when it was another number."""
    kept = Source.objects.filter(key=source).first()
    is_settled = kept and Ticket.objects.filter(source=source, retired_at=None).exists()
    wanted = _wanted_weeks(batch)
    if not kept or not is_settled:
        return wanted or 0
    if wanted is not None and wanted != kept.shifted_weeks:
        raise Refused(
            f"{kept.name} was imported {_moved(kept.shifted_weeks)}; this file would be "
            f"{_moved(wanted)}. Leave the date out to move it as before, or undo the earlier"
            " import first."
        )
    return kept.shifted_weeks


def _wanted_weeks(batch: ImportBatch) -> int | None:
    said = batch.options.get("shift_to")
    if not said:
        return None
    last = StagedEvent.objects.filter(batch=batch).aggregate(last=Max("occurred_at"))["last"]
    if last is None:
        return None
    end = datetime.combine(date.fromisoformat(said), time(), tzinfo=UTC)
    return int((end - last - timedelta.resolution) // WEEK)


def _moved(weeks: int) -> str:
    return f"moved by {weeks} weeks" if weeks else "with its own dates"


def _named(batch: ImportBatch, column: str) -> set[str]:
    staged = StagedEvent.objects.filter(batch=batch).exclude(**{column: ""})
    return set(staged.values_list(column, flat=True).distinct())
