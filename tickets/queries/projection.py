"""What tickets are, or were on a past day, as their events and messages say.

`projected_tickets_sql` is the relation that measures read for a past day; `project_tickets` writes
the same relation into the ticket's current columns, and nothing else writes those.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from tickets.models import TicketStatus

# What an event leaves empty, it says nothing about: the last one that did say it holds.
LAST_SAID = """(array_agg({value} ORDER BY e.occurred_at, e.sequence, e.id)
                FILTER (WHERE {said}))"""
# One letter per event that names a status, in their order: "D" done, "o" open.
DONE_OR_OPEN = f"""string_agg(
    CASE WHEN e.status IN ('{TicketStatus.SOLVED}', '{TicketStatus.CLOSED}') THEN 'D' ELSE 'o' END,
    '' ORDER BY e.occurred_at, e.sequence, e.id) FILTER (WHERE e.status <> '')"""


def _text(column: str) -> str:
    return LAST_SAID.format(value=f"e.{column}", said=f"e.{column} <> ''")


def _value(column: str) -> str:
    return LAST_SAID.format(value=f"e.{column}", said=f"e.{column} IS NOT NULL")


# The facts of a ticket that the company knew by `as_of`, from what was stored here by `known_at`.
TOLD = f"""
    SELECT t.id, t.customer_id, t.contact_id, t.kind, t.channel, t.handling_mode, t.opened_at,
           {_text("status")} AS statuses, {_text("source_status")} AS source_statuses,
           {_text("priority")} AS priorities, {_value("team_id")} AS teams,
           {_text("assignee_label")} AS assignees, {_value("is_blocked")} AS blocked,
           {DONE_OR_OPEN} AS done_or_open,
           min(e.occurred_at) FILTER (WHERE e.status = '{TicketStatus.SOLVED}') AS first_solved_at,
           max(e.occurred_at) FILTER (WHERE e.status = '{TicketStatus.SOLVED}') AS last_solved_at,
           max(e.occurred_at) FILTER (WHERE e.status = '{TicketStatus.CLOSED}') AS last_closed_at,
           max(e.reopen_count) AS reopens_counted,
           max(e.reassignment_count) AS reassignments_counted,
           max(e.occurred_at) AS last_event_at
    FROM {{tickets}} t JOIN tickets_ticketevent e ON e.ticket_id = t.id
    WHERE ({{scope}})
      AND (t.retired_at IS NULL OR t.retired_at > %(known_at)s)
      AND e.recorded_at <= %(as_of)s AND e.stored_at <= %(known_at)s
      AND NOT EXISTS (SELECT FROM imports_importbatch b
                      WHERE b.id = e.batch_id AND b.withdrawn_at <= %(known_at)s)
    GROUP BY t.id
"""  # noqa: S608 - column names of our own
FIRST_RESPONSE = """(
    SELECT min(m.occurred_at) FROM tickets_message m
    WHERE m.ticket_id = told.id AND m.direction = 'outbound'
      AND m.recorded_at <= %(as_of)s AND m.stored_at <= %(known_at)s
      AND NOT EXISTS (SELECT FROM imports_importbatch b
                      WHERE b.id = m.batch_id AND b.withdrawn_at <= %(known_at)s))"""
PROJECTED = f"""
    SELECT id, customer_id, contact_id, kind, channel, handling_mode, opened_at,
           coalesce(status, '{TicketStatus.NEW}') AS status,
           coalesce(source_statuses[cardinality(source_statuses)], '') AS source_status,
           coalesce(priorities[cardinality(priorities)], 'normal') AS priority,
           teams[cardinality(teams)] AS team_id,
           coalesce(assignees[cardinality(assignees)], '') AS assignee_label,
           coalesce(blocked[cardinality(blocked)], false) AS is_blocked,
           {FIRST_RESPONSE} AS first_response_at, first_solved_at, last_solved_at,
           CASE WHEN status = '{TicketStatus.CLOSED}' THEN last_closed_at END AS closed_at,
           coalesce(reopens_counted,
                    (length(done_or_open) - length(replace(done_or_open, 'Do', ''))) / 2,
                    0) AS reopen_count,
           coalesce(reassignments_counted, 0) AS reassignment_count,
           last_event_at
    FROM (SELECT *, statuses[cardinality(statuses)] AS status FROM ({TOLD}) known) told
"""  # noqa: S608 - column names of our own
WRITTEN = (
    "status",
    "source_status",
    "priority",
    "team_id",
    "assignee_label",
    "is_blocked",
    "first_response_at",
    "first_solved_at",
    "last_solved_at",
    "closed_at",
    "reopen_count",
    "reassignment_count",
    "last_event_at",
)
WRITE = """
    UPDATE tickets_ticket t
    SET {assignments}, version = t.version + 1
    FROM ({projected}) p
    WHERE t.id = p.id AND ({current}) IS DISTINCT FROM ({said})
"""


def projected_tickets_sql(*, scope: str = "TRUE", tickets: str = "tickets_ticket") -> str:
    """Tickets as the company saw them: a SELECT with parameters %(as_of)s and %(known_at)s.

    One row per ticket that had an event by then, with the names and types of the ticket's own
    columns: id, customer_id, contact_id, kind, channel, handling_mode, opened_at, status,
    source_status, priority, team_id, assignee_label, is_blocked, first_response_at,
    first_solved_at, last_solved_at, closed_at, reopen_count, reassignment_count, last_event_at.
    `scope` is a condition on the ticket, `t`, that may name parameters of its own; narrow it, for
    a ticket outside of it costs nothing. `tickets` is another table with the ticket's fixed
    columns, of tickets about to be recorded. Use as `FROM (<this>) t`.
    """
    return PROJECTED.replace("{scope}", scope).replace("{tickets}", tickets)


def project_tickets(ids: Sequence[int], *, as_of: datetime, known_at: datetime) -> int:
    """Write what these tickets' events say into their current columns; how many rows changed.

    Call it inside an audit group, with the database's own clock for both moments.
    """
    statement = WRITE.format(
        assignments=", ".join(f"{column} = p.{column}" for column in WRITTEN),
        current=", ".join(f"t.{column}" for column in WRITTEN),
        said=", ".join(f"p.{column}" for column in WRITTEN),
        projected=projected_tickets_sql(scope="t.id = ANY(%(ids)s)"),
    )
    parameters: Mapping[str, Any] = {"ids": list(ids), "as_of": as_of, "known_at": known_at}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
