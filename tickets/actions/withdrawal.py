"""Undoing the import of a ticket file: its facts are skipped already, what it made is retired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from supportsuccess import audit
from tickets.queries.projection import project_tickets

if TYPE_CHECKING:
    from accounts.models import User
    from supportsuccess.imports.models import ImportBatch

TOLD = "SELECT DISTINCT ticket_id FROM tickets_ticketevent WHERE batch_id = %(batch)s"
# Not those of which another file still tells, nor those on which people here have worked.
RETIRE_TICKETS = """
    UPDATE tickets_ticket t SET retired_at = clock_timestamp(), version = version + 1
    WHERE t.batch_id = %(batch)s AND t.retired_at IS NULL
      AND NOT EXISTS (
          SELECT FROM tickets_ticketevent e LEFT JOIN imports_importbatch b ON b.id = e.batch_id
          WHERE e.ticket_id = t.id AND b.withdrawn_at IS NULL)
      AND NOT EXISTS (SELECT FROM tickets_labeling w
                      WHERE w.ticket_id = t.id AND w.by_id IS NOT NULL)
      AND NOT EXISTS (SELECT FROM tickets_handoffticket w WHERE w.ticket_id = t.id)
      AND NOT EXISTS (SELECT FROM tickets_competitormention w
                      WHERE w.ticket_id = t.id AND w.by_id IS NOT NULL)
    RETURNING t.id
"""
RETIRE_CUSTOMERS = """
    UPDATE accounts_customer c SET retired_at = clock_timestamp(), version = version + 1
    WHERE c.batch_id = %(batch)s AND c.retired_at IS NULL
      AND NOT EXISTS (SELECT FROM tickets_ticket w WHERE w.customer_id = c.id
                      AND w.retired_at IS NULL)
      AND NOT EXISTS (SELECT FROM tickets_handoff w WHERE w.customer_id = c.id)
      AND NOT EXISTS (SELECT FROM tickets_promise w WHERE w.customer_id = c.id)
      AND NOT EXISTS (SELECT FROM accounts_contract w WHERE w.customer_id = c.id
                      AND w.retired_at IS NULL)
      AND NOT EXISTS (SELECT FROM accounts_assignment w WHERE w.customer_id = c.id)
      AND NOT EXISTS (SELECT FROM accounts_touch w WHERE w.customer_id = c.id)
      AND NOT EXISTS (SELECT FROM accounts_pulse w WHERE w.customer_id = c.id)
"""
RETIRE_CONTACTS = """
    UPDATE accounts_contact c SET retired_at = clock_timestamp(), version = version + 1
    WHERE c.batch_id = %(batch)s AND c.retired_at IS NULL
      AND NOT EXISTS (SELECT FROM tickets_ticket w WHERE w.contact_id = c.id
                      AND w.retired_at IS NULL)
      AND NOT EXISTS (SELECT FROM accounts_touchcontact w WHERE w.contact_id = c.id)
"""
CHANGED_CUSTOMERS = """
    INSERT INTO accounts_customerchange (customer_id)
    SELECT DISTINCT customer_id FROM tickets_ticket
    WHERE id = ANY(%(ids)s) AND customer_id IS NOT NULL
"""


@transaction.atomic
def retire_withdrawn(batch: ImportBatch, *, by: User | audit.System) -> dict[str, int]:
    """Retire the tickets, customers and contacts of a withdrawn file; say again what others are.

    Kept are those of which another file tells or that people here have worked with.
    """
    with audit.group("undo_import", batch, by=by):
        parameters: dict[str, Any] = {"batch": batch.pk}
        told = _ids(TOLD, parameters)
        retired = _ids(RETIRE_TICKETS, parameters)
        clock = _ids("SELECT greatest(clock_timestamp(), %(at)s)", {"at": batch.withdrawn_at})[0]
        project_tickets(sorted(set(told) - set(retired)), as_of=clock, known_at=clock)
        counts = {
            "tickets": len(retired),
            "customers": _count(RETIRE_CUSTOMERS, parameters),
            "contacts": _count(RETIRE_CONTACTS, parameters),
        }
        _count(CHANGED_CUSTOMERS, {"ids": told})
    return counts


def _ids(statement: str, parameters: Mapping[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [value for (value,) in cursor.fetchall()]


def _count(statement: str, parameters: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
