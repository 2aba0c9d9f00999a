"""Which customers are scored, and the relations that measures read, now or on a past day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from insights.measures.base import DAYS_AGO, KNOWN
from tickets.models import UNSOLVED_STATUSES
from tickets.queries.projection import projected_tickets_sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

UNSOLVED = ", ".join(f"'{status}'" for status in UNSOLVED_STATUSES)


@dataclass(frozen=True)
class Chosen:
    """A condition that limits a column to the customers being scored: `{chosen:t.customer_id}`."""

    pattern: str

    def __format__(self, column: str) -> str:
        return self.pattern.format(column)


RANGE = Chosen("{0} BETWEEN %(low)s AND %(high)s")
PICKED = Chosen("{0} = ANY(%(ids)s)")

CUSTOMERS = """
    e AS MATERIALIZED (
        SELECT c.id AS customer_id, p.seats, p.touch_model, {version} AS version_id
        FROM accounts_customer c
        LEFT JOIN accounts_customerprofile p
               ON p.customer_id = c.id AND {chosen:p.customer_id}
              AND p.during @> %(as_of)s::timestamptz AND p.stored_at <= %(known_at)s
        WHERE {chosen:c.id} AND c.kind IN ('customer', 'trial') AND c.created_at <= %(known_at)s
          AND (c.retired_at IS NULL OR c.retired_at > %(known_at)s)
          AND (p.stage <> 'former' OR p.stage IS NULL AND {was_seen})
    )"""
# Without a profile at that moment, somebody had at least to have written to us.
WAS_SEEN = """EXISTS (
    SELECT FROM tickets_ticket s WHERE s.customer_id = c.id AND s.opened_at <= %(as_of)s)"""
RECENT = "t.opened_at > %(ago_210)s AND t.opened_at <= %(as_of)s"
URGENT = f"t.status IN ({UNSOLVED}) AND (t.priority = 'critical' OR t.is_blocked)"
TICKET_COLUMNS = """t.id, t.customer_id, t.contact_id, t.priority, t.opened_at, t.first_solved_at,
    t.reopen_count, t.last_event_at"""
URGENT_COLUMNS = "t.customer_id, t.opened_at, t.last_event_at"
TICKETS_NOW = f"""
    ticket AS (
        SELECT {TICKET_COLUMNS}, t.labels_answered > 0 AS is_labelled FROM tickets_ticket t
        WHERE {{chosen:t.customer_id}} AND t.retired_at IS NULL AND {RECENT}),
    urgent AS (
        SELECT {URGENT_COLUMNS} FROM tickets_ticket t
        WHERE {{chosen:t.customer_id}} AND t.retired_at IS NULL AND {URGENT})"""
TICKETS_THEN = f"""
    known_ticket AS MATERIALIZED ({{projected}}),
    ticket AS (SELECT {TICKET_COLUMNS}, true AS is_labelled FROM known_ticket t WHERE {RECENT}),
    urgent AS (SELECT {URGENT_COLUMNS} FROM known_ticket t WHERE {URGENT})"""
TOUCHES = f"""
    touch AS (
        SELECT f.customer_id, max(f.occurred_at) AS last_at,
               max(f.occurred_at) FILTER (WHERE f.is_two_way) AS two_way_at
        FROM accounts_touch f
        WHERE {{chosen:f.customer_id}} AND f.occurred_at > %(ago_730)s AND {KNOWN.format("f")}
        GROUP BY f.customer_id)"""


def relations_now(*, chosen: Chosen) -> list[str]:
    """Tickets and touches as they stand."""
    return [TICKETS_NOW.format(chosen=chosen), TOUCHES.format(chosen=chosen)]


def relations_then(*, chosen: Chosen) -> list[str]:
    """Tickets and touches as the company knew them at a past moment."""
    scope = f"{chosen:t.customer_id} AND t.opened_at <= %(as_of)s"
    projected = projected_tickets_sql(scope=scope)
    return [TICKETS_THEN.replace("{projected}", projected), TOUCHES.format(chosen=chosen)]


def moments(*, as_of: datetime, known_at: datetime) -> dict[str, Any]:
    """The parameters that say up to when facts count."""
    ago = {f"ago_{days}": as_of - timedelta(days=days) for days in DAYS_AGO}
    return {"as_of": as_of, "known_at": known_at, **ago}


def of_range(low: int, high: int) -> dict[str, Any]:
    """The parameters of customers between two ids, both included."""
    return {"low": low, "high": high}


def of_picked(ids: Sequence[int]) -> dict[str, Any]:
    """The parameters of single customers."""
    return {"ids": list(ids)}
