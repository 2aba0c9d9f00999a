"""What a source's tickets come to: how many of what, and how long resolution took."""

from __future__ import annotations

from typing import Any

from django.db import connection

HOURS = """
    SELECT count(h), round(avg(h)::numeric, 4)::float,
           percentile_cont(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9, 0.95]) WITHIN GROUP (ORDER BY h)
    FROM (SELECT date_part('epoch', {moment} - opened_at) / 3600 AS h
          FROM tickets_ticket
          WHERE source = %(source)s AND retired_at IS NULL AND {moment} IS NOT NULL) hours
"""
TOTALS = """
    SELECT count(*), count(DISTINCT customer_id), count(DISTINCT contact_id),
           count(*) FILTER (WHERE customer_id IS NULL), count(*) FILTER (WHERE reopen_count > 0),
           (SELECT count(*) FROM tickets_ticketevent e
            JOIN tickets_ticket t ON t.id = e.ticket_id
            LEFT JOIN imports_importbatch b ON b.id = e.batch_id
            WHERE t.source = %(source)s AND t.retired_at IS NULL AND b.withdrawn_at IS NULL)
    FROM tickets_ticket WHERE source = %(source)s AND retired_at IS NULL
"""
PERCENTILES = ("p10", "p25", "p50", "p75", "p90", "p95")
TOTAL_NAMES = ("tickets", "customers", "contacts", "unmatched", "reopened", "events")


def totals_of(source: str) -> dict[str, int]:
    """Tickets, customers, contacts, unmatched and reopened tickets, and events of a source."""
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, {"source": source})
        return dict(zip(TOTAL_NAMES, cursor.fetchone(), strict=True))


def resolution_of(source: str) -> dict[str, dict[str, Any]]:
    """Hours from opening to the first and to the last resolution."""
    return {
        "first": _hours(HOURS.format(moment="first_solved_at"), source),
        "last": _hours(HOURS.format(moment="last_solved_at"), source),
    }


def _hours(statement: str, source: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"source": source})
        count, mean, percentiles = cursor.fetchone()
    rounded = [round(value, 4) for value in percentiles or ()]
    return {"n": count, "mean": mean, **dict(zip(PERCENTILES, rounded, strict=False))}
